"""Brier score: value, both scaled forms, interval and paired difference by their closed forms."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import brier_score_loss

from analysis import statistics as st

LABEL = np.array([0, 1, 1, 0, 0, 1, 0, 0])
FIRST = np.array([0.1, 0.8, 0.6, 0.3, 0.2, 0.4, 0.5, 0.0])
SECOND = np.array([0.4, 0.6, 0.5, 0.3, 0.4, 0.7, 0.2, 0.1])


def test_the_score_and_its_scaled_forms():
    """Squares .01, .04, .16, .09, .04, .36, .25, 0: .95 / 8. Prevalence 3/8, reference 15/64; mean
    prediction 2.9 / 8."""
    assert (
        st.brier_score(LABEL, FIRST)
        == pytest.approx(0.95 / 8)
        == pytest.approx(brier_score_loss(LABEL, FIRST))
    )
    assert st.scaled_brier_score(LABEL, FIRST) == pytest.approx(1 - 0.95 / 8 / (15 / 64))
    assert st.scaled_brier_score(LABEL, FIRST, "mean_probability") == pytest.approx(
        1 - 0.95 / 8 / (0.3625 * 0.6375)
    )
    assert st.scaled_brier_score(LABEL, np.full(8, 3 / 8)) == pytest.approx(0)
    with pytest.raises(
        ValueError, match="definition: 'prevalence' or 'mean_probability', got 'mean'"
    ):
        st.scaled_brier_score(LABEL, FIRST, "mean")
    for same in (np.zeros(8), np.ones(8)):
        with pytest.raises(ValueError, match="probability: all are 0 or all 1"):
            st.scaled_brier_score(LABEL, same, "mean_probability")


@pytest.mark.parametrize("level", [0.95, 0.6])
def test_the_interval_is_normal_about_the_mean_square(level):
    squares = np.array([0.01, 0.04, 0.16, 0.09, 0.04, 0.36, 0.25, 0])
    found = st.brier_interval(LABEL, FIRST, level)
    low, high = stats.norm.interval(level, squares.mean(), stats.sem(squares))
    assert (found.value, found.ci_low, found.ci_high, found.n) == pytest.approx(
        (0.95 / 8, low, high, 8)
    )


def test_the_interval_ends_at_0_and_1():
    found = st.brier_interval([0, 0, 0], [0.0, 0, 0.9])
    assert found.ci_low == 0
    assert found.ci_high == pytest.approx(0.27 + 1.959964 * 0.27)
    assert st.brier_interval([0, 0, 0], [1, 1, 0.0]).ci_high == 1
    # Two patients are enough: squares .04 and .16, SE .06.
    two = st.brier_interval([0, 1], [0.2, 0.6], 0.5)
    assert (two.ci_low, two.ci_high) == pytest.approx(
        (0.1 - 0.67448975 * 0.06, 0.1 + 0.67448975 * 0.06)
    )
    one = st.brier_interval([1], [0.5])
    assert (one.value, one.n) == (0.25, 1)
    assert np.isnan(one.ci_low)
    assert np.isnan(one.ci_high)


@pytest.mark.parametrize(("first", "second"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_the_difference_is_a_paired_wald_test(first, second):
    each = (first - LABEL) ** 2 - (second - LABEL) ** 2
    found = st.brier_difference(LABEL, first, second, 0.9)
    low, high = stats.norm.interval(0.9, each.mean(), stats.sem(each))
    z = each.mean() / stats.sem(each)
    assert (
        found.value,
        found.ci_low,
        found.ci_high,
        found.standard_error,
        found.z,
    ) == pytest.approx((each.mean(), low, high, stats.sem(each), z))
    assert found.p == pytest.approx(2 * stats.norm.cdf(-abs(z)))
    assert found.n == 8
    assert found.method == "paired Wald"


def test_a_difference_of_two_patients_has_an_error_and_of_one_none():
    """Differences .04 - .25 and .16 - .25, that is -.21 and -.09: mean -.15, SE .06."""
    found = st.brier_difference([0, 1], [0.2, 0.6], [0.5, 0.5])
    assert (found.value, found.standard_error, found.z) == pytest.approx((-0.15, 0.06, -2.5))
    assert np.isnan(st.brier_difference([1], [0.2], [0.9]).standard_error)
    for name, call in (
        ("probability_a", ([np.nan, 0.1], [0.1, 0.2])),
        ("probability_b", ([0.1, 0.2], [np.nan, 0.1])),
    ):
        with pytest.raises(ValueError, match=f"^{name}: 1 of 2"):
            st.brier_difference([0, 1], *call)


def test_an_error_of_rounding_size_is_none():
    """A difference without spread: z is infinite with its sign and p 0; equal models have z 0 and p
    1."""
    for first, second, z in (
        ([0.1] * 4, [0.5] * 4, -np.inf),
        ([0.5] * 4, [0.1] * 4, np.inf),
        ([0.3] * 4, [0.3] * 4, 0),
    ):
        found = st.brier_difference([0, 0, 0, 0], first, second)
        assert (found.z, found.p) == (z, 1 if z == 0 else 0)
