"""Censoring weights, cumulative incidence and Harrell's C: hand-computed cohorts, and errors by the
derivative to each patient's weight."""

import lifelines
import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm, t

from analysis import statistics as st

TIME = np.array([1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 9], dtype=float)
KIND = np.array([1, 2, 0, 1, 1, 2, 0, 1, 1, 0, 2, 1], dtype=float)


def weighted_incidence(weight, moment, of):
    """Aalen-Johansen of weighted patients, by its product and sum."""
    survival, total = 1.0, 0.0
    for each in np.unique(TIME[TIME <= moment]):
        at_risk = weight[each <= TIME].sum()
        total += survival * weight[(TIME == each) & (KIND == of)].sum() / at_risk
        survival *= 1 - weight[(TIME == each) & (KIND > 0)].sum() / at_risk
    return total


def weighted_concordance(weight, time, event, score):
    pairs = [
        (weight[i] * weight[j], (score[i] > score[j]) + 0.5 * (score[i] == score[j]))
        for i in range(len(time))
        for j in range(len(time))
        if event[i] == 1 and (time[j] > time[i] or (time[j] == time[i] and event[j] == 0))
    ]
    return sum(share * credit for share, credit in pairs) / sum(share for share, _ in pairs)


def jackknife_error(function, n, step=1e-5):
    """Infinitesimal jackknife: root of the summed squares of the derivative to each patient's
    weight."""
    return np.sqrt(
        sum(
            (
                (
                    function(np.ones(n) + step * np.eye(n)[place])
                    - function(np.ones(n) - step * np.eye(n)[place])
                )
                / (2 * step)
            )
            ** 2
            for place in range(n)
        )
    )


@pytest.mark.parametrize("of", [1, 2])
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_incidence_error_and_ends(of, level):
    found, z = st.cumulative_incidence(TIME, KIND, of, level), norm.isf((1 - level) / 2)
    assert found.time.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert found.at_risk.tolist() == [
        12,
        12,
        11,
        9,
        8,
        6,
        5,
        3,
        2,
        1,
    ]
    assert found.incidence[0] == found.ci_low[0] == found.ci_high[0] == found.standard_error[0] == 0
    for place, moment in list(enumerate(found.time))[1:]:
        value, error = (
            weighted_incidence(np.ones(12), moment, of),
            jackknife_error(
                lambda weight, moment=moment: weighted_incidence(weight, moment, of), 12
            ),
        )
        assert (found.incidence[place], found.standard_error[place]) == pytest.approx(
            (value, error), abs=1e-8
        )
        # Normal on the scale log(-log(1 - incidence)), whose slope to the incidence is
        # 1 / ((1 - incidence) |log(1 - incidence)|).
        if value:
            centre, half = (
                np.log(-np.log(1 - value)),
                z * error / ((1 - value) * -np.log(1 - value)),
            )
            assert (found.ci_low[place], found.ci_high[place]) == pytest.approx(
                (1 - np.exp(-np.exp(centre - half)), 1 - np.exp(-np.exp(centre + half)))
            )


def test_incidence_of_untied_times_is_lifelines():
    time = np.argsort(np.argsort(TIME + KIND / 10 + np.arange(12) / 100)) + 1.0
    for of in (1, 2):
        theirs = (
            lifelines.AalenJohansenFitter(calculate_variance=False)
            .fit(time, KIND, event_of_interest=of)
            .cumulative_density_.iloc[:, 0]
        )
        np.testing.assert_allclose(st.cumulative_incidence(time, KIND, of).incidence, theirs)


def test_an_event_at_time_0_and_everybody_ill():
    """Two patients: one event at once, one at 1; incidence 1/2, then 1, with a point for an
    interval."""
    found = st.cumulative_incidence([0, 1], [1, 1])
    assert found.time.tolist() == [0, 1]
    assert found.incidence.tolist() == [0.5, 1]
    assert found.at_risk.tolist() == [2, 1]
    assert found.standard_error[0] == pytest.approx(np.sqrt(0.5**2 / 2))
    assert found.ci_low[0] < 0.5 < found.ci_high[0] < 1
    assert found.ci_low[1] == found.ci_high[1] == 1
    never = st.cumulative_incidence([1, 2], [2, 2])
    assert never.incidence.tolist() == never.ci_low.tolist() == never.ci_high.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.cumulative_incidence(TIME, KIND, 0),
            r"of: 1 \(event of interest\) or 2 \(competing event\), got 0",
        ),
        (lambda: st.cumulative_incidence(TIME, KIND, 3), "of: 1 .*, got 3"),
        (lambda: st.cumulative_incidence(TIME[1:], KIND), "time: 11 values for 12 events"),
        (
            lambda: st.cumulative_incidence([1, 2], [1, 3]),
            "event: expected 0 .censored., 1 .event. and 2",
        ),
        (lambda: st.cumulative_incidence([1, -2], [1, 0]), "time: follow-up can't be negative"),
        (
            lambda: st.concordance_index([1, 2], [0, 0], [1, 2]),
            "event: no two patients can be compared",
        ),
        (
            lambda: st.concordance_index([1, 1], [1, 1], [1, 2]),
            "event: no two patients can be compared",
        ),
        (
            lambda: st.horizon_status([1, 2, 3], [1, 0, 1], 3),
            "horizon: nobody is followed beyond 3; the longest time is 3",
        ),
        (
            lambda: st.horizon_status([1, 2, 3], [1, 0, 1], 4.5),
            "horizon: nobody is followed beyond 4.5; the longest time is 3",
        ),
    ],
)
def test_what_cannot_be_computed_is_said(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_death_counts_as_the_event():
    assert st.death_as_event([2, 0, 1, 0]).tolist() == [1, 0, 1, 0]


def test_staying_uncensored_where_events_come_first():
    """At 2 an event and a censoring: the event has left, so 1 of 3 is lost. Then 3: an event; 4: 1
    of 1."""
    curve = st.censoring_curve([1, 2, 2, 3, 4], [1, 1, 0, 2, 0])
    assert curve.time.tolist() == [0, 1, 2, 3, 4]
    assert curve.survival == pytest.approx([1, 1, 2 / 3, 2 / 3, 0])
    # Its error is Greenwood's of these numbers: 1 lost of 3 at 2.
    assert curve.at_risk[2] == 3
    assert curve.events.tolist() == [0, 0, 1, 0, 1]
    assert curve.standard_error[2] == pytest.approx(2 / 3 * np.sqrt(1 / (3 * 2)))
    # A censoring at time 0 already: 1 of 3, then an event at 1, then 1 of 1.
    at_once = st.censoring_curve([0, 1, 2], [0, 1, 0])
    assert at_once.time.tolist() == [0, 1, 2]
    assert at_once.survival == pytest.approx([2 / 3, 2 / 3, 0])


def test_without_ties_it_is_kaplan_meier_of_the_censorings():
    time, event = np.arange(1, 9), np.array([1, 0, 2, 0, 1, 1, 0, 1])
    for name, part in vars(st.kaplan_meier(time, (event == 0).astype(int))).items():
        np.testing.assert_allclose(getattr(st.censoring_curve(time, event), name), part)


def test_weights_at_the_horizon_by_hand():
    """Times 1 (event), 2 (lost), 2 (event), 3 (competing), 4 (lost), 5 (event), 6 (lost), horizon
    4.

    G: at 2 one of 5 is lost, .8; at 4 one of 3, .8 × 2/3. Events before weigh 1 / G just before
    them: 1 at 1 and at 2, 1 / .8 at 3; those seen beyond 4 weigh 1 / (.8 × 2/3) = 1.875; the two
    lost weigh 0. All weights sum to 7 patients.
    """
    found = st.horizon_status([1, 2, 2, 3, 4, 5, 6], [1, 0, 1, 2, 0, 1, 0], 4)
    assert found.weight == pytest.approx([1, 0, 1, 1.25, 0, 1.875, 1.875])
    assert found.weight.sum() == pytest.approx(7)
    np.testing.assert_array_equal(found.label, [1, np.nan, 1, 0, np.nan, 0, 0])
    assert found.competing.tolist() == [False, False, False, True, False, False, False]


def test_an_event_at_the_horizon_has_happened_and_one_at_0_weighs_1():
    found = st.horizon_status([0, 0, 2, 3], [0, 1, 1, 0], 2)
    # G falls to 2/3 at 0, after the event there; 1 / (2/3) = 1.5 for the two left.
    assert found.weight == pytest.approx([0, 1, 1.5, 1.5])
    assert found.label[1:].tolist() == [1, 1, 0]
    assert np.isnan(found.label[0])


def test_concordance_by_hand_and_by_lifelines():
    """Events at 1, 2, censored at 2, event at 3, with scores 4, 1, 1, 2.

    Pairs: 1 with each of three others, 3 wins; 2 with the censored one (tied scores, .5) and with 3
    (0). 3.5 of 5.
    """
    found = st.concordance_index([1, 2, 2, 3], [1, 1, 0, 1], [4, 1, 1, 2])
    assert (found.value, found.comparable, found.n) == (0.7, 5, 4)
    event, score = (KIND == 1).astype(int), np.array([9, 1, 3, 8, 2, 5, 5, 4, 4, 6, 3, 2.0])
    assert st.concordance_index(TIME, event, score).value == pytest.approx(
        lifelines.utils.concordance_index(TIME, -score, event)
    )


@pytest.mark.parametrize("level", [0.95, 0.6])
def test_concordance_with_its_error(level):
    event, score = (KIND == 1).astype(int), np.array([9, 1, 3, 8, 2, 5, 5, 4, 4, 6, 3, 2.0])
    found = st.concordance_index(TIME, event, score, level, method="wald")
    value, error = (
        weighted_concordance(np.ones(12), TIME, event, score),
        jackknife_error(lambda weight: weighted_concordance(weight, TIME, event, score), 12),
    )
    low, high = norm.interval(level, value, error)
    assert (found.value, found.standard_error) == pytest.approx((value, error), rel=1e-6)
    assert 0 < low < high
    assert (found.ci_low, found.ci_high) == pytest.approx((low, min(high, 1)), rel=1e-6)
    ours, half = (
        st.concordance_index(TIME, event, score, level),
        t.ppf((1 + level) / 2, event.sum() - 1) * error / (value * (1 - value)),
    )
    assert (ours.ci_low, ours.ci_high) == pytest.approx(
        tuple(expit(logit(value) + np.array([-half, half]))), rel=1e-5
    )


def test_concordance_ends_at_0_and_1():
    score = np.array([5, 4, 2, 3, 1, 0.0])
    best, worst = (
        st.concordance_index(np.arange(1, 7), np.ones(6), part, method="wald")
        for part in (score, -score)
    )
    assert best.ci_high == 1
    assert worst.ci_low == 0
    assert best.ci_low == pytest.approx(best.value - 1.959964 * best.standard_error)
    assert worst.ci_high == pytest.approx(1 - best.ci_low)
    assert worst.value == pytest.approx(1 / 15)
    assert worst.standard_error == pytest.approx(best.standard_error)
