"""Scales of a nomogram and ticks of an axis: R's pretty() as it prints, and points by hand."""

import numpy as np
import pytest
from scipy.special import expit

import analysis.statistics as st


@pytest.mark.parametrize(
    ("low", "high", "count", "ticks"),
    [
        (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 10, 5, [0, 2, 4, 6, 8, 10]),
        (1, 97, 5, [0, 20, 40, 60, 80, 100]),
        (0, 23, 5, [0, 5, 10, 15, 20, 25]),
        (-1, 1, 5, [-1, -0.5, 0, 0.5, 1]),
        (0.9, 5.1, 5, [0, 1, 2, 3, 4, 5, 6]),
        (0, 3, 1, [0, 5]),
        (0, 7, 1, [0, 5, 10]),
        (3, 12, 3, [0, 5, 10, 15]),
    ],
)
def test_ticks_that_pretty_prints(low, high, count, ticks):
    np.testing.assert_allclose(st.pretty_ticks(low, high, count), ticks, atol=1e-12)


def test_five_ticks_unless_said_otherwise():
    assert st.pretty_ticks(0, 100).tolist() == [0, 20, 40, 60, 80, 100]


@pytest.mark.parametrize(
    ("cell", "unit"), [(1.39, 1), (1.41, 2), (2.79, 2), (2.81, 5), (6.99, 5), (7.01, 10), (9.9, 10)]
)
def test_where_the_unit_changes(cell, unit):
    """2 - c < 1.5 (c - 1) from 1.4 on; 5 - c < 2.75 (c - 2) from 10.5 / 3.75 = 2.8 on; 10 - c < 1.5
    (c - 5) from 7 on."""
    for scale in (1, 100, 0.01):
        ticks = st.pretty_ticks(0, 10 * cell * scale, 10)
        assert ticks[1] - ticks[0] == pytest.approx(unit * scale)


def test_an_axis_covers_its_range_in_equal_steps():
    """With at least a third of the intervals asked for."""
    for low, high, count in ((2.0, 2.1, 10), (0, 9, 9), (0.3, 0.7, 12), (5, 5.0001, 7)):
        ticks = st.pretty_ticks(low, high, count)
        assert len(ticks) - 1 >= count // 3
        assert ticks[0] <= low + 1e-9
        assert ticks[-1] >= high - 1e-9
        assert np.ptp(np.diff(ticks)) < 1e-9


@pytest.mark.parametrize(
    ("low", "high", "count"), [(1, 1, 5), (2, 1, 5), (0, 1, 0), (np.nan, 1, 5)]
)
def test_no_axis(low, high, count):
    with pytest.raises(ValueError, match="low: a range from low to high is needed"):
        st.pretty_ticks(low, high, count)
    assert len(st.pretty_ticks(0, 1, 1)) == 2


def _scale():
    return st.nomogram_scale(
        {"age": 0.05, "marker": -1.0}, -1.0, {"age": (42, 79), "marker": (0.1, 0.9)}, (-1.7, 2.3), 5
    )


def test_points_by_hand():
    """Ages 40 to 80 by 10 contribute 2 to 4, markers 0 to 1 by 0.2 0 to -1: 2 is the larger span,
    so 50 points a unit."""
    scale = _scale()
    age, marker = scale.axes["age"], scale.axes["marker"]
    assert age.levels.tolist() == [40, 50, 60, 70, 80]
    assert age.contribution.tolist() == [2, 2.5, 3, 3.5, 4]
    assert age.points.tolist() == [0, 25, 50, 75, 100]
    np.testing.assert_allclose(marker.levels, [0, 0.2, 0.4, 0.6, 0.8, 1])
    np.testing.assert_allclose(marker.contribution, [0, -0.2, -0.4, -0.6, -0.8, -1])
    np.testing.assert_allclose(marker.points, [50, 40, 30, 20, 10, 0])
    # No points at all: -1 + 2 - 1 = 0. The linear predictor's ticks end at 3, which is 150 points
    # above.
    assert (scale.points_per_unit, scale.intercept) == (
        50,
        0,
    )
    assert scale.linear_predictor.tolist() == [-2, -1, 0, 1, 2, 3]
    np.testing.assert_allclose(scale.total_points, [0, 50, 100, 150])


def test_points_and_risk():
    scale = _scale()
    np.testing.assert_allclose(scale.points_of([-1.0, 0, 3]), [-50, 0, 150])
    np.testing.assert_allclose(scale.points_of_risk(expit([-1.0, 0, 3])), [-50, 0, 150], atol=1e-9)
    # The points of a patient of 70 with a marker of 0.4 tell his linear predictor, -1 + 3.5 - 0.4.
    assert scale.intercept + (75 + 30) / scale.points_per_unit == pytest.approx(2.1)


def test_ten_ticks_unless_said_otherwise():
    scale = st.nomogram_scale({"x": 2.0}, 0.5, {"x": (0, 10)}, (0, 20))
    assert scale.axes["x"].levels.tolist() == list(range(11))
    assert scale.points_per_unit == 5
    assert scale.intercept == 0.5
    assert scale.total_points[-1] >= 97.5
    assert len(scale.linear_predictor) == 11


def test_total_points_run_from_0():
    """10 points a unit, and 7 + 0.05 units: 70.5 points by 5 make a cell of 14.1, just above 14, so
    the unit is 20."""
    scale = st.nomogram_scale({"x": 1.0}, -0.05, {"x": (0, 10)}, (0, 6.9), 5)
    assert scale.points_per_unit == 10
    assert scale.linear_predictor.tolist() == list(range(8))
    assert scale.total_points.tolist() == [0, 20, 40, 60, 80]


def test_ranges_are_needed():
    with pytest.raises(ValueError, match="ranges: none given for b, c"):
        st.nomogram_scale({"a": 1.0, "b": 1.0, "c": 1.0}, 0.0, {"a": (0, 1)}, (0, 1))
    with pytest.raises(ValueError, match="ranges: none given for any variable"):
        st.nomogram_scale({}, 0.0, {}, (0, 1))


def test_factors_stand_on_one_axis_as_in_rms():
    """nomogram(lrm(low ~ age + lwt + race + smoke, birthwt)): axes, points and total points by rms
    6.5-0."""
    scale = st.nomogram_scale(
        {"age": -0.0224782797811, "lwt": -0.0125256639859},
        0.3324515688311,
        {"age": (14, 45), "lwt": (80, 250)},
        (-3.006950628442, 0.878534151281),
        10,
        {
            "race": {"white": 0.0, "black": 1.2316713709627, "other": 0.9432626511750},
            "smoke": {"no": 0.0, "yes": 1.0544386457701},
        },
    )
    race, smoke = scale.axes["race"], scale.axes["smoke"]
    assert race.levels.tolist() == ["white", "black", "other"]
    assert list(scale.axes) == [
        "age",
        "lwt",
        "race",
        "smoke",
    ]
    np.testing.assert_allclose(race.points, [0, 54.6287904200, 41.8368883915], rtol=1e-9)
    np.testing.assert_allclose(smoke.points, [0, 46.7679197134], rtol=1e-9)
    np.testing.assert_allclose(scale.axes["age"].points[[0, -1]], [34.89457029201, 0], atol=1e-8)
    assert scale.points_per_unit == pytest.approx(44.3533816795, rel=1e-9)
    np.testing.assert_allclose(
        scale.points_of([-3.5, 1.0]), [19.3267047624, 218.9169223199], rtol=1e-8
    )
    assert scale.total_points.tolist() == list(range(0, 221, 20))


def test_a_level_below_the_reference_starts_the_axis():
    axis = st.nomogram_scale(
        {}, 1.0, {}, (-2, 3), 5, {"grade": {"a": 0.0, "b": -1.0, "c": 1.0}}
    ).axes["grade"]
    assert axis.points.tolist() == [50, 0, 100]


def test_a_factor_needs_two_levels_and_a_name_of_its_own():
    with pytest.raises(ValueError, match="factors: each needs at least two levels"):
        st.nomogram_scale({}, 0.0, {}, (0, 1), 5, {"grade": {"a": 0.0}})
    with pytest.raises(ValueError, match="factors: x is a numeric variable as well"):
        st.nomogram_scale({"x": 1.0}, 0.0, {"x": (0, 1)}, (0, 1), 5, {"x": {"a": 0.0, "b": 1.0}})
