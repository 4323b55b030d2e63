"""Neighbouring voxels, in one pass.

They give co-occurrences and runs by direction, dependences, and what zones are joined by.
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
    neighbours). runs: directions × levels × (lengths - 1), and longest_runs of each direction.

    behind: of each place of the grid, a bit for each direction in which the voxel a step back has
    its level.
    """

    cooccurrence: np.ndarray
    dependence: np.ndarray
    runs: np.ndarray
    longest_runs: np.ndarray
    behind: np.ndarray


@compiled
def _equal(  # noqa: PLR0913 - numba compiles arrays, not a dataclass of them
    grid, start, stop, steps, ahead, back, same
):
    """Notes, from a place to another, which voxels have the level of the one a step ahead or back.

    Over the gaps between rows too, which are masked nowhere: long stretches are compared many at
    once, and without a branch, which would be guessed wrong too often.
    """
    here = grid[start:stop]
    ahead[: here.size], back[start:stop], same[: here.size] = 0, 0, 0
    behind = back[start:stop]
    for direction in range(steps.size):
        step = steps[direction]
        after, before = grid[start + step : stop + step], grid[start - step : stop - step]
        for x in range(here.size):
            one, other = np.uint16(after[x] == here[x]), np.uint16(before[x] == here[x])
            ahead[x] |= np.uint16(one << direction)
            behind[x] |= np.uint16(other << direction)
            same[x] += np.uint16(one + other)


@compiled
def _runs_of_three(grid, place, middle, steps, direction_of, runs):
    """Counts runs of at least three voxels by their second, which is at a place.

    middle: a bit for each direction in which the place is between two voxels of its level.
    """
    here = grid[place]
    while middle != 0:
        lowest = middle & -middle
        direction = direction_of[lowest]
        step = steps[direction]
        middle ^= lowest
        if grid[place - 2 * step] != here:
            length = 3
            while grid[place + (length - 1) * step] == here:
                length += 1
            runs[direction, here - 1, length - 1] += 1


@compiled
def _add_short_runs(runs, pairs, counts):
    """Adds the runs of one and of two voxels; returns the longest run of each direction.

    A run of n voxels has n - 1 pairs of neighbours, and all runs of a level have all its voxels.
    """
    directions, levels, longest = runs.shape
    found = np.ones(directions, np.int64)
    for direction in range(directions):
        for level in range(levels):
            two, one = np.int64(pairs[direction, level + 1, level + 1]), counts[level]
            for n in range(2, longest):
                count = runs[direction, level, n]
                if count > 0:
                    two -= n * count
                    one -= (n + 1) * count
                    found[direction] = max(found[direction], n + 1)
            runs[direction, level, 0] = one - 2 * two
            if two > 0:
                runs[direction, level, 1] = two
                found[direction] = max(found[direction], 2)
    return found


@compiled
def _met(grid, rows, steps, plane, counts, longest):
    """Pairs with a row and a column for what isn't masked, runs, the longest, dependences, behind.

    Only runs of three voxels and more are walked along. plane: places of a slice.
    """
    levels, directions = counts.size, steps.size
    pairs = np.zeros((directions, levels + 1, levels + 1), np.int32)
    runs = np.zeros((directions, levels, longest), np.int64)
    dependence = np.zeros((levels, 2 * directions + 1), np.int64)
    behind = np.empty(grid.size, np.uint16)
    ahead, same = np.empty(plane, np.uint16), np.empty(plane, np.uint16)
    direction_of = np.zeros(1 << directions, np.int8)
    for direction in range(directions):
        direction_of[1 << direction] = direction
    number = 0
    while number < rows.shape[0]:
        first = rows[number, 0]
        beyond = number + 1
        while beyond < rows.shape[0] and rows[beyond, 0] // plane == first // plane:
            beyond += 1
        _equal(grid, first, rows[beyond - 1, 1], steps, ahead, behind, same)
        for row in range(number, beyond):
            start, stop = rows[row]
            here = grid[start:stop]
            for direction in range(directions):
                step = steps[direction]
                after, table = grid[start + step : stop + step], pairs[direction]
                for x in range(here.size):
                    table[here[x], after[x]] += 1
            for p in range(start, stop):
                if grid[p] == 0:
                    continue
                dependence[grid[p] - 1, same[p - first]] += 1
                middle = ahead[p - first] & behind[p]
                if middle != 0:
                    _runs_of_three(grid, p, middle, steps, direction_of, runs)
        number = beyond
    return pairs, runs, _add_short_runs(runs, pairs, counts), dependence, behind


def neighbours_of(grid: np.ndarray, grey: GreyLevels, mask: MaskWork) -> Neighbours:
    """Matrices of neighbourhoods of a discretised volume.

    grid: flat, grey levels as numbers from 1, as `MaskWork.grid` makes it.
    """
    _, y, x = mask.padded_shape
    longest = max(mask.padded_shape) - 2
    pairs, runs, longest_runs, dependence, behind = _met(
        grid, mask.rows, mask.steps, y * x, grey.counts, longest
    )
    return Neighbours(pairs[:, 1:, 1:], dependence, runs, longest_runs, behind)
