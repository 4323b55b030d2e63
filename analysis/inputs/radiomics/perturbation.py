"""Delineations that nobody drew.

They are a mask eroded, dilated, or with a noisy contour (Zwanenburg et al. 2019 call this image
perturbation).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import SimpleITK as sitk
from scipy import ndimage

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.core.word_lists import counted
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.imaging.regions import EmptyRegion
from analysis.imaging.regions.distance import signed_distance
from analysis.inputs.radiomics.engine_identity import settings_content
from analysis.inputs.radiomics.extraction import block_extraction, extract_features
from analysis.inputs.radiomics.own_features import check_same_names, naming
from analysis.study import Extraction, Perturbation


class NothingLeft(ValueError):
    """An erosion that leaves no voxel: the patient has no such delineation."""


def _smooth_noise(
    shape: tuple[int, ...], spacing: tuple[float, ...], length: float, seed: int
) -> np.ndarray:
    """A Gaussian field of mean 0 and standard deviation 1 that varies over `length` mm."""
    field = ndimage.gaussian_filter(
        np.random.default_rng(seed).standard_normal(shape),
        [length / 2 / each for each in spacing],
        mode="wrap",
    )
    return (field - field.mean()) / field.std()


def perturb_mask(mask: sitk.Image, kind: str, settings: Perturbation) -> sitk.Image:
    """Mask (0 and 1) with its outline moved by the settings' millimetres.

    kind: erosion, dilation or contour_noise.

    The noise is drawn by a seed of the mask's own content, so that all phases of a patient have the
    same one. Raises NothingLeft.
    """
    array = sitk.GetArrayFromImage(mask) > 0
    spacing, amount = mask.GetSpacing()[::-1], settings.amounts[kind]
    # Only what the outline can reach is looked at; noise seldom goes beyond four standard
    # deviations.
    margin = [
        int(np.ceil((4 * amount if kind == "contour_noise" else amount) / each)) + 1
        for each in spacing
    ]
    places = np.argwhere(array)
    region = tuple(
        slice(max(low - more, 0), high + more + 1)
        for low, high, more in zip(places.min(axis=0), places.max(axis=0), margin, strict=True)
    )
    distance = signed_distance(array[region], spacing)
    if kind == "contour_noise":
        seed = int.from_bytes(
            hashlib.sha256(
                np.packbits(array[region]).tobytes() + str(settings.seed).encode()
            ).digest()[:8],
            "big",
        )
        moved = (
            distance
            + amount
            * _smooth_noise(distance.shape, spacing, settings.contour_noise_length_mm, seed)
            < 0
        )
    else:
        moved = distance < (amount if kind == "dilation" else -amount)
    if not moved.any():
        raise NothingLeft(
            f"{kind} by {amount:g} mm leaves nothing of a mask of"
            f" {counted(int(array.sum()), 'voxel')}"
        )
    array[region] = moved
    changed = sitk.GetImageFromArray(array.astype(np.uint8))
    changed.CopyInformation(mask)
    return changed


@dataclass(frozen=True)
class _Phase:
    """One phase of one patient, and the extraction of its features. name: of both, for messages."""

    name: str
    image: ImageSource
    mask: MaskSource
    extraction: Extraction


def _one(
    phase: _Phase, kind: str, perturbation: Perturbation, code: str, folder: Path
) -> tuple[dict[str, float] | None, bool]:
    """Features, None where nothing is left; and whether any voxel changed."""

    def compute() -> tuple[dict[str, float] | None, bool]:
        changed = []

        def redraw(drawn: sitk.Image) -> sitk.Image:
            perturbed = perturb_mask(drawn, kind, perturbation)
            after, before = (sitk.GetArrayViewFromImage(each) for each in (perturbed, drawn))
            changed.append(not np.array_equal(after, before))
            return perturbed

        try:
            features = extract_features(phase.image, phase.mask, phase.extraction, redraw=redraw)
            return features, any(changed)
        except (NothingLeft, EmptyRegion):
            return None, True

    amounts = [perturbation.amounts[kind], perturbation.contour_noise_length_mm, perturbation.seed]
    extraction = settings_content(phase.extraction)
    key = digest("perturbed", kind, amounts, phase.image, phase.mask, extraction, code)
    with naming(f"{phase.name}, {kind.replace('_', ' ')} of the mask"):
        return cached(folder, key, compute)


@dataclass(frozen=True)
class Perturbed:
    """Features of the perturbed delineations.

    tables: kind → training patients × `{phase}_{feature}`; a patient of whom an erosion leaves
    nothing of the tumour or of a region in some phase is not in it. unchanged: kind → how many of
    its patients keep the mask as it was, since the outline moved by less than a voxel.
    """

    tables: dict[str, pd.DataFrame]
    unchanged: dict[str, int]


def perturbed_features(cohort: Cohort, code: str) -> Perturbed:
    """Features of perturbed delineations.

    Raises ValueError for a perturbation that changes no patient's mask: the ICC of nothing would be
    one.
    """
    study = cohort.study
    perturbation = study.radiomics.perturbation if study.radiomics is not None else None
    if perturbation is None:
        return Perturbed({}, {})
    patients = list(cohort.patients[cohort.cohort == "training"])
    if perturbation.patients is not None and perturbation.patients < len(patients):
        patients = sorted(
            np.random.default_rng(perturbation.seed).choice(
                patients, perturbation.patients, replace=False
            )
        )
    code = digest(code, source_digest(Path(__file__)))
    settings = {block: block_extraction(study, block) for block in study.blocks}
    work = list(product(perturbation.amounts, patients, study.blocks))
    arguments = [
        (
            _Phase(
                f"patient {patient}, {block.words}",
                cohort.image_source(patient, block.phase),
                cohort.block_mask(patient, block),
                settings[block],
            ),
            kind,
            perturbation,
            code,
            study.cache_folder / "radiomics",
        )
        for kind, patient, block in work
    ]
    found = in_parallel(
        _one,
        arguments,
        "radiomics of perturbed masks",
        study.jobs,
        names=[f"patient {patient}, {block.words}" for _, patient, block in work],
    )
    check_same_names(
        (
            (
                f"patient {patient}, {block.words}, {kind.replace('_', ' ')} of the mask",
                block.prefix,
                features,
            )
            for (kind, patient, block), (features, _) in zip(work, found, strict=True)
            if features is not None
        ),
        study.own_features,
    )
    rows: dict[str, dict[str, dict[str, float]]] = {kind: {} for kind in perturbation.amounts}
    lost: set[tuple[str, str]] = set()
    moved: set[tuple[str, str]] = set()
    for (kind, patient, block), (features, changed) in zip(work, found, strict=True):
        if changed:
            moved.add((kind, patient))
        if features is None:
            lost.add((kind, patient))
        else:
            rows[kind].setdefault(patient, {}).update(
                {f"{block.prefix}_{name}": value for name, value in features.items()}
            )
    for kind, amount in perturbation.amounts.items():
        if not any((kind, patient) in moved for patient in patients):
            raise ValueError(
                f"radiomics.perturbation: {kind} by {amount:g} mm changes no mask, it is less than"
                " half a voxel; give a larger amount, or leave it out"
            )
    tables = {}
    for kind, table in rows.items():
        kept = {patient: row for patient, row in table.items() if (kind, patient) not in lost}
        tables[kind] = pd.DataFrame.from_dict(kept, orient="index").rename_axis("patient_id")
    return Perturbed(
        tables,
        {
            kind: sum((kind, patient) not in moved for patient in patients)
            for kind in perturbation.amounts
        },
    )
