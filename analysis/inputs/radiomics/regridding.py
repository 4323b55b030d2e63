"""Image and mask on a grid that is shifted and turned, by one interpolation.

The grid is the one that PyRadiomics computes features on, moved: so the image is interpolated once,
as in the extraction without a perturbation (Zwanenburg et al. 2019), and a grid that is not moved
gives the same features. That holds for `engine: fast` and `pyradiomics`. The IBSI's grid is aligned
with the image's centre and its mask interpolated linearly, so the study file is refused where it
asks for a moved grid with `engine: ibsi` (`analysis/study/perturbation_faults.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import SimpleITK as sitk

from analysis.study import Extraction

# Voxels beyond what the filters see, for the rounding of corners.
SLACK = 2


@dataclass(frozen=True)
class Move:
    """Move of the grid.

    translation: x, y, z in fractions of its voxels; degrees: about the slices' axis through
    `centre` (mm).
    """

    centre: tuple[float, float, float]
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0)
    degrees: float = 0.0

    def transform(self, image: sitk.Image, spacing: Sequence[float]) -> sitk.AffineTransform:
        """From a point of the moved grid, before the move, to the point of the image."""
        direction = np.array(image.GetDirection()).reshape(3, 3)
        angle = np.deg2rad(self.degrees)
        turn = np.array(
            [
                [np.cos(angle), -np.sin(angle), 0],
                [np.sin(angle), np.cos(angle), 0],
                [0, 0, 1],
            ]
        )
        shift = direction @ (np.array(self.translation) * np.array(spacing))
        found = sitk.AffineTransform(3)
        found.SetMatrix((direction @ turn @ np.linalg.inv(direction)).ravel().tolist())
        found.SetCenter(self.centre)
        found.SetTranslation(shift.tolist())
        return found


def centroid(mask: sitk.Image) -> tuple[float, float, float]:
    """Mean place (mm) of a mask's voxels."""
    places = np.argwhere(sitk.GetArrayViewFromImage(mask) > 0).mean(axis=0)
    x, y, z = mask.TransformContinuousIndexToPhysicalPoint([float(each) for each in places[::-1]])
    return x, y, z


def _grid(mask: sitk.Image, settings: Extraction, move: Move) -> sitk.ResampleImageFilter:
    """Part of the moved grid that the filters see around the mask."""
    old, size = np.array(mask.GetSpacing()), np.array(mask.GetSize())
    inside = np.argwhere(sitk.GetArrayViewFromImage(mask) > 0)[:, ::-1]
    low, high = inside.min(axis=0), inside.max(axis=0)
    # PyRadiomics leaves the spacing of an axis along which the mask has one voxel.
    new = np.where(high > low, np.array(settings.spacing_of(mask.GetSpacing())), old)
    transform = move.transform(mask, new.tolist())
    back = transform.GetInverse()
    corners = np.array(
        [
            mask.TransformPhysicalPointToContinuousIndex(
                back.TransformPoint(
                    mask.TransformContinuousIndexToPhysicalPoint([float(each) for each in corner])
                )
            )
            for corner in product(*zip(low - 0.5, high + 0.5, strict=True))
        ]
    )
    start = 0.5 * (new - old) / old
    padding = settings.pad_distance + SLACK
    if settings.resampled_spacing_mm is None and not settings.pre_crop:
        padding = int(max(size))
    ratio = old / new
    first = np.maximum(np.floor((corners.min(axis=0) - start) * ratio) - padding, 0)
    last = np.minimum(
        np.ceil((corners.max(axis=0) - start) * ratio) + padding, np.ceil(size * ratio) - 1
    )
    grid = sitk.ResampleImageFilter()
    grid.SetOutputSpacing(new.tolist())
    grid.SetOutputDirection(mask.GetDirection())
    grid.SetSize([int(each) for each in np.maximum(last - first + 1, 1)])
    grid.SetOutputOrigin(
        mask.TransformContinuousIndexToPhysicalPoint((start + first / ratio).tolist())
    )
    grid.SetTransform(transform)
    return grid


def regridded(
    image: sitk.Image, mask: sitk.Image, settings: Extraction, move: Move
) -> tuple[sitk.Image, sitk.Image]:
    """Image (float64) and mask (0 and 1) on the moved grid, around the mask.

    The spacing is that on which features are computed; the image by the settings' interpolator, the
    mask by nearest neighbour, as PyRadiomics does. Beyond its border the image goes on with the
    value at the border. The mask may be empty.
    """
    grid = _grid(mask, settings, move)
    grid.SetInterpolator(sitk.sitkNearestNeighbor)
    moved = grid.Execute(mask)
    grid.SetUseNearestNeighborExtrapolator(True)
    grid.SetInterpolator(getattr(sitk, settings.interpolator))
    grid.SetOutputPixelType(sitk.sitkFloat64)
    return grid.Execute(image), moved
