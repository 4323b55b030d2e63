"""Intraclass correlation of thousands of features at once, with unrounded intervals.

By hand because pingouin takes one feature a call (a hundred times as long, see
benchmarks/intraclass.py); a test holds them to it. One measure goes through pingouin itself:
reader_agreement.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution

from analysis.statistics.checks import as_level


@dataclass(frozen=True)
class IntraclassCorrelation:
    """Intraclass correlations of features, with intervals and F tests.

    icc, ci_low, ci_high, f and p (F test against ICC 0, over n - 1 and df2 degrees of freedom): one
    value a feature.

    subjects, raters: of every feature. p_satterthwaite: of ICC(2,1) only, the same F over the
    freedom that its interval has (irr::icc prints it, psych::ICC prints p).
    """

    icc: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    subjects: int
    raters: int
    p: NDArray[np.float64]
    f: NDArray[np.float64]
    df2: int
    p_satterthwaite: NDArray[np.float64] | None = None


def _mean_squares(
    ratings: Any,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int, int]:
    values = np.asarray(ratings, dtype=np.float64)
    if values.ndim == 2:
        values = values[None]
    if values.ndim != 3 or values.shape[1] < 2 or values.shape[2] < 2:
        raise ValueError(
            "ratings: expected features × subjects × raters with at least 2 subjects and 2 raters,"
            f" got shape {np.shape(ratings)}"
        )
    if not np.isfinite(values).all():
        raise ValueError("ratings: missing or infinite values; leave those subjects out first")
    _, subjects, raters = values.shape
    grand = values.mean(axis=(1, 2), keepdims=True)
    of_subjects, of_raters = values.mean(axis=2, keepdims=True), values.mean(axis=1, keepdims=True)
    between = raters * ((of_subjects - grand) ** 2).sum(axis=(1, 2)) / (subjects - 1)
    columns = subjects * ((of_raters - grand) ** 2).sum(axis=(1, 2)) / (raters - 1)
    error = ((values - of_subjects - of_raters + grand) ** 2).sum(axis=(1, 2)) / (
        (subjects - 1) * (raters - 1)
    )
    return between, columns, error, subjects, raters


def _perfect(
    value: NDArray[np.float64], between: NDArray[np.float64], error: NDArray[np.float64]
) -> NDArray[np.float64]:
    # No error at all is perfect agreement, not inf / inf.
    return np.where((error == 0) & (between > 0), 1.0, value)


def icc_2_1(ratings: Any, level: float = 0.95) -> IntraclassCorrelation:
    """Intraclass correlation coefficient ICC(2,1).

    It is that of two-way random effects, absolute agreement, single rater (Shrout & Fleiss 1979;
    McGraw & Wong 1996).

    ratings: features × subjects × raters, or subjects × raters. A feature constant over subjects
    and raters is NaN. No correlation of k raters lies below -1/(k - 1), so that value and limits
    end there; irr::icc and psych::ICC, against which it was validated, print what the formulas give
    beyond it.

    >>> icc_2_1([[1, 1], [2, 2], [3, 3]]).icc.tolist()
    [1.0]
    """
    between, columns, error, n, k = _mean_squares(ratings)
    with np.errstate(divide="ignore", invalid="ignore"):
        icc = (between - error) / (between + (k - 1) * error + k * (columns - error) / n)
        a = k * icc / (n * (1 - icc))
        b = 1 + k * icc * (n - 1) / (n * (1 - icc))
        freedom = (a * columns + b * error) ** 2 / (
            (a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
        )
        # Satterthwaite's freedom lies above the least of its parts'; below it, a negative
        # correlation made one weight negative.
        freedom = np.where(freedom < k - 1, (n - 1) * (k - 1), freedom)
        upper_tail = (1 + as_level(level)) / 2
        f_low, f_high = (
            f_distribution.ppf(upper_tail, n - 1, freedom),
            f_distribution.ppf(upper_tail, freedom, n - 1),
        )
        rest = k * columns + (k * n - k - n) * error
        low = n * (between - f_low * error) / (f_low * rest + n * between)
        high = n * (f_high * between - error) / (rest + n * f_high * between)
        ratio = between / error
        p, own = (f_distribution.sf(ratio, n - 1, df2) for df2 in ((n - 1) * (k - 1), freedom))
        same = (error == 0) & (columns == 0)
        icc, low, high = (
            np.clip(np.where(same & (between > 0), 1.0, part), -1 / (k - 1), 1)
            for part in (icc, low, high)
        )
    return IntraclassCorrelation(
        icc,
        low,
        ci_high=high,
        subjects=n,
        raters=k,
        p=p,
        f=ratio,
        df2=(n - 1) * (k - 1),
        p_satterthwaite=own,
    )


def icc_3_1(ratings: Any, level: float = 0.95) -> IntraclassCorrelation:
    """ICC(3,1): two-way mixed effects, consistency, single rater. Shapes and rules as for icc_2_1.

    Source: Shrout & Fleiss 1979, McGraw & Wong 1996.

    >>> icc_3_1([[1, 2], [2, 3], [3, 4]]).icc.tolist()
    [1.0]
    """
    between, _, error, n, k = _mean_squares(ratings)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = between / error
        upper_tail = (1 + as_level(level)) / 2
        low = ratio / f_distribution.ppf(upper_tail, n - 1, (n - 1) * (k - 1))
        high = ratio * f_distribution.ppf(upper_tail, (n - 1) * (k - 1), n - 1)
        icc, low, high = (
            _perfect((each - 1) / (each + k - 1), between, error) for each in (ratio, low, high)
        )
        p = f_distribution.sf(ratio, n - 1, (n - 1) * (k - 1))
    return IntraclassCorrelation(
        icc, low, ci_high=high, subjects=n, raters=k, p=p, f=ratio, df2=(n - 1) * (k - 1)
    )


def icc_1_1(ratings: Any, level: float = 0.95) -> IntraclassCorrelation:
    """ICC(1,1): one-way random effects, each subject rated by other raters.

    Shapes and rules as for icc_2_1.

    Source: Shrout & Fleiss 1979.

    >>> icc_1_1([[1, 1], [2, 2], [3, 3]]).icc.tolist()
    [1.0]
    """
    between, columns, error, n, k = _mean_squares(ratings)
    within = ((n - 1) * (k - 1) * error + (k - 1) * columns) / (n * (k - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = between / within
        upper_tail = (1 + as_level(level)) / 2
        low = ratio / f_distribution.ppf(upper_tail, n - 1, n * (k - 1))
        high = ratio * f_distribution.ppf(upper_tail, n * (k - 1), n - 1)
        icc, low, high = (
            _perfect((each - 1) / (each + k - 1), between, within) for each in (ratio, low, high)
        )
        p = f_distribution.sf(ratio, n - 1, n * (k - 1))
    return IntraclassCorrelation(
        icc, low, ci_high=high, subjects=n, raters=k, p=p, f=ratio, df2=n * (k - 1)
    )


def average_of_raters(single: IntraclassCorrelation) -> IntraclassCorrelation:
    """ICC of the mean of all raters from that of one, by Spearman-Brown.

    The forms go (1,1) → (1,k), (2,1) → (2,k), (3,1) → (3,k).

    At the least correlation of one rater, -1/(k - 1), that of the mean has no bound: -infinity. A
    NaN stays NaN.
    Source: Spearman 1910, Brown 1910; McGraw & Wong 1996.

    >>> average_of_raters(icc_2_1([[1, 1], [2, 2], [3, 3]])).icc.tolist()
    [1.0]
    """
    k = single.raters
    with np.errstate(divide="ignore"):
        icc, low, high = (
            np.where(
                value > least,
                k * value / (1 + (k - 1) * value),
                np.where(np.isnan(value), np.nan, -np.inf),
            )
            for least in [-1 / (k - 1) + 1e-12]
            for value in (single.icc, single.ci_low, single.ci_high)
        )
    return IntraclassCorrelation(
        icc,
        low,
        ci_high=high,
        subjects=single.subjects,
        raters=k,
        p=single.p,
        f=single.f,
        df2=single.df2,
    )
