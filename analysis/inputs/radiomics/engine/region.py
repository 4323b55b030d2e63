"""Part of an image that PyRadiomics filters: normalised, resampled, cropped around the mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from analysis.inputs.radiomics.engine.bspline import resample
from analysis.inputs.radiomics.engine.whole_image import mean_and_sd
from analysis.study import Extraction

Box = tuple[slice, slice, slice]
Normalised = Callable[[np.ndarray], np.ndarray]


class Degenerate(Exception):
    """Error for an image or mask of which PyRadiomics itself must be asked.

    Rounding or an error message of PyRadiomics decides its outcome.
    """


@dataclass(frozen=True)
class Region:
    """Padded crop of an image and its mask.

    image, mask: arrays (z, y, x) of the padded crop. box: first and one past the last masked index
    of each axis.

    spacing: mm, of (x, y, z). exact: every value has the bits that PyRadiomics would see; else
    rounding may differ.
    """

    image: np.ndarray
    mask: np.ndarray
    box: Box
    spacing: tuple[float, float, float]
    exact: bool


def bounding_box(mask: np.ndarray, settings: Extraction) -> Box:
    """Bounding box of a mask.

    Raises Degenerate for what PyRadiomics refuses: no voxel, too few, or too few axes with more
    than one; and for a line of voxels, which the settings may allow.
    """
    slices = np.flatnonzero(mask.any(axis=(1, 2)))
    if slices.size == 0:
        raise Degenerate
    occupied = mask[slices[0] : slices[-1] + 1]
    places = [
        slices,
        np.flatnonzero(occupied.any(axis=(0, 2))),
        np.flatnonzero(occupied.any(axis=(0, 1))),
    ]
    box = _box_of(places)
    if sum(each.stop - each.start > 1 for each in box) < max(2, settings.minimum_dimensions):
        raise Degenerate
    least = settings.minimum_voxels
    if least is not None and np.count_nonzero(mask) <= least:
        raise Degenerate
    return box


def _box_of(places: Sequence[np.ndarray]) -> Box:
    """Slices from the first to the last index that is taken, of each of the three axes."""
    z, y, x = (slice(int(place[0]), int(place[-1]) + 1) for place in places)
    return z, y, x


def _normalised(image: sitk.Image, settings: Extraction) -> Normalised:
    """Function that normalises the grey level of every voxel.

    It is the function that sitk.Normalize and PyRadiomics's scale apply to every voxel, in their
    order of operations.
    """
    if not settings.normalise:
        return lambda values: values
    mean, sd = mean_and_sd(image)
    if not sd > 0:
        raise Degenerate
    shift, scale = -mean, 1.0 / sd
    outliers = settings.remove_outliers
    if outliers is None:
        return lambda values: (values + shift) * scale * settings.normalise_scale
    return lambda values: (
        np.clip((values + shift) * scale, -outliers, outliers) * settings.normalise_scale
    )


def _normalised_image(image: sitk.Image, settings: Extraction) -> sitk.Image:
    """Whole image, normalised by the very operations of PyRadiomics."""
    if not settings.normalise:
        return image
    whole = sitk.Normalize(image)
    if settings.remove_outliers is not None:
        limit = settings.remove_outliers
        clipped = sitk.GetImageFromArray(np.clip(sitk.GetArrayFromImage(whole), -limit, limit))
        clipped.CopyInformation(whole)
        whole = clipped
    return whole * settings.normalise_scale


def _cropped(
    image: sitk.Image, mask: np.ndarray, box: Box, settings: Extraction, normalised: Normalised
) -> Region:
    padding = settings.pad_distance
    if settings.resampled_spacing_mm is None and not settings.pre_crop:
        padding = max(mask.shape)  # filters see the whole image
    low = [max(each.start - padding, 0) for each in box]
    high = [min(each.stop + padding, length) for each, length in zip(box, mask.shape, strict=True)]
    around = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    z, y, x = (slice(each.start - a, each.stop - a) for each, a in zip(box, low, strict=True))
    return Region(
        normalised(sitk.GetArrayViewFromImage(image)[around]),
        mask[around],
        (z, y, x),
        image.GetSpacing(),
        True,
    )


def region_of(
    image: sitk.Image, mask: sitk.Image, settings: Extraction, exact: bool = False
) -> Region:
    """Region of an image that is filtered.

    image: float64; mask: 0 and 1 on the same grid. exact: resample by ITK, the whole image, as
    PyRadiomics does.

    The grid is that of PyRadiomics's `resampleImage`: aligned with the corner of the image, padded,
    clipped at its border. Raises Degenerate.
    """
    inside = sitk.GetArrayViewFromImage(mask) != 0
    box = (
        bounding_box(inside, settings)
        if settings.resampled_spacing_mm is None
        else _any_box(inside)
    )
    normalised = _normalised(image, settings)
    if settings.resampled_spacing_mm is None:
        return _cropped(image, inside, box, settings, normalised)
    old = np.array(mask.GetSpacing())
    size, start = np.array(mask.GetSize()), np.array([each.start for each in box[::-1]])
    extent = np.array([each.stop - each.start for each in box[::-1]])
    new = np.where(extent != 1, np.array(settings.spacing_of(mask.GetSpacing())), old)
    if np.allclose(old, new):
        return _cropped(image, inside, bounding_box(inside, settings), settings, normalised)
    ratio = old / new
    low = np.maximum(np.floor((start - 0.5) * ratio - settings.pad_distance), 0)
    high = np.minimum(
        np.ceil((start + extent - 0.5) * ratio + settings.pad_distance), np.ceil(size * ratio) - 1
    )
    count = (high - low + 1).astype(int)
    first = 0.5 * (new - old) / old + low / ratio
    grid = sitk.ResampleImageFilter()
    grid.SetOutputSpacing(new.tolist())
    grid.SetOutputDirection(mask.GetDirection())
    grid.SetSize(count.tolist())
    grid.SetOutputOrigin(mask.TransformContinuousIndexToPhysicalPoint(first.tolist()))
    # Nearest neighbours of the whole mask: a voxel half-way between two is decided by rounding,
    # which a crop would change.
    grid.SetOutputPixelType(mask.GetPixelID())
    grid.SetInterpolator(sitk.sitkNearestNeighbor)
    moved = sitk.GetArrayFromImage(grid.Execute(mask)) != 0
    values = None
    if settings.interpolator == "sitkBSpline" and not exact:
        coordinates = [first[axis] + np.arange(count[axis]) / ratio[axis] for axis in (2, 1, 0)]
        values = resample(sitk.GetArrayViewFromImage(image), coordinates, normalised)
    if values is None:
        exact = True
        grid.SetOutputPixelType(sitk.sitkFloat64)
        grid.SetInterpolator(getattr(sitk, settings.interpolator))
        values = sitk.GetArrayFromImage(grid.Execute(_normalised_image(image, settings)))
    return Region(values, moved, bounding_box(moved, settings), tuple(new.tolist()), exact)


def _any_box(mask: np.ndarray) -> Box:
    """Bounding box without the demand on its extent, which PyRadiomics makes after resampling."""
    places = [np.flatnonzero(mask.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    if places[0].size == 0:
        raise Degenerate
    return _box_of(places)
