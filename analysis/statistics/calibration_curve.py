"""Flexible calibration curve and its distance from the diagonal.

It is a smooth curve of the outcome on the prediction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm
from skmisc.loess import loess
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.nonparametric.smoothers_lowess import lowess
from statsmodels.tools import add_constant

from analysis.statistics.checks import as_label, as_level, as_probability
from analysis.statistics.splines import restricted_cubic_spline, spline_knots

ENOUGH = 100
MOST_PATIENTS, CELLS, PREDICTED = 5000, 2000, 5000


@dataclass(frozen=True)
class CalibrationCurve:
    """Observed proportion at each predicted probability, with a pointwise confidence band.

    unstable: fewer than 100 events or 100 others; then O:E and slope with their intervals carry the
    statement, not the curve.
    """

    predicted: NDArray[np.float64]
    observed: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    unstable: bool = False


@dataclass(frozen=True)
class CalibrationErrors:
    """Calibration errors ICI, E50, E90 and Emax.

    They are the mean (ICI), median (E50), 90th percentile (E90) and maximum (Emax) of |smoothed
    observed - predicted| over the patients.
    """

    ici: float
    e50: float
    e90: float
    emax: float
    smoothed: NDArray[np.float64]
    smoother: str


def _neighbours(
    probability: NDArray[np.float64], label: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean probability and mean label of many patients, as CELLS groups of neighbours.

    There are equally many patients in each group. The lowest and the highest stand alone, so that
    the curve reaches as far as the data. Equal sizes need no weights, which loess leaves out of its
    residual scale.
    """
    order, n = np.argsort(probability, kind="stable"), len(probability)
    starts = np.unique(np.concatenate([[0, 1], np.linspace(1, n - 1, CELLS).astype(int)]))
    sizes = np.diff([*starts, n]).astype(float)
    return (
        np.add.reduceat(probability[order], starts) / sizes,
        np.add.reduceat(label[order].astype(float), starts) / sizes,
    )


def _loess(probability: NDArray[np.float64], label: NDArray[np.float64], surface: str) -> loess:
    """Loess fit of label on probability.

    Its standard errors take time and memory with the square of the patients, so where there are
    more than MOST_PATIENTS, neighbours are taken together.
    """
    if len(np.unique(probability)) < 10:
        raise ValueError("probability: a flexible curve needs at least 10 distinct probabilities")
    if len(probability) > MOST_PATIENTS:
        fit = loess(*_neighbours(probability, label), span=0.75, degree=2, surface=surface)
    else:
        fit = loess(probability, label, span=0.75, degree=2, surface=surface)
    fit.fit()
    return fit


def _spline_fit(
    probability: NDArray[np.float64], label: NDArray[np.float64], knots: NDArray[np.float64]
) -> GLM:
    design = add_constant(restricted_cubic_spline(logit(probability), knots))
    return GLM(label, design, family=families.Binomial()).fit(tol=1e-12, maxiter=100)


def smoothed_outcome(
    label: Any, probability: Any, smoother: str = "loess", knots: int = 4
) -> NDArray[np.float64]:
    """Smoothed outcome at each patient's probability.

    smoother: "loess" (span .75, degree 2, interpolated: R's default and Austin & Steyerberg's),
    "loess_direct" (no interpolation), "spline" (logistic on a restricted cubic spline of the
    logit), or "lowess" (rms::val.prob's, span 2/3, no robustness).

    >>> smoothed_outcome([0, 1] * 10, [i / 21 for i in range(1, 21)]).shape
    (20,)
    """
    label = as_label(label)
    probability = as_probability(probability, label, open_interval=smoother == "spline")
    if smoother in ("loess", "loess_direct"):
        fit = _loess(probability, label, "interpolate" if smoother == "loess" else "direct")
        # In parts, as a prediction asks for points × patients of the fit at once.
        parts = np.array_split(probability, -(-len(probability) // PREDICTED))
        return np.concatenate([np.asarray(fit.predict(part).values) for part in parts])
    if smoother == "spline":
        places = spline_knots(logit(probability), knots)
        return np.asarray(_spline_fit(probability, label, places).fittedvalues)
    if smoother == "lowess":
        points = lowess(label, probability, frac=2 / 3, it=0, delta=0.01 * np.ptp(probability))
        distinct, position = np.unique(points[:, 0], return_inverse=True)
        mean = np.bincount(position, points[:, 1]) / np.bincount(position)
        smooth: NDArray[np.float64] = np.interp(probability, distinct, mean)
        return smooth
    raise ValueError(f"smoother: 'loess', 'loess_direct', 'spline' or 'lowess', got '{smoother}'")


def calibration_errors(
    label: Any, probability: Any, smoother: str = "loess", knots: int = 4
) -> CalibrationErrors:
    """ICI, E50, E90 and Emax (Austin & Steyerberg 2019), of the smoother named.

    Validated against R's loess, rms and lowess.

    lowess isn't loess: its values carry its own name.

    >>> calibration_errors([0, 1] * 10, [i / 21 for i in range(1, 21)]).smoother
    'loess'
    """
    smoothed = smoothed_outcome(label, probability, smoother, knots)
    error = np.abs(smoothed - np.asarray(probability, dtype=float))
    return CalibrationErrors(
        float(error.mean()),
        float(np.median(error)),
        e90=float(np.quantile(error, 0.9)),
        emax=float(error.max()),
        smoothed=smoothed,
        smoother=smoother,
    )


def calibration_curve(
    label: Any,
    probability: Any,
    points: int = 50,
    level: float = 0.95,
    smoother: str = "loess",
    knots: int = 4,
) -> CalibrationCurve:
    """Flexible calibration curve within the range of the data.

    It is fitted by "loess" (R's own, through scikit-misc) or "spline", both clipped to [0, 1].

    Needs 10 distinct probabilities. Below 100 events or 100 others it is marked unstable (Van
    Calster et al. 2016).

    >>> calibration_curve([0, 1] * 10, [i / 21 for i in range(1, 21)], points=5).unstable
    True
    """
    label = as_label(label)
    probability = as_probability(probability, label, open_interval=smoother == "spline")
    grid = np.linspace(probability.min(), probability.max(), points)
    unstable = bool(min(label.sum(), (1 - label).sum()) < ENOUGH)
    if smoother == "loess":
        predicted = _loess(probability, label, "interpolate").predict(grid, stderror=True)
        band = predicted.confidence(alpha=1 - as_level(level))
        observed, low, high = (
            np.clip(values, 0, 1) for values in (predicted.values, band.lower, band.upper)
        )
    elif smoother == "spline":
        places = spline_knots(logit(probability), knots)
        fit = _spline_fit(probability, label, places)
        design = add_constant(restricted_cubic_spline(logit(grid), places), has_constant="add")
        centre = design @ fit.params
        half = norm.ppf((1 + as_level(level)) / 2) * np.sqrt(
            np.einsum("ij,jk,ik->i", design, fit.cov_params(), design)
        )
        observed, low, high = expit(centre), expit(centre - half), expit(centre + half)
    else:
        raise ValueError(f"smoother: 'loess' or 'spline', got '{smoother}'")
    return CalibrationCurve(grid, observed, ci_low=low, ci_high=high, unstable=unstable)
