"""Cut-offs, and what a cut-off gives: accuracy, sensitivity, specificity, predictive values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.estimate import Estimate


@dataclass(frozen=True)
class Cutoff:
    """Positive is score >= value. ties: all cut-offs that are as good, `value` (the smallest) among them."""

    value: float
    sensitivity: float
    specificity: float
    ties: tuple[float, ...]


def _candidates(label: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Midpoints between neighbouring distinct scores (pROC's convention), with sensitivity and specificity."""
    distinct = np.unique(score)
    if len(distinct) < 2:
        raise ValueError("score: all patients have the same score, so no cut-off can separate them")
    middle = (distinct[:-1] + distinct[1:]) / 2
    events, others = np.sort(score[label == 1]), np.sort(score[label == 0])
    sensitivity = 1 - np.searchsorted(events, middle) / len(events)
    specificity = np.searchsorted(others, middle) / len(others)
    return middle, sensitivity, specificity


def youden_cutoff(label: Any, score: Any) -> Cutoff:
    """Cut-off with the largest sensitivity + specificity - 1. Validated against pROC::coords("best").

    >>> youden_cutoff([0, 0, 1, 1], [1, 2, 3, 4]).value
    2.5
    """
    label = as_label(label)
    middle, sensitivity, specificity = _candidates(label, as_score(score, label))
    index = sensitivity + specificity
    best = np.flatnonzero(index >= index.max() - 1e-12)
    first = best[0]
    return Cutoff(float(middle[first]), float(sensitivity[first]), float(specificity[first]), tuple(float(middle[i]) for i in best))


def sensitivity_cutoff(label: Any, score: Any, sensitivity: float = 0.9) -> Cutoff:
    """The highest cut-off whose sensitivity is at least the prespecified one."""
    label = as_label(label)
    middle, reached, specificity = _candidates(label, as_score(score, label))
    enough = np.flatnonzero(reached >= sensitivity - 1e-12)
    if not len(enough):
        raise ValueError(f"sensitivity: no cut-off between two scores reaches {sensitivity:g}")
    last = enough[-1]
    return Cutoff(float(middle[last]), float(reached[last]), float(specificity[last]), (float(middle[last]),))


def _proportion(count: int, of: int, level: float) -> Estimate:
    """Clopper-Pearson interval; without any patient to count, value and interval are NaN."""
    if of == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    low, high = proportion_confint(count, of, alpha=1 - level, method="beta")
    return Estimate(count / of, float(low), float(high), of)


def classification_metrics(label: Any, score: Any, cutoff: float, level: float = 0.95) -> dict[str, Estimate]:
    """accuracy, sensitivity, specificity, ppv, npv of "score >= cutoff", each with its exact binomial interval.

    n of each is its own denominator. A denominator of 0 (nobody positive, say) gives NaN.
    """
    label = as_label(label, both_classes=False)
    positive, event = as_score(score, label) >= cutoff, label == 1
    as_level(level)
    true_positive, true_negative = int((positive & event).sum()), int((~positive & ~event).sum())
    return {
        "accuracy": _proportion(true_positive + true_negative, len(label), level),
        "sensitivity": _proportion(true_positive, int(event.sum()), level),
        "specificity": _proportion(true_negative, int((~event).sum()), level),
        "ppv": _proportion(true_positive, int(positive.sum()), level),
        "npv": _proportion(true_negative, int((~positive).sum()), level),
    }
