"""NGTDM features, from the sums of neighbours that the pass over pairs left.

Definitions: PyRadiomics's ngtdm.py, the values of which these have.
"""

from __future__ import annotations

import numpy as np

from analysis.inputs.radiomics.engine.discretisation import GreyLevels
from analysis.inputs.radiomics.engine.mask import MaskWork


def tone_difference_features(
    sums: np.ndarray, grey: GreyLevels, mask: MaskWork
) -> dict[str, float]:
    """Features of the neighbouring grey tone difference matrix (NGTDM).

    sums: of the neighbours' level numbers, of each masked voxel; a voxel without a neighbour
    differs from none.
    """
    level = grey.levels.astype(float)
    mean = sums / np.maximum(mask.neighbours, 1)
    difference = np.where(mask.neighbours > 0, np.abs(level[grey.index] - mean), 0.0)
    s = np.bincount(grey.index, weights=difference, minlength=level.size)
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
