"""Chance-corrected agreement of two raters on categories."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy.stats import norm
from statsmodels.stats.inter_rater import cohens_kappa

from analysis.statistics.checks import as_category, as_level
from analysis.statistics.estimate import Contrast, standardised


def weighted_kappa(
    first: Any, second: Any, weights: str | None = None, levels: Any = None, level: float = 0.95
) -> Contrast:
    """Cohen's kappa of two raters, weighted or unweighted.

    It has its asymptotic interval (Fleiss, Cohen & Everitt 1969), within [-1, 1].

    first, second: one category a patient. weights: None, "linear" or "quadratic" over the order of
    `levels` (sorted, unless given). By statsmodels; unweighted validated against
    psych::cohen.kappa. One category only is an error: kappa is 0/0. Missing categories are a
    ValueError.

    >>> weighted_kappa([1, 2, 3, 1], [1, 2, 3, 1]).value
    1.0
    """
    one, two = as_category(first, "first"), as_category(second, "second")
    if one.shape != two.shape:
        raise ValueError(
            f"second: {np.shape(two)} values for {np.shape(one)} in first; both need one category a"
            " patient"
        )
    order = list(levels) if levels is not None else sorted(set(one) | set(two))
    unknown = (set(one) | set(two)) - set(order)
    if unknown:
        raise ValueError(f"levels: {sorted(map(str, unknown))} occur but are not listed")
    names = {None: None, "linear": "linear", "quadratic": "quadratic"}
    if weights not in names:
        raise ValueError(f"weights: None, 'linear' or 'quadratic', got '{weights}'")
    position = {name: place for place, name in enumerate(order)}
    table = np.zeros((len(order), len(order)))
    np.add.at(table, ([position[value] for value in one], [position[value] for value in two]), 1)
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        raise ValueError(
            "first: all ratings of both raters are the same category, so chance agreement is"
            " complete and kappa undefined"
        )
    with warnings.catch_warnings():  # of a variance that is 0 but for rounding
        warnings.simplefilter("ignore", RuntimeWarning)
        fit = cohens_kappa(table, wt=weights)
    value, error, null_error = (
        float(fit.kappa),
        *(float(np.sqrt(max(variance, 0))) for variance in (fit.var_kappa, fit.var_kappa0)),
    )
    half, z = norm.ppf((1 + as_level(level)) / 2) * error, standardised(value, null_error)
    return Contrast(
        value,
        float(max(value - half, -1)),
        ci_high=float(min(value + half, 1)),
        standard_error=error,
        z=z,
        p=float(2 * norm.sf(abs(z))),
        n=len(one),
        method=f"Cohen's kappa{', ' + weights + ' weights' if weights else ''}; p against 0",
    )
