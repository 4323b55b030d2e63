"""Voxels of an image that are no background."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from analysis.imaging.itk_threads import one_itk_thread

# Fewer voxels have a mean, a standard deviation and percentiles that say nothing.
FEWEST = 50


def foreground(image: sitk.Image, mask: sitk.Image | None = None) -> np.ndarray:
    """Boolean, (z, y, x): voxels within the mask, or without one brighter than Otsu's threshold.

    mask: 0 and 1 on the image's grid.
    """
    if mask is None:
        with one_itk_thread():
            mask = sitk.OtsuThreshold(sitk.Cast(image, sitk.sitkFloat64), 0, 1, 200)
    return np.asarray(sitk.GetArrayFromImage(mask) > 0)
