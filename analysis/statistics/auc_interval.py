"""Interval of an AUC that covers in small samples and near 1: a score interval, inverted.

DeLong's Wald interval takes the variance at the estimate, which is too small near 1 and zero at 1.
Newcombe's takes it at each AUC that is put to the test, by Hanley & McNeil's formula; that is exact
for no distribution and, in large samples, off for scores that spread unequally. Here it is scaled
by DeLong's variance, the more so the more patients there are. By hand because no Python library
inverts either; `python -m benchmarks.coverage` holds all of them to their coverage.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.roc import AucInterval, auc, delong_covariance, delong_interval

# Patients of the rarer outcome at which Newcombe's and DeLong's variance weigh the same: chosen by
# simulation (benchmarks.coverage).
EQUAL_WEIGHT = 20
METHODS = ("score", "newcombe", "logit", "wald")
METHOD_WORDS = "score interval (Newcombe's variance, scaled to DeLong's)"


def newcombe_variance(area: float, events: float, others: float) -> float:
    """Variance of an AUC if the true one is `area`.

    It is that of Hanley & McNeil (1982), both samples of mean size (Newcombe 2006, method 5).

    >>> newcombe_variance(0.5, 1, 1), newcombe_variance(1.0, 20, 13)
    (0.25, 0.0)
    """
    mean = (events + others) / 2 - 1
    return (
        area
        * (1 - area)
        * (1 + mean * (1 - area) / (2 - area) + mean * area / (1 + area))
        / (events * others)
    )


def score_limits(
    area: float, variance: float, events: float, others: float, level: float = 0.95
) -> tuple[float, float]:
    """Limits of the score interval of an AUC, within [0, 1].

    Between them are the areas whose distance from `area` is no more than their own standard error
    allows.

    variance: of the area as the data show it (DeLong's, or that of an influence function); NaN
    leaves Newcombe's as it is, as does an area of 0 or 1, where the data show no spread. At 1 the
    upper end is 1, at 0 the lower end 0. An area of NaN gives NaN.
    Source: Newcombe 2006, method 5, its variance scaled to the one given.

    >>> [round(end, 3) for end in score_limits(0.8, float("nan"), 20, 13)]
    [0.6, 0.909]
    """
    if not np.isfinite(area):
        return np.nan, np.nan
    # A weighted area of 1 comes out a rounding below it.
    area = float(np.round(area)) if abs(area - np.round(area)) < 1e-12 else area
    z, rarer = float(norm.ppf((1 + as_level(level)) / 2)), min(events, others)
    weight, ratio = rarer / (rarer + EQUAL_WEIGHT), 1.0
    if 0 < area < 1 and np.isfinite(variance):
        ratio = variance / newcombe_variance(area, events, others)
    scale = 1 - weight + weight * ratio

    def beyond(true: float) -> float:
        return (area - true) ** 2 - z**2 * scale * newcombe_variance(true, events, others)

    if area in (0, 1):
        # Divided by the distance to the end, which is a root as well: from 1 at the far end to less
        # than 0 at the near one.
        def perfect(true: float) -> float:
            mean = (events + others) / 2 - 1
            return (
                1
                - true
                - z**2
                * true
                * (1 + mean * (1 - true) / (2 - true) + mean * true / (1 + true))
                / (events * others)
            )

        end = float(brentq(perfect, 0.0, 1.0))
        return (end, 1.0) if area == 1 else (0.0, 1 - end)
    # One crossing on either side: the distance grows from 0 at the area, and the error is 0 at the
    # end.
    return float(brentq(beyond, 0.0, area)), float(brentq(beyond, area, 1.0))


def auc_interval(label: Any, score: Any, level: float = 0.95, method: str = "score") -> AucInterval:
    """AUC with its confidence interval.

    The interval covers as often as it says from 13 patients of the rarer outcome on.

    method: "score", the default: |AUC − θ| ≤ z √V(θ) solved for θ, with V(θ) = Newcombe's variance
    × (1 − w + w r), r DeLong's variance over Newcombe's at the estimate, w = k / (k + 20), k the
    patients of the rarer outcome. "newcombe": the same with w = 0, his method 5. "wald" and
    "logit": delong_interval. At an AUC of 1 or 0 the score interval is one-sided in shape and never
    a point; one event or one other is enough. One score for all has AUC .5. Missing scores are a
    ValueError.
    Source: Newcombe 2006 (part 2, method 5), DeLong et al. 1988; coverage by simulation.

    >>> perfect = auc_interval([0, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6])
    >>> round(perfect.ci_low, 2), perfect.ci_high
    (0.5, 1.0)
    """
    if method in ("wald", "logit"):
        return delong_interval(label, score, level, method)
    if method not in METHODS:
        raise ValueError(f"method: one of {', '.join(METHODS)}, got '{method}'")
    label = as_label(label)
    score = as_score(score, label)
    events, others = int(label.sum()), int((1 - label).sum())
    area, variance = auc(label, score), float(delong_covariance(label, score[:, None])[1][0, 0])
    low, high = score_limits(
        area,
        np.nan if method == "newcombe" else variance,
        events=events,
        others=others,
        level=level,
    )
    return AucInterval(area, low, ci_high=high, variance=variance, n=len(label), events=events)
