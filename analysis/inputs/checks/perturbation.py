"""What perturbed images and masks cost, told before a run."""

from __future__ import annotations

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.inputs.radiomics.perturbation import perturbed_patients
from analysis.study import Study


def note_perturbation(cohort: Cohort, problems: Problems) -> None:
    """A note on how often features are extracted for their repeatability, where images change."""
    study = cohort.study
    if study.radiomics is None or study.radiomics.table is not None:
        return
    settings = study.radiomics.perturbation
    if settings is None or not (settings.images_changed or settings.repeats > 1):
        return
    draws = sum(settings.repeats_of(name) for name in settings.tried)
    patients = counted(len(perturbed_patients(cohort, settings)), "training patient")
    times = counted(draws * len(study.blocks), "extraction")
    if len(study.blocks) > 1:
        times += f", {draws} in each of {_places(study)}"
    again = _without_preprocessing(study, draws)
    problems.note(
        f"the repeatability of features takes {times}, of each of {patients}{again}; a run that was"
        " stopped goes on with the repeats that it kept",
        f"{study.path.name}, radiomics.perturbation",
    )


def _places(study: Study) -> str:
    """Blocks that features are extracted of, in words."""
    phases = counted(len(study.phases), "phase")
    return f"{phases}, their regions included" if study.regions else phases


def _without_preprocessing(study: Study, draws: int) -> str:
    """Words on what the comparison with images without preprocessing takes besides."""
    assert study.radiomics is not None
    assert study.radiomics.perturbation is not None
    if not study.radiomics.perturbation.compare_preprocessing:
        return ""
    blocks = sum(block.phase in study.preprocessing_of for block in study.blocks)
    return f", and {(draws + 1) * blocks} more without preprocessing"
