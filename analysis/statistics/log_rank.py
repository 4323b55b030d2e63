"""Log-rank test of two or more survival curves, and its Fleming-Harrington weights.

By hand as lifelines tells neither observed nor expected events, nor their covariance, which the
trend test needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.statistics.checks import as_category, as_follow_up, as_score
from analysis.statistics.estimate import SignificanceTest
from analysis.statistics.risk_set import RiskSets
from analysis.statistics.survival import kaplan_meier


@dataclass(frozen=True)
class LogRank:
    """Log-rank test: events of each group, and the covariance of their differences.

    observed, expected: (weighted) events of each group, in the order of `groups`; covariance: that
    of their differences.
    """

    statistic: float
    p: float
    n: int
    degrees_of_freedom: int
    groups: tuple[Any, ...]
    observed: NDArray[np.float64]
    expected: NDArray[np.float64]
    covariance: NDArray[np.float64]


def log_rank(time: Any, event: Any, group: Any, rho: float = 0.0) -> LogRank:
    """Log-rank test; rho = 1 is the Peto-Peto modification, weights S(t-)^rho.

    Validated against survival::survdiff.

    group: one name a patient, at least two groups. Without any event: statistic 0, p 1.
    Missing groups are a ValueError.

    >>> log_rank([1, 2, 3, 4], [1, 1, 1, 1], ["a", "b", "a", "b"]).degrees_of_freedom
    1
    """
    time, event = as_follow_up(time, event)
    group = as_category(group, "group")
    names = tuple(dict.fromkeys(sorted(group.tolist()))) if group.shape == time.shape else ()
    if len(names) < 2:
        raise ValueError("group: one value a patient and at least two groups are needed")
    risk, member = RiskSets.of(time), (group[:, None] == np.array(names)).astype(float)
    kept = risk.at(event) > 0
    moments, deaths, at_risk = (
        risk.times[kept],
        risk.at(member * event[:, None])[kept],
        risk.from_on(member)[kept],
    )
    d, n = deaths.sum(axis=1), at_risk.sum(axis=1)
    curve = kaplan_meier(time, event)
    weight = (
        curve.survival[np.searchsorted(curve.time, moments) - 1] ** rho
        if len(moments)
        else np.ones(0)
    )
    share = at_risk / n[:, None]
    expected = (weight[:, None] * d[:, None] * share).sum(axis=0)
    observed = (weight[:, None] * deaths).sum(axis=0)
    factor = weight**2 * d * np.divide(n - d, n - 1, out=np.zeros_like(n), where=n > 1)
    covariance = (
        np.diag((factor[:, None] * share).sum(axis=0)) - (share * factor[:, None]).T @ share
    )
    difference = (observed - expected)[:-1]
    statistic = float(difference @ np.linalg.pinv(covariance[:-1, :-1]) @ difference)
    return LogRank(
        statistic,
        float(chi2.sf(statistic, len(names) - 1)),
        n=len(time),
        degrees_of_freedom=len(names) - 1,
        groups=names,
        observed=observed,
        expected=expected,
        covariance=covariance,
    )


def log_rank_trend(time: Any, event: Any, rank: Any) -> SignificanceTest:
    """Tarone's trend test along an order of groups; one degree of freedom.

    It tests whether survival worsens, or betters, along the order.

    rank: a number a patient, equal within a group; its distances are the trend's. Without any
    event: statistic 0, p 1. Raises ValueError for fewer than two groups. The statistic is that of
    the score test of a Cox model of the rank where no times are tied (Tarone 1975).

    >>> log_rank_trend([1, 2, 3, 4], [1, 1, 1, 1], [2, 1, 1, 0]).degrees_of_freedom
    1.0
    """
    rank = as_score(rank, np.asarray(time, dtype=float), "rank")
    test = log_rank(time, event, rank)
    weight = np.array(test.groups, dtype=float)
    variance = float(weight @ test.covariance @ weight)
    statistic = (
        float((weight @ (test.observed - test.expected)) ** 2 / variance) if variance > 0 else 0.0
    )
    return SignificanceTest(
        statistic, 1.0, float(chi2.sf(statistic, 1)), "log-rank test for trend (Tarone)"
    )
