"""Tests between groups for a baseline table.

Each is by scipy, and each has the name that stands under the table.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_vector
from analysis.statistics.estimate import SignificanceTest


def _groups(
    groups: Sequence[Any], least: int = 2, names: Sequence[str] | None = None
) -> list[NDArray[np.float64]]:
    names = names or [f"groups[{place}]" for place in range(len(groups))]
    vectors = [as_vector(group, name) for name, group in zip(names, groups, strict=True)]
    if len(vectors) < 2 or min(len(vector) for vector in vectors) < least:
        raise ValueError(
            f"{' and '.join(names)}: expected two or more groups of at least"
            f" {counted(least, 'value')}, got sizes {[len(vector) for vector in vectors]}"
        )
    return vectors


def t_test(first: Any, second: Any, equal_variances: bool = False) -> SignificanceTest:
    """Welch's t (R's t.test default), or Student's with a pooled variance.

    Both groups constant and equal: p = 1.

    Missing values or fewer than two a group are a ValueError.

    >>> t_test([1, 2, 3], [1, 2, 3]).p
    1.0
    """
    one, two = _groups([first, second], names=("first", "second"))
    name = "Student t" if equal_variances else "Welch t"
    if np.ptp(one) == 0 and np.ptp(two) == 0:
        return SignificanceTest(
            0.0 if one[0] == two[0] else np.inf,
            len(one) + len(two) - 2,
            1.0 if one[0] == two[0] else 0.0,
            name,
        )
    with warnings.catch_warnings():  # of one constant group, which Welch's test allows
        warnings.simplefilter("ignore", RuntimeWarning)
        test = stats.ttest_ind(one, two, equal_var=equal_variances)
    return SignificanceTest(float(test.statistic), float(test.df), float(test.pvalue), name)


def mann_whitney_test(
    first: Any, second: Any, exact: bool = False, continuity: bool = True
) -> SignificanceTest:
    """Mann-Whitney U test of two groups.

    U of the first group (R's W), with tie-corrected normal p, or the exact p, which needs values
    without ties.

    All values tied: p 1. Missing values are a ValueError.

    >>> mann_whitney_test([1.1, 2.2, 3.3, 4.4], [2.5, 3.6, 5.5, 6.6, 7.7], exact=True).statistic
    3.0
    """
    one, two = _groups([first, second], 1, ("first", "second"))
    if exact and len(np.unique(np.r_[one, two])) < len(one) + len(two):
        raise ValueError(
            "exact: there are ties, so the exact distribution doesn't hold; use the normal"
            " approximation"
        )
    test = stats.mannwhitneyu(
        one, two, method="exact" if exact else "asymptotic", use_continuity=continuity
    )
    # All values tied: no evidence against equality.
    return SignificanceTest(
        float(test.statistic),
        np.nan,
        float(test.pvalue) if np.isfinite(test.pvalue) else 1.0,
        "Mann-Whitney",
    )


def kruskal_wallis_test(groups: Sequence[Any]) -> SignificanceTest:
    """Ranks of two or more groups, tie-corrected chi-square.

    All values tied: statistic 0, p 1. Missing values are a ValueError. Source: Kruskal & Wallis
    1952, by scipy.

    >>> kruskal_wallis_test([[1, 2], [3, 4]]).degrees_of_freedom
    1
    """
    vectors = _groups(groups, least=1)
    if len(np.unique(np.concatenate(vectors))) == 1:
        return SignificanceTest(0.0, len(vectors) - 1, 1.0, "Kruskal-Wallis")
    test = stats.kruskal(*vectors)
    return SignificanceTest(
        float(test.statistic), len(vectors) - 1, float(test.pvalue), "Kruskal-Wallis"
    )


def analysis_of_variance(groups: Sequence[Any]) -> SignificanceTest:
    """One-way ANOVA with equal variances; degrees_of_freedom is that of the groups.

    At least two values a group; missing ones are a ValueError. Source: Fisher 1925, by scipy's
    f_oneway.

    >>> analysis_of_variance([[1, 2], [1, 2]]).statistic
    0.0
    """
    vectors = _groups(groups)
    test = stats.f_oneway(*vectors)
    return SignificanceTest(
        float(test.statistic), len(vectors) - 1, float(test.pvalue), "one-way ANOVA"
    )


def levene_test(groups: Sequence[Any]) -> SignificanceTest:
    """Levene's test of equality of variances.

    It takes deviations from the median (Brown-Forsythe; car::leveneTest's default).

    At least two values a group; missing ones are a ValueError. Source: Brown & Forsythe 1974, by
    scipy.

    >>> levene_test([[1, 2, 3], [1, 2, 3]]).statistic
    0.0
    """
    test = stats.levene(*_groups(groups), center="median")
    return SignificanceTest(
        float(test.statistic), len(groups) - 1, float(test.pvalue), "Levene (Brown-Forsythe)"
    )


def shapiro_wilk_test(values: Any) -> SignificanceTest:
    """Normality of 3 to 5000 values.

    Missing values or a constant are a ValueError. Source: Shapiro & Wilk 1965, by scipy.

    >>> shapiro_wilk_test([1.0, 2, 3, 4, 5]).p > 0.05
    True
    """
    vector = as_vector(values, "values")
    if not 3 <= len(vector) <= 5000 or np.ptp(vector) == 0:
        raise ValueError(f"values: expected 3 to 5000 values that differ, got {len(vector)}")
    test = stats.shapiro(vector)
    return SignificanceTest(float(test.statistic), np.nan, float(test.pvalue), "Shapiro-Wilk")
