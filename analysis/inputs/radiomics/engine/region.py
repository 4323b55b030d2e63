"""Part of an image that PyRadiomics filters: normalised, resampled, cropped around the mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from analysis.inputs.radiomics.engine.bspline import resample
from analysis.study import Extraction

NORMALISED_SCALE = 100


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
    box: tuple[slice, slice, slice]
    spacing: tuple[float, float, float]
    exact: bool


def bounding_box(mask: np.ndarray) -> tuple[slice, slice, slice]:
    """Bounding box of a mask.

    Raises Degenerate for what PyRadiomics refuses: no voxel, or fewer than two axes with more than
    one.
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
    if sum(each.stop - each.start > 1 for each in box) < 2:
        raise Degenerate
    return box


def _box_of(places: Sequence[np.ndarray]) -> tuple[slice, slice, slice]:
    """Slices from the first to the last index that is taken, of each of the three axes."""
    z, y, x = (slice(int(place[0]), int(place[-1]) + 1) for place in places)
    return z, y, x


def _normalised(image: sitk.Image, settings: Extraction) -> Callable[[np.ndarray], np.ndarray]:
    """Function that normalises the grey level of every voxel.

    It is the function that sitk.Normalize and PyRadiomics's scale apply to every voxel, in their
    order of operations.
    """
    if not settings.normalise:
        return lambda values: values
    whole = sitk.StatisticsImageFilter()
    whole.Execute(image)
    if not whole.GetSigma() > 0:
        raise Degenerate
    shift, scale = -whole.GetMean(), 1.0 / whole.GetSigma()
    return lambda values: (values + shift) * scale * NORMALISED_SCALE


def _cropped(image: sitk.Image, mask: np.ndarray, box, settings: Extraction, normalised) -> Region:
    low = [max(each.start - settings.pad_distance, 0) for each in box]
    high = [
        min(each.stop + settings.pad_distance, length)
        for each, length in zip(box, mask.shape, strict=True)
    ]
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
    box = bounding_box(inside) if settings.resampled_spacing_mm is None else _any_box(inside)
    normalised = _normalised(image, settings)
    if settings.resampled_spacing_mm is None:
        return _cropped(image, inside, box, settings, normalised)
    old = np.array(mask.GetSpacing())
    size, start = np.array(mask.GetSize()), np.array([each.start for each in box[::-1]])
    extent = np.array([each.stop - each.start for each in box[::-1]])
    new = np.where(extent != 1, np.array(settings.resampled_spacing_mm), old)
    if np.allclose(old, new):
        return _cropped(image, inside, bounding_box(inside), settings, normalised)
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
        whole = image
        if settings.normalise:
            whole = sitk.Normalize(image) * NORMALISED_SCALE
        values = sitk.GetArrayFromImage(grid.Execute(whole))
    return Region(values, moved, bounding_box(moved), tuple(new.tolist()), exact)


def _any_box(mask: np.ndarray) -> tuple[slice, slice, slice]:
    """Bounding box without the demand on its extent, which PyRadiomics makes after resampling."""
    places = [np.flatnonzero(mask.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    if places[0].size == 0:
        raise Degenerate
    return _box_of(places)
