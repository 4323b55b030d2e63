"""Tests between groups beside their formulas, written out, or an enumeration of all
arrangements."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chi2, f, norm, rankdata, t

import analysis.statistics as st

ONE, TWO, THREE = (
    np.array([3.1, 4.7, 2.2, 5.9, 4.4]),
    np.array([6.3, 5.2, 7.7, 4.8, 9.1, 6.6, 5.5]),
    np.array([1.2, 8.4, 3.3, 3.9]),
)


def _all(test):
    return test.statistic, test.degrees_of_freedom, test.p


def test_welch_and_student():
    v, w = ONE.var(ddof=1) / 5, TWO.var(ddof=1) / 7
    statistic, freedom = (
        (ONE.mean() - TWO.mean()) / np.sqrt(v + w),
        (v + w) ** 2 / (v**2 / 4 + w**2 / 6),
    )
    found = st.t_test(ONE, TWO)
    assert _all(found) == pytest.approx((statistic, freedom, 2 * t.sf(abs(statistic), freedom)))
    assert found.name == "Welch t"
    pooled = (4 * ONE.var(ddof=1) + 6 * TWO.var(ddof=1)) / 10
    statistic = (ONE.mean() - TWO.mean()) / np.sqrt(pooled * (1 / 5 + 1 / 7))
    found = st.t_test(ONE, TWO, equal_variances=True)
    assert _all(found) == pytest.approx((statistic, 10, 2 * t.sf(abs(statistic), 10)))
    assert found.name == "Student t"


def test_constant_groups():
    """Both constant: no variance at all. One constant: Welch's freedom is that of the other."""
    assert _all(st.t_test([2, 2, 2], [2, 2])) == (0.0, 3, 1.0)
    assert _all(st.t_test([3, 3], [2, 2, 2])) == (np.inf, 3, 0.0)
    assert st.t_test([3, 3], [2, 2, 2], True).name == "Student t"
    for found, sign in (
        (st.t_test([3, 3, 3, 3], [1.0, 2, 3]), 1),
        (st.t_test([1.0, 2, 3], [3, 3, 3, 3]), -1),
    ):
        assert _all(found) == pytest.approx(
            (sign * np.sqrt(3), 2, 2 * t.sf(np.sqrt(3), 2))
        )  # 1 / √(1 / 3)


def test_least_size_of_a_group():
    assert st.t_test([1, 2], [2, 4]).degrees_of_freedom == pytest.approx(
        1.25**2 / (0.25**2 + 1)
    )  # variances over n: 1/4 and 1
    for first, second in (([1], [1, 2]), ([1, 2], [1])):
        with pytest.raises(
            ValueError, match="first and second: expected two or more groups of at least 2 values"
        ):
            st.t_test(first, second)
    with pytest.raises(
        ValueError,
        match=r"groups\[0\]: expected two or more groups of at least 2 values, got sizes \[3\]",
    ):
        st.analysis_of_variance([[1, 2, 3]])
    for test in (st.analysis_of_variance, st.levene_test):
        with pytest.raises(ValueError, match=r"groups\[0\] and groups\[1\]: .* got sizes \[1, 3\]"):
            test([[1], [1, 2, 3]])
    assert st.kruskal_wallis_test([[1], [2, 3]]).degrees_of_freedom == 1
    assert st.mann_whitney_test([1], [2, 3], exact=True).p == pytest.approx(2 / 3)


def _u(first, second):
    return sum((a > b) + 0.5 * (a == b) for a in first for b in second)


@pytest.mark.parametrize("continuity", [True, False])
@pytest.mark.parametrize("second", [TWO, np.array([3.1, 5.9, 5.9, 7.0, 4.4, 4.4])])
def test_mann_whitney_by_the_normal_approximation_with_ties(second, continuity):
    n = len(ONE) + len(second)
    ties = np.unique(np.r_[ONE, second], return_counts=True)[1]
    variance = len(ONE) * len(second) / 12 * (n + 1 - (ties**3 - ties).sum() / (n * (n - 1)))
    u = _u(ONE, second)
    z = (abs(u - len(ONE) * len(second) / 2) - (0.5 if continuity else 0)) / np.sqrt(variance)
    found = st.mann_whitney_test(ONE, second, continuity=continuity)
    assert (found.statistic, found.p) == pytest.approx((u, 2 * norm.sf(z)))
    assert found.name == "Mann-Whitney"
    assert np.isnan(found.degrees_of_freedom)
    if continuity:
        assert st.mann_whitney_test(ONE, second).p == found.p


def test_mann_whitney_exactly():
    """All 792 choices of five of twelve patients; twice the smaller tail."""
    together, u = np.r_[ONE, TWO], _u(ONE, TWO)
    drawn = np.array(
        [_u(together[list(each)], np.delete(together, each)) for each in combinations(range(12), 5)]
    )
    found = st.mann_whitney_test(ONE, TWO, exact=True)
    assert found.statistic == u
    assert found.p == pytest.approx(min(1, 2 * min((drawn <= u).mean(), (drawn >= u).mean())))


def test_exact_needs_values_without_ties():
    for first, second in (([1, 2], [2, 3, 4]), ([1, 1], [2, 3, 4]), ([2, 3, 4], [1, 1])):
        with pytest.raises(ValueError, match="exact: there are ties"):
            st.mann_whitney_test(first, second, exact=True)
    assert st.mann_whitney_test([5, 5, 5], [5, 5]).p == 1.0
    assert st.mann_whitney_test([5, 5, 5], [5, 5]).statistic == 3.0


def test_kruskal_wallis_with_ties():
    groups = [ONE, np.array([3.1, 5.9, 7.0]), THREE]
    ranks, sizes, n = rankdata(np.concatenate(groups)), [5, 3, 4], 12
    ties = np.unique(np.concatenate(groups), return_counts=True)[1]
    sums = [part.sum() for part in np.split(ranks, np.cumsum(sizes)[:-1])]
    h = (
        12 / (n * (n + 1)) * sum(s**2 / size for s, size in zip(sums, sizes, strict=True))
        - 3 * (n + 1)
    ) / (1 - (ties**3 - ties).sum() / (n**3 - n))
    found = st.kruskal_wallis_test(groups)
    assert _all(found) == pytest.approx((h, 2, chi2.sf(h, 2)))
    assert found.name == "Kruskal-Wallis"
    tied = st.kruskal_wallis_test([[4, 4], [4], [4, 4]])
    assert _all(tied) == (0.0, 2, 1.0)
    assert tied.name == "Kruskal-Wallis"


def _variance_ratio(groups):
    n, k, mean = sum(map(len, groups)), len(groups), np.concatenate(groups).mean()
    ratio = (
        sum(len(g) * (g.mean() - mean) ** 2 for g in groups)
        / (k - 1)
        / (sum(((g - g.mean()) ** 2).sum() for g in groups) / (n - k))
    )
    return ratio, k - 1, f.sf(ratio, k - 1, n - k)


def test_analysis_of_variance_and_levene_by_sums_of_squares():
    groups = [ONE, TWO, THREE]
    found, spread = st.analysis_of_variance(groups), st.levene_test(groups)
    assert _all(found) == pytest.approx(_variance_ratio(groups))
    assert found.name == "one-way ANOVA"
    assert _all(spread) == pytest.approx(
        _variance_ratio([np.abs(g - np.median(g)) for g in groups])
    )
    assert spread.name == "Levene (Brown-Forsythe)"
    assert st.analysis_of_variance([ONE, TWO]).statistic == pytest.approx(
        st.t_test(ONE, TWO, True).statistic ** 2
    )


@pytest.mark.parametrize("values", [[1, 2, 4], [0, 5, 6], [-3, 0.5, 9]])
def test_shapiro_wilk_of_three_in_closed_form(values):
    """W is the range squared over twice the sum of squares; p = 6/π (arcsin √W - arcsin √¾)
    (Shapiro & Wilk 1965)."""
    w = (values[2] - values[0]) ** 2 / 2 / np.sum((np.array(values) - np.mean(values)) ** 2)
    found = st.shapiro_wilk_test(values[::-1])
    assert (found.statistic, found.p) == pytest.approx(
        (w, 6 / np.pi * (np.arcsin(np.sqrt(w)) - np.arcsin(np.sqrt(0.75)))), abs=1e-6
    )
    assert found.name == "Shapiro-Wilk"
    assert np.isnan(found.degrees_of_freedom)


def test_sizes_that_shapiro_wilk_takes():
    assert 0 <= st.shapiro_wilk_test(np.arange(5000.0)).p <= 1
    for values in ([1, 2], np.arange(5001.0), [2, 2, 2]):
        with pytest.raises(
            ValueError, match=f"values: expected 3 to 5000 values that differ, got {len(values)}"
        ):
            st.shapiro_wilk_test(values)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_pearson_by_fishers_z(level):
    first, second = TWO, np.array([2.0, 1.5, 4.5, 2.5, 3.5, 3.0, 1.0])
    a, b = first - first.mean(), second - second.mean()
    r = (a @ b) / np.sqrt((a @ a) * (b @ b))
    half = norm.isf((1 - level) / 2) / np.sqrt(4)
    expected = (
        r,
        np.tanh(np.arctanh(r) - half),
        np.tanh(np.arctanh(r) + half),
        2 * t.sf(abs(r) * np.sqrt(5 / (1 - r**2)), 5),
    )
    assert st.correlation(first, second, level=level) == pytest.approx(expected)
    ranked = st.correlation(np.exp(first), second**3, "spearman", level)
    rho = np.corrcoef(rankdata(first), rankdata(second))[0, 1]
    assert (ranked[0], ranked[3]) == pytest.approx(
        (rho, 2 * t.sf(abs(rho) * np.sqrt(5 / (1 - rho**2)), 5))
    )
    assert np.isnan(ranked[1:3]).all()


def test_pairs_that_a_correlation_needs():
    """Three pairs: r of (1, 2, 3) and (1, 3, 2) is 1/2; p = 2 (1 - T(1/√3 with one degree)) = 2/3,
    as T is Cauchy's: 1 - 2 arctan(1/√3)/π."""
    assert st.correlation([1, 2, 3], [1, 3, 2])[::3] == pytest.approx((0.5, 2 / 3))
    for first, second, message in (
        ([1, 2], [2, 1], "at least 3 pairs"),
        ([1, 2, 3], [1, 2, 3, 4], "4 values for 3 in first"),
        ([1, 1, 1], [1, 2, 3], "a constant has no"),
        ([1, 2, 3], [1, 1, 1], "a constant has no"),
    ):
        with pytest.raises(ValueError, match=message):
            st.correlation(first, second)
    with pytest.raises(ValueError, match="method: 'pearson' or 'spearman', got 'kendall'"):
        st.correlation([1, 2, 3], [1, 3, 2], "kendall")
