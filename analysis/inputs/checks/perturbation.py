"""What perturbed images and masks cost, told before a run."""

from __future__ import annotations

from analysis.core.problems import Problems
from analysis.core.word_lists import counted
from analysis.study import Study


def note_perturbation(study: Study, problems: Problems) -> None:
    """A note on how often features are extracted for their repeatability, where images change."""
    if study.radiomics is None or study.radiomics.table is not None:
        return
    settings = study.radiomics.perturbation
    if settings is None or not (settings.images_changed or settings.repeats > 1):
        return
    draws = sum(settings.repeats_of(name) for name in settings.tried)
    patients = (
        "each training patient"
        if settings.patients is None
        else f"each of {counted(settings.patients, 'training patient')}"
    )
    more = draws * len(study.blocks)
    problems.note(
        f"features of {patients} are extracted {counted(more, 'time')} more for their"
        " repeatability; a run that was stopped goes on with the repeats that it kept",
        f"{study.path.name}, radiomics.perturbation",
    )
