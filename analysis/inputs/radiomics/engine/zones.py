"""Zones: connected voxels of one grey level, by union of each voxel with those before it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.mask import DIRECTIONS

# Own code, as a labelling of scipy.ndimage or scikit-image takes a pass for each grey level, or a
# background that no level is.


# Of the 13 voxels before, at most four lie apart: corners of the slice before.
PARTS = 4


@compiled
def _root(parent, place):
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@compiled
def _representatives(directions, most):
    """Of every set of directions, one of each part that hangs together; -1 after the last.

    Sets are bits, a direction each. directions: in (z, y, x). most: parts that a set can have.
    """
    count = directions.shape[0]
    beside = np.zeros(count, np.int64)
    for one in range(count):
        for other in range(count):
            if np.abs(directions[one] - directions[other]).max() <= 1:
                beside[one] |= 1 << other
    kept = np.full((1 << count, most), -1, np.int8)
    for bits in range(1 << count):
        left, parts = bits, 0
        for first in range(count):
            if not left >> first & 1:
                continue
            kept[bits, parts] = first
            parts += 1
            part, reached = 0, 1 << first
            while part != reached:
                part = reached
                for one in range(count):
                    if part >> one & 1:
                        reached |= beside[one] & left
            left ^= part
    return kept


@lru_cache(maxsize=1)
def _to_join() -> np.ndarray:
    return _representatives(DIRECTIONS, PARTS)


@compiled
def _zones(grid, places, steps, behind, to_join):
    """Level and size of each zone.

    behind: of each place, a bit for each direction in which the voxel a step back has its level.
    Of such voxels that are neighbours of each other, one is joined.
    """
    parent = np.empty(grid.size, np.int32)
    for n in range(places.size):
        p = places[n]
        root = p
        for direction in to_join[behind[p]]:
            if direction < 0:
                break
            other = _root(parent, p - steps[direction])
            # The place that comes first is the root of both.
            if other < root:
                if root != p:
                    parent[root] = other
                root = other
            else:
                parent[other] = root
        parent[p] = root
    level, size = np.empty(places.size, np.int32), np.empty(places.size, np.int32)
    zones = 0
    for n in range(places.size):
        p = places[n]
        # The place before has the number of its zone, less than 0, already.
        if parent[p] == p:
            parent[p] = -1 - zones
            level[zones], size[zones] = grid[p] - 1, 0
            zones += 1
        else:
            parent[p] = parent[parent[p]]
        size[-1 - parent[p]] += 1
    return level[:zones], size[:zones]


def zone_counts(
    grid: np.ndarray, places: np.ndarray, steps: np.ndarray, behind: np.ndarray, levels: int
) -> tuple[np.ndarray, np.ndarray]:
    """Zones by level and size, levels × sizes, and the sizes that occur, ascending.

    grid: flat, grey levels as numbers from 1. places: of the masked voxels, in scan order. steps
    and behind: as `neighbours_of` has them.
    """
    level, size = _zones(grid, places, steps, behind, _to_join())
    counts = np.bincount(size)
    sizes = counts.nonzero()[0]
    column = np.zeros(counts.size, np.int64)
    column[sizes] = np.arange(sizes.size)
    zones = np.bincount(level * sizes.size + column[size], minlength=levels * sizes.size)
    return zones.reshape(levels, sizes.size), sizes
