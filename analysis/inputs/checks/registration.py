"""Checks of the registration of phases: which were not used, by patient and phase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.inputs.checks.told_findings import shown_path
from analysis.inputs.registration.quality import cohort_registration


def check_registration(
    cohort: Cohort, delineations: Iterable[tuple[str, str, str | None]], problems: Problems
) -> None:
    """A warning for each phase of a patient whose registration, or its deformation, is not used.

    delineations: patient, phase and repeated delineation (or None) whose images and masks are
    sound; patients without a sound image of every phase are told of elsewhere.
    """
    study = cohort.study
    if not any(files.registration is not None for files in study.phases.values()):
        return
    sound = {(patient, phase) for patient, phase, repeat in delineations if repeat is None}
    patients = [
        patient
        for patient in cohort.patients
        if all((patient, phase) in sound for phase in study.phases)
    ]
    for row in cohort_registration(cohort, patients):
        what = not_used(row)
        if what:
            problems.warning(
                what,
                shown_path(cohort.image(row["patient_id"], row["phase"]), cohort),
                _remedy(row),
                patient=row["patient_id"],
                reason="image",
            )


def not_used(row: Mapping[str, Any]) -> str:
    """What of a registration is not used, and why; empty if all of it is.

    row: phase, reference, and used and reason as of RegistrationQuality.
    """
    pair = f"of phase {row['phase']} to {row['reference']} is not used: {row['reason']}"
    if not row["used"]:
        return f"the registration {pair}; the image is resampled where it was acquired"
    if row["reason"]:
        return f"the deformation {pair}; the image is registered by the rigid transform alone"
    return ""


def _remedy(row: dict[str, Any]) -> str:
    """What to do, by the reason why a registration was not used."""
    key = f"phases.{row['phase']}.registration"
    if row["reason"].startswith(("a shift", "a deformation by")):
        return f"look at both images; if it moves what it should, raise {key}.furthest_mm"
    if row["used"]:
        return (
            f"look at both images and the checkerboards; raise {key}.spacing_mm for a smoother"
            f" deformation, or if most patients have this, write {key}.transform: rigid"
        )
    return (
        "look at both images: they may show different parts of the body, or one may be another"
        f" patient's or upside down; if most patients have this, take {key} out"
    )
