"""Sums over the 26 neighbours of each masked voxel."""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled


@compiled
def _sums(values, places, rows, row, plane):
    """Sums of `values` over the box of 27 around each masked voxel, less the voxel itself."""
    sums = np.empty(places.size, np.int32)
    column = np.empty(row, np.int32)
    n = 0
    for number in range(rows.shape[0]):
        start, stop = rows[number]
        width = stop - start + 2
        column[:width] = 0
        for z in range(-1, 2):
            for y in range(-1, 2):
                first = start + z * plane + y * row - 1
                beside = values[first : first + width]
                for x in range(width):
                    column[x] += beside[x]
        while n < places.size and places[n] < stop:
            x = places[n] - start
            sums[n] = column[x] + column[x + 1] + column[x + 2] - values[places[n]]
            n += 1
    return sums


@compiled
def renumbered(grid, numbers):
    """numbers[grid], which NumPy takes twice as long for."""
    result = np.empty(grid.size, numbers.dtype)
    for place in range(grid.size):
        result[place] = numbers[grid[place]]
    return result


def sums_of_neighbours(
    values: np.ndarray, places: np.ndarray, rows: np.ndarray, shape: tuple[int, int, int]
) -> np.ndarray:
    """Sums of whole numbers over the 26 neighbours of each masked voxel.

    values: flat, of a volume of `shape` with a border of one voxel, 0 where not masked. places:
    flat indices of the masked voxels, in scan order. rows: first and one past the last masked
    place of each row that has one.
    """
    return _sums(values, places, rows, shape[2], shape[1] * shape[2])
