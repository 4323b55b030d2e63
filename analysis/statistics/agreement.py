"""Agreement between delineations: intraclass correlation of thousands of features at once.

By hand because pingouin takes one feature a call and rounds its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import f as f_distribution

from analysis.statistics.checks import as_level


@dataclass(frozen=True)
class IntraclassCorrelation:
    """icc, ci_low, ci_high: one value a feature. subjects, raters: of every feature."""

    icc: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    subjects: int
    raters: int


def _mean_squares(ratings: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, int]:
    values = np.asarray(ratings, dtype=np.float64)
    if values.ndim == 2:
        values = values[None]
    if values.ndim != 3 or values.shape[1] < 2 or values.shape[2] < 2:
        raise ValueError(f"ratings: expected features × subjects × raters with at least 2 subjects and 2 raters, got shape {np.shape(ratings)}")
    if not np.isfinite(values).all():
        raise ValueError("ratings: missing or infinite values; leave those subjects out first")
    _, subjects, raters = values.shape
    grand = values.mean(axis=(1, 2), keepdims=True)
    of_subjects, of_raters = values.mean(axis=2, keepdims=True), values.mean(axis=1, keepdims=True)
    between = raters * ((of_subjects - grand) ** 2).sum(axis=(1, 2)) / (subjects - 1)
    columns = subjects * ((of_raters - grand) ** 2).sum(axis=(1, 2)) / (raters - 1)
    error = ((values - of_subjects - of_raters + grand) ** 2).sum(axis=(1, 2)) / ((subjects - 1) * (raters - 1))
    return between, columns, error, subjects, raters


def icc_2_1(ratings: Any, level: float = 0.95) -> IntraclassCorrelation:
    """ICC(2,1): two-way random effects, absolute agreement, single rater (Shrout & Fleiss 1979; McGraw & Wong 1996).

    ratings: features × subjects × raters, or subjects × raters. A feature constant over subjects and raters is NaN.
    """
    between, columns, error, n, k = _mean_squares(ratings)
    with np.errstate(divide="ignore", invalid="ignore"):
        icc = (between - error) / (between + (k - 1) * error + k * (columns - error) / n)
        a = k * icc / (n * (1 - icc))
        b = 1 + k * icc * (n - 1) / (n * (1 - icc))
        freedom = (a * columns + b * error) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
        upper_tail = (1 + as_level(level)) / 2
        f_low, f_high = f_distribution.ppf(upper_tail, n - 1, freedom), f_distribution.ppf(upper_tail, freedom, n - 1)
        rest = k * columns + (k * n - k - n) * error
        low = n * (between - f_low * error) / (f_low * rest + n * between)
        high = n * (f_high * between - error) / (rest + n * f_high * between)
    return IntraclassCorrelation(icc, low, high, n, k)


def icc_3_1(ratings: Any, level: float = 0.95) -> IntraclassCorrelation:
    """ICC(3,1): two-way mixed effects, consistency, single rater. Shapes and rules as for icc_2_1."""
    between, _, error, n, k = _mean_squares(ratings)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = between / error
        upper_tail = (1 + as_level(level)) / 2
        low = ratio / f_distribution.ppf(upper_tail, n - 1, (n - 1) * (k - 1))
        high = ratio * f_distribution.ppf(upper_tail, (n - 1) * (k - 1), n - 1)
        parts = [(each - 1) / (each + k - 1) for each in (ratio, low, high)]
        # No error at all is perfect agreement, not inf / inf.
        icc, low, high = (np.where((error == 0) & (between > 0), 1.0, part) for part in parts)
    return IntraclassCorrelation(icc, low, high, n, k)
