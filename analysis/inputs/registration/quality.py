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


@dataclass(frozen=True)
class RegistrationQuality:
    """Registration of a patient's phase.

    shift_mm: mean over the tumour's voxels of what was found, used or not. before, after: mutual
    information in nats. used: whether it was used; reason: why not.
    """

    shift_mm: float
    before: float
    after: float
    used: bool
    reason: str


def registration_quality(image: ImageSource, mask: MaskSource) -> RegistrationQuality:
    """Raises ValueError, naming the file, where an image or the mask can't be read."""
    assert image.resample_to is not None
    fixed, moving = read_image(image.resample_to), read_image(image.as_acquired())
    found = registration_of(image, fixed, moving)
    drawn = read_mask(mask, fixed)
    places = np.argwhere(sitk.GetArrayViewFromImage(drawn) > 0)[:, ::-1]
    points = np.array([drawn.TransformIndexToPhysicalPoint(each.tolist()) for each in places])
    return RegistrationQuality(
        float(displacements(found.found_transform(), points).mean()),
        found.before,
        found.after,
        used=not found.refused,
        reason=found.refused,
    )


def _kept(image: ImageSource, mask: MaskSource, folder: Path) -> RegistrationQuality:
    """registration_quality, remembered by content."""
    key = digest("registration quality", image, mask, reading_code(), source_digest(Path(__file__)))
    return cached(folder, key, lambda: registration_quality(image, mask))


def cohort_registration(cohort: Cohort, patients: list[str] | None = None) -> list[dict[str, Any]]:
    """A row a patient and registered phase: patient_id, cohort, phase, reference, the quality's."""
    study = cohort.study
    phases = [name for name, files in study.phases.items() if files.registration is not None]
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
    return [
        {
            "patient_id": patient,
            "cohort": cohort.cohort[patient],
            "phase": phase,
            "reference": study.phases[phase].resample_to,
            **asdict(row),
        }
        for (patient, phase), row in zip(work, found, strict=True)
    ]
