"""Voxels of a cohort's tumours in all phases, cached per patient by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import reading_code
from analysis.inputs.habitats.sampled import (
    HabitatSources,
    HabitatVoxels,
    habitat_sources,
    habitat_voxels,
)
from analysis.study.regions import Block
from models.voxels import Voxels


@dataclass(frozen=True)
class CohortVoxels:
    """Voxels of the cohort's patients, in its order.

    repeats: repeated delineation → patients who have it, and their voxels. left_out: patient →
    voxels of the mask beyond the image of a phase, where there are any.
    """

    voxels: Voxels
    repeats: Mapping[str, tuple[list[str], Voxels]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)


def voxels_code() -> str:
    """Digest of the code that reads voxels."""
    own = Path(__file__).with_name("sampled.py")
    return digest(source_digest(own), reading_code())


def _one(sources: HabitatSources, reference: int, code: str, folder: Path) -> HabitatVoxels:
    key = digest("habitats", sources, reference, code)
    return cached(folder, key, lambda: habitat_voxels(sources, reference), "a tumour's voxels")


def patient_voxels(
    cohort: Cohort, patients: Sequence[str], repeat: str | None = None
) -> list[HabitatVoxels]:
    """Voxels of these patients, read or from the cache; None of one that is not, in a plan."""
    study, habitats = cohort.study, cohort.study.habitats
    assert habitats is not None
    block = Block(study.habitat_phase, habitats.region)
    reference = list(study.phases).index(study.habitat_phase)
    code, folder = voxels_code(), study.cache_folder / "habitats"
    work = [
        (
            habitat_sources(cohort.files, patient, block, habitats.normalisation, repeat=repeat),
            reference,
            code,
            folder,
        )
        for patient in patients
    ]
    what = "voxels of habitats" if repeat is None else f"voxels of habitats, {repeat}"
    names = [f"patient {patient}" for patient in patients]
    return in_parallel(_one, work, what, study.jobs, names=names)


def cohort_voxels(cohort: Cohort) -> CohortVoxels | None:
    """Voxels of every patient and every repeated delineation of the reference phase.

    None without habitats.
    """
    study = cohort.study
    if study.habitats is None:
        return None
    phases, patients = list(study.phases), list(cohort.patients)
    own = patient_voxels(cohort, patients)
    repeats = {}
    for name in sorted(study.phases[study.habitat_phase].repeat_masks):
        held = cohort.repeat_patients(name)
        if held:
            again = patient_voxels(cohort, held, name)
            repeats[name] = (held, Voxels.of(phases, [each.values for each in again]))
    return CohortVoxels(
        Voxels.of(phases, [each.values for each in own]),
        repeats,
        left_out={
            patient: each.left_out
            for patient, each in zip(patients, own, strict=True)
            if each.left_out
        },
    )
