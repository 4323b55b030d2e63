"""One draw of a perturbation of a patient's mask and image: which amounts, and what they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.inputs.radiomics.engine_choice import one_thread
from analysis.inputs.radiomics.extraction import Altered
from analysis.inputs.radiomics.image_noise import noise_around, with_noise
from analysis.inputs.radiomics.mask_perturbation import NothingLeft, content_seed, perturb_mask
from analysis.inputs.radiomics.regridding import Move, centroid, regridded
from analysis.study import Extraction, Perturbation
from analysis.study.perturbation import OF_GRID, Kind

OF_MASK: tuple[Kind, ...] = ("erosion", "dilation", "contour_noise", "volume")


def drawn_amounts(
    settings: Perturbation, name: str, repeat: int, mask: sitk.Image
) -> dict[Kind, Any]:
    """Amount of each kind of a perturbation in one repeat; of a translation, one an axis.

    All combinations of the study's values are put in an order that is drawn by a seed of the mask's
    content, and repeats take them in turn, so that none comes twice before all came once.
    """
    kinds = settings.tried[name]
    choices = [
        list(product(settings.values(kind), repeat=3))
        if kind == "translation"
        else list(settings.values(kind))
        for kind in kinds
    ]
    combinations = list(product(*choices))
    seed = content_seed(
        np.packbits(sitk.GetArrayViewFromImage(mask) > 0).tobytes(),
        f"{settings.seed}:{name}".encode(),
    )
    order = np.random.default_rng(seed).permutation(len(combinations))
    found = combinations[order[repeat % len(combinations)]]
    return dict(zip(kinds, found, strict=True))


@dataclass
class Realisation:
    """Repeat of a perturbation on one image, in the two steps of `extract_features`.

    changed: whether any voxel of mask or image is another than before.
    """

    settings: Perturbation
    name: str
    repeat: int
    extraction: Extraction
    changed: bool = False
    # Of each lesion, in the order in which they are redrawn and then measured.
    _drawn: list[tuple[dict[Kind, Any], tuple[float, float, float]]] = field(default_factory=list)
    _measured: int = 0

    def redraw(self, mask: sitk.Image) -> sitk.Image:
        """Mask with the kinds of this perturbation that move its outline. Raises NothingLeft."""
        amounts = drawn_amounts(self.settings, self.name, self.repeat, mask)
        self._drawn.append((amounts, centroid(mask)))
        found = mask
        for kind in OF_MASK:
            if kind in amounts:
                found = perturb_mask(
                    found, kind, self.settings, amount=amounts[kind], repeat=self.repeat
                )
        after, before = (sitk.GetArrayViewFromImage(each) for each in (found, mask))
        self.changed |= not np.array_equal(after, before)
        return found

    def alter(self, image: sitk.Image, mask: sitk.Image) -> Altered:
        """Image with noise, on a moved grid: what of it this perturbation has."""
        amounts, centre = self._drawn[self._measured]
        self._measured += 1
        if "noise" in amounts:
            image = self._noisy(image, mask, amounts["noise"])
        if not set(OF_GRID) & set(amounts):
            return Altered(image, mask)
        self.changed = True
        move = Move(centre, amounts.get("translation", (0.0, 0.0, 0.0)), amounts.get("rotation", 0))
        with one_thread():
            # Intensities are normalised by the whole image, of which the moved grid has a part.
            whole = normalised(image, self.extraction) if self.extraction.normalise else image
            moved, inside = regridded(whole, mask, self.extraction, move)
            if not sitk.GetArrayViewFromImage(inside).any():
                raise NothingLeft(f"{self.name} leaves nothing of the mask")
            if not self.extraction.normalise:
                return Altered(moved, inside)
            # Own features alone read what is not normalised.
            stored = moved
            if self.extraction.own:
                stored, _ = regridded(image, mask, self.extraction, move)
        return Altered(stored, inside, moved)

    def _noisy(self, image: sitk.Image, mask: sitk.Image, times: float) -> sitk.Image:
        sd = noise_around(image, mask)
        self.changed |= sd > 0
        seed = content_seed(
            sitk.GetArrayViewFromImage(image).tobytes(),
            f"{self.settings.seed}:{self.name}:{self.repeat}".encode(),
        )
        return with_noise(image, times * sd, seed) if sd > 0 else image


def normalised(image: sitk.Image, settings: Extraction) -> sitk.Image:
    """Image as PyRadiomics normalises it, by all of its voxels; a constant one stays as it is."""
    whole = sitk.StatisticsImageFilter()
    whole.Execute(image)
    if not whole.GetSigma() > 0:
        return image
    values = (sitk.GetArrayFromImage(image) - whole.GetMean()) * (1.0 / whole.GetSigma())
    if settings.remove_outliers is not None:
        values = np.clip(values, -settings.remove_outliers, settings.remove_outliers)
    found = sitk.GetImageFromArray(values * settings.normalise_scale)
    found.CopyInformation(image)
    return found
