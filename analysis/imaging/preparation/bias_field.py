"""Bias field of an MR image by N4, as ITK has it (Tustison et al., IEEE Trans Med Imaging 2010).

The field is fitted on a shrunken image. It is smooth, so it is kept at few points, from the first
voxel's centre to the last one's, and read between them by cubic splines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from scipy.interpolate import CubicSpline

from analysis.core.word_lists import counted
from analysis.imaging.itk_threads import one_itk_thread
from analysis.imaging.preparation.fault import PreparationError
from analysis.study.preprocessing import BiasCorrection

# An axis is shrunk to no fewer than so many voxels, the fewest that a cubic field bends over.
LEAST_VOXELS = 8
# Of voxels that the field is fitted on, after shrinking.
FEWEST = 100
# Points of each cell of the field's spline that it is kept at: cubic splines between them give the
# field itself. N4 begins with one cell and halves it on each further level.
POINTS = 4


@dataclass(frozen=True)
class BiasField:
    """Logarithm of a bias field at points that are evenly spaced from border to border (z y x)."""

    logarithm: np.ndarray

    def values(self, size: tuple[int, ...]) -> np.ndarray:
        """The field (a factor, without unit) at each voxel of an image of `size` (z, y, x)."""
        found = self.logarithm.astype(np.float64)
        for axis, (points, length) in enumerate(zip(found.shape, size, strict=True)):
            if points != length:
                places = np.linspace(0, points - 1, length)
                found = CubicSpline(np.arange(points), found, axis=axis)(places)
        return np.exp(found)

    def removed_from(self, image: sitk.Image) -> sitk.Image:
        """Image (float64) divided by the field."""
        values = sitk.GetArrayFromImage(image)
        corrected = sitk.GetImageFromArray(values / self.values(values.shape))
        corrected.CopyInformation(image)
        return corrected


def _fitted_in(image: sitk.Image, settings: BiasCorrection) -> sitk.Image:
    """Mask of the voxels that the field is fitted on: 1 by the settings' rule and above 0."""
    positive = image > 0
    if settings.mask == "otsu":
        return sitk.And(positive, sitk.OtsuThreshold(image, 0, 1, 200))
    return positive


def shrunken(image: sitk.Image, settings: BiasCorrection) -> tuple[sitk.Image, sitk.Image]:
    """Shrunken image that a field is fitted on, and mask of its voxels.

    Raises PreparationError where too few voxels are left.
    """
    with one_itk_thread():
        whole = sitk.Cast(image, sitk.sitkFloat32)
        shrink = [max(min(settings.shrink, size // LEAST_VOXELS), 1) for size in whole.GetSize()]
        small = sitk.Shrink(whole, shrink)
        inside = sitk.Shrink(_fitted_in(whole, settings), shrink)
    voxels = int(sitk.GetArrayViewFromImage(inside).sum())
    if voxels < FEWEST or min(small.GetSize()) < 2:
        raise PreparationError(
            f"N4 has {counted(voxels, 'voxel')} to fit a field on (bias_correction: mask:"
            f" {settings.mask}, shrink: {settings.shrink}), and needs {FEWEST} and two slices;"
            " choose another mask or a smaller shrink, or leave bias_correction out for this phase"
        )
    return small, inside


def bias_field(image: sitk.Image, settings: BiasCorrection) -> BiasField:
    """Bias field of an image.

    On one thread, so that a field has the same bytes whenever it is fitted. Raises PreparationError
    where too few voxels are left to fit it on.
    """
    small, inside = shrunken(image, settings)
    with one_itk_thread():
        fit = sitk.N4BiasFieldCorrectionImageFilter()
        fit.SetMaximumNumberOfIterations(settings.iterations)
        fit.SetConvergenceThreshold(settings.convergence)
        fit.Execute(small, inside)
        most = POINTS * 2 ** (len(settings.iterations) - 1) + 1
        points = [min(size, most) for size in image.GetSize()]
        field = fit.GetLogBiasFieldAsImage(_from_border_to_border(image, points))
    return BiasField(sitk.GetArrayFromImage(field).astype(np.float32))


def _from_border_to_border(image: sitk.Image, points: list[int]) -> sitk.Image:
    """Grid of so many points along each axis, from the first voxel's centre to the last one's."""
    grid = sitk.Image(points, sitk.sitkFloat32)
    grid.SetOrigin(image.GetOrigin())
    grid.SetDirection(image.GetDirection())
    grid.SetSpacing(
        [
            step * (size - 1) / (count - 1) if count > 1 else step
            for step, size, count in zip(image.GetSpacing(), image.GetSize(), points, strict=True)
        ]
    )
    return grid
