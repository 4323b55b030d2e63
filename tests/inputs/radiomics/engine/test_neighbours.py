"""Runs and sums of neighbours beside their definitions, voxel by voxel."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.inputs.radiomics.engine.discretisation import GreyLevels
from analysis.inputs.radiomics.engine.mask import DIRECTIONS, mask_work
from analysis.inputs.radiomics.engine.neighbours import neighbours_of, run_counts

SHAPES = [(9, 7, 8), (1, 12, 40), (40, 3, 2)]


def _volume(shape):
    random = np.random.default_rng(sum(shape))
    inside = random.random(shape) < 0.8
    inside.flat[[0, -1]] = True
    index = random.integers(0, 3, inside.sum()).astype(np.int32)
    grey = GreyLevels(index, np.array([1, 2, 5]), np.bincount(index))
    volume = np.zeros(np.array(shape) + 2, int)
    volume[1:-1, 1:-1, 1:-1][inside] = index + 1
    return mask_work(inside, (1.0, 1.0, 1.0)), grey, volume


def _runs(volume, direction, longest):
    counts = np.zeros((3, longest), int)
    for place in np.argwhere(volume):
        here = volume[tuple(place)]
        if volume[tuple(place - direction)] == here:
            continue
        length = 1
        while volume[tuple(place + length * direction)] == here:
            length += 1
        counts[here - 1, length - 1] += 1
    return counts


@pytest.mark.parametrize("shape", SHAPES)
def test_runs_are_those_counted_from_their_first_voxel(shape):
    mask, grey, volume = _volume(shape)
    runs, longest = run_counts(mask.grid(grey.index), mask.places, mask.steps, 3, max(shape))
    expected = [_runs(volume, direction, max(shape)) for direction in DIRECTIONS]
    np.testing.assert_array_equal(runs, expected)
    np.testing.assert_array_equal(
        longest, [counts.any(axis=0).nonzero()[0][-1] + 1 for counts in expected]
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_sums_of_neighbours_are_those_of_the_26_around_each_voxel(shape):
    mask, grey, volume = _volume(shape)
    level = np.array([0, 1, 2, 5])[volume]
    expected = [
        level[z - 1 : z + 2, y - 1 : y + 2, x - 1 : x + 2].sum() - level[z, y, x]
        for z, y, x in np.argwhere(volume)
    ]
    found = neighbours_of(mask.grid(grey.index), grey, mask)
    np.testing.assert_array_equal(found.sum_of_neighbours, expected)
