"""One pass over pairs of neighbouring voxels: co-occurrences by direction, dependences, zones; and the runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.radiomics.engine.compiled import compiled
from analysis.radiomics.engine.discretisation import GreyLevels
from analysis.radiomics.engine.mask import MaskWork


@dataclass(frozen=True)
class Neighbours:
    """cooccurrence: directions × levels × levels, each pair once. dependence: levels × (0 … 26 equal neighbours).

    zones: levels × sizes, with zone_sizes; sum_of_neighbours: of level numbers, of each masked voxel.
    """

    cooccurrence: np.ndarray
    dependence: np.ndarray
    zones: np.ndarray
    zone_sizes: np.ndarray
    sum_of_neighbours: np.ndarray


@compiled
def _root(parent, place):
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@compiled
def _pass(grid, places, steps, levels):
    count = levels.size
    pairs = np.zeros((steps.size, count, count), np.int32)
    equal = np.zeros(grid.size, np.int32)
    total = np.zeros(grid.size, np.int64)
    parent = np.arange(grid.size, dtype=np.int32)
    for n in range(places.size):
        p = places[n]
        here = grid[p] - 1
        level = levels[here]
        for direction in range(steps.size):
            q = p + steps[direction]
            there = grid[q] - 1
            if there >= 0:
                pairs[direction, here, there] += 1
                total[p] += levels[there]
                total[q] += level
                if there == here:
                    equal[p] += 1
                    equal[q] += 1
                    a, b = _root(parent, np.int32(p)), _root(parent, np.int32(q))
                    if a < b:
                        parent[b] = a
                    elif b < a:
                        parent[a] = b
    dependence = np.zeros((count, 2 * steps.size + 1), np.int64)
    size = np.zeros(grid.size, np.int32)
    sums = np.empty(places.size, np.int64)
    for n in range(places.size):
        p = places[n]
        dependence[grid[p] - 1, equal[p]] += 1
        sums[n] = total[p]
        size[_root(parent, np.int32(p))] += 1
    zones = 0
    for n in range(places.size):
        zones += size[places[n]] > 0
    zone_level, zone_size = np.empty(zones, np.int32), np.empty(zones, np.int32)
    zone = 0
    for n in range(places.size):
        p = places[n]
        if size[p] > 0:
            zone_level[zone], zone_size[zone] = grid[p] - 1, size[p]
            zone += 1
    return pairs, dependence, sums, zone_level, zone_size


def neighbours_of(grid: np.ndarray, grey: GreyLevels, mask: MaskWork) -> Neighbours:
    pairs, dependence, sums, zone_level, zone_size = _pass(grid, mask.places, mask.steps, grey.levels)
    counts = np.bincount(zone_size)
    sizes = counts.nonzero()[0]
    column = np.zeros(counts.size, np.int64)
    column[sizes] = np.arange(sizes.size)
    zones = np.bincount(zone_level * sizes.size + column[zone_size], minlength=grey.levels.size * sizes.size)
    return Neighbours(pairs, dependence, zones.reshape(grey.levels.size, sizes.size), sizes, sums)


@compiled
def run_counts(grid, places, step, count, longest, runs):
    """Add the runs in one direction to `runs` (levels × lengths - 1, zero before); the longest that occurs."""
    found = 0
    for n in range(places.size):
        p = places[n]
        here = grid[p]
        if grid[p - step] == here:
            continue
        length = 1
        q = p + step
        while grid[q] == here:
            length += 1
            q += step
        runs[here - 1, length - 1] += 1
        found = max(found, length)
    return found
