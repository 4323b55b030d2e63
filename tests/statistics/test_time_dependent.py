"""Statistics at a horizon: without censoring they are those of a binary outcome; with it, six
patients by hand."""

import numpy as np
import pytest
from scipy.stats import norm

import analysis.statistics as st

RANDOM = np.random.default_rng(8)
TIME, SCORE, OTHER = (
    RANDOM.permutation(30) + 1.0,
    np.round(RANDOM.normal(size=30), 1),
    RANDOM.normal(size=30),
)
RISK = np.round(RANDOM.random(30), 2)
CASE = TIME <= 12
# Censored at 2 with 5 of 6 at risk: those seen later stand for 5/4 each.
SIX, SEEN = np.array([1.0, 2, 3, 4, 5, 6]), np.array([1, 0, 1, 1, 1, 1])


def _influence(score):
    """The two parts of Hájek's projection: of a case and of a control, over the size of its
    class."""
    kernel = (score[CASE][:, None] > score[~CASE]) + 0.5 * (score[CASE][:, None] == score[~CASE])
    influence = np.zeros(30)
    influence[CASE], influence[~CASE] = (
        (kernel.mean(axis=1) - kernel.mean()) / 12,
        (kernel.mean(axis=0) - kernel.mean()) / 18,
    )
    return kernel.mean(), influence


def _ends(value, error, level):
    z = norm.isf((1 - level) / 2)
    return value - z * error, value + z * error


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_auc_without_censoring(level):
    (value, influence), (second, more) = _influence(SCORE), _influence(OTHER)
    error = np.sqrt(30 / 29 * (influence**2).sum())
    found = st.time_dependent_auc(TIME, np.ones(30), SCORE, 12, level, method="wald")
    assert (found.value, found.standard_error, found.z, found.p, found.n) == pytest.approx(
        (value, error, (value - 0.5) / error, 2 * norm.sf(abs(value - 0.5) / error), 30)
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(_ends(value, error, level))
    assert found.method == "IPCW (Kaplan-Meier), cases: time <= horizon"
    difference, error = value - second, np.sqrt(30 / 29 * ((influence - more) ** 2).sum())
    found = st.time_dependent_auc_difference(TIME, np.ones(30), SCORE, OTHER, 12, level)
    assert (found.value, found.standard_error, found.z, found.p, found.n) == pytest.approx(
        (difference, error, difference / error, 2 * norm.sf(abs(difference) / error), 30)
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(_ends(difference, error, level))
    assert found.method == "IPCW, paired influence functions"


@pytest.mark.parametrize(
    ("score", "ends"), [([6, 4, 5, 3, 2, 1], (None, 1.0)), ([1, 3, 2, 4, 5, 6], (0.0, None))]
)
def test_ends_of_an_auc_are_cut(score, ends):
    found = st.time_dependent_auc(SIX, np.ones(6), score, 2.5, method="wald")
    assert found.value == pytest.approx(7 / 8 if ends[1] else 1 / 8)
    assert (
        found.ci_high == 1.0 and found.ci_low > 0
        if ends[1]
        else found.ci_low == 0.0 and found.ci_high < 1
    )


def test_auc_with_a_lost_patient_by_hand():
    """At 3.5: cases 1 (weight 1) and 3 (5/4), controls 4, 5, 6 of equal weight. Scores: 1 is above
    two and ties one, 3 above one."""
    found = st.time_dependent_auc(SIX, SEEN, [5, 9, 3, 5, 4, 2], 3.5)
    assert found.value == pytest.approx((1 * 2.5 / 3 + 1.25 * 1 / 3) / 2.25)


def test_competing_events_as_controls_or_left_out():
    """At 3.5: cases 1 and 3, competing 2; controls 4, 5, 6. Score of 2 above that of both cases."""
    event, score = [1, 2, 1, 1, 1, 1], [5, 7, 3, 4, 2, 1]
    assert st.time_dependent_auc(SIX, event, score, 3.5).value == pytest.approx((3 + 2) / 8)
    assert st.time_dependent_auc(
        SIX, event, score, 3.5, competing_are_controls=False
    ).value == pytest.approx((3 + 2) / 6)
    assert st.time_dependent_auc_difference(
        SIX, event, score, np.zeros(6), 3.5
    ).value == pytest.approx(5 / 8 - 1 / 2)
    for time in (0.5, 6):
        with pytest.raises(ValueError, match="horizon: "):
            st.time_dependent_auc(SIX, event, score, time)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_brier_score_without_censoring_is_a_mean(level):
    each = (CASE - RISK) ** 2
    found, error = (
        st.ipcw_brier_score(TIME, np.ones(30), RISK, 12, level),
        each.std(ddof=1) / np.sqrt(30),
    )
    assert (found.value, found.standard_error, found.z, found.p, found.n) == pytest.approx(
        (each.mean(), error, each.mean() / error, 2 * norm.sf(each.mean() / error), 30)
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(_ends(each.mean(), error, level))
    assert found.method == "IPCW (Kaplan-Meier)"


def test_weighted_by_hand():
    """At 3.5 the patient lost at 2 has no weight, the one before 1 and the four after 5/4."""
    risk = np.array([0.6, 0.9, 0.3, 0.2, 0.7, 0.1])
    value = (0.4**2 + 1.25 * (0.7**2 + 0.2**2 + 0.7**2 + 0.1**2)) / 6
    assert st.ipcw_brier_score(SIX, SEEN, risk, 3.5).value == pytest.approx(value)
    # Above 0.6: patients 1 and 5; the threshold itself is positive. Odds of 0.6: 3/2; of 0.25: 1/3,
    # with 1, 3 and 5.
    np.testing.assert_allclose(
        st.ipcw_net_benefit(SIX, SEEN, risk, 3.5, [0.6, 0.25, 0.95]),
        [(1 - 1.25 * 1.5) / 6, (1 + 1.25 - 1.25 / 3) / 6, 0],
    )


def test_error_with_censoring_by_hand():
    """Of one lost, at 2 among five at risk: log G changes with the mass of k by minus his
    martingale over 5, 4/25 for the one who is lost and -1/25 for the four after him; it moves the
    weight of those seen after 2, whose terms are `late`.
    """
    risk = np.array([0.6, 0.9, 0.3, 0.2, 0.7, 0.1])
    each = np.array([0.4**2, 0, 1.25 * 0.7**2, 1.25 * 0.2**2, 1.25 * 0.7**2, 1.25 * 0.1**2])
    late = each[2:].sum()
    influence = (
        each - each.mean() + late * np.array([0, 4 / 25, -1 / 25, -1 / 25, -1 / 25, -1 / 25])
    ) / 6
    assert st.ipcw_brier_score(SIX, SEEN, risk, 3.5).standard_error == pytest.approx(
        np.sqrt(6) * influence.std(ddof=1)
    )
    # One who is lost at the horizon moves the weights of those beyond it alone: at 2, patients 3 to
    # 6.
    each = np.array([0.4**2, 0, 1.25 * 0.3**2, 1.25 * 0.2**2, 1.25 * 0.7**2, 1.25 * 0.1**2])
    influence = (
        each
        - each.mean()
        + each[2:].sum() * np.array([0, 4 / 25, -1 / 25, -1 / 25, -1 / 25, -1 / 25])
    ) / 6
    assert st.ipcw_brier_score(SIX, SEEN, risk, 2).standard_error == pytest.approx(
        np.sqrt(6) * influence.std(ddof=1)
    )


def test_an_event_at_the_time_of_a_loss_is_not_reweighted_by_it():
    """Two at 2, one event and one lost: the event comes first. Weights 1, 1, 0, then 1 / (1 - 1/4)
    = 4/3."""
    time, event, risk = (
        [1.0, 2, 2, 4, 5, 6],
        [1, 1, 0, 1, 1, 1],
        np.array([0.6, 0.9, 0.3, 0.2, 0.7, 0.1]),
    )
    assert st.ipcw_brier_score(time, event, risk, 3).value == pytest.approx(
        (0.4**2 + 0.1**2 + 4 / 3 * (0.2**2 + 0.7**2 + 0.1**2)) / 6
    )
    each = np.array([0.4**2, 0.1**2, 0, 4 / 3 * 0.2**2, 4 / 3 * 0.7**2, 4 / 3 * 0.1**2])
    # riskRegression's martingale counts the event at 2 among the five at risk.
    influence = (
        each
        - each.mean()
        + each[3:].sum() * np.array([0, -1 / 25, 4 / 25, -1 / 25, -1 / 25, -1 / 25])
    ) / 6
    assert st.ipcw_brier_score(time, event, risk, 3).standard_error == pytest.approx(
        np.sqrt(6) * influence.std(ddof=1)
    )


def test_net_benefit_by_kaplan_meier():
    """Above 0.3: patients 1, 2, 3, 5, risk by 3.5: 1 - 3/4 × 1/2 = 5/8; above 0.6: 1, 2 and 5, risk
    1/3; nobody above 0.95. Above 0.8 only 2, lost before 3.5: unknown."""
    risk = [0.6, 0.9, 0.3, 0.2, 0.7, 0.1]
    found = st.net_benefit_survival(SIX, SEEN, risk, 3.5, [0.3, 0.6, 0.95, 0.8])
    np.testing.assert_allclose(
        found,
        [4 / 6 * (5 / 8 - 3 / 8 * 3 / 7), 3 / 6 * (1 / 3 - 2 / 3 * 1.5), 0, np.nan],
        atol=1e-12,
    )
    # All above it have had their event before the horizon: a risk of 1. A horizon at the longest
    # time is within the follow-up.
    assert st.net_benefit_survival([1, 2, 3], [1, 1, 0], [0.9, 0.9, 0.1], 2.5, 0.5)[
        0
    ] == pytest.approx(2 / 3)
    assert st.net_benefit_survival([1, 2, 3], [1, 0, 0], [0.9, 0.9, 0.1], 2, 0.5)[
        0
    ] == pytest.approx(2 / 3 * (1 / 2 - 1 / 2))
    assert np.isnan(st.net_benefit_survival([1, 2, 3], [1, 0, 0], [0.9, 0.9, 0.1], 2.5, 0.5)[0])
    with pytest.raises(
        ValueError, match=r"event: Kaplan-Meier risk is wrong with competing events \(2\)"
    ):
        st.net_benefit_survival([1, 2, 3], [1, 2, 0], [0.9, 0.9, 0.1], 2, 0.5)
