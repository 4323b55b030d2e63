"""Updating a locked model for new patients, chosen by a closed test.

The model stays as it is, or is recalibrated in the large, recalibrated, or refitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2, norm
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools import add_constant

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.regression import INTERCEPT
from analysis.statistics.separation import is_separated

ORIGINAL, IN_THE_LARGE, RECALIBRATION, REVISION = METHODS = (
    "original",
    "in_the_large",
    "recalibration",
    "revision",
)
SLOPE = "(slope)"


@dataclass(frozen=True)
class Updating:
    """Result of the closed testing procedure for updating a model.

    chosen: original, in_the_large (new intercept), recalibration (intercept and slope) or revision
    (every coefficient).

    steps: a row a method: parameters estimated, log_likelihood, statistic and degrees_of_freedom of
    the likelihood-ratio test against the fullest, p (NaN for the fullest). coefficients: of the
    chosen method: value, ci_low, ci_high (Wald), by term; (intercept) and (slope) are added to, and
    multiply, the original linear predictor, but for revision, whose terms are the design's. linear:
    linear predictor of the patients by the chosen method.
    """

    chosen: str
    steps: pd.DataFrame
    coefficients: pd.DataFrame
    linear: NDArray[np.float64]
    n: int
    events: int


def _fit(
    label: NDArray[np.float64], design: NDArray[np.float64], offset: NDArray[np.float64] | None
) -> Any:
    return GLM(label, design, family=families.Binomial(), offset=offset).fit(tol=1e-12, maxiter=100)


def _log_likelihood(label: NDArray[np.float64], linear: NDArray[np.float64]) -> float:
    return float(np.sum(label * linear - np.logaddexp(0.0, linear)))


def _checked_design(
    design: pd.DataFrame, linear: NDArray[np.float64], label: NDArray[np.float64]
) -> NDArray[np.float64]:
    matrix: NDArray[np.float64] = add_constant(design.to_numpy(dtype=float), has_constant="add")
    if len(matrix) != len(label):
        raise ValueError(
            f"design: {counted(len(matrix), 'row')} for {counted(len(label), 'label')}"
        )
    if not np.isfinite(matrix).all():
        raise ValueError(
            "design: it has missing or infinite values; leave those patients out first and report"
            " how many"
        )
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise ValueError(
            "design: its columns are collinear or constant in these patients, so the model can't be"
            " refitted"
        )
    rest = linear - matrix @ np.linalg.lstsq(matrix, linear, rcond=None)[0]
    if np.abs(rest).max() > 1e-6 * max(1.0, np.ptp(linear)):
        raise ValueError(
            "design: the linear predictor is not made of its columns, so a refit would not contain"
            " the original model"
        )
    if is_separated(matrix[:, 1:], label):
        raise ValueError(
            "design: its columns separate the events from the others, so the refitted coefficients"
            " are infinite"
        )
    return matrix


def closed_test_updating(
    label: Any,
    linear: Any,
    design: pd.DataFrame | None = None,
    alpha: float = 0.05,
    level: float = 0.95,
) -> Updating:
    """Closed testing procedure for updating a locked logistic model.

    Choose how to update the model by the procedure of Vergouwe et al. (Stat Med 2017;36:4529).

    label: 0 or 1. linear: the locked model's linear predictor (log odds) of new patients. design:
    the model's terms for the same patients, of which `linear` is a linear function; without it (a
    model that has no coefficients to refit, such as a network) the fullest method is recalibration.
    Each simpler method is tested against the fullest by its likelihood ratio; the first, simplest
    one that is not rejected at `alpha` is taken, so that a model that needs no update keeps its
    form with probability 1 − alpha. Likelihood-ratio p by chi-square: p + 1, p and p − 1 degrees of
    freedom against a refit of p terms.

    Raises ValueError for a constant or separating linear predictor, or a design that is collinear,
    separated, or does not contain the model. Validated by likelihood ratios in closed form
    (saturated tables) and by independent maximisation.

    >>> label, linear = [0, 0, 0, 1, 0, 1, 1, 1], [-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0]
    >>> closed_test_updating(label, linear).chosen
    'original'
    """
    label = as_label(label)
    linear = as_score(linear, label, "linear")
    as_level(level), as_level(alpha)
    if np.ptp(linear) == 0:
        raise ValueError(
            "linear: all patients have the same linear predictor, so there is no slope to update"
        )
    if is_separated(linear[:, None], label):
        raise ValueError(
            "linear: it separates the events from the others completely, so the slope is infinite"
        )
    ones = np.ones((len(label), 1))
    fits: dict[str, Any] = {
        IN_THE_LARGE: _fit(label, ones, linear),
        RECALIBRATION: _fit(label, np.column_stack([ones, linear]), None),
    }
    # A refit of one term is a recalibration.
    if design is not None and design.shape[1] > 1:
        fits[REVISION] = _fit(label, _checked_design(design, linear, label), None)
    elif design is not None:
        _checked_design(design, linear, label)
    found = {ORIGINAL: (0, _log_likelihood(label, linear))} | {
        name: (len(fit.params), float(fit.llf)) for name, fit in fits.items()
    }
    fullest = list(found)[-1]
    rows = {}
    for name, (parameters, likelihood) in found.items():
        statistic, freedom = (
            max(0.0, 2 * (found[fullest][1] - likelihood)),
            found[fullest][0] - parameters,
        )
        rows[name] = {
            "parameters": parameters,
            "log_likelihood": likelihood,
            "statistic": statistic if freedom else np.nan,
            "degrees_of_freedom": freedom,
            "p": float(chi2.sf(statistic, freedom)) if freedom else np.nan,
        }
    steps = pd.DataFrame.from_dict(rows, orient="index")
    chosen = next((name for name in steps.index if not steps.at[name, "p"] < alpha), fullest)
    return Updating(
        chosen,
        steps,
        *_coefficients(chosen, fits, linear=linear, design=design, level=level),
        len(label),
        int(label.sum()),
    )


def _coefficients(
    chosen: str,
    fits: dict[str, Any],
    linear: NDArray[np.float64],
    design: pd.DataFrame | None,
    level: float,
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    if chosen == ORIGINAL:
        return (
            pd.DataFrame(
                {"value": [0.0, 1.0], "ci_low": np.nan, "ci_high": np.nan}, index=[INTERCEPT, SLOPE]
            ),
            linear,
        )
    fit = fits[chosen]
    half = norm.ppf((1 + level) / 2) * np.asarray(fit.bse)
    values = np.asarray(fit.params)
    if chosen == IN_THE_LARGE:
        terms = [INTERCEPT]
    elif chosen == RECALIBRATION or design is None:
        terms = [INTERCEPT, SLOPE]
    else:
        terms = [INTERCEPT, *design.columns]
    table = pd.DataFrame(
        {"value": values, "ci_low": values - half, "ci_high": values + half}, index=terms
    )
    if chosen == IN_THE_LARGE:
        table.loc[SLOPE] = [1.0, np.nan, np.nan]
        return table, linear + values[0]
    if chosen == RECALIBRATION or design is None:
        slopes = linear
    else:
        slopes = design.to_numpy(dtype=float)
    matrix = np.column_stack([np.ones(len(linear)), slopes])
    return table, matrix @ values
