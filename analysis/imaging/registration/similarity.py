"""Mattes mutual information of two images, and how a registration samples it (Mattes et al. 2003).

Samples lie on a regular grid, so that the same images give the same transform again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import SimpleITK as sitk

BINS = 32
# Voxels that mutual information is maximised of, about.
SAMPLES = 200_000
# Mutual information (nats) may fall by so much through rounding alone.
ROUNDING = 1e-6


def stride(size: Sequence[int], samples: int) -> int:
    """Every how many voxels a sample is taken; voxels count along columns, rows, then slices.

    It has no divisor in common with the number of columns: if it had, the samples of all rows
    would lie in the same few columns. So there may be some more samples.
    """
    found = math.ceil(int(np.prod(size)) / samples)
    while math.gcd(found, size[0]) > 1:
        found -= 1
    return found


def registration_method(fixed: sitk.Image, samples: int = SAMPLES) -> sitk.ImageRegistrationMethod:
    """Method that maximises mutual information with `fixed`, of about so many voxels of it."""
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(BINS)
    method.SetInterpolator(sitk.sitkLinear)
    step = stride(fixed.GetSize(), samples)
    if step > 1:
        method.SetMetricSamplingStrategy(sitk.ImageRegistrationMethod.REGULAR)
        # ITK rounds one over the share up to a whole number of voxels.
        method.SetMetricSamplingPercentage(1 / (step - 0.5), 1)
    return method


def similarity(fixed: sitk.Image, moving: sitk.Image, transform: sitk.Transform) -> float:
    """Mutual information in nats of the two where they overlap."""
    method = registration_method(fixed)
    # Gradients of whole images, which take seconds, are no part of it.
    method.MetricUseFixedImageGradientFilterOff()
    method.MetricUseMovingImageGradientFilterOff()
    # It is no part of what is optimised, which costs much time where it has many parameters.
    method.SetMovingInitialTransform(transform)
    method.SetInitialTransform(sitk.TranslationTransform(3))
    return -float(method.MetricEvaluate(fixed, moving))
