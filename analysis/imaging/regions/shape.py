"""Voxels of a region by their distance from the tumour's outline, before anything is cut."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.imaging.regions.distance import signed_distance
from analysis.study.regions import Region

# Millimetres below which two distances are the same: of a voxel that lies just on a limit, rounding
# must not decide.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Around:
    """Part of an image around a tumour, which may reach beyond the image.

    low: index of its first voxel in the image, negative beyond it; inside: the tumour; available:
    voxels that the image has.
    """

    low: tuple[int, ...]
    inside: np.ndarray
    available: np.ndarray
    size: tuple[int, ...]

    def part(self, array: np.ndarray) -> np.ndarray:
        """What a boolean array of the image's size has here; False beyond the image."""
        found = np.zeros(self.inside.shape, bool)
        found[self._here] = array[self._there]
        return found

    def whole(self, part: np.ndarray) -> np.ndarray:
        """Boolean array of the image's size that has `part` here."""
        array = np.zeros(self.size, bool)
        array[self._there] = part[self._here]
        return array

    @property
    def _there(self) -> tuple[slice, ...]:
        return tuple(
            slice(max(low, 0), min(low + length, size))
            for low, length, size in zip(self.low, self.inside.shape, self.size, strict=True)
        )

    @property
    def _here(self) -> tuple[slice, ...]:
        return tuple(
            slice(there.start - low, there.stop - low)
            for low, there in zip(self.low, self._there, strict=True)
        )


def around(tumour: np.ndarray, spacing: tuple[float, ...], reach_mm: float) -> Around:
    """Part of an image that a region of so many millimetres around a tumour can touch.

    tumour: boolean, with a voxel at least; spacing: mm, in the array's order.
    """
    margin = [math.ceil(reach_mm / each) + 1 for each in spacing]
    ends = []
    for axis, more in enumerate(margin):
        others = tuple(each for each in range(tumour.ndim) if each != axis)
        places = np.flatnonzero(tumour.any(axis=others))
        ends.append((int(places[0]) - more, int(places[-1]) + more + 1))
    low, shape = tuple(a for a, _ in ends), tuple(b - a for a, b in ends)
    empty = Around(low, np.zeros(shape, bool), np.zeros(shape, bool), tumour.shape)
    every = np.ones(tumour.shape, bool)
    return Around(low, empty.part(tumour), empty.part(every), tumour.shape)


def reach_of(region: Region) -> float:
    """Millimetres that a region reaches out of the tumour."""
    if region.ring is not None:
        return region.ring.to_mm
    return region.expanded.by_mm if region.expanded is not None else 0.0


def uncut(region: Region, inside: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """Voxels of a region by their distance alone: boolean, of the tumour's shape.

    A voxel on a limit belongs to what lies within it, so that a ring to 5 mm and one from 5 mm
    share no voxel and leave none out; so do core and rim of the same millimetres.
    """
    distance = signed_distance(inside, spacing)
    if region.ring is not None:
        low, high = region.ring.from_mm, region.ring.to_mm
        beyond = ~inside if low == 0 else distance > low + ROUNDING
        return ~inside & beyond & (distance <= high + ROUNDING)
    if region.expanded is not None:
        return inside | (distance <= region.expanded.by_mm + ROUNDING)
    if region.core is not None:
        return inside & (distance <= -region.core.margin_mm + ROUNDING)
    assert region.rim is not None
    return inside & (distance > -region.rim.width_mm + ROUNDING)
