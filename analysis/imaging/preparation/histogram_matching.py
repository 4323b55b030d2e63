"""Intensities by landmarks of the histogram (Nyúl & Udupa 1999; Nyúl, Udupa & Zhang 2000).

Landmarks of an image are percentiles of its foreground, as Shah et al. (Med Image Anal 2011;15:267)
take them. The standard scale is the mean, over patients, of landmarks on one range. An image's
intensities are mapped so that its landmarks come to lie on those of the scale.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import SimpleITK as sitk

from analysis.core.word_lists import counted
from analysis.imaging.preparation.fault import PreparationError
from analysis.imaging.preparation.foreground import FEWEST, foreground

# Percentiles that are the landmarks, the first and the last of which span the scale.
PERCENTILES = (1.0, *(float(each) for each in range(10, 100, 10)), 99.0)


def landmarks(image: sitk.Image, mask: sitk.Image | None = None) -> np.ndarray:
    """Intensities at PERCENTILES of the foreground, in the image's unit; each above the one before.

    mask: of the foreground, 0 and 1 on the image's grid; without one, voxels brighter than Otsu's
    threshold. Raises PreparationError for a foreground of few voxels, and where two percentiles are
    equal, so that no mapping is defined between them.
    """
    values = sitk.GetArrayFromImage(image).astype(np.float64)[foreground(image, mask)]
    if len(values) < FEWEST:
        raise PreparationError(
            f"its foreground has {counted(len(values), 'voxel')}, and histogram matching needs"
            f" {FEWEST}; look at preprocessing.intensity"
        )
    found = np.percentile(values, PERCENTILES)
    equal = np.flatnonzero(np.diff(found) <= 0)
    if len(equal):
        first = int(equal[0])
        raise PreparationError(
            f"percentiles {PERCENTILES[first]:g} and {PERCENTILES[first + 1]:g} of its foreground"
            f" are both {found[first]:g}, so that its histogram can't be matched; the mask may hold"
            " background of one value, or the image may be clipped: correct"
            " preprocessing.intensity.mask, or take another method"
        )
    return np.asarray(found)


def standard_scale(each: np.ndarray, top: float) -> np.ndarray:
    """Standard landmarks: the mean of the patients' landmarks, each patient's put on 0 to `top`.

    each: patients × landmarks. The first landmark becomes 0 and the last `top`, exactly.
    """
    low, high = each[:, :1], each[:, -1:]
    found = (((each - low) / (high - low)) * top).mean(axis=0)
    found[[0, -1]] = 0.0, top
    return np.asarray(found)


def mapped(values: np.ndarray, own: np.ndarray, standard: Sequence[float]) -> np.ndarray:
    """Values with an image's landmarks on those of the scale, and straight lines between them.

    own: landmarks of the image; standard: of the scale. Beyond the outer landmarks the first and
    the last line go on, so that no intensity is lost.
    """
    scale = np.asarray(standard, dtype=np.float64)
    found = np.interp(values, own, scale)
    for end, beyond in ((0, values < own[0]), (-1, values > own[-1])):
        first, second = (0, 1) if end == 0 else (-2, -1)
        slope = (scale[second] - scale[first]) / (own[second] - own[first])
        found = np.where(beyond, scale[end] + slope * (values - own[end]), found)
    return found


def matched(
    image: sitk.Image, standard: Sequence[float], mask: sitk.Image | None = None
) -> sitk.Image:
    """Image (float64) on the standard scale; mask and errors as of `landmarks`."""
    values = sitk.GetArrayFromImage(image).astype(np.float64)
    found = sitk.GetImageFromArray(mapped(values, landmarks(image, mask), standard))
    found.CopyInformation(image)
    return found
