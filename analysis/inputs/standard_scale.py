"""The standard scale that histograms are matched to, learnt in the learning patients of a fit.

An image's landmarks see no other patient, and are kept by the image's content; a scale is a mean of
those of the patients who are named, and sees no outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest
from analysis.core.progress import in_parallel
from analysis.imaging.preparation import standard_scale
from analysis.imaging.preparation.histogram_matching import PERCENTILES
from analysis.imaging.reading import ImageSource, image_landmarks, reading_code
from analysis.study.preprocessing import MATCHED_SCALE


def _one(source: ImageSource, code: str, folder: Path) -> np.ndarray:
    key = digest("landmarks", source, code)
    return cached(folder, key, lambda: image_landmarks(source), "landmarks of an image")


def _source(cohort: Cohort, patient: str, phase: str) -> ImageSource:
    """Image that landmarks are of; the top of the standard scale is no part of what they are."""
    source = cohort.prepared_source(patient, phase).as_acquired()
    preparation = source.preparation
    assert preparation is not None
    assert preparation.settings.intensity is not None
    intensity = preparation.settings.intensity.model_copy(update={"scale": MATCHED_SCALE})
    settings = preparation.settings.model_copy(update={"intensity": intensity})
    return replace(source, preparation=replace(preparation, settings=settings, standard=None))


def cohort_landmarks(cohort: Cohort, patients: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Phase → patients × percentiles of the foreground, of each phase whose histograms are matched.

    In the unit of the stored image, after bias correction. Raises ReadingError naming an image two
    of whose percentiles are equal.
    """
    work = [(phase, patient) for phase in cohort.study.matched_phases for patient in patients]
    if not work:
        return {}
    code, folder = reading_code(), cohort.study.cache_folder / "landmarks"
    found = in_parallel(
        _one,
        [(_source(cohort, patient, phase), code, folder) for phase, patient in work],
        "landmarks of histograms",
        cohort.study.jobs,
        names=[f"patient {patient}, {phase}" for phase, patient in work],
    )
    rows: dict[str, list[np.ndarray]] = {}
    for (phase, _), each in zip(work, found, strict=True):
        rows.setdefault(phase, []).append(each)
    return {
        phase: pd.DataFrame(np.stack(each), pd.Index(patients), list(PERCENTILES))
        for phase, each in rows.items()
    }


def scale_of(
    cohort: Cohort, landmarks: Mapping[str, pd.DataFrame], learn: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    """Phase → standard landmarks, the mean of the learning patients' (Nyúl et al. 2000).

    landmarks: as `cohort_landmarks`; of others than `learn` nothing is looked at.
    """
    found = {}
    for phase, table in landmarks.items():
        settings = cohort.study.preprocessing_of[phase].intensity
        assert settings is not None
        found[phase] = tuple(standard_scale(table.loc[list(learn)].to_numpy(), settings.scale))
    return found


def final_learning(cohort: Cohort) -> list[str]:
    """Patients whom the final fit learns from."""
    return sorted(cohort.labelled("training"))


def with_standard_scale(cohort: Cohort, learn: Sequence[str] | None = None) -> Cohort:
    """Cohort whose images are matched to the scale of the learning patients.

    learn: those of the final fit if left out. The cohort itself where no histogram is matched.
    """
    if not cohort.study.matched_phases:
        return cohort
    learn = final_learning(cohort) if learn is None else list(learn)
    return replace(cohort, standards=scale_of(cohort, cohort_landmarks(cohort, learn), learn))
