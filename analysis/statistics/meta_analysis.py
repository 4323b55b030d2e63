"""Random-effects pooling of one number from several centres or cohorts.

By hand: statsmodels' combine_effects estimates the variance between places by DerSimonian and Laird
or by Paule and Mandel, not by restricted maximum likelihood, and gives no prediction interval. Held
to R's metafor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import chi2, norm, t

from analysis.core.word_lists import counted
from analysis.statistics.auc_interval import auc_interval, newcombe_variance
from analysis.statistics.calibration import calibration_slope, observed_expected_ratio
from analysis.statistics.checks import as_label, as_level, as_vector
from analysis.statistics.roc import delong_interval

INTERVALS = ("hartung_knapp", "adhoc", "wald")


@dataclass(frozen=True)
class RandomEffects:
    """Random-effects mean over places, with its heterogeneity.

    value: mean over places, with its standard error and interval; tau_squared: variance between
    places; i_squared: share of the variance that is between places, in [0, 1]; q, q_p: Cochran's
    test of homogeneity; prediction_low, prediction_high: where the number of a new place is
    expected, NaN for two places; weights: of the places, in sum 1; places: how many.
    """

    value: float
    standard_error: float
    ci_low: float
    ci_high: float
    tau_squared: float
    i_squared: float
    q: float
    q_p: float
    prediction_low: float
    prediction_high: float
    weights: NDArray[np.float64]
    places: int


def _restricted_likelihood(
    tau_squared: NDArray[np.float64], effects: NDArray[np.float64], variances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Restricted log likelihood at each of several tau²."""
    weights = 1 / (variances + tau_squared[:, None])
    means = weights @ effects / weights.sum(axis=1)
    squares = (weights * (effects - means[:, None]) ** 2).sum(axis=1)
    likelihood: NDArray[np.float64] = -0.5 * (
        -np.log(weights).sum(axis=1) + np.log(weights.sum(axis=1)) + squares
    )
    return likelihood


def _between(effects: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """Variance between places by restricted maximum likelihood.

    The likelihood can have two maxima, so that a grid comes first.
    """
    top = 10 * float(np.var(effects, ddof=1)) + float(variances.max())
    grid = np.r_[0.0, np.geomspace(1e-8 * top, top, 200)]
    best = int(np.argmax(_restricted_likelihood(grid, effects, variances)))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)])
    # The root of the derivative is exact to the last digits, which the flat top of the likelihood
    # is not.
    if _slope_of_likelihood(low, effects, variances) <= 0:
        return 0.0 if low == 0 else low
    return float(
        brentq(_slope_of_likelihood, low, high, args=(effects, variances), xtol=1e-15, rtol=1e-13)
    )


def _slope_of_likelihood(
    tau_squared: float, effects: NDArray[np.float64], variances: NDArray[np.float64]
) -> float:
    weights = 1 / (variances + tau_squared)
    mean = weights @ effects / weights.sum()
    return float(
        0.5
        * (weights**2 @ (effects - mean) ** 2 - weights.sum() + weights @ weights / weights.sum())
    )


def random_effects(
    effects: Any, variances: Any, level: float = 0.95, interval: str = "hartung_knapp"
) -> RandomEffects:
    """Random-effects meta-analysis by restricted maximum likelihood.

    Mean of effects over places (centres, cohorts) that differ, the variance between them by
    restricted maximum likelihood.

    effects: one a place, on a scale on which it is about normal; variances: their squared standard
    errors. interval: "hartung_knapp", the default (t of k - 1 degrees of freedom, weighted
    variance; Hartung & Knapp 2001): it covers as often as it says from three places on
    (benchmarks/pooling.py); "adhoc" (the same, its variance never below the plain one; Röver et al.
    2015) covers too often, "wald" too seldom where places differ. I² is tau² over tau² and the
    typical variance (Higgins & Thompson 2002). The prediction interval has t of k - 2 degrees of
    freedom (Higgins et al. 2009), from the standard error of the interval asked for. Fewer than two
    places, or a variance that is not above 0, is a ValueError. Validated against metafor's rma(yi,
    vi, method = "REML", test = "knha", "adhoc" or "z").

    >>> found = random_effects([0.5, 1.0, 0.2, 0.9], [0.04, 0.05, 0.03, 0.06])
    >>> round(found.value, 3), round(found.tau_squared, 3), round(found.i_squared, 2)
    (0.627, 0.1, 0.7)
    """
    effects, variances = as_vector(effects, "effects"), as_vector(variances, "variances")
    if len(effects) != len(variances):
        raise ValueError(
            f"variances: {counted(len(variances), 'value')} for {counted(len(effects), 'effect')}"
        )
    if (variances <= 0).any():
        raise ValueError(
            "variances: each must be above 0; a place without a standard error can't be weighted"
        )
    if interval not in INTERVALS:
        raise ValueError(f"interval: one of {', '.join(INTERVALS)}, got '{interval}'")
    places, level = len(effects), as_level(level)
    if places < 2:
        raise ValueError(f"effects: {places} place; pooling needs at least two")
    within = 1 / variances
    typical = (places - 1) * within.sum() / (within.sum() ** 2 - (within**2).sum())
    fixed = within @ effects / within.sum()
    q = float(within @ (effects - fixed) ** 2)
    tau_squared = _between(effects, variances)
    weights = 1 / (variances + tau_squared)
    mean = float(weights @ effects / weights.sum())
    scale = float(weights @ (effects - mean) ** 2 / (places - 1)) if interval != "wald" else 1.0
    error = float(np.sqrt((max(scale, 1.0) if interval == "adhoc" else scale) / weights.sum()))
    quantile = (
        norm.ppf((1 + level) / 2) if interval == "wald" else t.ppf((1 + level) / 2, places - 1)
    )
    # Places that agree better than their own errors allow make no new place surer than those errors
    # do.
    plain = 1 / weights.sum()
    reach = (
        t.ppf((1 + level) / 2, places - 2) * np.sqrt(tau_squared + max(error**2, plain))
        if places > 2
        else np.nan
    )
    return RandomEffects(
        mean,
        error,
        ci_low=mean - quantile * error,
        ci_high=mean + quantile * error,
        tau_squared=tau_squared,
        i_squared=float(tau_squared / (tau_squared + typical)),
        q=q,
        q_p=float(chi2.sf(q, places - 1)),
        prediction_low=float(mean - reach),
        prediction_high=float(mean + reach),
        weights=weights / weights.sum(),
        places=places,
    )


@dataclass(frozen=True)
class PlaceEstimate:
    """Estimate of one place, on the scale that is pooled and on the one that is printed.

    effect and variance are on the scale that is pooled; value, ci_low, ci_high are on the scale
    that is printed, the AUC's and its interval those that are printed elsewhere.
    """

    effect: float
    variance: float
    value: float
    ci_low: float
    ci_high: float


def back_transformed(statistic: str, effect: float) -> float:
    """Effect taken from the scale that is pooled to the one that is printed.

    The scale that is pooled is logit for the AUC, log for O:E, none for the slope. Source: Debray
    et al. 2019, R's metamisc.

    >>> back_transformed("observed_expected", 0.0)
    1.0
    """
    if statistic not in POOLED:
        raise ValueError(f"statistic: one of {', '.join(POOLED)}, got '{statistic}'")
    return float(
        {"auc": expit, "observed_expected": np.exp, "calibration_slope": float}[statistic](effect)
    )


def _auc(label: NDArray[np.float64], probability: NDArray[np.float64]) -> tuple[float, float]:
    events, others = label.sum(), (1 - label).sum()
    found = delong_interval(label, probability)
    area, variance = found.auc, found.variance
    if area in (0, 1) or variance <= 0:
        # Nobody is misplaced: half a pair more (as for a proportion of 0 or 1), and the variance
        # that Newcombe (2006) gives there.
        area = (events * others * area + 0.5) / (events * others + 1)
        variance = newcombe_variance(area, events, others)
    return float(logit(area)), float(variance / (area * (1 - area)) ** 2)


def _observed_expected(
    label: NDArray[np.float64], probability: NDArray[np.float64]
) -> tuple[float, float]:
    ratio = observed_expected_ratio(label, probability).value
    return float(np.log(ratio)), float((1 - label.mean()) / label.sum())


def _slope(label: NDArray[np.float64], probability: NDArray[np.float64]) -> tuple[float, float]:
    found = calibration_slope(label, probability)
    return found.value, float(((found.ci_high - found.ci_low) / (2 * norm.ppf(0.975))) ** 2)


POOLED = {"auc": _auc, "observed_expected": _observed_expected, "calibration_slope": _slope}


def place_estimate(
    statistic: str, label: Any, probability: Any, level: float = 0.95
) -> PlaceEstimate:
    """Estimate of one place for pooling, with the variance that weights it.

    It is the AUC (logit, DeLong's variance), O:E (log) or calibration slope of one place.

    statistic: auc, observed_expected or calibration_slope. An AUC of 0 or 1 has no logit: its
    effect is taken as half a pair away from there, with Newcombe's variance (2006). A slope that is
    infinite or unidentified is a ValueError, as are both classes missing.
    Source: Debray et al. 2017 (BMJ 356:i6460), 2019.

    >>> round(place_estimate("auc", [0, 0, 1, 1], [0.1, 0.5, 0.4, 0.8]).value, 3)
    0.75
    """
    if statistic not in POOLED:
        raise ValueError(f"statistic: one of {', '.join(POOLED)}, got '{statistic}'")
    label = as_label(label)
    probability = as_vector(probability, "probability")
    effect, variance = POOLED[statistic](label, probability)
    if statistic == "auc":
        printed = auc_interval(label, probability, level)
        return PlaceEstimate(
            effect, variance, value=printed.auc, ci_low=printed.ci_low, ci_high=printed.ci_high
        )
    half = norm.ppf((1 + as_level(level)) / 2) * np.sqrt(variance)
    return PlaceEstimate(
        effect,
        variance,
        *(back_transformed(statistic, each) for each in (effect, effect - half, effect + half)),
    )
