"""The same cohort without the preprocessing of its images, to see what it does to repeatability."""

from __future__ import annotations

from dataclasses import replace

from analysis.cohort.cohort import Cohort


def without_preprocessing(cohort: Cohort) -> Cohort:
    """Cohort whose images are read as they are stored.

    Where preprocessing puts intensities on a scale, they are normalised by the mean and standard
    deviation of the image in its place, since bins of stored MR intensities mean nothing.
    """
    study = cohort.study
    phases = {}
    for name, phase in study.phases.items():
        changes: dict[str, object] = {"preprocessing": None}
        settings = study.preprocessing_of.get(name)
        if settings is not None and settings.intensity is not None:
            extraction = study.written_extraction_of(name)
            changes["extraction"] = extraction.model_copy(update={"normalise": True})
        phases[name] = phase.model_copy(update=changes)
    return replace(cohort, study=study.model_copy(update={"phases": phases, "preprocessing": None}))
