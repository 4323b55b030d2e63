"""Net benefit of acting on a prediction (Vickers & Elkin 2006)."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.statistics.checks import as_label, as_level, as_probability, as_vector
from analysis.statistics.estimate import Estimate


def _thresholds(thresholds: Any) -> np.ndarray:
    values = as_vector(thresholds, "thresholds")
    if (values <= 0).any() or (values >= 1).any():
        raise ValueError("thresholds: threshold probabilities lie strictly between 0 and 1")
    return values


def net_benefit(label: Any, probability: Any, thresholds: Any) -> np.ndarray:
    """TP/n - FP/n × t/(1-t), positive being probability >= t; one value a threshold. Validated against dcurves::dca.

    >>> net_benefit([0, 1], [0.2, 0.8], [0.5]).tolist()
    [0.5]
    """
    label = as_label(label, both_classes=False)
    probability, thresholds = as_probability(probability, label), _thresholds(thresholds)
    positive = probability[:, None] >= thresholds
    weights = thresholds / (1 - thresholds)
    return (positive * np.where(label[:, None] == 1, 1.0, -weights)).mean(axis=0)


def net_benefit_treat_all(label: Any, thresholds: Any) -> np.ndarray:
    """Net benefit of treating everybody: prevalence - (1 - prevalence) × t/(1-t)."""
    prevalence, thresholds = as_label(label, both_classes=False).mean(), _thresholds(thresholds)
    return prevalence - (1 - prevalence) * thresholds / (1 - thresholds)


def net_benefit_difference(label: Any, probability_a: Any, probability_b: Any, threshold: float, level: float = 0.95,
                           resamples: int = 1000, seed: int = 0) -> Estimate:
    """Net benefit of a minus that of b at one threshold; percentile interval from resampled patients (both models alike)."""
    label = as_label(label, both_classes=False)
    weight = threshold / (1 - _thresholds([threshold])[0])
    first, second = (as_probability(p, label, name) >= threshold for p, name in ((probability_a, "probability_a"), (probability_b, "probability_b")))
    contribution = (first.astype(float) - second) * np.where(label == 1, 1.0, -weight)
    drawn = np.random.default_rng(seed).integers(len(label), size=(resamples, len(label)))
    low, high = np.quantile(contribution[drawn].mean(axis=1), [(1 - as_level(level)) / 2, (1 + level) / 2])
    return Estimate(float(contribution.mean()), float(low), float(high), len(label))
