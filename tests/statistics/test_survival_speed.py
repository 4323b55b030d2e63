"""Survival statistics by sorted sums: the values of their definitions, patients × patients, and
100,000 patients in seconds."""

import time as clock
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from analysis import statistics as st


def cohort(n, decimals=None, seed=3):
    """Times (rounded, so tied, unless decimals is None), events 0, 1, 2, and a score with ties."""
    random = np.random.default_rng(seed)
    time = random.exponential(10, n)
    return (
        time if decimals is None else np.round(time, decimals),
        random.integers(0, 3, n),
        np.round(random.normal(size=n), 1),
    )


def incidence_error(time, event, of):
    """Infinitesimal jackknife of the Aalen-Johansen estimate, each patient's derivative at each
    time written out."""
    moments = np.unique(time)
    exposed = time[:, None] >= moments
    happened, wanted = (
        (time[:, None] == moments) & chosen[:, None] for chosen in (event > 0, event == of)
    )
    at_risk = exposed.sum(axis=0).astype(float)
    hazard, part = happened.sum(axis=0) / at_risk, wanted.sum(axis=0) / at_risk
    before = np.r_[1.0, np.cumprod(1 - hazard)[:-1]]
    with np.errstate(divide="ignore", invalid="ignore"):
        of_survival = -np.where(
            hazard < 1, (happened - exposed * hazard) / (at_risk * (1 - hazard)), 0.0
        )
    earlier = np.cumsum(of_survival, axis=1) - of_survival
    influence = np.cumsum(before * ((wanted - exposed * part) / at_risk + earlier * part), axis=1)
    return np.sqrt((influence**2).sum(axis=0))


def harrell(time, event, score):
    """Value, infinitesimal jackknife error and comparable pairs, pair by pair."""
    wins, pairs = np.zeros(len(time)), np.zeros(len(time))
    for i in np.flatnonzero(event == 1):
        later = (time > time[i]) | ((time == time[i]) & (event == 0))
        credit = np.where(score[i] > score, 1.0, np.where(score[i] == score, 0.5, 0.0)) * later
        wins += credit
        pairs += later
        wins[i] += credit.sum()
        pairs[i] += later.sum()
    value = wins.sum() / pairs.sum()
    return value, np.sqrt(((wins - value * pairs) ** 2).sum()) / (pairs.sum() / 2), pairs.sum() / 2


def horizon_error(time, event, share, horizon):
    """Influence of each patient on a weighted mean, with the derivative of the censoring weights as
    a matrix; share: Σ = what is estimated."""
    moments = np.unique(time[(event == 0) & (time <= horizon)])
    lost, exposed = (time[:, None] == moments) & (event == 0)[:, None], time[:, None] >= moments
    total = exposed.sum(axis=0)
    step = (lost - exposed * lost.sum(axis=0) / total) / total
    influence = share + share @ ((time[:, None] > moments).astype(float) @ step.T)
    return np.sqrt(len(time)) * np.std(influence, ddof=1)


@pytest.mark.parametrize(("n", "decimals"), [(25, 0), (120, 0), (300, 1), (300, None)])
def test_sorted_sums_are_the_definitions(n, decimals):
    time, event, score = cohort(n, decimals)
    for of in (1, 2):
        found = st.cumulative_incidence(time, event, of)
        np.testing.assert_allclose(
            found.standard_error[-len(np.unique(time)) :],
            incidence_error(time, event, of),
            rtol=1e-9,
            atol=1e-14,
        )
    index = st.concordance_index(time, (event == 1).astype(int), score)
    assert (index.value, index.standard_error, index.comparable) == pytest.approx(
        harrell(time, (event == 1).astype(int), score), rel=1e-12
    )
    horizon, status = 8.0, st.horizon_status(time, event, 8.0)
    for controls in (True, False):
        case = np.where(status.label == 1, status.weight, 0.0)
        control = np.where((status.label == 0) & (controls | ~status.competing), status.weight, 0.0)
        kernel = np.where(score[:, None] > score, 1.0, np.where(score[:, None] == score, 0.5, 0.0))
        value = case @ kernel @ control / case.sum() / control.sum()
        share = (
            case * (kernel @ control / control.sum() - value) / case.sum()
            + control * (case @ kernel / case.sum() - value) / control.sum()
        )
        found = st.time_dependent_auc(time, event, score, horizon, competing_are_controls=controls)
        assert (found.value, found.standard_error) == pytest.approx(
            (value, horizon_error(time, event, share, horizon)), rel=1e-12
        )


def test_log_rank_is_the_definition():
    time, event, _ = cohort(200, 0)
    group = np.arange(200) % 3
    moments, happened = np.unique(time[event == 1]), event == 1
    observed = np.array(
        [
            [(happened & (time == moment) & (group == name)).sum() for name in range(3)]
            for moment in moments
        ]
    )
    at_risk = np.array(
        [[((time >= moment) & (group == name)).sum() for name in range(3)] for moment in moments]
    )
    found = st.log_rank(time, happened.astype(int), group)
    np.testing.assert_allclose(found.observed, observed.sum(axis=0))
    np.testing.assert_allclose(
        found.expected, (observed.sum(axis=1) / at_risk.sum(axis=1)) @ at_risk
    )


N = 100_000
TIME, EVENT, SCORE = cohort(N)
ONE, RISK = (EVENT == 1).astype(int), 1 / (1 + np.exp(-SCORE))
COLUMNS = pd.DataFrame(
    {"a": SCORE, "b": np.random.default_rng(1).normal(size=N), "c": np.arange(N) % 2.0}
)
CALLS = {
    "Cox regression": lambda: st.cox_regression(COLUMNS, TIME, ONE),
    "log-rank": lambda: st.log_rank(TIME, ONE, np.arange(N) % 3),
    "Aalen-Johansen": lambda: st.cumulative_incidence(TIME, EVENT),
    "AUC at a horizon": lambda: st.time_dependent_auc(TIME, EVENT, SCORE, 8),
    "Brier score at a horizon": lambda: st.ipcw_brier_score(TIME, EVENT, RISK, 8),
    "C-index": lambda: st.concordance_index(TIME, ONE, SCORE),
    "Kaplan-Meier": lambda: st.kaplan_meier(TIME, ONE),
}


@pytest.mark.parametrize("name", CALLS)
def test_100_000_patients_in_seconds_and_little_memory(name):
    """Patients × patients would take 80 GB. Ten seconds of processor time are several times what a
    slow machine needs."""
    start = clock.process_time()
    CALLS[name]()
    assert clock.process_time() - start < 10
    tracemalloc.start()
    try:
        CALLS[name]()
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()


def test_proportional_hazards_and_prediction_of_many():
    fit = st.cox_regression(COLUMNS[:20_000], TIME[:20_000], ONE[:20_000])
    start = clock.process_time()
    assert (
        st.proportional_hazards_test(fit).loc["GLOBAL", "p"] > 1e-4
    )  # the columns have no effect at any time
    assert st.predicted_survival(fit, COLUMNS[:5], [1, 5, 10]).shape == (5, 3)
    assert clock.process_time() - start < 5
