"""Pairs of neighbouring voxels, in one pass.

They give co-occurrences by direction and dependences; zones, runs and sums of neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine.discretisation import GreyLevels
from analysis.inputs.radiomics.engine.mask import MaskWork


@dataclass(frozen=True)
class Neighbours:
    """Matrices of the neighbourhoods of a discretised volume.

    cooccurrence: directions × levels × levels, each pair once. dependence: levels × (0 … 26 equal
    neighbours).

    zones: levels × sizes, with zone_sizes; sum_of_neighbours: of level numbers, of each masked
    voxel.
    """

    cooccurrence: np.ndarray
    dependence: np.ndarray
    zones: np.ndarray
    zone_sizes: np.ndarray
    sum_of_neighbours: np.ndarray


@compiled
def _pairs(grid, places, steps, count):
    pairs = np.zeros((steps.size, count, count), np.int32)
    equal = np.zeros(grid.size, np.int8)
    for n in range(places.size):
        p = places[n]
        here = grid[p]
        same = np.int8(0)
        for direction in range(steps.size):
            q = p + steps[direction]
            there = grid[q]
            # Added without a branch, which would be guessed wrong too often.
            one = np.int8(there == here)
            same += one
            equal[q] += one
            if there > 0:
                pairs[direction, here - 1, there - 1] += 1
        equal[p] += same
    dependence = np.zeros((count, 2 * steps.size + 1), np.int64)
    for n in range(places.size):
        dependence[grid[places[n]] - 1, equal[places[n]]] += 1
    return pairs, dependence


@compiled
def _zones(grid, places, steps):
    """Level and size of each connected zone; empties `grid`."""
    level, size = np.empty(places.size, np.int32), np.empty(places.size, np.int32)
    waiting = np.empty(places.size, np.int64)
    zones = 0
    for n in range(places.size):
        here = grid[places[n]]
        if here == 0:
            continue
        grid[places[n]] = 0
        waiting[0] = places[n]
        height, found = 1, 0
        while height > 0:
            height -= 1
            p = waiting[height]
            found += 1
            for direction in range(steps.size):
                for q in (p - steps[direction], p + steps[direction]):
                    if grid[q] == here:
                        grid[q] = 0
                        waiting[height] = q
                        height += 1
        level[zones], size[zones] = here - 1, found
        zones += 1
    return level[:zones], size[:zones]


def _sums(grid: np.ndarray, grey: GreyLevels, mask: MaskWork) -> np.ndarray:
    """Sum of the level numbers of the 26 neighbours: of the box of 27 less the voxel itself.

    Along each axis in the flat array; what wraps there is of the border, which has no sum.
    """
    box = np.concatenate([[0], grey.levels]).astype(np.int32)[grid]
    for step in (1, mask.padded_shape[2], mask.padded_shape[1] * mask.padded_shape[2]):
        threefold = np.zeros_like(box)
        inner = threefold[step:-step]
        np.add(box[: -2 * step], box[step:-step], out=inner)
        inner += box[2 * step :]
        box = threefold
    return box[mask.places] - grey.levels[grey.index]


def neighbours_of(grid: np.ndarray, grey: GreyLevels, mask: MaskWork) -> Neighbours:
    """Matrices of neighbourhoods of a discretised volume.

    They are pairs of grey levels, dependence, and zones by grey level and size. grid: grey levels
    as numbers from 1.
    """
    pairs, dependence = _pairs(grid, mask.places, mask.steps, grey.levels.size)
    zone_level, zone_size = _zones(grid.copy(), mask.places, mask.steps)
    counts = np.bincount(zone_size)
    sizes = counts.nonzero()[0]
    column = np.zeros(counts.size, np.int64)
    column[sizes] = np.arange(sizes.size)
    zones = np.bincount(
        zone_level * sizes.size + column[zone_size], minlength=grey.levels.size * sizes.size
    )
    return Neighbours(
        pairs,
        dependence,
        zones.reshape(grey.levels.size, sizes.size),
        sizes,
        _sums(grid, grey, mask),
    )


@compiled
def run_counts(grid, places, steps, levels, longest):
    """Runs in every direction, directions × levels × (lengths - 1), and the longest of each.

    In scan order the voxel before is known when a voxel is met. Lengths are kept of as many voxels
    as the farthest neighbour is back, in turn; one that was written over is never of a neighbour.
    """
    kept = 1
    for step in steps:
        while kept <= step:
            kept *= 2
    runs = np.zeros((steps.size, levels, longest), np.int64)
    length = np.zeros((kept, steps.size), np.int32)
    found = np.zeros(steps.size, np.int64)
    for n in range(places.size):
        p = places[n]
        here = grid[p]
        for direction in range(steps.size):
            step = steps[direction]
            so_far = length[(p - step) & (kept - 1), direction] * (grid[p - step] == here) + 1
            length[p & (kept - 1), direction] = so_far
            runs[direction, here - 1, so_far - 1] += np.int64(grid[p + step] != here)
            found[direction] = max(found[direction], so_far)
    return runs, found
