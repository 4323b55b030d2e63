"""Mattes mutual information of two images, and how a registration samples it (Mattes et al. 2003).

Samples lie on a regular grid, so that the same images give the same transform again.
"""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

BINS = 32
# Voxels that mutual information is computed of, at most.
SAMPLES = 200_000
# Mutual information (nats) may fall by so much through rounding alone.
ROUNDING = 1e-6


def registration_method(fixed: sitk.Image, samples: int = SAMPLES) -> sitk.ImageRegistrationMethod:
    """Method that maximises mutual information with `fixed`, of at most so many voxels of it."""
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(BINS)
    method.SetInterpolator(sitk.sitkLinear)
    voxels = int(np.prod(fixed.GetSize()))
    if voxels > samples:
        method.SetMetricSamplingStrategy(sitk.ImageRegistrationMethod.REGULAR)
        method.SetMetricSamplingPercentage(samples / voxels, 1)
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
