"""AUC, Brier score and net benefit at a horizon, with censoring before it.

They are by inverse probability of censoring.

Cumulative cases (event at time <= horizon) against dynamic controls (time > horizon). By hand
because neither lifelines nor statsmodels has them, and scikit-survival's have no errors; sorted
sums, O(n log n).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.auc_interval import score_limits
from analysis.statistics.censoring import horizon_status
from analysis.statistics.checks import (
    as_event_type,
    as_level,
    as_probability,
    as_score,
    as_thresholds,
)
from analysis.statistics.estimate import Contrast, wald_contrast
from analysis.statistics.risk_set import RiskSets, before, through
from analysis.statistics.survival import kaplan_meier


def _through_weights(
    time: NDArray[np.float64],
    event: NDArray[np.float64],
    horizon: float,
    share: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Influence of each patient k through the weights of all patients i.

    It is Σ_i share_i × the derivative of log of i's weight to the mass of k, by the Kaplan-Meier of
    censoring.

    A censoring by the horizon weighs on all whose time is later; k enters by the martingale of its
    censoring over the number at risk (Nelson-Aalen's increments). As in riskRegression, those with
    an event at the same time are at risk too.
    """
    risk = RiskSets.of(time)
    lost = (event == 0) & (time <= horizon)
    at_risk, leaving, later = risk.from_on(), risk.at(lost.astype(float)), risk.after(share)
    own: NDArray[np.float64] = lost * (later / at_risk)[risk.place]
    return own - through(later * leaving / at_risk**2)[risk.place]


def _wins(score: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of the patients of lower score plus half of that of the tied, for each patient."""
    sets = RiskSets.of(score)
    return (before(sets.at(weight)) + sets.at(weight) / 2)[sets.place]


def _auc_influence(
    time: NDArray[np.float64],
    event: NDArray[np.float64],
    score: NDArray[np.float64],
    horizon: float,
    competing_controls: bool,
) -> tuple[float, NDArray[np.float64]]:
    status = horizon_status(time, event, horizon)
    case = np.where(status.label == 1, status.weight, 0.0)
    control = np.where(
        (status.label == 0) & (competing_controls | ~status.competing), status.weight, 0.0
    )
    if not case.any() or not control.any():
        raise ValueError(f"horizon: both events by {horizon:g} and patients beyond it are needed")
    cases, controls = case.sum(), control.sum()
    above, below = _wins(score, control) / controls, _wins(-score, case) / cases
    value = float(case @ above / cases)
    from_case, from_control = case * (above - value) / cases, control * (below - value) / controls
    share = from_case + from_control
    return value, share + _through_weights(time, event, horizon, share)


def influence_error(influence: NDArray[np.float64]) -> float:
    """Standard error of a statistic that sums patients' influences; NaN of a single patient."""
    n = len(influence)
    return float(np.sqrt(n) * np.std(influence, ddof=1)) if n > 1 else np.nan


def time_dependent_auc(  # noqa: PLR0913 - settings of riskRegression::Score
    time: Any,
    event: Any,
    score: Any,
    horizon: float,
    level: float = 0.95,
    competing_are_controls: bool = True,
    method: str = "score",
) -> Contrast:
    """Time-dependent AUC of a score at a horizon.

    A higher score stands for an earlier event. The standard error is by the AUC's influence
    function; p is against .5.

    event: 0 censored, 1 of interest, 2 competing, which count as controls unless
    competing_are_controls is False.
    method: "score", the default, is the score interval of analysis.statistics.auc_interval with the
    influence function's variance and the numbers of cases and controls; "wald" that of
    riskRegression, clipped to [0, 1]. Validated against riskRegression::Score and timeROC (marginal
    weights), which takes tied times one after the other, so that its standard errors differ in the
    sixth digit where censoring times are tied. One score for all: .5, p 1. Nobody beyond the
    horizon or no event by it is a ValueError.

    >>> time_dependent_auc([1, 2, 3, 4], [1, 1, 1, 1], [4, 3, 2, 1], 2.5).value
    1.0
    """
    time, event = as_event_type(time, event)
    value, influence = _auc_influence(
        time,
        event,
        score=as_score(score, time),
        horizon=horizon,
        competing_controls=competing_are_controls,
    )
    error = influence_error(influence)
    test = wald_contrast(value - 0.5, error, len(time), "")
    if method == "wald":
        interval = wald_contrast(value, error, n=len(time), method="", level=as_level(level))
        low, high = max(interval.ci_low, 0.0), min(interval.ci_high, 1.0)
    elif method == "score":
        status = horizon_status(time, event, horizon)
        controls = (status.label == 0) & (competing_are_controls | ~status.competing)
        low, high = score_limits(
            value,
            error**2,
            events=int(np.sum(status.label == 1)),
            others=int(controls.sum()),
            level=level,
        )
    else:
        raise ValueError(f"method: 'score' or 'wald', got '{method}'")
    return Contrast(
        value,
        low,
        ci_high=high,
        standard_error=error,
        z=test.z,
        p=test.p,
        n=len(time),
        method="IPCW (Kaplan-Meier), cases: time <= horizon",
    )


def time_dependent_auc_difference(
    time: Any, event: Any, score_a: Any, score_b: Any, horizon: float, level: float = 0.95
) -> Contrast:
    """Paired difference a - b of two AUCs at a horizon. Validated against timeROC::compare.

    >>> time_dependent_auc_difference([1, 2, 3, 4], [1, 1, 1, 1], [4, 3, 2, 1], [4, 3, 2, 1], 2.5).p
    1.0
    """
    time, event = as_event_type(time, event)
    (a, first), (b, second) = (
        _auc_influence(
            time, event, score=as_score(score, time, name), horizon=horizon, competing_controls=True
        )
        for score, name in ((score_a, "score_a"), (score_b, "score_b"))
    )
    return wald_contrast(
        a - b,
        influence_error(first - second),
        n=len(time),
        method="IPCW, paired influence functions",
        level=as_level(level),
        within=(-1, 1),
    )


def ipcw_brier_score(
    time: Any, event: Any, probability: Any, horizon: float, level: float = 0.95
) -> Contrast:
    """Brier score at a horizon of the probability of an event by then.

    Unknown labels have weight 0; others stand for them.

    Validated against riskRegression::Score(cens.model = "km"). The p-value is against 0 and means
    nothing. One patient: NaN error and p. Nobody beyond the horizon is a ValueError.

    >>> round(ipcw_brier_score([1, 2, 3, 4], [1, 1, 1, 1], [0.9, 0.9, 0.1, 0.1], 2.5).value, 3)
    0.01
    """
    time, event = as_event_type(time, event)
    probability = as_probability(probability, time)
    value, influence = brier_influence(time, event, probability, horizon)
    return wald_contrast(
        value,
        influence_error(influence),
        n=len(time),
        method="IPCW (Kaplan-Meier)",
        level=as_level(level),
        within=(0, 1),
    )


def brier_influence(
    time: NDArray[np.float64],
    event: NDArray[np.float64],
    probability: NDArray[np.float64],
    horizon: float,
) -> tuple[float, NDArray[np.float64]]:
    """Brier score of checked vectors, and each patient's influence on it over n."""
    status = horizon_status(time, event, horizon)
    each = status.weight * np.where(
        np.isnan(status.label), 0.0, (np.nan_to_num(status.label) - probability) ** 2
    )
    value = float(each.mean())
    return value, (each - value + _through_weights(time, event, horizon, each)) / len(time)


def ipcw_net_benefit(
    time: Any, event: Any, probability: Any, horizon: float, thresholds: Any
) -> NDArray[np.float64]:
    """Net benefit at a horizon, patients weighted by 1/G.

    probability: risk of an event by the horizon, never survival.

    Patients censored before the horizon have weight 0. Source: Vickers et al. 2008, Graf et al.
    1999.

    >>> ipcw_net_benefit([1, 2, 3, 4], [1, 1, 1, 1], [0.9, 0.9, 0.1, 0.1], 2.5, [0.5]).tolist()
    [0.5]
    """
    time, event = as_event_type(time, event)
    probability, thresholds = as_probability(probability, time), as_thresholds(thresholds)
    status = horizon_status(time, event, horizon)
    positive = probability[:, None] >= thresholds
    case, control = (np.where(status.label == value, status.weight, 0.0) for value in (1, 0))
    benefit: NDArray[np.float64] = (
        case @ positive - control @ positive * thresholds / (1 - thresholds)
    ) / len(time)
    return benefit


def net_benefit_survival(
    time: Any, event: Any, probability: Any, horizon: float, thresholds: Any
) -> NDArray[np.float64]:
    """Net benefit at a horizon by the Kaplan-Meier risk of the patients with probability >= t.

    Validated against dcurves::dca.

    probability: risk by the horizon, never survival. Nobody above a threshold: 0. Followed less
    long than the horizon: NaN.

    >>> net_benefit_survival([1, 2, 3, 4], [1, 1, 1, 1], [0.9, 0.9, 0.1, 0.1], 2.5, [0.5]).tolist()
    [0.5]
    """
    time, event = as_event_type(time, event)
    if (event == 2).any():
        raise ValueError(
            "event: Kaplan-Meier risk is wrong with competing events (2); use ipcw_net_benefit"
        )
    probability, thresholds = as_probability(probability, time), as_thresholds(thresholds)
    result = np.zeros(len(thresholds))
    for place, threshold in enumerate(thresholds):
        positive = probability >= threshold
        if positive.any():
            curve = kaplan_meier(time[positive], event[positive])
            risk = (
                np.nan
                if time[positive].max() < horizon and curve.survival[-1] > 0
                else 1 - curve.survival[curve.at(horizon)]
            )
            result[place] = positive.mean() * (risk - (1 - risk) * threshold / (1 - threshold))
    return result
