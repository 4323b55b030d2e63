"""Resampling of a phase on the grid of another, moved only where it was registered to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from analysis.core.word_lists import counted

# How far voxels of two grids may lie apart and be the same ones, as a share of a voxel. Tools round
# what they write; a tenth of a voxel is below what can be drawn, at any size of voxel.
ALIGNED = 0.1


@dataclass(frozen=True)
class Difference:
    """Difference between two grids.

    what: grid (numbers of voxels), spacing, origin or direction. voxels, mm: how far corners lie
    apart at most, where sizes agree.
    """

    what: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    voxels: float = 0.0
    mm: float = 0.0

    def __str__(self) -> str:
        far = (
            f", up to {counted(f'{self.voxels:.2g}', 'voxel')} or {self.mm:.2g} mm apart"
            if self.voxels
            else ""
        )
        return f"{self.what} {self.ours}, the image's {self.theirs}{far}"


def affine(image: sitk.Image) -> np.ndarray:
    """Affine matrix (4 × 4) from indices (x, y, z, 1) to the patient's axes (LPS, mm)."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    matrix[:3, 3] = image.GetOrigin()
    return matrix


def corners(size: Sequence[int]) -> np.ndarray:
    """Indices (x, y, z, 1) of the corner voxels' centres, 4 × 8."""
    return np.array(np.meshgrid(*[(0, length - 1) for length in size[:3]], [1])).reshape(4, -1)


def grid_difference(
    first: sitk.Image, second: sitk.Image, tolerance: float = ALIGNED
) -> Difference | None:
    """Largest difference between the grids of two images.

    None if corresponding voxels of the two images lie within `tolerance` of a voxel of each other,
    else what differs most and how much.
    """
    if first.GetSize() != second.GetSize():
        return Difference("grid", first.GetSize(), second.GetSize())
    apart = (affine(first) - affine(second)) @ corners(first.GetSize())
    voxels = float(np.abs(np.linalg.solve(affine(second), apart)).max())
    if voxels <= tolerance:
        return None
    size, spacing = np.array(first.GetSize()) - 1, np.array(second.GetSpacing())
    shares = {
        "direction": float(
            np.abs(np.subtract(first.GetDirection(), second.GetDirection())).max()
            * (size * spacing).max()
            / spacing.min()
        ),
        "spacing": float((np.abs(np.subtract(first.GetSpacing(), spacing)) * size / spacing).max()),
        "origin": float(
            (np.abs(np.subtract(first.GetOrigin(), second.GetOrigin())) / spacing).max()
        ),
    }
    # A turned grid has another origin as well, and a wrong spacing none: what explains the others
    # comes first.
    what = next((each for each, share in shares.items() if share > tolerance), "origin")
    ours, theirs = (
        tuple(round(float(each), 4) for each in getattr(image, f"Get{what.title()}")())
        for image in (first, second)
    )
    return Difference(
        what, ours, theirs=theirs, voxels=voxels, mm=float(np.linalg.norm(apart[:3], axis=0).max())
    )


def same_grid(first: sitk.Image, second: sitk.Image, tolerance: float = ALIGNED) -> bool:
    """True if corresponding voxels lie within `tolerance` of a voxel of each other."""
    return grid_difference(first, second, tolerance) is None


def onto_grid(
    image: sitk.Image,
    reference: sitk.Image,
    place: object,
    transform: sitk.Transform | None = None,
) -> sitk.Image:
    """Image on the reference's grid.

    transform: from points of the reference to points of the image; left out, they are the same.

    It is a cubic B-spline within the range of its values, and the nearest voxel's value beyond its
    border.

    An image on that grid already is returned as it is, unless it is moved. Raises ValueError if the
    two don't overlap.
    """
    moved = transform is not None and transform.GetName() != sitk.Transform().GetName()
    if same_grid(image, reference) and not moved:
        image = sitk.Image(image)
        image.CopyInformation(reference)
        return image
    if not sitk.GetArrayFromImage(covered(image, reference, transform)).any():
        raise ValueError(
            f"{place}: the image lies outside of the phase that it is to be resampled to"
        )
    resample = sitk.ResampleImageFilter()
    resample.SetReferenceImage(reference)
    resample.SetInterpolator(sitk.sitkBSpline)
    if transform is not None:
        resample.SetTransform(transform)
    resample.SetUseNearestNeighborExtrapolator(True)
    values = sitk.GetArrayViewFromImage(image)
    return sitk.Clamp(
        resample.Execute(sitk.Cast(image, sitk.sitkFloat64)),
        sitk.sitkFloat64,
        float(values.min()),
        float(values.max()),
    )


def covered(
    image: sitk.Image, reference: sitk.Image, transform: sitk.Transform | None = None
) -> sitk.Image:
    """1 where the reference's voxels lie within the image, else 0. transform: as in onto_grid."""
    ones = sitk.Image(image.GetSize(), sitk.sitkUInt8) + 1
    ones.CopyInformation(image)
    moved = transform or sitk.Transform()
    return sitk.Resample(ones, reference, moved, sitk.sitkNearestNeighbor, 0)
