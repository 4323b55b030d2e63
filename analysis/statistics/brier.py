"""Brier score: value, scaled versions, interval and paired difference.

By hand, as scikit-learn's brier_score_loss has neither interval, scaled form nor paired difference.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.statistics.checks import as_label, as_level, as_probability
from analysis.statistics.estimate import Contrast, Estimate, wald_contrast


def brier_score(label: Any, probability: Any) -> float:
    """Mean squared difference of outcome and probability; 0 is perfect.

    One class alone is allowed. Missing values and probabilities outside [0, 1] are a ValueError.
    Source: Brier 1950.

    >>> round(brier_score([0, 1], [0.2, 0.6]), 3)
    0.1
    """
    label = as_label(label, both_classes=False)
    return float(np.mean((as_probability(probability, label) - label) ** 2))


def scaled_brier_score(label: Any, probability: Any, definition: str = "prevalence") -> float:
    """1 - Brier / reference; 1 is perfect, 0 no better than one probability for all.

    definition: "prevalence" has the Brier score of the observed prevalence as reference (index of
    prediction accuracy, riskRegression's IPA); "mean_probability" that of the mean prediction
    (Steyerberg 2010). They agree only where the mean prediction is the prevalence.

    >>> scaled_brier_score([0, 1], [0.0, 1.0])
    1.0
    """
    label = as_label(label)
    probability = as_probability(probability, label)
    if definition not in ("prevalence", "mean_probability"):
        raise ValueError(f"definition: 'prevalence' or 'mean_probability', got '{definition}'")
    mean = float(label.mean() if definition == "prevalence" else probability.mean())
    if not 0 < mean < 1:
        raise ValueError(
            "probability: all are 0 or all 1, so the reference of the scaled score is 0"
        )
    return 1 - brier_score(label, probability) / (mean * (1 - mean))


def brier_interval(label: Any, probability: Any, level: float = 0.95) -> Estimate:
    """Brier score with its Wald interval (SD of the squared errors / √n), clipped to [0, 1].

    Validated against riskRegression::Score.

    One class alone is allowed; one patient has NaN ends. Missing values are a ValueError.

    >>> brier_interval([0, 1, 1], [0.2, 0.6, 0.9]).n
    3
    """
    label = as_label(label, both_classes=False)
    squared = (as_probability(probability, label) - label) ** 2
    half = (
        norm.ppf((1 + as_level(level)) / 2) * squared.std(ddof=1) / np.sqrt(len(label))
        if len(label) > 1
        else np.nan
    )
    mean = float(squared.mean())
    return Estimate(
        mean, float(np.clip(mean - half, 0, 1)), float(np.clip(mean + half, 0, 1)), len(label)
    )


def brier_difference(
    label: Any, probability_a: Any, probability_b: Any, level: float = 0.95
) -> Contrast:
    """Brier of a minus Brier of b on the same patients: paired Wald test.

    Validated against riskRegression::Score.

    One patient: NaN error and p. Missing values are a ValueError.

    >>> brier_difference([0, 1, 1], [0.2, 0.6, 0.9], [0.2, 0.6, 0.9]).p
    1.0
    """
    label = as_label(label, both_classes=False)
    first, second = (
        as_probability(p, label, name)
        for p, name in ((probability_a, "probability_a"), (probability_b, "probability_b"))
    )
    difference = (first - label) ** 2 - (second - label) ** 2
    error = float(difference.std(ddof=1) / np.sqrt(len(label))) if len(label) > 1 else np.nan
    return wald_contrast(
        float(difference.mean()),
        error,
        n=len(label),
        method="paired Wald",
        level=as_level(level),
        within=(-1, 1),
    )
