"""Intraclass correlations of one measure between readers, by pingouin.

The measure is one such as a diameter or a risk score.

Thousands of features at once, or another level than 95 %, go through intraclass.py, which a test
holds to pingouin: it takes one measure a call, at 95 % alone, and rounds the limits unless told not
to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from analysis.statistics.estimate import Estimate
from analysis.statistics.intraclass import icc_2_1

FORMS = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"]


@contextmanager
def _unrounded() -> Iterator[Any]:
    """pingouin, whose limits have two decimals otherwise."""
    import pingouin  # takes seconds to load

    before = pingouin.options.get("round.column.CI95")
    pingouin.options["round.column.CI95"] = None
    try:
        yield pingouin
    finally:
        pingouin.options["round.column.CI95"] = before


def icc_table(ratings: Any) -> pd.DataFrame:
    """All six forms of the ICC of one measure (subjects × raters), as psych::ICC prints them.

    By form: icc, f, df1, df2, p, ci_low, ci_high (95 %).

    By pingouin. Limits end at the range of a form: -1/(k - 1) for one rater, no lower bound for the
    mean of k; full agreement is 1, and ratings that are all the same are NaN. Fewer than 2 subjects
    or raters, missing or infinite values are a ValueError. Source: Shrout & Fleiss 1979; McGraw &
    Wong 1996; R's psych::ICC.

    >>> icc_table([[1, 2], [2, 2], [3, 4]]).index.tolist()
    ['ICC1', 'ICC2', 'ICC3', 'ICC1k', 'ICC2k', 'ICC3k']
    """
    values = np.asarray(ratings, dtype=float)
    if values.ndim != 2 or min(values.shape) < 2:
        raise ValueError(
            "ratings: expected subjects × raters with at least 2 subjects and 2 raters, "
            f"got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError("ratings: missing or infinite values; leave those subjects out first")
    (n, k), least = values.shape, -1 / (values.shape[1] - 1)
    freedom = [n * (k - 1)] + 2 * [(n - 1) * (k - 1)]
    if (np.ptp(values, axis=1) == 0).all():  # no variance within subjects to divide by
        one, p = (1.0, 0.0) if np.ptp(values) else (np.nan, np.nan)
        row = {"icc": one, "f": np.inf if one == 1 else np.nan, "df1": n - 1, "df2": 0.0, "p": p}
        same = pd.DataFrame([row | {"ci_low": one, "ci_high": one}] * 6, index=FORMS)
        return same.assign(df2=[float(each) for each in 2 * freedom])
    subject, rater = np.indices(values.shape)
    long = pd.DataFrame(
        {"subject": subject.ravel(), "rater": rater.ravel(), "rating": values.ravel()}
    )
    with _unrounded() as pingouin, np.errstate(divide="ignore", invalid="ignore"):
        found = pingouin.intraclass_corr(long, "subject", "rater", "rating")
    limits = np.vstack(found["CI95"].to_list()).astype(float)
    single = np.clip(limits[:3], least, 1)
    with np.errstate(divide="ignore"):
        many = np.where(single > least, k * single / (1 + (k - 1) * single), -np.inf)
    table = pd.DataFrame(
        {
            "icc": found["ICC"].to_numpy(float),
            "f": found["F"].to_numpy(float),
            "df1": found["df1"].to_numpy(float),
            "df2": found["df2"].to_numpy(float),
            "p": found["pval"].to_numpy(float),
        },
        index=FORMS,
    )
    table[["ci_low", "ci_high"]] = np.vstack([single, many])
    return table


def reader_agreement(ratings: Any, level: float = 0.95) -> Estimate:
    """ICC(2,1) of one measure (subjects × readers).

    It is the absolute agreement of single readers, who stand for others.

    By pingouin; at another level than 95 %, which it has not, by icc_2_1. Errors as for icc_table.
    Source: Shrout & Fleiss 1979; validated against R's irr::icc.

    >>> round(reader_agreement([[9, 8], [6, 5], [8, 9], [7, 7], [10, 9], [6, 6]]).value, 3)
    0.875
    """
    row = icc_table(ratings).loc["ICC2"]
    low, high = float(row["ci_low"]), float(row["ci_high"])
    if level != 0.95:
        own = icc_2_1(ratings, level)
        low, high = float(own.ci_low[0]), float(own.ci_high[0])
    return Estimate(float(row["icc"]), low, high, len(np.asarray(ratings)))
