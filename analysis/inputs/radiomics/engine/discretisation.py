"""Grey levels as PyRadiomics numbers them: its own bin edges, found once per filtered image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.study import Extraction

CHANCE = 3


@dataclass(frozen=True)
class GreyLevels:
    """Grey levels of the masked voxels.

    index: of each masked voxel in `levels`, the level numbers that occur, ascending; counts: their
    voxels.
    """

    index: np.ndarray
    levels: np.ndarray
    counts: np.ndarray


@compiled
def _digitise(values, edges, tolerance):
    """Grey levels by bin edges, and the number of values close to an edge.

    It is numpy.digitize by a guess that is corrected at the edges, how many values have each level,
    and how many lie within `tolerance` of an edge.
    """
    last = edges.size - 1
    width = (edges[last - 1] - edges[0]) / (last - 1) if last > 1 else edges[1] - edges[0]
    level = np.empty(values.size, np.int32)
    counts = np.zeros(edges.size + 1, np.int64)
    near = 0
    for n in range(values.size):
        value = values[n]
        guess = int((value - edges[0]) / width)
        guess = min(max(guess, 0), last - 1)
        while guess > 0 and value < edges[guess]:
            guess -= 1
        while guess < last - 1 and value >= edges[guess + 1]:
            guess += 1
        level[n] = guess + 2 if value >= edges[last] else guess + 1
        counts[level[n]] += 1
        if tolerance > 0.0 and (
            (value - edges[guess] <= tolerance and guess > 0)
            or edges[guess + 1] - value <= tolerance
        ):
            near += 1
    return level, counts, near


@compiled
def _renumber(level, number):
    for n in range(level.size):
        level[n] = number[level[n]]


def _edges(values: np.ndarray, settings: Extraction) -> np.ndarray:
    """`imageoperations.getBinEdges`, with numpy's minimum and maximum instead of Python's."""
    if settings.bin_count is not None:
        edges = np.histogram_bin_edges(values, settings.bin_count)
        edges[-1] += 1
        return edges
    low, high, width = values.min(), values.max(), settings.bin_width
    assert width is not None  # one of the two is given
    edges = np.arange(low - low % width, high + 2 * width, width)
    return np.array([edges[0] - 0.5, edges[0] + 0.5]) if edges.size == 1 else edges


def grey_levels(
    values: np.ndarray, settings: Extraction, tolerance: float = 0.0
) -> GreyLevels | None:
    """values: of the masked voxels, finite.

    None if one is within `tolerance` of an edge, so that rounding decides its level.

    32-bit values (ITK's Laplacian) are on an edge by chance, and seldom rounded otherwise: a few
    are let pass. With a fixed number of bins the lowest and highest value are on the outer edges by
    definition, which decides nothing; with a fixed width the lowest edge follows from the lowest
    value, so that it may be near one as well.
    """
    edges = _edges(values, settings)
    if edges.size < 2:
        return None
    level, counts, near = _digitise(values, edges.astype(np.float64), tolerance)
    if tolerance > 0 and settings.bin_count is None and values.min() - edges[0] <= tolerance:
        near += 1
    if near > (CHANCE if values.dtype == np.float32 else 0):
        return None
    levels = counts.nonzero()[0]
    number = np.zeros(counts.size, np.int32)
    number[levels] = np.arange(levels.size)
    _renumber(level, number)
    return GreyLevels(level, levels, counts[levels])
