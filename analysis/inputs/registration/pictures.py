"""Pictures of a registration: both phases as fields of one checkerboard, before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.cohort.cohort import Cohort
from analysis.imaging.reading import read_image, read_mask
from analysis.inputs.radiomics.quality import thumbnail

# Fields of the checkerboard along a side.
FIELDS = 6


@dataclass(frozen=True)
class RegistrationPicture:
    """Largest section of the tumour: checkerboards (uint8, rows × columns), and the mask's (0, 1).

    Every other field is the target phase; the rest is the registered one, as it was acquired
    (before) and as it is read (after).
    """

    before: np.ndarray
    after: np.ndarray
    mask: np.ndarray


def checkerboard(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Fields of two pictures of one size in turn, the first of them in the corner."""
    rows, columns = (np.arange(length) * FIELDS // length for length in first.shape)
    return np.where((rows[:, None] + columns) % 2 == 0, first, second)


def registration_picture(cohort: Cohort, patient: str, phase: str) -> RegistrationPicture:
    """Picture of a patient's registered phase."""
    source = cohort.image_source(patient, phase)
    assert source.resample_to is not None
    target = read_image(source.resample_to)
    drawn = read_mask(cohort.mask_source(patient, phase), target)
    fixed, outline = thumbnail(target, drawn)
    before, after = (
        checkerboard(fixed, thumbnail(read_image(each), drawn)[0])
        for each in (replace(source, registration=None), source)
    )
    return RegistrationPicture(before, after, outline)
