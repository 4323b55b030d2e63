"""Features of delineations and images that are perturbed (Zwanenburg et al. 2019).

A mask is eroded, dilated, resized, or its contour is noisy; an image gets noise, or image and mask
are put on a grid that is shifted and turned; alone, or one after the other in a chain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource
from analysis.imaging.regions import EmptyRegion
from analysis.inputs.radiomics.engine_identity import settings_content
from analysis.inputs.radiomics.extraction import block_extraction, extract_features
from analysis.inputs.radiomics.mask_perturbation import NothingLeft
from analysis.inputs.radiomics.own_features import check_same_names, naming
from analysis.inputs.radiomics.realisation import Realisation
from analysis.study import Extraction, Perturbation
from analysis.study.perturbation import KEYS, OF_IMAGES
from analysis.study.regions import Block

MODULES = (
    *("perturbation", "realisation", "mask_perturbation"),
    *("image_noise", "regridding"),
)
OF_OUTLINE = ("erosion", "dilation", "contour_noise")
Found = tuple[dict[str, float] | None, bool]


@dataclass(frozen=True)
class _Phase:
    """One phase of one patient, and the extraction of its features. name: of both, for messages."""

    name: str
    image: ImageSource
    mask: MaskSource
    extraction: Extraction


@dataclass(frozen=True)
class _Draw:
    """Repeat of one of the perturbations that are tried."""

    name: str
    repeat: int

    @property
    def words(self) -> str:
        """Its name in messages."""
        words = self.name.replace("_", " ")
        return words + (f", repeat {self.repeat + 1}" if self.repeat else "")


def _one(phase: _Phase, draw: _Draw, perturbation: Perturbation, code: str, folder: Path) -> Found:
    """Features, None where nothing is left; and whether any voxel changed."""

    def compute() -> Found:
        drawn = Realisation(perturbation, draw.name, draw.repeat, phase.extraction)
        try:
            features = extract_features(
                phase.image, phase.mask, phase.extraction, alter=drawn.alter, redraw=drawn.redraw
            )
            return features, drawn.changed
        except (NothingLeft, EmptyRegion):
            return None, True

    kinds = perturbation.tried[draw.name]
    amounts: list[Any] = [
        [[kind, perturbation.values(kind)] for kind in kinds],
        perturbation.contour_noise_length_mm,
        perturbation.seed,
        draw.repeat,
    ]
    if draw.name in OF_OUTLINE and not draw.repeat:
        # As it was before there were other kinds.
        amounts = [perturbation.values(kinds[0])[0], *amounts[1:3]]
    extraction = settings_content(phase.extraction)
    key = digest("perturbed", draw.name, amounts, phase.image, phase.mask, extraction, code)
    with naming(f"{phase.name}, {draw.words} (radiomics.perturbation)"):
        return cached(folder, key, compute)


@dataclass(frozen=True)
class Perturbed:
    """Features of the perturbed delineations and images.

    tables: name of the perturbation → training patients × `{phase}_{feature}`, of its first repeat;
    a patient of whom a repeat leaves nothing of the tumour or of a region in some phase is not in
    it. unchanged: name → how many of its patients keep mask and image as they were, since the
    outline moved by less than a voxel, or the image has no noise. further: name → the tables of the
    other repeats, of the same patients.
    """

    tables: dict[str, pd.DataFrame]
    unchanged: dict[str, int]
    further: dict[str, list[pd.DataFrame]] = field(default_factory=dict)


def perturbed_patients(cohort: Cohort, perturbation: Perturbation) -> list[str]:
    """Training patients whose masks and images are perturbed."""
    patients = list(cohort.patients[cohort.cohort == "training"])
    if perturbation.patients is not None and perturbation.patients < len(patients):
        patients = sorted(
            np.random.default_rng(perturbation.seed).choice(
                patients, perturbation.patients, replace=False
            )
        )
    return patients


def perturbed_features(cohort: Cohort, code: str) -> Perturbed:
    """Features of perturbed delineations and images.

    Raises ValueError for a perturbation that changes no patient's mask or image: the ICC of nothing
    would be one.
    """
    study = cohort.study
    perturbation = study.radiomics.perturbation if study.radiomics is not None else None
    if perturbation is None:
        return Perturbed({}, {})
    patients = perturbed_patients(cohort, perturbation)
    code = digest(code, source_digest(*(Path(__file__).with_name(f"{m}.py") for m in MODULES)))
    settings = {block: block_extraction(study, block) for block in study.blocks}
    draws = [
        _Draw(name, repeat)
        for name in perturbation.tried
        for repeat in range(perturbation.repeats_of(name))
    ]
    work = list(product(draws, patients, study.blocks))
    whom = [f"patient {patient}, {block.words}" for _, patient, block in work]
    arguments = [
        (
            _Phase(
                words,
                cohort.prepared_source(patient, block.phase),
                cohort.block_mask(patient, block),
                settings[block],
            ),
            draw,
            perturbation,
            code,
            study.cache_folder / "radiomics",
        )
        for words, (draw, patient, block) in zip(whom, work, strict=True)
    ]
    what = "perturbed images and masks" if perturbation.images_changed else "perturbed masks"
    found: list[Found] = in_parallel(
        _one, arguments, f"radiomics of {what}", study.jobs, names=whom
    )
    check_same_names(
        (
            (f"{words}, {draw.words}", block.prefix, features)
            for words, (draw, _, block), (features, _) in zip(whom, work, found, strict=True)
            if features is not None
        ),
        study.own_features,
    )
    return _collected(perturbation, patients, work=work, found=found)


def _collected(
    perturbation: Perturbation,
    patients: list[str],
    work: list[tuple[_Draw, str, Block]],
    found: list[Found],
) -> Perturbed:
    """Tables of the perturbations, from the features of each repeat, patient and block."""
    rows: dict[_Draw, dict[str, dict[str, float]]] = {draw: {} for draw, _, _ in work}
    lost: set[tuple[str, str]] = set()
    moved: set[tuple[str, str]] = set()
    for (draw, patient, block), (features, changed) in zip(work, found, strict=True):
        if changed:
            moved.add((draw.name, patient))
        if features is None:
            lost.add((draw.name, patient))
        else:
            rows[draw].setdefault(patient, {}).update(
                {f"{block.prefix}_{name}": value for name, value in features.items()}
            )
    for name in perturbation.tried:
        if not any((name, patient) in moved for patient in patients):
            raise ValueError(_without_effect(perturbation, name))
    tables: dict[str, list[pd.DataFrame]] = {}
    for draw, table in rows.items():
        kept = {patient: row for patient, row in table.items() if (draw.name, patient) not in lost}
        frame = pd.DataFrame.from_dict(kept, orient="index").rename_axis("patient_id")
        tables.setdefault(draw.name, []).append(frame)
    return Perturbed(
        {name: frames[0] for name, frames in tables.items()},
        {
            name: sum((name, patient) not in moved for patient in patients)
            for name in perturbation.tried
        },
        {name: frames[1:] for name, frames in tables.items() if len(frames) > 1},
    )


def _without_effect(perturbation: Perturbation, name: str) -> str:
    """Message on a perturbation that changes nothing of any patient."""
    words = perturbation.words(name)
    if name in KEYS and name not in OF_IMAGES:
        by = words.replace(name.replace("_", " "), f"{name.replace('_', ' ')} by")
        return (
            f"radiomics.perturbation: {by} changes no mask, it is less than"
            " half a voxel; give a larger amount, or leave it out"
        )
    return (
        f"radiomics.perturbation: {words} changes no image and no mask (no noise is found in the"
        " images); leave it out"
    )
