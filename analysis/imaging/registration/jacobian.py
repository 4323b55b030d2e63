"""Jacobian determinant of a transform: how it changes the volume at each voxel of a grid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk

# Slices whose determinants are computed together, so that memory stays small.
TOGETHER = 16


def _field(transform: sitk.Transform, part: sitk.Image) -> np.ndarray:
    """Displacement of each voxel of a grid, slices × rows × columns × 3, mm along x, y and z."""
    whole = sitk.TransformToDisplacementFieldFilter()
    whole.SetReferenceImage(part)
    whole.SetOutputPixelType(sitk.sitkVectorFloat64)
    field = whole.Execute(transform)
    return sitk.GetArrayFromImage(field)


def _determinants(field: np.ndarray, grid: sitk.Image) -> np.ndarray:
    """Determinant of the identity and the field's derivatives along the patient's axes."""
    direction = np.array(grid.GetDirection()).reshape(3, 3)
    # Along the axes of the grid: columns, rows, slices.
    along = [
        np.gradient(field, step, axis=axis) if field.shape[axis] > 1 else np.zeros_like(field)
        for axis, step in zip((2, 1, 0), grid.GetSpacing(), strict=True)
    ]
    jacobian = np.einsum("k...a,bk->...ab", np.stack(along), direction) + np.eye(3)
    first, second, third = (jacobian[..., row, :] for row in range(3))
    return np.asarray((first * np.cross(second, third)).sum(axis=-1))


def slabs(
    transform: sitk.Transform, grid: sitk.Image
) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Slices of the grid, the determinants there, and the displacements in mm.

    Determinants: slices × rows × columns, by central differences between voxels. Below 1, what
    the transform finds is smaller than what it is put on; 0 or less, it is folded.
    """
    columns, rows, depth = grid.GetSize()
    for start in range(0, depth, TOGETHER):
        end = min(start + TOGETHER, depth)
        # A slice more on either side, for the differences.
        first, last = max(start - 1, 0), min(end + 1, depth)
        part = sitk.Extract(grid, (columns, rows, last - first), (0, 0, first))
        field = _field(transform, part)
        inner = slice(start - first, end - first)
        yield slice(start, end), _determinants(field, part)[inner], field[inner]


def determinants_within(transform: sitk.Transform, mask: sitk.Image) -> np.ndarray:
    """Jacobian determinants at the mask's voxels, one-dimensional."""
    inside = sitk.GetArrayFromImage(mask) > 0
    return np.concatenate(
        [found[inside[part]] for part, found, _ in slabs(transform, mask) if inside[part].any()]
    )
