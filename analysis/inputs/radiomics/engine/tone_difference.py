"""NGTDM features, from the sums of each voxel's neighbours.

Definitions: PyRadiomics's ngtdm.py, the values of which these have.
"""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.discretisation import GreyLevels
from analysis.inputs.radiomics.engine.mask import MaskWork
from analysis.inputs.radiomics.engine.neighbour_sums import renumbered, sums_of_neighbours


@compiled
def _differences(index, levels, sums, neighbours):
    """Sum, over the voxels of each level, of how far it is from the mean of the neighbours."""
    total = np.zeros(levels.size)
    for n in range(index.size):
        if neighbours[n] > 0:
            total[index[n]] += abs(levels[index[n]] - sums[n] / neighbours[n])
    return total


def sums_of_levels(grid: np.ndarray, grey: GreyLevels, mask: MaskWork) -> np.ndarray:
    """Sum of the level numbers of the 26 neighbours, of each masked voxel."""
    levels = renumbered(grid, np.concatenate([[0], grey.levels]).astype(np.int32))
    return sums_of_neighbours(levels, mask.places, mask.rows, mask.padded_shape)


def tone_difference_features(
    grid: np.ndarray, grey: GreyLevels, mask: MaskWork
) -> dict[str, float]:
    """Features of the neighbouring grey tone difference matrix (NGTDM).

    grid: flat, grey levels as numbers from 1. A voxel without a neighbour differs from none.
    """
    level = grey.levels.astype(float)
    s = _differences(grey.index, level, sums_of_levels(grid, grey, mask), mask.neighbours)
    voxels, p, count = grey.index.size, grey.counts / grey.index.size, level.size
    both, apart = p[:, None] + p[None, :], level[:, None] - level[None, :]
    weighted = p * s
    coarse, total = weighted.sum(), s.sum()
    weight = level * p
    busy = np.abs(weight[:, None] - weight[None, :]).sum()
    return {
        "Busyness": coarse / busy if busy != 0 else 0.0,
        "Coarseness": 1 / coarse if coarse != 0 else 1e6,
        "Complexity": (
            (np.abs(apart) * (weighted[:, None] + weighted[None, :]) / both).sum() / voxels
        ),
        "Contrast": (
            (p[:, None] * p[None, :] * apart**2).sum() * total / voxels / (count * (count - 1))
            if count > 1
            else 0.0
        ),
        "Strength": (both * apart**2).sum() / total if total != 0 else 0.0,
    }
