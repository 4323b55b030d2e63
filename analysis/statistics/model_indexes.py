"""Indexes of a probability model as rms prints them.

They are R², D, U, Q, g, rank correlation and likelihood ratio.

By hand, as statsmodels prints other pseudo-R² than rms does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import chi2

from analysis.statistics.brier import brier_score
from analysis.statistics.calibration import recalibration_line
from analysis.statistics.checks import as_label, as_probability, as_vector
from analysis.statistics.roc import auc


@dataclass(frozen=True)
class ModelIndexes:
    """Indexes of a probability model, as rms has them.

    somers_d = 2 AUC - 1; r2: Nagelkerke's; d, u, q: discrimination, unreliability, quality
    (Harrell); emax over 0 to 1 by the recalibration line; g, gp: Gini's mean difference of linear
    predictor and of probability.
    """

    somers_d: float
    r2: float
    intercept: float
    slope: float
    emax: float
    d: float
    u: float
    q: float
    brier: float
    g: float
    gp: float
    likelihood_ratio: float
    unreliability_statistic: float
    unreliability_p: float


@dataclass(frozen=True)
class RankCorrelation:
    """Rank correlation of the probabilities with the outcome.

    c: concordance, ties half; somers_d = 2 c - 1; gamma: Goodman-Kruskal's, without tied pairs;
    tau_a: Kendall's, over all pairs.
    """

    c: float
    somers_d: float
    gamma: float
    tau_a: float


def gini_mean_difference(values: Any) -> float:
    """Mean absolute difference of two different values: Hmisc::GiniMd; at least 2 values.

    >>> gini_mean_difference([1, 2, 3])
    1.3333333333333333
    """
    ordered = np.sort(as_vector(values, "values"))
    n = len(ordered)
    if n < 2:
        raise ValueError("values: at least 2 are needed")
    return float(4 * np.sum((np.arange(1, n + 1) - (n + 1) / 2) * ordered) / (n * (n - 1)))


def rank_correlation(label: Any, score: Any) -> RankCorrelation:
    """C, Somers' D, Goodman-Kruskal gamma and Kendall's tau-a of a score with a 0/1 outcome.

    rms::lrm computes them on probabilities grouped to 1/5000 (`rms_groups`), so that its values can
    differ in the fourth digit. One score for all: C .5, the others 0. One class or a missing score
    is a ValueError.

    >>> rank_correlation([0, 1, 0, 1], [1, 2, 3, 4]).gamma
    0.5
    """
    label = as_label(label)
    area = auc(label, score)
    values = np.asarray(score, dtype=float)
    events, others = values[label == 1], np.sort(values[label == 0])
    tied = int(
        np.sum(np.searchsorted(others, events, "right") - np.searchsorted(others, events, "left"))
    )
    pairs, n = len(events) * len(others), len(label)
    surplus = (2 * area - 1) * pairs
    return RankCorrelation(
        area,
        2 * area - 1,
        float(surplus / (pairs - tied)) if pairs > tied else 0.0,
        float(2 * surplus / (n * (n - 1))),
    )


def rms_groups(probability: Any) -> NDArray[np.float64]:
    """Probabilities as rms::lrm groups them before it counts concordant pairs.

    They are whole five-thousandths, rounded down.

    >>> rms_groups([0.00039, 0.0004]).tolist()
    [1.0, 2.0]
    """
    probability = as_vector(probability, "probability")
    return np.floor(as_probability(probability, probability) * 5000)


def _log_likelihood(label: NDArray[np.float64], linear: NDArray[np.float64]) -> float:
    return float(np.sum(label * linear - np.logaddexp(0, linear)))


def recalibration_emax(intercept: float, slope: float) -> float:
    """Largest |p - expit(a + b logit p)| over p from 0 to 1 by 0.0005, as in rms::validate.

    >>> recalibration_emax(0.0, 1.0)
    0.0
    """
    p = np.arange(1, 2000) / 2000
    return float(np.round(np.max(np.abs(p - expit(intercept + slope * logit(p)))), 15))


def model_indexes(
    label: Any, probability: Any, own_data: bool = False, recalibrated: bool = True
) -> ModelIndexes:
    """Indexes of a model's probabilities in (0, 1).

    own_data: the model was fitted by maximum likelihood on these patients, so that intercept and
    slope are 0 and 1. recalibrated: r2, d and the likelihood ratio are those of the recalibration
    line, as in rms::validate; False: of the probabilities as they are given, as in rms::val.prob.
    Validated against both.

    >>> round(model_indexes([0, 1, 0, 1, 1, 0], [0.2, 0.3, 0.4, 0.6, 0.7, 0.8]).brier, 3)
    0.263
    """
    label = as_label(label)
    probability = as_probability(probability, label, open_interval=True)
    linear, n, prevalence = logit(probability), len(label), label.mean()
    null = n * (prevalence * np.log(prevalence) + (1 - prevalence) * np.log(1 - prevalence))
    intercept, slope = (0.0, 1.0) if own_data else recalibration_line(label, probability)
    refitted = intercept + slope * linear
    best, given = _log_likelihood(label, refitted), _log_likelihood(label, linear)
    ratio = 2 * ((best if recalibrated else given) - null)
    unreliability = 2 * (best - given)
    d, u = (ratio - 1) / n, (unreliability - 2) / n
    r2 = (1 - np.exp(-ratio / n)) / (1 - np.exp(2 * null / n))
    return ModelIndexes(
        2 * auc(label, refitted) - 1,
        float(r2),
        intercept=intercept,
        slope=slope,
        emax=recalibration_emax(intercept, slope),
        d=d,
        u=u,
        q=d - u,
        brier=brier_score(label, probability),
        g=gini_mean_difference(refitted),
        gp=gini_mean_difference(expit(refitted)),
        likelihood_ratio=ratio,
        unreliability_statistic=unreliability,
        unreliability_p=float(chi2.sf(unreliability, 2)),
    )
