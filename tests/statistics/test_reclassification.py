"""Reclassification and discrimination improvement: ten patients by hand, resamples drawn patient by
patient."""

import numpy as np
import pytest
from scipy.stats import norm

import analysis.statistics as st

LABEL = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
OLD = np.array([0.30, 0.20, 0.55, 0.70, 0.10, 0.40, 0.25, 0.60, 0.15, 0.50])
NEW = np.array([0.45, 0.20, 0.50, 0.80, 0.05, 0.30, 0.40, 0.45, 0.15, 0.65])
# Events: up, same, down, up. Others: down, down, up, down, same, up.
MOVES = np.array([1, 0, -1, 1, -1, -1, 1, -1, 0, 1])


def _contrast(found, value, error, n, level=0.95, most=1):
    """Interval within the range of a share's difference, ±1, or of the sum of two, ±2."""
    z = norm.isf((1 - level) / 2)
    low, high = max(value - z * error, -most), min(value + z * error, most)
    assert (found.value, found.standard_error, found.ci_low, found.ci_high) == pytest.approx(
        (value, error, low, high)
    )
    assert (found.z, found.p, found.n, found.method) == (
        pytest.approx(value / error),
        pytest.approx(2 * norm.sf(abs(value / error))),
        n,
        "asymptotic (Pencina)",
    )


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_continuous_by_hand(level):
    """Events: 2/4 up, 1/4 down; others 2/6 up, 3/6 down. Variance (up + down - (up - down)²) /
    n."""
    found = st.net_reclassification(LABEL, OLD, NEW, level=level)
    assert (
        found.up_events,
        found.down_events,
        found.up_non_events,
        found.down_non_events,
    ) == pytest.approx((1 / 2, 1 / 4, 1 / 3, 1 / 2))
    events, others = (3 / 4 - 1 / 16) / 4, (5 / 6 - 1 / 36) / 6
    _contrast(found.events, 1 / 4, np.sqrt(events), 4, level)
    _contrast(found.non_events, 1 / 6, np.sqrt(others), 6, level)
    _contrast(found.total, 5 / 12, np.sqrt(events + others), 10, level, most=2)


def test_categories_hold_their_lower_bound():
    """Cut at .3 and .5: events from 1 to 1, 0 to 0, 2 to 2, 2 to 2; others 0 to 0, 1 to 1, 0 to 1,
    2 to 1, 0 to 0, 2 to 2."""
    found = st.net_reclassification(LABEL, OLD, NEW, [0.5, 0.3])
    assert (
        found.up_events,
        found.down_events,
        found.up_non_events,
        found.down_non_events,
    ) == pytest.approx((0, 0, 1 / 6, 1 / 6))
    assert (found.events.value, found.events.standard_error, found.events.p, found.total.value) == (
        0,
        0,
        1,
        0,
    )
    _contrast(found.non_events, 0, np.sqrt(2 / 6 / 6), 6)


def test_two_categories_further_is_one_move():
    found = st.net_reclassification(
        [1, 1, 0, 0], [0.1, 0.1, 0.9, 0.2], [0.9, 0.1, 0.1, 0.2], [0.3, 0.5]
    )
    assert (found.events.value, found.non_events.value, found.total.value) == (0.5, 0.5, 1.0)
    assert found.total.standard_error == pytest.approx(np.sqrt(2 * (1 / 2 - 1 / 4) / 2))


@pytest.mark.parametrize("level", [0.95, 0.6])
def test_discrimination_by_hand(level):
    """The mean gain of events less that of the others, with Welch's error."""
    gain = NEW - OLD
    events, others = gain[:4], gain[4:]
    value = (0.15 + 0 - 0.05 + 0.1) / 4 - (-0.05 - 0.1 + 0.15 - 0.15 + 0 + 0.15) / 6
    _contrast(
        st.integrated_discrimination(LABEL, OLD, NEW, level),
        value,
        np.sqrt(events.var(ddof=1) / 4 + others.var(ddof=1) / 6),
        10,
        level,
    )


def _resampled(each):
    """All resamples of seed 5: mean over the events and over the others drawn, NaN without one."""
    counts = np.random.default_rng(5).multinomial(10, np.full(10, 0.1), size=400)
    means = [
        [
            np.mean(np.repeat(each[rows], drawn[rows])) if drawn[rows].sum() else np.nan
            for rows in (LABEL == 1, LABEL == 0)
        ]
        for drawn in counts
    ]
    return np.array(means).T


@pytest.mark.parametrize("level", [0.95, 0.7])
def test_bootstrap(level):
    method = "bootstrap: percentile interval, normal p from its standard error"
    events, others = _resampled(MOVES)
    found = st.net_reclassification(LABEL, OLD, NEW, None, level, "bootstrap", 400, 5)
    gains = _resampled(NEW - OLD)
    single = st.integrated_discrimination(LABEL, OLD, NEW, level, "bootstrap", 400, 5)
    for each, value, drawn, n in (
        (found.events, 1 / 4, events, 4),
        (found.non_events, 1 / 6, -others, 6),
        (found.total, 5 / 12, events - others, 10),
        (single, st.integrated_discrimination(LABEL, OLD, NEW).value, gains[0] - gains[1], 10),
    ):
        drawn = drawn[~np.isnan(drawn)]
        error = drawn.std(ddof=1)
        assert (each.value, each.standard_error, each.z, each.p) == pytest.approx(
            (value, error, value / error, 2 * norm.sf(value / error))
        )
        assert (each.ci_low, each.ci_high) == pytest.approx(
            tuple(np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]))
        )
        assert each.n == n
        assert each.method == method
    assert len(events[np.isnan(events)]) > 0  # some resamples have no event


def test_defaults_of_the_bootstrap():
    for function in (
        lambda **more: st.net_reclassification(LABEL, OLD, NEW, method="bootstrap", **more).total,
        lambda **more: st.integrated_discrimination(LABEL, OLD, NEW, method="bootstrap", **more),
    ):
        assert function() == function(resamples=2000, seed=0, level=0.95)
        assert function() != function(resamples=1999)


def test_wrong_input():
    for function in (st.net_reclassification, st.integrated_discrimination):
        with pytest.raises(ValueError, match="method: 'asymptotic' or 'bootstrap', got 'exact'"):
            function(LABEL, OLD, NEW, method="exact")
    for label in ([1, 0, 0, 0], [1, 1, 1, 0]):
        with pytest.raises(ValueError, match="label: at least 2 events and 2 others are needed"):
            st.integrated_discrimination(label, OLD[:4], NEW[:4])
    assert st.integrated_discrimination([1, 1, 0, 0], OLD[:4], NEW[:4]).n == 4
    with pytest.raises(ValueError, match="probability_new: 9 values for 10 labels"):
        st.net_reclassification(LABEL, OLD, NEW[1:])
