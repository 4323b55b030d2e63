"""Quality of a cohort's registrations: shift in the tumour, and similarity before and after."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest, source_digest
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_mask, reading_code
from analysis.imaging.reading.registered import registration_of
from analysis.imaging.registration.align import displacements
from analysis.imaging.registration.jacobian import determinants_within

# Of a deformation; left out where no phase of the study is deformed.
OF_DEFORMATION = ("deformed", "jacobian_low", "jacobian_mean", "jacobian_high")


@dataclass(frozen=True)
class RegistrationQuality:
    """Registration of a patient's phase.

    shift_mm: mean over the tumour's voxels of what was found, used or not. before, after: mutual
    information in nats. used: whether it was used; reason: why not, or why its deformation is not.
    deformed: whether a deformation was used; jacobian_low, jacobian_mean, jacobian_high: its
    determinant at the tumour's voxels, the volume as acquired over the volume as read; NaN without.
    """

    shift_mm: float
    before: float
    after: float
    used: bool
    reason: str
    deformed: bool
    jacobian_low: float
    jacobian_mean: float
    jacobian_high: float


def registration_quality(image: ImageSource, mask: MaskSource) -> RegistrationQuality:
    """Raises ValueError, naming the file, where an image or the mask can't be read."""
    assert image.resample_to is not None
    fixed, moving = read_image(image.resample_to), read_image(image.as_acquired())
    found = registration_of(image, fixed, moving)
    drawn = read_mask(mask, fixed)
    places = np.argwhere(sitk.GetArrayViewFromImage(drawn) > 0)[:, ::-1]
    points = np.array([drawn.TransformIndexToPhysicalPoint(each.tolist()) for each in places])
    used, volumes = found.used_deformation, np.array([np.nan])
    if used is not None:
        volumes = determinants_within(used.transform(), drawn)
    return RegistrationQuality(
        float(displacements(found.found_transform(), points).mean()),
        found.before,
        found.similarity,
        used=not found.refused,
        reason=found.refused or (found.deformation.refused if found.deformation else ""),
        deformed=used is not None,
        jacobian_low=float(volumes.min()),
        jacobian_mean=float(volumes.mean()),
        jacobian_high=float(volumes.max()),
    )


def _kept(image: ImageSource, mask: MaskSource, folder: Path) -> RegistrationQuality:
    """registration_quality, remembered by content."""
    key = digest("registration quality", image, mask, reading_code(), source_digest(Path(__file__)))
    return cached(folder, key, lambda: registration_quality(image, mask))


def cohort_registration(cohort: Cohort, patients: list[str] | None = None) -> list[dict[str, Any]]:
    """A row a patient and registered phase: patient_id, cohort, phase, reference, the quality's.

    What is of a deformation is left out where no phase of the study is deformed.
    """
    study = cohort.study
    registrations = {
        name: files.registration
        for name, files in study.phases.items()
        if files.registration is not None
    }
    phases = list(registrations)
    hidden = () if any(each.deforms for each in registrations.values()) else OF_DEFORMATION
    wanted = list(cohort.patients) if patients is None else patients
    work = [(patient, phase) for patient in wanted for phase in phases]
    arguments = [
        (
            cohort.image_source(patient, phase),
            cohort.mask_source(patient, phase),
            study.cache_folder / "quality",
        )
        for patient, phase in work
    ]
    names = [f"patient {patient}, {phase}" for patient, phase in work]
    found = in_parallel(_kept, arguments, "registration", study.jobs, names=names)
    rows = []
    for (patient, phase), quality in zip(work, found, strict=True):
        told = {name: value for name, value in asdict(quality).items() if name not in hidden}
        place = {
            "patient_id": patient,
            "cohort": cohort.cohort[patient],
            "phase": phase,
            "reference": study.phases[phase].resample_to,
        }
        rows.append(place | told)
    return rows
