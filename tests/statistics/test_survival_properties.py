"""Survival: what holds without censoring, and between curves."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from analysis import statistics as st
from tests.support.strategies import follow_up, vector


@given(follow_up())
def test_kaplan_meier_without_censoring_is_the_empirical_curve(data):
    time, _ = data
    curve = st.kaplan_meier(time, np.ones(len(time)))
    assert curve.survival == pytest.approx(
        [(time > moment).mean() for moment in curve.time], abs=1e-12
    )


@given(follow_up(), some.sampled_from(["log-log", "log", "plain"]))
def test_kaplan_meier_falls_and_its_interval_holds_it(data, interval):
    curve = st.kaplan_meier(*data, interval=interval)
    assert (np.diff(curve.survival) <= 1e-12).all()
    known = ~np.isnan(curve.ci_low)
    assert (
        (0 <= curve.ci_low)
        & (curve.ci_low <= curve.survival + 1e-12)
        & (curve.survival - 1e-12 <= curve.ci_high)
        & (curve.ci_high <= 1)
    )[known].all()
    assert (curve.survival[~known] == 0).all()


@given(follow_up(event_types=(0, 1, 2)))
def test_aalen_johansen_curves_and_survival_sum_to_one(data):
    time, event = data
    of_interest, competing = (st.cumulative_incidence(time, event, of) for of in (1, 2))
    event_free = st.kaplan_meier(time, st.death_as_event(event))
    at = event_free.at(of_interest.time)
    assert of_interest.incidence + competing.incidence + event_free.survival[at] == pytest.approx(
        np.ones(len(at)), abs=1e-9
    )
    assert (np.diff(of_interest.incidence) >= -1e-12).all()


@given(follow_up())
def test_aalen_johansen_without_competing_events_is_kaplan_meier(data):
    curve, survival = st.cumulative_incidence(*data), st.kaplan_meier(*data)
    assert curve.incidence == pytest.approx(
        1 - survival.survival[survival.at(curve.time)], abs=1e-9
    )


@given(follow_up())
def test_concordance_of_the_opposite_score_is_the_rest(data):
    time, event = data
    assume(len(np.unique(time)) > 1 and event[time < time.max()].any())
    score = np.sin(time * 7 + np.arange(len(time)))
    assert st.concordance_index(time, event, score).value == pytest.approx(
        1 - st.concordance_index(time, event, -score).value, abs=1e-12
    )


@given(follow_up(), some.data())
def test_log_rank_does_not_depend_on_names_or_order(data, draw):
    time, event = data
    group = vector(draw.draw, len(time), some.integers(0, 1))
    group[:2] = 0, 1
    one = st.log_rank(time, event, group)
    assert st.log_rank(time[::-1], event[::-1], 1 - group[::-1]).statistic == pytest.approx(
        one.statistic, abs=1e-9
    )
    assert one.observed.sum() == pytest.approx(one.expected.sum())
    assert one.observed.sum() == event.sum()


@given(follow_up(), some.data())
def test_without_censoring_horizon_statistics_are_the_binary_ones(data, draw):
    time, event = data[0], np.ones(len(data[0]))
    label = (time <= 6).astype(float)
    assume(len(set(label)) == 2)
    probability = vector(draw.draw, len(time), some.integers(0, 9)) / 9
    status = st.horizon_status(time, event, 6)
    assert status.label.tolist() == label.tolist()
    assert (status.weight == 1).all()
    assert st.time_dependent_auc(time, event, probability, 6).value == pytest.approx(
        st.auc(label, probability), abs=1e-9
    )
    assert st.heagerty_auc(time, event, probability, 6, "kaplan_meier") == pytest.approx(
        st.auc(label, probability), abs=1e-9
    )
    assert st.ipcw_brier_score(time, event, probability, 6).value == pytest.approx(
        st.brier_score(label, probability), abs=1e-9
    )
    for function in (st.ipcw_net_benefit, st.net_benefit_survival):
        assert function(time, event, probability, 6, [0.3]) == pytest.approx(
            st.net_benefit(label, probability, [0.3]), abs=1e-9
        )


@given(follow_up())
def test_weights_stand_for_everybody(data):
    """Censored patients have weight 0 and the others stand for them."""
    time, event = data
    assume((time > 6).any())
    status = st.horizon_status(time, event, 6)
    assert (status.weight[np.isnan(status.label)] == 0).all()
    assert (status.weight[~np.isnan(status.label)] >= 1 - 1e-12).all()
    if not ((time <= 6) & (event == 0)).any():
        assert (status.weight == 1).all()
