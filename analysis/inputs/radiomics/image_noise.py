"""Noise of an image: its estimated standard deviation, and more of it."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

# Of noise, a normal distribution's median absolute deviation over its standard deviation.
MEDIAN_TO_SD = 0.6745
# Noise is estimated in the box around the mask, with so much around it: receiver coils make it
# differ over an image, and air of a magnitude image has less.
MARGIN_MM = 20.0
# A larger share of voxels at the smallest value is padding, as of a masked image.
PADDING = 0.01


def noise_sd(values: np.ndarray) -> float:
    """Standard deviation of the white noise of an image, in the image's unit.

    It is the median absolute coefficient of the finest diagonal subband (high-pass along every axis
    that has as many voxels as the filter) of a stationary wavelet transform by coiflet 1, over
    0.6745 (Donoho & Johnstone 1994; Chang, Yu & Vetterli, IEEE Trans Image Process 2000;9:1532), as
    Zwanenburg et al. (2019) take it for perturbed images. Where more than a hundredth of the voxels
    have the smallest value, that is padding, and coefficients that it has a part in are left out.

    values: array of any dimensions. 0 for an image without noise.
    """
    # Imported here: a study without noise does not need it.
    import pywt

    high_pass = np.array(pywt.Wavelet("coif1").dec_hi)
    found, half = values.astype(np.float64), len(high_pass) // 2
    padded = (values == values.min()).astype(np.float64)
    for axis, length in enumerate(values.shape):
        if length >= len(high_pass):
            # At the border the filter would meet mirrored noise.
            whole = np.arange(half, length - half + 1)
            found = ndimage.correlate1d(found, high_pass, axis=axis).take(whole, axis=axis)
            reached = ndimage.correlate1d(padded, np.ones(len(high_pass)), axis=axis)
            padded = reached.take(whole, axis=axis)
    if (values == values.min()).mean() > PADDING:
        found = found[padded < 0.5]
    # Rounding of a filter that sums to 0 is no noise.
    if not found.size or np.abs(found).max() <= 1e-9 * max(np.abs(values).max(), 1e-300):
        return 0.0
    return float(np.median(np.abs(found))) / MEDIAN_TO_SD


def noise_around(image: sitk.Image, mask: sitk.Image) -> float:
    """Noise of an image in the box around a mask and MARGIN_MM around it, as `noise_sd`."""
    inside = np.argwhere(sitk.GetArrayViewFromImage(mask) > 0)
    margin = [int(np.ceil(MARGIN_MM / each)) for each in image.GetSpacing()[::-1]]
    box = tuple(
        slice(max(low - more, 0), high + more + 1)
        for low, high, more in zip(inside.min(axis=0), inside.max(axis=0), margin, strict=True)
    )
    return noise_sd(sitk.GetArrayViewFromImage(image)[box])


def with_noise(image: sitk.Image, sd: float, seed: int) -> sitk.Image:
    """Image with Gaussian noise of this standard deviation added to every voxel."""
    values = sitk.GetArrayFromImage(image)
    noisy = sitk.GetImageFromArray(
        values + sd * np.random.default_rng(seed).standard_normal(values.shape)
    )
    noisy.CopyInformation(image)
    return noisy
