"""Runs, zones and sums of neighbours beside their definitions, voxel by voxel."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from analysis.inputs.radiomics.engine.discretisation import GreyLevels
from analysis.inputs.radiomics.engine.mask import DIRECTIONS, mask_work
from analysis.inputs.radiomics.engine.neighbours import neighbours_of
from analysis.inputs.radiomics.engine.tone_difference import sums_of_levels
from analysis.inputs.radiomics.engine.zones import zone_counts

SHAPES = [(9, 7, 8), (1, 12, 40), (40, 3, 2)]
EVERY_SIDE = np.ones((3, 3, 3))


def _volume(shape, share=0.8):
    random = np.random.default_rng(sum(shape))
    inside = random.random(shape) < share
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
    found = neighbours_of(mask.grid(grey.index), grey, mask)
    expected = [_runs(volume, direction, max(shape)) for direction in DIRECTIONS]
    np.testing.assert_array_equal(found.runs, expected)
    np.testing.assert_array_equal(
        found.longest_runs, [counts.any(axis=0).nonzero()[0][-1] + 1 for counts in expected]
    )


@pytest.mark.parametrize("share", [0.2, 0.8])
@pytest.mark.parametrize("shape", SHAPES)
def test_zones_are_those_of_a_labelling_of_each_level(shape, share):
    mask, grey, volume = _volume(shape, share)
    grid = mask.grid(grey.index)
    found = neighbours_of(grid, grey, mask)
    zones, sizes = zone_counts(grid, mask.places, mask.steps, found.behind, 3)
    labels = [ndimage.label(volume == level, EVERY_SIDE)[0] for level in (1, 2, 3)]
    expected = [
        np.bincount(np.bincount(each.ravel())[1:], minlength=sizes[-1] + 1) for each in labels
    ]
    np.testing.assert_array_equal(sizes, np.sum(expected, axis=0).nonzero()[0])
    np.testing.assert_array_equal(zones, np.array(expected)[:, sizes])


@pytest.mark.parametrize("shape", SHAPES)
def test_sums_of_neighbours_are_those_of_the_26_around_each_voxel(shape):
    mask, grey, volume = _volume(shape)
    level = np.array([0, 1, 2, 5])[volume]
    expected = [
        level[z - 1 : z + 2, y - 1 : y + 2, x - 1 : x + 2].sum() - level[z, y, x]
        for z, y, x in np.argwhere(volume)
    ]
    np.testing.assert_array_equal(sums_of_levels(mask.grid(grey.index), grey, mask), expected)


def test_more_levels_than_narrow_numbers_have_keep_their_numbers():
    inside = np.ones((41, 41, 41), bool)
    mask = mask_work(inside, (1.0, 1.0, 1.0))
    index = np.arange(inside.size, dtype=np.int32)
    np.testing.assert_array_equal(mask.grid(index)[mask.places], index + 1)
