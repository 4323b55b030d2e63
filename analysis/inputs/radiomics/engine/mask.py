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
from analysis.inputs.radiomics.engine.neighbour_sums import sums_of_neighbours
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

    rows: first and one past the last masked place of each row that has one. steps: flat offset of
    each of the 13 directions. neighbours: masked neighbours of each masked voxel.
    lines: whether a direction has two masked voxels on one line. shape: the 14 features.
    """

    inside: np.ndarray
    places: np.ndarray
    rows: np.ndarray
    steps: np.ndarray
    neighbours: np.ndarray
    lines: np.ndarray
    padded_shape: tuple[int, int, int]
    shape: dict[str, float]

    def grid(self, index: np.ndarray) -> np.ndarray:
        """Flat bordered array of `index` + 1 at the masked voxels and 0 elsewhere."""
        few = index.max() < np.iinfo(np.uint16).max  # narrow numbers are compared more at once
        grid = np.zeros(int(np.prod(self.padded_shape)), np.uint16 if few else np.int32)
        grid[self.places] = index + 1
        return grid


@compiled
def _has_pair(inside, places, step):
    """True if two masked voxels are a step apart."""
    for n in range(places.size):  # noqa: SIM110 - numba has no any of a generator
        if inside[places[n] + step]:
            return True
    return False


def _two_on_a_line(inside: np.ndarray, direction: np.ndarray) -> bool:
    """True if two masked voxels, neighbours or not, are on one line in this direction."""
    coordinates = np.argwhere(inside)
    axis = direction.nonzero()[0][0]
    # Lines are told apart by where they cross the plane on which `axis` is 0; direction[axis] is 1.
    starts = coordinates - coordinates[:, axis, None] * direction
    return len(np.unique(starts, axis=0)) < len(starts)


@compiled
def _rows(inside, width):
    """First and one past the last masked place of each row that has one."""
    rows = np.empty((inside.size // width, 2), np.int64)
    found = 0
    for start in range(0, inside.size, width):
        first, stop = start, start + width
        while first < stop and not inside[first]:
            first += 1
        if first == stop:
            continue
        while not inside[stop - 1]:
            stop -= 1
        rows[found, 0], rows[found, 1] = first, stop
        found += 1
    return rows[:found]


def _work(inside: np.ndarray, spacing: tuple[float, float, float]) -> MaskWork:
    _, y, x = shape = inside.shape[0] + 2, inside.shape[1] + 2, inside.shape[2] + 2
    padded = np.zeros(shape, bool)
    padded[1:-1, 1:-1, 1:-1] = inside
    flat, places = padded.ravel(), np.flatnonzero(padded)
    rows, steps = _rows(flat, x), DIRECTIONS @ np.array([y * x, x, 1])
    neighbours = sums_of_neighbours(flat.view(np.uint8), places, rows, shape)
    lines = np.array(
        [
            _has_pair(flat, places, step) or _two_on_a_line(inside, direction)
            for step, direction in zip(steps, DIRECTIONS, strict=True)
        ]
    )
    return MaskWork(
        inside, places, rows, steps, neighbours, lines, shape, shape_features(padded, spacing)
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
