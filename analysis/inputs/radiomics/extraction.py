"""PyRadiomics on one image and mask.

It gives 14 shape + 93 × (original, 8 wavelet bands, one per LoG sigma) features by default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from analysis.core.word_lists import counted
from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_lesions, read_mask
from analysis.imaging.regions import EmptyRegion, regions_of, stored_volume
from analysis.inputs.radiomics.engine_choice import image_features
from analysis.inputs.radiomics.ibsi_engine import MissingPackage
from analysis.inputs.radiomics.ibsi_features import INTENSITY_CLASSES, WEIGHTED_CLASS
from analysis.inputs.radiomics.own_features import OwnFeaturesError, own_features
from analysis.study import Extraction, Study
from analysis.study.extraction_reach import check_sigmas
from analysis.study.regions import Block


def extract_from_images(
    image: sitk.Image, mask: sitk.Image, settings: Extraction
) -> dict[str, float]:
    """Radiomics features of an image within a mask.

    The image is float64; the mask is 0 and 1, on the image's grid. The features are named as
    PyRadiomics names them (`original_glcm_Contrast`); of `engine: ibsi`, as `ibsi_features.yml`
    has them.

    Values are float64; units follow PyRadiomics (shape in mm). Raises ValueError for a feature that
    is not a finite number.
    """
    voxels = int(sitk.GetArrayViewFromImage(mask).sum())
    check_sigmas(settings.log_sigma_mm, settings.spacing_of(image.GetSpacing()))
    try:
        features = image_features(image, mask, settings)
    except MissingPackage:
        raise
    except Exception as error:
        package = "MIRP" if settings.engine == "ibsi" else "PyRadiomics"
        raise ValueError(
            f"{package} failed on a mask of {counted(voxels, 'voxel')}: {error}"
        ) from error
    wrong = [name for name, value in features.items() if not np.isfinite(value)]
    if wrong:
        raise ValueError(
            f"{counted(len(wrong), 'feature is', 'features are')} not finite, first {wrong[0]}; the"
            f" mask has {counted(voxels, 'voxel')}"
        )
    return features


@dataclass(frozen=True)
class Altered:
    """Image and mask that were changed before their features are taken.

    scaled: the image after normalisation, where it had to be normalised before it was changed; own
    features are of `image`.
    """

    image: sitk.Image
    mask: sitk.Image
    scaled: sitk.Image | None = None

    def features(self, settings: Extraction) -> dict[str, float]:
        """PyRadiomics's features, as `extract_from_images`."""
        if self.scaled is None:
            return extract_from_images(self.image, self.mask, settings)
        done = settings.model_copy(update={"normalise": False, "remove_outliers": None})
        return extract_from_images(self.scaled, self.mask, done)


def extract_features(
    image: Path | ImageSource,
    mask: Path | MaskSource,
    settings: Extraction,
    alter: Callable[[sitk.Image, sitk.Image], Altered] | None = None,
    redraw: Callable[[sitk.Image], sitk.Image] | None = None,
) -> dict[str, float]:
    """Radiomics features of one image, PyRadiomics's and then own ones.

    Of several lesions, each feature is the mean or the maximum where the mask's rule says so. Of a
    region in or around the tumour, where the mask has one, features are all but those of shape: the
    region's outline follows from the tumour's.

    alter: what is done to the image and its mask (of a region, that) before; for negative controls
    and perturbed images. redraw: what is done to the mask before; for perturbed delineations; a
    region is made of what comes of it.
    Raises ValueError, naming the files, for an empty mask, different grids, or a feature that is
    not a finite number, and EmptyRegion for a region without an area.
    """

    def measure(volume: sitk.Image, lesion: sitk.Image) -> dict[str, float]:
        altered = Altered(volume, lesion) if alter is None else alter(volume, lesion)
        features = altered.features(settings)
        if isinstance(mask, MaskSource) and mask.region is not None:
            features = {name: each for name, each in features.items() if "_shape_" not in name}
        if not settings.own:
            return features
        return features | own_features(altered.image, altered.mask, settings)

    return _of_lesions(image, mask, measure, redraw)


def block_extraction(study: Study, block: Block) -> Extraction:
    """Extraction settings of a block: its phase's; features of one's own are of the tumour alone.

    Raises ValueError where a file of own features is not there.
    """
    settings = study.extraction_of(block.phase)
    return settings if block.region is None else settings.without_own()


def extract_own_features(
    image: Path | ImageSource, mask: Path | MaskSource, settings: Extraction
) -> dict[str, float]:
    """The own ones among the features, as `extract_features`."""
    return _of_lesions(image, mask, lambda volume, lesion: own_features(volume, lesion, settings))


def _of_lesions(
    image: Path | ImageSource,
    mask: Path | MaskSource,
    measure: Callable[[sitk.Image, sitk.Image], dict[str, float]],
    redraw: Callable[[sitk.Image], sitk.Image] | None = None,
) -> dict[str, float]:
    """Features of an image and a mask, by the rule for several lesions."""
    volume = read_image(image, sitk.sitkFloat64)
    rule = mask.lesions.rule if isinstance(mask, MaskSource) else "all"
    masks = read_lesions(mask, volume) if rule in ("mean", "max") else [read_mask(mask, volume)]
    drawn, masks = masks, masks if redraw is None else [redraw(each) for each in masks]
    files = f"{getattr(image, 'path', image)} with mask {getattr(mask, 'path', mask)}"
    try:
        if isinstance(mask, MaskSource) and mask.region is not None:
            stored = stored_volume(image, volume)
            masks = [each.mask for each in regions_of(mask, stored, drawn, masks)]
        rows = [measure(volume, each) for each in masks]
        if any(set(row) != set(rows[0]) for row in rows):
            raise OwnFeaturesError(
                f"own features differ between its {counted(len(rows), 'lesion')}; return the same"
                " features for every tumour"
            )
    except (OwnFeaturesError, EmptyRegion) as error:
        raise type(error)(f"{files}: {error}") from error
    except ValueError as error:
        raise ValueError(f"{files}: {error}") from error
    if len(rows) == 1:
        return rows[0]
    combine = np.mean if rule == "mean" else np.max
    return {name: float(combine([row[name] for row in rows])) for name in rows[0]}


def feature_classes(names: Iterable[str]) -> dict[str, int]:
    """Numbers of shape, first-order (of intensities alone) and texture features.

    How many of `names` (`{phase}_{filter}_{class}_{feature}`) are shape, first_order and texture
    features; and how many are intensity_weighted, of the IBSI's morphology, where any is.
    """
    counts = {"shape": 0, "first_order": 0, "texture": 0}
    for name in names:
        if "_shape_" in name or "_shape2D_" in name:
            counts["shape"] += 1
        elif f"_{WEIGHTED_CLASS}_" in name:
            counts["intensity_weighted"] = counts.get("intensity_weighted", 0) + 1
        elif any(f"_{kind}_" in name for kind in ("firstorder", *INTENSITY_CLASSES)):
            counts["first_order"] += 1
        else:
            counts["texture"] += 1
    return counts
