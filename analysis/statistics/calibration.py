"""Agreement of predicted probabilities with what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy.special import logit
from scipy.stats import norm

from analysis.statistics.checks import as_label, as_level, as_probability
from analysis.statistics.estimate import Estimate


@dataclass(frozen=True)
class CalibrationCurve:
    """Flexible curve: observed proportion at each predicted probability, with a confidence band."""

    predicted: np.ndarray
    observed: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray


def brier_score(label: Any, probability: Any) -> float:
    """Mean squared difference of outcome and probability.

    >>> round(brier_score([0, 1], [0.2, 0.6]), 3)
    0.1
    """
    label = as_label(label, both_classes=False)
    return float(np.mean((as_probability(probability, label) - label) ** 2))


def _logistic(label: np.ndarray, design: np.ndarray, offset: np.ndarray | None, column: int, level: float) -> Estimate:
    fit = sm.GLM(label, design, family=sm.families.Binomial(), offset=offset).fit()
    half = norm.ppf((1 + as_level(level)) / 2) * fit.bse[column]
    return Estimate(float(fit.params[column]), float(fit.params[column] - half), float(fit.params[column] + half), len(label))


def calibration_in_the_large(label: Any, probability: Any, level: float = 0.95) -> Estimate:
    """Intercept of a logistic model with the logit of the probability as offset (slope fixed at 1); 0 is perfect.

    Wald interval. Validated against R's glm(y ~ 1, offset = qlogis(p), family = binomial).
    """
    label = as_label(label)
    return _logistic(label, np.ones((len(label), 1)), logit(as_probability(probability, label, open_interval=True)), 0, level)


def calibration_slope(label: Any, probability: Any, level: float = 0.95) -> Estimate:
    """Slope of a logistic model on the logit of the probability; 1 is perfect, below 1 is overfitted.

    Wald interval. Validated against R's glm(y ~ qlogis(p), family = binomial). Needs probabilities that differ.
    """
    label = as_label(label)
    linear = logit(as_probability(probability, label, open_interval=True))
    if np.ptp(linear) == 0:
        raise ValueError("probability: all patients have the same one, so there is no slope")
    return _logistic(label, sm.add_constant(linear), None, 1, level)


def calibration_curve(label: Any, probability: Any, points: int = 50, level: float = 0.95) -> CalibrationCurve:
    """Loess of the outcome on the probability (span 0.75, degree 2, as R's loess), within the range of the data.

    R's own loess through scikit-misc; its band is pointwise, clipped to [0, 1]. Needs 10 distinct probabilities.
    """
    from skmisc.loess import loess
    label = as_label(label)
    probability = as_probability(probability, label)
    if len(np.unique(probability)) < 10:
        raise ValueError("probability: a flexible curve needs at least 10 distinct probabilities")
    grid = np.linspace(probability.min(), probability.max(), points)
    fit = loess(probability, label, span=0.75, degree=2)
    try:
        fit.fit()
        predicted = fit.predict(grid, stderror=True)
    except ValueError as error:  # too many ties in a neighbourhood
        raise ValueError(f"probability: loess can't be fitted to these {len(label)} values ({error})") from None
    band = predicted.confidence(alpha=1 - as_level(level))
    return CalibrationCurve(grid, np.clip(predicted.values, 0, 1), np.clip(band.lower, 0, 1), np.clip(band.upper, 0, 1))
