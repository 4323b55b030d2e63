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
def _equal(grid, start, stop, step, direction, ahead, back, same):
    """Notes, of the voxels of a row, which have the level of the one a step ahead or back."""
    here = grid[start:stop]
    after, before = grid[start + step : stop + step], grid[start - step : stop - step]
    # Without a branch, which would be guessed wrong too often.
    for x in range(here.size):
        one, other = np.uint16(after[x] == here[x]), np.uint16(before[x] == here[x])
        ahead[x] |= np.uint16(one << direction)
        back[x] |= np.uint16(other << direction)
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
def _met(grid, rows, steps, counts, longest):
    """Pairs with a row and a column for what isn't masked, runs, the longest, dependences, behind.

    Only runs of three voxels and more are walked along.
    """
    levels, directions = counts.size, steps.size
    pairs = np.zeros((directions, levels + 1, levels + 1), np.int32)
    runs = np.zeros((directions, levels, longest), np.int64)
    dependence = np.zeros((levels, 2 * directions + 1), np.int64)
    behind = np.zeros(grid.size, np.uint16)
    ahead, same = np.empty(longest, np.uint16), np.empty(longest, np.uint16)
    direction_of = np.zeros(1 << directions, np.int8)
    for direction in range(directions):
        direction_of[1 << direction] = direction
    for n in range(rows.shape[0]):
        start, stop = rows[n]
        here, back = grid[start:stop], behind[start:stop]
        ahead[: here.size], same[: here.size] = 0, 0
        for direction in range(directions):
            step = steps[direction]
            _equal(grid, start, stop, step, direction, ahead, back, same)
            after, table = grid[start + step : stop + step], pairs[direction]
            for x in range(here.size):
                table[here[x], after[x]] += 1
        for x in range(here.size):
            if here[x] == 0:
                back[x] = 0
                continue
            dependence[here[x] - 1, same[x]] += 1
            middle = ahead[x] & back[x]
            if middle != 0:
                _runs_of_three(grid, start + x, middle, steps, direction_of, runs)
    return pairs, runs, _add_short_runs(runs, pairs, counts), dependence, behind


def neighbours_of(grid: np.ndarray, grey: GreyLevels, mask: MaskWork) -> Neighbours:
    """Matrices of neighbourhoods of a discretised volume.

    grid: flat, grey levels as numbers from 1, as `MaskWork.grid` makes it.
    """
    longest = max(mask.padded_shape) - 2
    pairs, *others = _met(grid, mask.rows, mask.steps, grey.counts, longest)
    return Neighbours(pairs[:, 1:, 1:], others[2], others[0], others[1], others[3])
