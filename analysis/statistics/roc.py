"""ROC curve and the area under it: DeLong's variance, intervals and tests.

By hand because no Python library gives the paired and unpaired tests with the interval of the
difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm, t
from sklearn import metrics

from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.estimate import SignificanceTest, standardised


@dataclass(frozen=True)
class RocCurve:
    """Points from (0, 0) to (1, 1); a patient is positive when score >= threshold."""

    false_positive_rate: NDArray[np.float64]
    true_positive_rate: NDArray[np.float64]
    thresholds: NDArray[np.float64]


@dataclass(frozen=True)
class AucInterval:
    """AUC with its interval at the level asked for.

    variance: DeLong's; n patients, `events` of them with label 1.
    """

    auc: float
    ci_low: float
    ci_high: float
    variance: float
    n: int
    events: int


@dataclass(frozen=True)
class DelongTest:
    """difference = auc_a - auc_b; p two-sided."""

    auc_a: float
    auc_b: float
    difference: float
    ci_low: float
    ci_high: float
    z: float
    p: float
    n: int
    degrees_of_freedom: float = np.inf


def roc_curve(label: Any, score: Any, thresholds: str = "observed") -> RocCurve:
    """ROC curve by scikit-learn, one point a distinct score, from (0, 0) to (1, 1).

    thresholds: "observed" scores, or "midpoint" between neighbouring distinct scores (pROC's
    convention, with -inf at the end); both give the same points. Validated against pROC::roc.
    One score for all gives (0, 0) and (1, 1). One class or a missing score is a ValueError.

    >>> roc_curve([0, 0, 1, 1], [1, 2, 2, 3]).true_positive_rate.tolist()
    [0.0, 0.5, 1.0, 1.0]
    """
    label = as_label(label)
    false_positive, true_positive, cuts = metrics.roc_curve(
        label, as_score(score, label), drop_intermediate=False
    )
    if thresholds == "midpoint":
        cuts = np.concatenate([[np.inf], (cuts[1:-1] + cuts[2:]) / 2, [-np.inf]])
    elif thresholds != "observed":
        raise ValueError(f"thresholds: 'observed' or 'midpoint', got '{thresholds}'")
    return RocCurve(false_positive, true_positive, cuts)


def _placements(
    label: NDArray[np.float64], score: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """AUC and the placement values of events and non-events: O(n log n) in float64 (Sun & Xu 2014).

    One sort: a placement counts the other class below a score, ties half, so it is half a sum of
    two cumulative counts.
    """
    order = np.argsort(score)
    ordered, event = score[order], label[order] == 1
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    tied = not first.all()

    def below(member: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Number of members below each sorted score, plus half of those tied with it."""
        count: NDArray[np.intp] = np.r_[0, np.cumsum(member)]
        if not tied:
            return count[:-1].astype(float)
        edges = np.r_[np.flatnonzero(first), len(score)]
        return np.repeat((count[edges[:-1]] + count[edges[1:]]) / 2, np.diff(edges))

    m = int(event.sum())
    n = len(event) - m
    placed = np.empty(len(score))
    placed[order] = np.where(event, below(~event) / n, 1 - below(event) / m)
    of_events, of_others = placed[label == 1], placed[label == 0]
    return float(of_events.mean()), of_events, of_others


def auc(label: Any, score: Any) -> float:
    """Area under the ROC curve, P(score of an event > score of a non-event), ties counted half.

    All ties: .5. One class, missing or infinite scores are a ValueError. Source: Hanley & McNeil
    1982, Bamber 1975.

    >>> auc([0, 0, 1, 1], [1, 2, 2, 3])
    0.875
    """
    label = as_label(label)
    return _placements(label, as_score(score, label))[0]


def delong_covariance(label: Any, scores: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """AUCs of k scores (columns of an n × k array) and their k × k covariance (DeLong et al. 1988).

    One event or one non-event leaves the covariance undefined: NaN. Validated against pROC::cov.

    >>> delong_covariance([0, 1, 0, 1], [[1], [2], [3], [4]])[0].tolist()
    [0.75]
    """
    label = as_label(label)
    columns = np.asarray(scores, dtype=float)
    parts = [
        _placements(label, as_score(columns[:, k], label, f"scores[:, {k}]"))
        for k in range(columns.shape[1])
    ]
    m, n = int(label.sum()), int((1 - label).sum())
    if m < 2 or n < 2:
        covariance = np.full((len(parts), len(parts)), np.nan)
    else:
        events, others = (
            np.array([part[1] for part in parts]),
            np.array([part[2] for part in parts]),
        )
        covariance = np.atleast_2d(np.cov(events)) / m + np.atleast_2d(np.cov(others)) / n
    return np.array([part[0] for part in parts]), covariance


def delong_interval(
    label: Any, score: Any, level: float = 0.95, method: str = "wald"
) -> AucInterval:
    """AUC with DeLong's interval, clipped to [0, 1]; method `logit` takes it on the logit scale.

    Validated against pROC::ci.auc. At an AUC of 0 or 1 the variance is 0 and the interval a point.
    One score for all has AUC .5 and variance 0. Fewer than two events or others: NaN ends. Missing
    scores are a ValueError.

    >>> interval = delong_interval([0, 1, 0, 1], [1, 2, 3, 4])
    >>> interval.auc, interval.ci_high
    (0.75, 1.0)
    """
    label = as_label(label)
    areas, covariance = delong_covariance(label, as_score(score, label)[:, None])
    area, variance = float(areas[0]), float(covariance[0, 0])
    z = norm.ppf((1 + as_level(level)) / 2)
    if method == "wald":
        low, high = area - z * np.sqrt(variance), area + z * np.sqrt(variance)
    elif method == "logit":
        if 0 < area < 1:
            centre, half = np.log(area / (1 - area)), z * np.sqrt(variance) / (area * (1 - area))
            low, high = 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))
        else:
            low = high = area
    else:
        raise ValueError(f"method: 'wald' or 'logit', got '{method}'")
    return AucInterval(
        area,
        float(np.clip(low, 0, 1)),
        ci_high=float(np.clip(high, 0, 1)),
        variance=variance,
        n=len(label),
        events=int(label.sum()),
    )


def _p_value(statistic: float, distribution: Any, alternative: str) -> float:
    tails = {
        "two-sided": lambda: 2 * distribution.sf(abs(statistic)),
        "greater": lambda: distribution.sf(statistic),
        "less": lambda: distribution.cdf(statistic),
    }
    if alternative not in tails:
        raise ValueError(f"alternative: 'two-sided', 'greater' or 'less', got '{alternative}'")
    return float(tails[alternative]())


def delong_test(
    label: Any, score_a: Any, score_b: Any, level: float = 0.95, alternative: str = "two-sided"
) -> DelongTest:
    """Paired test of two AUCs on the same patients (DeLong et al. 1988).

    Validated against pROC::roc.test(paired=TRUE).

    Scores that rank all patients alike have difference 0, z = 0, p = 1. alternative "greater":
    auc_a > auc_b. A p-value needs locked models and patients that none of them learnt from: see
    comparison.py. The interval is clipped to [-1, 1]. Fewer than two events or others: NaN. A
    missing score is a ValueError that names it.

    >>> delong_test([0, 1, 0, 1], [1, 2, 3, 4], [1, 2, 3, 4]).p
    1.0
    """
    label = as_label(label)
    scores = np.column_stack(
        [as_score(score_a, label, "score_a"), as_score(score_b, label, "score_b")]
    )
    areas, covariance = delong_covariance(label, scores)
    difference = float(areas[0] - areas[1])
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    error = float(np.sqrt(max(variance, 0.0)))
    z, half = standardised(difference, error), norm.ppf((1 + as_level(level)) / 2) * error
    low, high = np.clip([difference - half, difference + half], -1, 1)
    return DelongTest(
        float(areas[0]),
        float(areas[1]),
        difference=difference,
        ci_low=float(low),
        ci_high=float(high),
        z=z,
        p=_p_value(z, norm, alternative),
        n=len(label),
    )


def delong_test_unpaired(
    label_a: Any,
    score_a: Any,
    label_b: Any,
    score_b: Any,
    level: float = 0.95,
    alternative: str = "two-sided",
) -> DelongTest:
    """DeLong's test of two AUCs on different patients.

    It is Welch's t, as in pROC::roc.test(paired=FALSE); `z` holds the t statistic.

    Fewer than two events or others in one: NaN. Source: DeLong et al. 1988, Welch 1947.

    >>> delong_test_unpaired([0, 1, 0, 1], [1, 2, 3, 4], [0, 1, 0, 1], [1, 2, 3, 4]).p
    1.0
    """
    label_a, label_b = as_label(label_a, name="label_a"), as_label(label_b, name="label_b")
    first, second = (
        delong_interval(label_a, as_score(score_a, label_a, "score_a")),
        delong_interval(label_b, as_score(score_b, label_b, "score_b")),
    )
    difference, variance = first.auc - second.auc, first.variance + second.variance
    n = first.n + second.n
    freedom = (
        variance**2 / (first.variance**2 / (first.n - 1) + second.variance**2 / (second.n - 1))
        if variance > 0
        else float(n - 2)
    )
    statistic = standardised(difference, float(np.sqrt(variance)))
    half = t.ppf((1 + as_level(level)) / 2, freedom) * np.sqrt(variance)
    low, high = np.clip([difference - half, difference + half], -1, 1)
    return DelongTest(
        first.auc,
        second.auc,
        difference=difference,
        ci_low=float(low),
        ci_high=float(high),
        z=statistic,
        p=_p_value(statistic, t(freedom), alternative),
        n=n,
        degrees_of_freedom=float(freedom),
    )


def delong_global_test(label: Any, scores: Any) -> SignificanceTest:
    """DeLong's test of whether k AUCs on the same patients are all equal.

    It is a Wald chi-square, with degrees of freedom = rank of the contrasts.

    scores: n × k. Scores that rank alike lose a degree of freedom; if all do, p = 1. For k = 2 it
    is z² of the paired test. Where AUCs differ and their difference has no variance (1 against .5
    of a constant), the statistic is infinite, as in the paired test. Fewer than two events or
    others: NaN, never p = 1. Source: DeLong et al. 1988.

    >>> delong_global_test([0, 1, 0, 1], [[1, 1], [2, 2], [3, 3], [4, 4]]).p
    1.0
    """
    areas, covariance = delong_covariance(label, scores)
    contrast = np.eye(len(areas))[:-1] - np.eye(len(areas))[1:]
    spread, difference = contrast @ covariance @ contrast.T, contrast @ areas
    if not np.isfinite(spread).all():
        return SignificanceTest(np.nan, np.nan, np.nan, "DeLong global chi-square")
    freedom = int(np.linalg.matrix_rank(spread, tol=1e-14))
    inverse = np.linalg.pinv(spread, rcond=1e-10) if freedom else np.zeros_like(spread)
    if np.abs(difference - spread @ inverse @ difference).max() > 1e-9:
        return SignificanceTest(np.inf, freedom, 0.0, "DeLong global chi-square")
    statistic = float(difference @ inverse @ difference)
    return SignificanceTest(
        statistic,
        freedom,
        float(chi2.sf(statistic, freedom)) if freedom else 1.0,
        "DeLong global chi-square",
    )
