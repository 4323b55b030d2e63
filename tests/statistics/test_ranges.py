"""An interval ends where what it estimates ends, and a threshold is the number that is printed."""

from decimal import Decimal

import numpy as np
import pytest

from analysis import statistics as st


@pytest.mark.parametrize(
    ("low", "high", "count"),
    [
        (0.2, 0.8, 61),
        (0.1, 0.6, 51),
        (0.01, 0.99, 99),
        (0.05, 0.35, 31),
        (0.285, 0.3, 3),
        (0.3, 0.304, 2),
    ],
)
def test_thresholds_are_the_numbers_that_two_decimals_print(low, high, count):
    grid = st.threshold_grid(low, high)
    assert len(grid) == count
    assert grid[0] == low
    assert grid[-1] == high
    assert (np.diff(grid) > 0).all()
    for each in grid[1:-1]:
        assert each == float(Decimal(f"{each:.2f}"))
    # A probability of exactly a threshold is at it: 61 steps of numpy.linspace from .2 to .8 miss
    # 40 of them.
    inside = grid[1:-1]
    assert [float(st.net_benefit([1], [float(f"{each:.2f}")], [each])[0]) for each in inside] == [
        1.0
    ] * len(inside)


def test_ends_of_intervals_lie_within_the_range_of_the_estimate():
    time, event = np.array([1, 2, 3, 4, 5, 6.0]), np.array([1, 1, 1, 0, 1, 0])
    brier = st.ipcw_brier_score(time, event, [0.99, 0.9, 0.95, 0.05, 0.5, 0.9], 4.5)
    assert brier.ci_low == 0
    assert brier.value - 1.96 * brier.standard_error < 0
    difference = st.time_dependent_auc_difference(time, event, -time, time, 3.5)
    assert (difference.value, difference.ci_high) == (1, 1)
    area, error = st.restricted_mean_survival(time, event, 2.5)
    assert area.ci_high == 2.5 < area.value + 1.96 * error
    label = [0, 0, 1, 1]
    found = st.net_reclassification(label, [0.4, 0.5, 0.5, 0.6], [0.3, 0.6, 0.6, 0.7])
    assert found.events.ci_high == 1
    assert -1 <= found.non_events.ci_low <= found.non_events.ci_high <= 1
    paired = st.brier_difference([0, 1, 1], [1, 0, 0.2], [0, 1, 0.9])
    assert paired.ci_high == 1 < paired.value + 1.96 * paired.standard_error


def test_auc_that_differ_without_variance_are_not_equal():
    """1 against .5 of a constant: the generalised inverse of a zero matrix gave a statistic of 0
    and p = 1."""
    label, score = [0, 0, 1, 1], np.array([1, 2, 3, 4.0])
    paired, found = (
        st.delong_test(label, score, 0 * score),
        st.delong_global_test(label, np.column_stack([score, 0 * score])),
    )
    assert (found.statistic, found.p) == (np.inf, 0.0) == (paired.z, paired.p)
    three = st.delong_global_test(
        [0, 0, 1, 1, 0, 1],
        np.column_stack([[1, 2, 5, 6, 3, 4.0], np.zeros(6), [1, 4, 5, 2, 3, 6.0]]),
    )
    assert three.p == 0.0
    assert st.delong_global_test(label, np.column_stack([score, 2 * score])).p == 1.0
