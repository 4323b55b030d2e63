"""Deformation of an image that was registered rigidly: a cubic B-spline (Rueckert et al. 1999).

Time grows with samples × control points, as ITK keeps the derivative of every sample by every
control point; so samples are few, and a coarse mesh comes before a fine one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from analysis.imaging.registration.effort import (
    CORRECTIONS,
    EVALUATIONS,
    ITERATIONS,
    LEAST_SAMPLES,
    SAMPLES_EACH,
)
from analysis.imaging.registration.jacobian import slabs
from analysis.imaging.registration.similarity import ROUNDING, registration_method, similarity
from analysis.study.registration import Registration

# Shrinking of the images for the coarse mesh, as far as an axis keeps LEAST_VOXELS.
SHRINK, LEAST_VOXELS = 2, 16
ORDER = 3
# Coefficients, at most: time grows with the square of their number.
MOST_COEFFICIENTS = 20_000


@dataclass(frozen=True)
class Deformation:
    """Result of a deformable registration, on top of a rigid one.

    parameters, grid: the B-spline's coefficients in mm and its mesh, as SimpleITK has them; empty
    where none was found. after: mutual information with it, nats. lowest: its Jacobian determinant
    over the target's voxels, at least; farthest_mm: the longest displacement of one by it. refused:
    why it is not used; empty where it is.
    """

    parameters: tuple[float, ...]
    grid: tuple[float, ...]
    after: float
    lowest: float = 1.0
    farthest_mm: float = 0.0
    refused: str = ""

    def transform(self) -> sitk.BSplineTransform:
        """The deformation, from points of the target."""
        found = sitk.BSplineTransform(3, ORDER)
        found.SetFixedParameters(self.grid)
        found.SetParameters(self.parameters)
        return found


def coarse_mesh(image: sitk.Image, spacing_mm: float) -> list[int]:
    """Numbers of mesh elements at twice the spacing, along the image's axes; 1 at least."""
    extents = np.array(image.GetSize()) * image.GetSpacing()
    return [max(1, round(extent / (2 * spacing_mm))) for extent in extents.tolist()]


def refuse_fine_mesh(image: sitk.Image, spacing_mm: float) -> None:
    """Raises ValueError where the mesh on an image has more than MOST_COEFFICIENTS."""
    number = 3 * math.prod(2 * each + ORDER for each in coarse_mesh(image, spacing_mm))
    if number > MOST_COEFFICIENTS:
        raise ValueError(
            f"with registration: spacing_mm: {spacing_mm:g} its deformation would have {number:,}"
            f" coefficients on the image that it is registered to; time grows with the square of"
            f" their number, and more than {MOST_COEFFICIENTS:,} are not tried: raise spacing_mm"
        )


def refined(coarse: sitk.BSplineTransform, fixed: sitk.Image) -> sitk.BSplineTransform:
    """The same deformation on a mesh of half the spacing (two-scale relation of B-splines)."""
    mesh = [2 * each for each in coarse.GetTransformDomainMeshSize()]
    fine = sitk.BSplineTransformInitializer(fixed, mesh, ORDER)
    parameters = []
    for image in coarse.GetCoefficientImages():
        values = sitk.GetArrayFromImage(image)
        for axis in range(3):
            values = _halved(values, axis)
        parameters.append(values.ravel())
    fine.SetParameters(np.concatenate(parameters).tolist())
    return fine


def _halved(values: np.ndarray, axis: int) -> np.ndarray:
    """Coefficients of a cubic spline between whose knots lies another one, along an axis."""
    values = np.moveaxis(values, axis, 0)
    found = np.empty((2 * len(values) - 3, *values.shape[1:]))
    found[::2] = (values[:-1] + values[1:]) / 2
    found[1::2] = (values[:-2] + 6 * values[1:-1] + values[2:]) / 8
    return np.moveaxis(found, 0, axis)


def found_deformation(
    fixed: sitk.Image, moving: sitk.Image, rigid: sitk.Transform, spacing_mm: float
) -> sitk.BSplineTransform:
    """Deformation that maximises mutual information, from a coarse mesh to one of half its spacing.

    Raises RuntimeError where ITK does.
    """
    shrunk, smooth = (_smaller(each) for each in (fixed, moving))
    start = sitk.BSplineTransformInitializer(fixed, coarse_mesh(fixed, spacing_mm), ORDER)
    coarse = _optimised(shrunk, smooth, rigid, start)
    return _optimised(fixed, moving, rigid, refined(coarse, fixed))


def _smaller(image: sitk.Image) -> sitk.Image:
    factors = [min(SHRINK, max(1, size // LEAST_VOXELS)) for size in image.GetSize()]
    sigmas = [
        factor * step / 2 if factor > 1 else 0.0
        for factor, step in zip(factors, image.GetSpacing(), strict=True)
    ]
    if not any(sigmas):
        return image
    smooth = sitk.DiscreteGaussian(image, [sigma**2 for sigma in sigmas])
    return sitk.Shrink(smooth, factors)


def _optimised(
    fixed: sitk.Image, moving: sitk.Image, rigid: sitk.Transform, start: sitk.BSplineTransform
) -> sitk.BSplineTransform:
    samples = max(LEAST_SAMPLES, SAMPLES_EACH * start.GetNumberOfParameters())
    method = registration_method(fixed, samples)
    # Differences between the voxels around a sample, not a gradient of the whole image.
    method.MetricUseFixedImageGradientFilterOff()
    method.MetricUseMovingImageGradientFilterOff()
    method.SetOptimizerAsLBFGSB(
        gradientConvergenceTolerance=1e-5,
        numberOfIterations=ITERATIONS,
        maximumNumberOfCorrections=CORRECTIONS,
        maximumNumberOfFunctionEvaluations=EVALUATIONS,
    )
    method.SetMovingInitialTransform(rigid)
    method.SetInitialTransform(start, inPlace=True)
    method.Execute(fixed, moving)
    return start


def deform(
    fixed: sitk.Image, moving: sitk.Image, rigid: sitk.Transform, settings: Registration
) -> Deformation:
    """Deformation on top of a rigid transform, and whether it is used.

    It is not where it folds the image anywhere, moves a voxel by more than `furthest_mm`, or
    makes the images less alike than the rigid transform alone. Raises RuntimeError where ITK does.
    """
    before = similarity(fixed, moving, rigid)
    found = found_deformation(fixed, moving, rigid, settings.spacing_mm)
    after = similarity(fixed, moving, sitk.CompositeTransform([rigid, found]))
    lowest, farthest = np.inf, 0.0
    for _, determinants, moved in slabs(found, fixed):
        lowest = min(lowest, float(determinants.min()))
        farthest = max(farthest, float(np.linalg.norm(moved, axis=-1).max()))
    refused = ""
    if lowest <= 0:
        refused = f"the deformation folds the image (lowest Jacobian determinant {lowest:.2f})"
    elif farthest > settings.furthest_mm:
        refused = f"a deformation by {farthest:.1f} mm is beyond {settings.furthest_mm:g} mm"
    elif after < before - ROUNDING:
        refused = "the deformed images were less alike than the rigidly registered ones"
    return Deformation(
        tuple(found.GetParameters()),
        tuple(found.GetFixedParameters()),
        after,
        lowest,
        farthest_mm=farthest,
        refused=refused,
    )
