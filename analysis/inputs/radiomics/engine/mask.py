"""Quantities that follow from the mask alone.

They are worked out once for all filtered images and for all phases that share the mask.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from itertools import product

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.shape import shape_features

# The half of the 26 neighbours that comes later in memory, so that each pair of neighbours is met
# once.
DIRECTIONS = np.array([step for step in product((-1, 0, 1), repeat=3) if step > (0, 0, 0)])
# One patient's delineation, resampled and not; a worker goes through the phases of one patient
# before the next.
REMEMBERED = 4


@dataclass(frozen=True)
class MaskWork:
    """Quantities that follow from the mask alone.

    places: flat indices of the masked voxels in the bounding box with a border of one voxel, in
    scan order.

    steps: flat offset of each of the 13 directions. neighbours: masked neighbours of each masked
    voxel.
    lines: whether a direction has two masked voxels on one line. shape: the 14 features.
    """

    inside: np.ndarray
    places: np.ndarray
    steps: np.ndarray
    neighbours: np.ndarray
    lines: np.ndarray
    padded_shape: tuple[int, int, int]
    shape: dict[str, float]

    def grid(self, index: np.ndarray) -> np.ndarray:
        """Flat bordered array of `index` + 1 at the masked voxels and 0 elsewhere."""
        grid = np.zeros(int(np.prod(self.padded_shape)), np.int32)
        grid[self.places] = index + 1
        return grid


@compiled
def _pairs(grid, places, steps):
    """Masked neighbours of each masked voxel, and of each direction its number of pairs."""
    at = np.zeros(grid.size, np.int32)
    pairs = np.zeros(steps.size, np.int64)
    for n in range(places.size):
        p = places[n]
        for direction in range(steps.size):
            q = p + steps[direction]
            if grid[q] > 0:
                at[p] += 1
                at[q] += 1
                pairs[direction] += 1
    return at[places], pairs


def _two_on_a_line(inside: np.ndarray, direction: np.ndarray) -> bool:
    """True if two masked voxels, neighbours or not, are on one line in this direction."""
    coordinates = np.argwhere(inside)
    axis = direction.nonzero()[0][0]
    # Lines are told apart by where they cross the plane on which `axis` is 0; direction[axis] is 1.
    starts = coordinates - coordinates[:, axis, None] * direction
    return len(np.unique(starts, axis=0)) < len(starts)


def _work(inside: np.ndarray, spacing: tuple[float, float, float]) -> MaskWork:
    padded = np.pad(inside, 1)
    places = np.flatnonzero(padded)
    steps = DIRECTIONS @ np.array([padded.shape[1] * padded.shape[2], padded.shape[2], 1])
    neighbours, pairs = _pairs(padded.ravel().astype(np.int32), places, steps)
    lines = np.array(
        [
            count > 0 or _two_on_a_line(inside, direction)
            for count, direction in zip(pairs, DIRECTIONS, strict=True)
        ]
    )
    return MaskWork(
        inside, places, steps, neighbours, lines, padded.shape, shape_features(padded, spacing)
    )


_remembered: OrderedDict[bytes, MaskWork] = OrderedDict()


def mask_work(inside: np.ndarray, spacing: tuple[float, float, float]) -> MaskWork:
    """inside: boolean (z, y, x), cropped to its bounding box. spacing: mm, of (x, y, z).

    Remembered by content.
    """
    key = hashlib.sha256(
        np.packbits(inside).tobytes() + repr((inside.shape, spacing)).encode()
    ).digest()
    if key not in _remembered:
        _remembered[key] = _work(inside, spacing)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    _remembered.move_to_end(key)
    return _remembered[key]


def forget() -> None:
    """Work on a mask is done again; for timing."""
    _remembered.clear()
