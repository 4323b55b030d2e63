"""Net benefit in a population of another prevalence.

The prevalence is another than the patients'; the net benefit follows from their sensitivity and
specificity.

By hand, as dcurves has no interval.
"""

from __future__ import annotations

from typing import Any

from analysis.statistics.checks import as_label, as_probability, as_thresholds
from analysis.statistics.estimate import Estimate
from analysis.statistics.two_proportions import weighted_proportions


def net_benefit_at_prevalence(
    label: Any, probability: Any, thresholds: Any, prevalence: float, level: float = 0.95
) -> list[Estimate]:
    """Net benefit of a model at a given prevalence.

    sensitivity × prevalence - (1 - specificity) × (1 - prevalence) × t / (1 - t), one estimate a
    threshold; positive being probability >= t. Validated against dcurves::dca(prevalence = ).

    For cohorts whose share of events was designed, or differs from where the model is to be used:
    it assumes that sensitivity and specificity go along and leaves the probabilities as they are,
    so a model for such a place is recalibrated first. Interval: hybrid score, from Wilson's of the
    two proportions. A prevalence outside (0, 1), thresholds outside it, missing values or one class
    alone are a ValueError. Source: Vickers & Elkin 2006.

    >>> round(net_benefit_at_prevalence([0, 0, 1, 1], [0.2, 0.6, 0.4, 0.8], [0.5], 0.1)[0].value, 3)
    -0.4
    """
    if not 0 < prevalence < 1:
        raise ValueError(f"prevalence: a share between 0 and 1 is needed, got {prevalence:g}")
    label = as_label(label)
    probability, thresholds = as_probability(probability, label), as_thresholds(thresholds)
    events, others = int(label.sum()), int((1 - label).sum())
    found = []
    for threshold in thresholds:
        positive = probability >= threshold
        weights = prevalence, -(1 - prevalence) * threshold / (1 - threshold)
        found.append(
            weighted_proportions(
                (int((positive & (label == 1)).sum()), events),
                (int((positive & (label == 0)).sum()), others),
                weights,
                level,
            )
        )
    return found
