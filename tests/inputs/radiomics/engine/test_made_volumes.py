"""Both engines on volumes made to be awkward: the same values, the same NaN, the same errors."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from analysis.study import Extraction
from tests.support.engine_agreement import assert_equal, by_the_fast_engine, volume

BINS = [{"bin_width": 5.0}, {"bin_width": 0.7}, {"bin_count": 2}, {"bin_count": 32}]
GRIDS = [None, (1.0, 1.0, 1.0), (2.0, 2.0, 2.0), (0.8, 1.1, 3.0)]


@st.composite
def cases(draw):
    """Image, mask and settings: few or many grey levels, thin, at the border, scattered, of any
    spacing."""
    grid = draw(st.sampled_from(GRIDS))
    # Of an axis of two voxels, ITK's B-spline reads a third: its own results differ from run to
    # run.
    lengths = (
        st.integers(1, 12)
        if grid is None
        else st.integers(1, 12).filter(lambda length: length != 2)
    )
    shape = tuple(draw(st.lists(lengths, min_size=3, max_size=3)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(
        st.sampled_from(
            ["noise", "whole numbers", "two levels", "one level", "smooth", "far from zero"]
        )
    )
    values = {
        "noise": lambda: random.normal(0, 40, shape),
        "whole numbers": lambda: random.integers(0, 60, shape),
        "two levels": lambda: random.integers(0, 2, shape) * 50,
        "one level": lambda: np.full(shape, 100),
        "smooth": lambda: sum(np.indices(shape) * np.array([3, 5, 7]).reshape(3, 1, 1, 1)),
        "far from zero": lambda: random.normal(1e4, 30, shape),
    }[kind]()
    fill = draw(
        st.sampled_from(
            [
                "box",
                "box",
                "scattered",
                "scattered",
                "scattered",
                "all",
                "one slice",
                "line",
                "voxel",
            ]
        )
    )
    inside = np.zeros(shape, bool)
    corner = [random.integers(0, length) for length in shape]
    end = [random.integers(low, length) + 1 for low, length in zip(corner, shape, strict=True)]
    if fill == "all":
        inside[:] = True
    elif fill == "voxel":
        inside[tuple(corner)] = True
    elif fill == "line":
        inside[corner[0], corner[1], :] = True
    elif fill == "one slice":
        inside[corner[0]] = random.random(shape[1:]) < 0.8
    else:
        inside[tuple(slice(a, b) for a, b in zip(corner, end, strict=True))] = True
        if fill == "scattered":
            inside &= random.random(shape) < draw(st.sampled_from([0.1, 0.5, 0.9]))
    spacing = tuple(draw(st.sampled_from([0.7, 1.0, 1.25, 2.0, 3.3])) for _ in range(3))
    chosen = Extraction(
        resampled_spacing_mm=grid,
        normalise=draw(st.booleans()),
        log_sigma_mm=draw(st.sampled_from([[], [1.0], [1.0, 3.0]])),
        wavelet=draw(st.sampled_from(["coif1", "haar", "db3"])),
        pad_distance=draw(st.sampled_from([0, 5, 10])),
        **draw(st.sampled_from(BINS)),
    )
    return values, inside, spacing, chosen


@seed(7)
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_any_volume(case):
    values, inside, spacing, chosen = case
    assert_equal(*volume(values, inside, spacing), chosen)


def _ball(shape, radius):
    grid = np.indices(shape) - (np.array(shape) // 2).reshape(3, 1, 1, 1)
    return (grid**2).sum(axis=0) <= radius**2


NOISE = np.random.default_rng(0).normal(200, 40, (16, 18, 20))
NAMED = {
    "one voxel thick": (NOISE, _ball(NOISE.shape, 6) & (np.indices(NOISE.shape)[0] == 8)),
    "one grey level": (np.full(NOISE.shape, 103.7), _ball(NOISE.shape, 5)),
    "touching three borders": (NOISE, np.indices(NOISE.shape).max(axis=0) < 7),
    "voxels without a neighbour": (NOISE, (np.indices(NOISE.shape) % 3 == 1).all(axis=0)),
    "two balls": (NOISE, _ball(NOISE.shape, 3) | np.roll(_ball(NOISE.shape, 2), 7, axis=2)),
    "a checkerboard": (np.indices(NOISE.shape).sum(axis=0) % 2 * 60.0, _ball(NOISE.shape, 6)),
    "a flat half": (np.where(np.indices(NOISE.shape)[2] < 10, 50.0, NOISE), _ball(NOISE.shape, 6)),
    "two voxels": (
        NOISE,
        (np.indices(NOISE.shape) == np.array([8, 9, 9]).reshape(3, 1, 1, 1)).all(axis=0)
        | (np.indices(NOISE.shape) == np.array([8, 10, 10]).reshape(3, 1, 1, 1)).all(axis=0),
    ),
}


@pytest.mark.parametrize("grid", [None, (1.0, 1.0, 1.0)], ids=["own grid", "resampled"])
@pytest.mark.parametrize("bins", [{"bin_width": 5.0}, {"bin_count": 32}], ids=["width", "count"])
@pytest.mark.parametrize("normalise", [True, False], ids=["normalised", "as it is"])
@pytest.mark.parametrize("name", NAMED)
def test_named_volumes(name, normalise, bins, grid):
    assert_equal(
        *volume(*NAMED[name], spacing=(1.1, 1.1, 2.5)),
        Extraction(resampled_spacing_mm=grid, normalise=normalise, **bins),
    )


def test_turned_and_moved_images():
    turned = (0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    tilted = (0.8, -0.6, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 1.0)
    for direction in (turned, tilted):
        assert_equal(
            *volume(
                NOISE, _ball(NOISE.shape, 6), (0.9, 1.3, 2.5), (-120.3, 77.7, 512.0), direction
            ),
            Extraction(),
        )


@pytest.mark.parametrize("interpolator", ["sitkLinear", "sitkNearestNeighbor"])
def test_other_interpolators(interpolator):
    assert_equal(
        *volume(NOISE, _ball(NOISE.shape, 6), (0.9, 1.3, 2.5)),
        Extraction(interpolator=interpolator),
    )


def test_what_the_fast_engine_leaves_to_pyradiomics_is_rare():
    inside = _ball(NOISE.shape, 6)
    assert by_the_fast_engine(*volume(NOISE, inside), Extraction())
    assert by_the_fast_engine(
        *volume(*NAMED["one grey level"]), Extraction(resampled_spacing_mm=None, normalise=False)
    )
    for values, mask in ((NOISE, inside & (NOISE > 1e9)), (np.full(NOISE.shape, 5.0), inside)):
        assert not by_the_fast_engine(*volume(values, mask), Extraction())


def test_errors_are_those_of_pyradiomics():
    line = np.zeros(NOISE.shape, bool)
    line[8, 9] = True
    single = np.zeros(NOISE.shape, bool)
    single[8, 9, 9] = True
    assert "mask has too few dimensions" in assert_equal(*volume(NOISE, line), Extraction())
    assert "only contains 1 segmented voxel" in assert_equal(*volume(NOISE, single), Extraction())
    assert "No labels found" in assert_equal(*volume(NOISE, single & False), Extraction())
    missing = NOISE.copy()
    missing[8, 9, 9] = np.nan
    assert isinstance(assert_equal(*volume(missing, _ball(NOISE.shape, 6)), Extraction()), str)
