"""Calibration: refitted probabilities are perfect, groups and degrees of freedom are as many as
they say."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from scipy.special import expit, logit

from analysis import statistics as st
from tests.support.strategies import labelled_probabilities


def cohort(n=300, seed=1):
    random = np.random.default_rng(seed)
    linear = random.standard_normal(n)
    return (random.random(n) < expit(linear)).astype(float), linear


@pytest.mark.parametrize(("shift", "stretch"), [(0, 1), (0.7, 1), (-0.3, 2), (0.5, 0.4)])
def test_recalibrated_probabilities_have_intercept_0_and_slope_1(shift, stretch):
    label, linear = cohort()
    given_probability = expit(shift + stretch * linear)
    intercept, slope = (
        st.calibration_intercept(label, given_probability).value,
        st.calibration_slope(label, given_probability).value,
    )
    mended = expit(intercept + slope * logit(given_probability))
    assert st.calibration_slope(label, mended).value == pytest.approx(1, abs=1e-6)
    assert st.calibration_intercept(label, mended).value == pytest.approx(0, abs=1e-6)
    assert st.calibration_in_the_large(label, mended).value == pytest.approx(0, abs=1e-6)
    assert st.observed_expected_ratio(label, mended).value == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("shift", [-1, 0.5, 2])
def test_a_shift_of_all_logits_is_calibration_in_the_large(shift):
    label, linear = cohort()
    base = st.calibration_in_the_large(label, expit(linear)).value
    assert st.calibration_in_the_large(label, expit(linear + shift)).value == pytest.approx(
        base - shift, abs=1e-6
    )
    assert st.calibration_slope(label, expit(linear + shift)).value == pytest.approx(
        st.calibration_slope(label, expit(linear)).value, abs=1e-6
    )


@pytest.mark.parametrize("groups", [3, 5, 10])
def test_hosmer_lemeshow_degrees_of_freedom(groups):
    label, linear = cohort()
    inside, outside = (
        st.hosmer_lemeshow(label, expit(linear), groups, external) for external in (False, True)
    )
    assert inside.degrees_of_freedom == groups - 2
    assert outside.degrees_of_freedom == groups
    assert inside.statistic == outside.statistic
    assert inside.n_in_group.sum() == 300
    assert inside.observed.sum() == label.sum()
    assert inside.expected.sum() == pytest.approx(expit(linear).sum())


def test_tied_cut_points_leave_fewer_groups_and_degrees_of_freedom():
    label = np.tile([0, 1], 50)
    probability = np.repeat([0.2, 0.3, 0.5, 0.7], 25)
    found = st.hosmer_lemeshow(label, probability, groups=10)
    assert len(found.n_in_group) == found.degrees_of_freedom + 2 < 10
    assert (found.n_in_group > 0).all()
    assert found.statistic >= 0


@given(labelled_probabilities(), some.integers(2, 8))
def test_groups_keep_ties_together_and_everybody_once(data, groups):
    label, probability, _ = data
    found = st.calibration_groups(label, probability, groups)
    assert found.n.sum() == len(label)
    assert len(found.n) <= groups
    assert (np.diff(found.mean_probability) > 0).all()
    assert (found.n * found.observed).sum() == pytest.approx(label.sum())


@given(labelled_probabilities())
def test_brier_score_bounds_and_reference(data):
    label, probability, _ = data
    assume(0 < probability.mean() < 1)
    assert 0 <= st.brier_score(label, probability) <= 1
    assert st.scaled_brier_score(label, np.full(len(label), label.mean())) == pytest.approx(0)
    assert st.scaled_brier_score(label, label) == 1
    interval = st.brier_interval(label, probability)
    assert 0 <= interval.ci_low <= interval.value <= interval.ci_high <= 1


@given(some.integers(10, 200), some.integers(3, 5))
def test_restricted_cubic_splines_are_straight_outside_their_knots(n, count):
    knots = (
        st.spline_knots(np.arange(n, dtype=float), count)
        if n >= 4 * count
        else np.linspace(1, 9, count)
    )
    for start in (knots[0] - 40, knots[-1] + 1):
        basis = st.restricted_cubic_spline(start + np.arange(5.0), knots)
        assert np.diff(basis, 2, axis=0) == pytest.approx(
            np.zeros((3, count - 1)), abs=1e-7 * max(1, np.abs(basis).max())
        )
