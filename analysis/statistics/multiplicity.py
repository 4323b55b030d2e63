"""Families of comparisons: adjusted p-values, and equivalence within a margin.

The p-values are Holm's and Benjamini-Hochberg's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.multitest import multipletests

from analysis.statistics.checks import as_vector


def _adjusted(p_values: Any, method: str) -> NDArray[np.float64]:
    p = as_vector(p_values, "p_values")
    if (p < 0).any() or (p > 1).any():
        raise ValueError("p_values: must lie in [0, 1]")
    return np.asarray(multipletests(p, method=method)[1])


def holm(p_values: Any) -> NDArray[np.float64]:
    """Holm's step-down p-values: family-wise error. By statsmodels.

    >>> holm([0.01, 0.04]).tolist()
    [0.02, 0.04]
    """
    return _adjusted(p_values, "holm")


def benjamini_hochberg(p_values: Any) -> NDArray[np.float64]:
    """Benjamini-Hochberg p-values: false discovery rate. By statsmodels.

    >>> benjamini_hochberg([0.01, 0.04]).tolist()
    [0.02, 0.04]
    """
    return _adjusted(p_values, "fdr_bh")


def contrast_family(p_values: Mapping[str, float], primary: str, family: list[str]) -> pd.DataFrame:
    """Adjusted p-values of a family of contrasts: p, where one may be printed, and role.

    The primary stands alone, the named family is Holm-adjusted, the rest is exploratory and has no
    p (NaN). Names that p_values lacks are an error.

    Source: Holm 1979; ICH E9 1998.

    >>> contrast_family({"a": 0.01, "b": 0.03, "c": 0.02}, "a", ["b"])["role"].tolist()
    ['primary', 'secondary, Holm-adjusted', 'exploratory']
    """
    absent = [name for name in [primary, *family] if name not in p_values]
    if absent:
        raise ValueError(
            f"family: no p-value for {', '.join(absent)}; known are {', '.join(p_values)}"
        )
    if primary in family:
        raise ValueError(
            f"family: the primary contrast {primary} can't be in the secondary family too"
        )
    adjusted = (
        dict(zip(family, holm([p_values[name] for name in family]), strict=True)) if family else {}
    )
    rows = {}
    for name, p in p_values.items():
        if name == primary:
            rows[name] = {"p": p, "role": "primary"}
        elif name in adjusted:
            rows[name] = {"p": adjusted[name], "role": "secondary, Holm-adjusted"}
        else:
            rows[name] = {"p": np.nan, "role": "exploratory"}
    return pd.DataFrame.from_dict(rows, orient="index")


def is_equivalent(ci_low: float, ci_high: float, margin: float | None) -> bool:
    """True if an interval lies within ± margin.

    Without a prespecified margin it is an error: "no difference" can't be said.

    Two one-sided tests at 5 % need the 90 % interval.
    Source: Schuirmann 1987.

    >>> is_equivalent(-0.02, 0.03, 0.05)
    True
    """
    if margin is None or not margin > 0:
        raise ValueError(
            "margin: no equivalence margin was prespecified, so absence of a difference can't be"
            " claimed"
        )
    if not ci_low <= ci_high:
        raise ValueError(f"ci_low: interval {ci_low:g} to {ci_high:g} is missing or upside down")
    return bool(-margin < ci_low and ci_high < margin)
