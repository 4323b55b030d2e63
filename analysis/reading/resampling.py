"""One phase on the grid of another; nothing is registered, so movement between them stays."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk


def same_grid(first: sitk.Image, second: sitk.Image, tolerance: float = 1e-2) -> tuple[str, tuple, tuple] | None:
    """None if two images share a grid, else what differs and how. Tools differ in the last digits that they write; tolerance is in mm,
    and for cosines of the direction."""
    if first.GetSize() != second.GetSize():
        return "grid", first.GetSize(), second.GetSize()
    for what in ("Spacing", "Origin", "Direction"):
        ours, theirs = getattr(first, f"Get{what}")(), getattr(second, f"Get{what}")()
        if not np.allclose(ours, theirs, rtol=0, atol=tolerance):
            return what.lower(), tuple(round(each, 4) for each in ours), tuple(round(each, 4) for each in theirs)
    return None


def onto_grid(image: sitk.Image, reference: sitk.Image, place: object) -> sitk.Image:
    """The image on the reference's grid: cubic B-spline within the range of its values, the nearest voxel's value beyond its border.

    An image on that grid already is returned as it is. Raises ValueError if the two don't overlap.
    """
    if same_grid(image, reference) is None:
        image = sitk.Image(image)
        image.CopyInformation(reference)
        return image
    if not sitk.GetArrayFromImage(covered(image, reference)).any():
        raise ValueError(f"{place}: the image lies outside of the phase that it is to be resampled to")
    resample = sitk.ResampleImageFilter()
    resample.SetReferenceImage(reference)
    resample.SetInterpolator(sitk.sitkBSpline)
    resample.SetUseNearestNeighborExtrapolator(True)
    values = sitk.GetArrayViewFromImage(image)
    return sitk.Clamp(resample.Execute(sitk.Cast(image, sitk.sitkFloat64)), sitk.sitkFloat64, float(values.min()), float(values.max()))


def covered(image: sitk.Image, reference: sitk.Image) -> sitk.Image:
    """1 where the reference's voxels lie within the image, else 0."""
    ones = sitk.Image(image.GetSize(), sitk.sitkUInt8) + 1
    ones.CopyInformation(image)
    return sitk.Resample(ones, reference, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
