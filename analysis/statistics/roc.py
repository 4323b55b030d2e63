"""ROC curve and the area under it: DeLong's variance, intervals and tests.

By hand because no Python library gives the paired and unpaired tests with the interval of the difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm, rankdata, t
from sklearn import metrics

from analysis.statistics.checks import as_label, as_level, as_score


@dataclass(frozen=True)
class RocCurve:
    """Points from (0, 0) to (1, 1); a patient is positive when score >= threshold."""

    false_positive_rate: np.ndarray
    true_positive_rate: np.ndarray
    thresholds: np.ndarray


@dataclass(frozen=True)
class AucInterval:
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


def roc_curve(label: Any, score: Any) -> RocCurve:
    """ROC curve by scikit-learn, one point a distinct score.

    >>> roc_curve([0, 0, 1, 1], [1, 2, 2, 3]).true_positive_rate.tolist()
    [0.0, 0.5, 1.0, 1.0]
    """
    label = as_label(label)
    false_positive, true_positive, thresholds = metrics.roc_curve(label, as_score(score, label), drop_intermediate=False)
    return RocCurve(false_positive, true_positive, thresholds)


def _placements(label: np.ndarray, score: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """AUC and the placement values of events and non-events: O(n log n) by midranks in float64 (Sun & Xu 2014)."""
    events, others = score[label == 1], score[label == 0]
    m, n = len(events), len(others)
    together = rankdata(np.concatenate([events, others]))
    of_events = (together[:m] - rankdata(events)) / n
    of_others = 1 - (together[m:] - rankdata(others)) / m
    return float(of_events.mean()), of_events, of_others


def auc(label: Any, score: Any) -> float:
    """Area under the ROC curve, P(score of an event > score of a non-event), ties counted half.

    >>> auc([0, 0, 1, 1], [1, 2, 2, 3])
    0.875
    """
    label = as_label(label)
    return _placements(label, as_score(score, label))[0]


def delong_covariance(label: Any, scores: Any) -> tuple[np.ndarray, np.ndarray]:
    """AUCs of k scores (columns of an n × k array) and their k × k covariance (DeLong et al. 1988).

    One event or one non-event leaves the covariance undefined: NaN.
    """
    label = as_label(label)
    columns = np.asarray(scores, dtype=float)
    parts = [_placements(label, as_score(columns[:, k], label, f"scores[:, {k}]")) for k in range(columns.shape[1])]
    m, n = int(label.sum()), int((1 - label).sum())
    if m < 2 or n < 2:
        covariance = np.full((len(parts), len(parts)), np.nan)
    else:
        events, others = np.array([part[1] for part in parts]), np.array([part[2] for part in parts])
        covariance = np.atleast_2d(np.cov(events)) / m + np.atleast_2d(np.cov(others)) / n
    return np.array([part[0] for part in parts]), covariance


def delong_interval(label: Any, score: Any, level: float = 0.95, method: str = "wald") -> AucInterval:
    """AUC with DeLong's interval, clipped to [0, 1]; method `logit` takes it on the logit scale.

    Validated against pROC::ci.auc. At an AUC of 0 or 1 the variance is 0 and the interval a point.
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
    return AucInterval(area, float(np.clip(low, 0, 1)), float(np.clip(high, 0, 1)), variance, len(label), int(label.sum()))


def delong_test(label: Any, score_a: Any, score_b: Any, level: float = 0.95) -> DelongTest:
    """Paired test of two AUCs on the same patients. Validated against pROC::roc.test(paired=TRUE).

    Scores that rank all patients alike have difference 0, z = 0, p = 1, never 0/0.
    """
    label = as_label(label)
    scores = np.column_stack([as_score(score_a, label, "score_a"), as_score(score_b, label, "score_b")])
    areas, covariance = delong_covariance(label, scores)
    difference = float(areas[0] - areas[1])
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    error = np.sqrt(max(variance, 0.0)) if np.isfinite(variance) else np.nan
    if error < 1e-12:
        z, p = (0.0, 1.0) if abs(difference) < 1e-12 else (np.sign(difference) * np.inf, 0.0)
    else:
        z = difference / error
        p = float(2 * norm.sf(abs(z)))
    half = norm.ppf((1 + as_level(level)) / 2) * error
    return DelongTest(float(areas[0]), float(areas[1]), difference, difference - half, difference + half, float(z), p, len(label))


def delong_test_unpaired(label_a: Any, score_a: Any, label_b: Any, score_b: Any, level: float = 0.95) -> DelongTest:
    """Two AUCs on different patients: Welch's t, as in pROC::roc.test(paired=FALSE); `z` holds the t statistic."""
    first, second = delong_interval(label_a, score_a), delong_interval(label_b, score_b)
    difference, variance = first.auc - second.auc, first.variance + second.variance
    freedom = variance**2 / (first.variance**2 / (first.n - 1) + second.variance**2 / (second.n - 1))
    error = np.sqrt(variance)
    half = t.ppf((1 + as_level(level)) / 2, freedom) * error
    return DelongTest(first.auc, second.auc, difference, difference - half, difference + half, float(difference / error),
                      float(2 * t.sf(abs(difference / error), freedom)), first.n + second.n)
