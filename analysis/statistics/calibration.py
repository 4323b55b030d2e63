"""Calibration as numbers: in the large, slope, observed to expected.

They measure the agreement of predicted probabilities with what happened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import norm
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools import add_constant

from analysis.statistics.checks import as_label, as_level, as_probability
from analysis.statistics.estimate import Estimate
from analysis.statistics.logistic_profile import profile_interval
from analysis.statistics.separation import is_separated


def _logistic(
    label: NDArray[np.float64],
    design: NDArray[np.float64],
    offset: NDArray[np.float64] | None,
    column: int,
    level: float,
) -> Estimate:
    fit = GLM(label, design, family=families.Binomial(), offset=offset).fit(tol=1e-12, maxiter=100)
    half = norm.ppf((1 + as_level(level)) / 2) * fit.bse[column]
    return Estimate(
        float(fit.params[column]),
        float(fit.params[column] - half),
        float(fit.params[column] + half),
        len(label),
    )


def calibration_in_the_large(label: Any, probability: Any, level: float = 0.95) -> Estimate:
    """Calibration-in-the-large; 0 is perfect.

    It is the intercept of a logistic model with the logit of the probability as offset (slope fixed
    at 1).

    Wald interval. Validated against R's glm(y ~ 1, offset = qlogis(p), family = binomial). Not the
    intercept of the model that also fits a slope: that is calibration_intercept.

    >>> round(abs(calibration_in_the_large([0, 1, 0, 1], [0.3, 0.7, 0.4, 0.6]).value), 6)
    0.0
    """
    label = as_label(label)
    return _logistic(
        label,
        np.ones((len(label), 1)),
        offset=logit(as_probability(probability, label, open_interval=True)),
        column=0,
        level=level,
    )


def _recalibration(label: Any, probability: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    label = as_label(label)
    linear = logit(as_probability(probability, label, open_interval=True))
    if np.ptp(linear) == 0:
        raise ValueError("probability: all patients have the same one, so there is no slope")
    if is_separated(linear[:, None], label):
        raise ValueError(
            "probability: it separates the events from the others completely, so the slope is"
            " infinite"
        )
    return label, add_constant(linear)


def calibration_slope(
    label: Any, probability: Any, level: float = 0.95, interval: str = "wald"
) -> Estimate:
    """Calibration slope; 1 is perfect, below 1 is overfitted.

    It is the slope of a logistic model on the logit of the probability.

    Validated against R's glm(y ~ qlogis(p), family = binomial). interval: "wald" or "profile"
    likelihood. Probabilities must differ, and must not separate the outcome: then the slope is
    infinite, which is an error.

    >>> round(calibration_slope([0, 1, 0, 1, 1, 0], [0.2, 0.3, 0.4, 0.6, 0.7, 0.8]).value, 2)
    0.29
    """
    label, design = _recalibration(label, probability)
    if interval == "wald":
        return _logistic(label, design, offset=None, column=1, level=level)
    if interval != "profile":
        raise ValueError(f"interval: 'wald' or 'profile', got '{interval}'")
    low, high = profile_interval(design, label, 1, level)
    return Estimate(
        _logistic(label, design, offset=None, column=1, level=level).value, low, high, len(label)
    )


def calibration_intercept(label: Any, probability: Any, level: float = 0.95) -> Estimate:
    """Intercept of the joint recalibration model.

    The model is logit(y) = a + b logit(p); its intercept is rms::val.prob's "Intercept".

    It isn't calibration-in-the-large, which fixes the slope at 1; the report uses that one.

    >>> round(abs(calibration_intercept([0, 1, 0, 1], [0.3, 0.7, 0.8, 0.2]).value), 6)
    0.0
    """
    label, design = _recalibration(label, probability)
    return _logistic(label, design, offset=None, column=0, level=level)


def recalibration_line(label: Any, probability: Any) -> tuple[float, float]:
    """Intercept and slope of the joint recalibration model, without intervals: one fit.

    >>> line = recalibration_line([0, 1, 0, 1, 1], [0.3, 0.7, 0.8, 0.2, 0.6])
    >>> [round(value, 3) for value in line]
    [0.439, -0.296]
    """
    label, design = _recalibration(label, probability)
    intercept, slope = (
        GLM(label, design, family=families.Binomial()).fit(tol=1e-12, maxiter=100).params
    )
    return float(intercept), float(slope)


def observed_expected_ratio(label: Any, probability: Any, level: float = 0.95) -> Estimate:
    """Observed events / sum of probabilities; 1 is perfect.

    Interval on the log scale, SE(log) = √((1 - prevalence) / events) (Debray 2017).

    No event, or events only: NaN ends, as the error is infinite or 0. Missing values are a
    ValueError.

    >>> observed_expected_ratio([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]).value
    1.0
    """
    label = as_label(label, both_classes=False)
    events, expected = label.sum(), as_probability(probability, label).sum()
    if expected == 0:
        raise ValueError(
            "probability: all are 0, so no event is expected and the ratio is undefined"
        )
    ratio = float(events / expected)
    if events in (0, len(label)):  # the standard error is infinite or 0: no interval
        return Estimate(ratio, np.nan, np.nan, len(label))
    half = norm.ppf((1 + as_level(level)) / 2) * np.sqrt((1 - label.mean()) / events)
    return Estimate(ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half)), len(label))
