"""Difference of two AUCs on the same patients, in samples as small as a validation cohort of 33.

DeLong's test takes its variance for known, and with few events it is not: its interval covers .78
to .85 at three events. So the statistic is judged by Student's t, and near 1 the interval is no
narrower than that made of the two AUCs' own. By hand because no Python library has it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import rankdata, t

from analysis.statistics.auc_interval import score_limits
from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.estimate import standardised
from analysis.statistics.roc import DelongTest, delong_covariance

# Below so many patients of either outcome no test is made, and nothing is claimed.
LEAST_FOR_A_TEST = 10
METHOD_WORDS = (
    "DeLong's variance, Student's t with as many degrees of freedom as patients of the rarer"
    " outcome, less one"
)


def _limits_of_the_two(
    areas: NDArray[np.float64],
    covariance: NDArray[np.float64],
    events: int,
    others: int,
    level: float,
) -> tuple[float, float]:
    """Interval of a difference of two AUCs from their separate intervals.

    It is the difference's interval from those of the two AUCs and their correlation (Zou & Donner
    2008).
    """
    variances = np.diag(covariance)
    product = float(np.sqrt(variances.prod()))
    correlation = float(np.clip(covariance[0, 1] / product, -1, 1)) if product > 0 else 0.0
    (low_a, high_a), (low_b, high_b) = (
        score_limits(float(area), float(variance), events=events, others=others, level=level)
        for area, variance in zip(areas, variances, strict=True)
    )

    def half(one: float, two: float) -> float:
        return float(np.sqrt(max(one**2 + two**2 - 2 * correlation * one * two, 0.0)))

    a, b = float(areas[0]), float(areas[1])
    return a - b - half(a - low_a, high_b - b), a - b + half(high_a - a, b - low_b)


def _p_of_the_two(
    areas: NDArray[np.float64], covariance: NDArray[np.float64], events: int, others: int
) -> float:
    """One minus the level at which that interval ends at 0."""

    def end(level: float) -> float:
        low, high = _limits_of_the_two(areas, covariance, events=events, others=others, level=level)
        return low if areas[0] > areas[1] else -high

    if areas[0] == areas[1] or end(1e-9) <= 0:
        return 1.0
    most = 1 - 1e-9
    return 1 - most if end(most) > 0 else 1 - float(brentq(end, 1e-9, most, xtol=1e-10))


def auc_difference(label: Any, score_a: Any, score_b: Any, level: float = 0.95) -> DelongTest:
    """Difference of two AUCs on the same patients, with interval and test.

    It is auc_a - auc_b, with an interval that covers and a test that agrees with it.

    The difference over DeLong's standard error (`z`) is judged by Student's t with k - 1 degrees of
    freedom, k the patients of the rarer outcome. Where one AUC is so near 0 or 1 that less than one
    of these k patients is on the wrong side (its distance from the end is below 1 / k), DeLong's
    variance rests on next to nothing; the interval then reaches as far as that made of the two
    AUCs' score intervals (Zou & Donner 2008), and p follows. Clipped to [-1, 1]. Fewer than 10
    patients of either outcome (LEAST_FOR_A_TEST): an interval, and p = NaN; fewer than two: NaN
    ends. Scores that rank all patients alike have difference 0, interval 0 to 0 and p = 1. Missing
    scores are a ValueError.
    Source: DeLong et al. 1988; coverage and type I error by simulation (benchmarks.coverage).
    pROC::roc.test: delong_test.

    >>> found = auc_difference([0, 1] * 10, list(range(20)), [0, 2, 1, 3] * 5)
    >>> round(found.difference, 2), found.degrees_of_freedom
    (-0.45, 9.0)
    """
    label = as_label(label)
    scores = np.column_stack(
        [as_score(score_a, label, "score_a"), as_score(score_b, label, "score_b")]
    )
    as_level(level)
    areas, covariance = delong_covariance(label, scores)
    events, others = int(label.sum()), int((1 - label).sum())
    rarer, difference = min(events, others), float(areas[0] - areas[1])
    same_order = bool((rankdata(scores[:, 0]) == rankdata(scores[:, 1])).all())
    if rarer < 2:
        return DelongTest(
            float(areas[0]),
            float(areas[1]),
            difference=difference,
            ci_low=np.nan,
            ci_high=np.nan,
            z=np.nan,
            p=np.nan,
            n=len(label),
            degrees_of_freedom=np.nan,
        )
    error = float(
        np.sqrt(max(float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]), 0.0))
    )
    half = float(t.ppf((1 + level) / 2, rarer - 1)) * error
    low, high, z = difference - half, difference + half, standardised(difference, error)
    p = float(2 * t.sf(abs(z), rarer - 1))
    if not same_order and rarer * min(areas.min(), 1 - areas.max()) < 1:
        wider = _limits_of_the_two(areas, covariance, events=events, others=others, level=level)
        low, high = min(low, wider[0]), max(high, wider[1])
        if rarer >= LEAST_FOR_A_TEST:
            p = max(p, _p_of_the_two(areas, covariance, events, others))
    low, high = np.clip([low, high], -1, 1)
    return DelongTest(
        float(areas[0]),
        float(areas[1]),
        difference=difference,
        ci_low=float(low),
        ci_high=float(high),
        z=z,
        p=p if rarer >= LEAST_FOR_A_TEST else np.nan,
        n=len(label),
        degrees_of_freedom=float(rarer - 1),
    )
