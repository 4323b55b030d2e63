"""Knots, splines, standardised differences and the stability of a selection: by hand, by quantiles,
by an interpolation."""

from fractions import Fraction as F

import numpy as np
import pytest
from scipy.special import gamma
from scipy.stats import norm

import analysis.statistics as st


@pytest.mark.parametrize(
    ("count", "outer"), [(3, 0.1), (4, 0.05), (5, 0.05), (6, 0.05), (7, 0.025)]
)
def test_knots_of_a_hundred_values_are_quantiles(count, outer):
    """Of 0 to 99 and of 0 to 100 a type-7 quantile is (n - 1) q."""
    for n in (100, 101):
        np.testing.assert_allclose(
            st.spline_knots(np.arange(float(n))[::-1], count),
            (n - 1) * np.linspace(outer, 1 - outer, count),
            atol=1e-9,
        )
    below = st.spline_knots(np.arange(99.0), count)
    assert below[0] == 4
    assert below[-1] == 94
    np.testing.assert_allclose(below[1:-1], 98 * np.linspace(outer, 1 - outer, count)[1:-1])


def test_four_knots_unless_said_otherwise():
    np.testing.assert_allclose(st.spline_knots(range(201)), [10, 70, 130, 190])


def test_fewest_values():
    """Ten values: the fifth smallest is 4 and the fifth largest 5, the median of three knots 4.5.
    Nine are too few."""
    assert st.spline_knots(range(10), 3).tolist() == [4, 4.5, 5]
    with pytest.raises(ValueError, match="values: 9 are too few for knots"):
        st.spline_knots(range(9), 3)
    for count in (2, 8):
        with pytest.raises(ValueError, match=f"count: 3 to 7 knots, got {count}"):
            st.spline_knots(range(100), count)
    with pytest.raises(ValueError, match="values: too many ties for 3 different knots"):
        st.spline_knots(np.r_[-2, -1, np.zeros(80), np.arange(1.0, 19)], 3)


# rpart's kyphosis$Age; values that share their smallest and largest; the same in more than 100
# values.
AGE = [
    71,
    158,
    128,
    2,
    1,
    1,
    61,
    37,
    113,
    59,
    82,
    148,
    18,
    1,
    168,
    1,
    78,
    175,
    80,
    27,
    22,
    105,
    96,
    131,
    15,
    9,
    8,
    100,
    4,
    151,
    31,
    125,
    130,
    112,
    140,
    93,
    1,
    52,
    20,
    91,
    73,
    35,
    143,
    61,
    97,
    139,
    136,
    131,
    121,
    177,
    68,
    9,
    139,
    2,
    140,
    72,
    2,
    120,
    51,
    102,
    130,
    114,
    81,
    118,
    118,
    17,
    195,
    159,
    18,
    15,
    158,
    127,
    87,
    206,
    11,
    178,
    157,
    26,
    120,
    42,
    36,
]
BOTH = [1] * 10 + list(range(2, 61)) + [61] * 8
MANY = [1] * 20 + list(range(2, 161)) + [161] * 30


@pytest.mark.parametrize(
    ("values", "knots"),
    [
        (AGE, [2, 97, 175]),
        (AGE, [2, 10.2, 97, 175]),
        (AGE, [2, 10.2, 71.2, 120.8, 175]),
        (AGE, [2, 10.2, 51.8, 97, 130.2, 175]),
        (AGE, [2, 8.8, 35.48, 80.16, 117.36, 139, 175]),
        ([0] * 80 + list(range(1, 21)), [1, 11, 16]),
        ([0] * 80 + list(range(1, 21)), [1, 2.9, 11, 16]),
        ([0] * 80 + list(range(1, 21)), [1, 2.9, 8.3, 13.7, 16]),
        (BOTH, [2, 31, 60]),
        (BOTH, [2, 31, 56.2, 60]),
        (BOTH, [2, 5.8, 31, 56.2, 60]),
        (BOTH, [2, 5.8, 22.6, 39.4, 56.2, 60]),
        (BOTH, [2, 4.4, 17.7, 31, 44.3, 57.6, 60]),
        (MANY, [2, 81, 160]),
        (MANY, [2, 81, 151.2, 160]),
        (MANY, [2, 10.8, 81, 151.2, 160]),
        (MANY, [2, 10.8, 57.6, 104.4, 151.2, 160]),
        (MANY, [2, 6.9, 43.95, 81, 118.05, 155.1, 160]),
    ],
)
def test_an_extreme_that_many_share_is_left_out(values, knots):
    """R: Hmisc::rcspline.eval(values, nk = length(knots), knots.only = TRUE)."""
    np.testing.assert_allclose(st.spline_knots(values, len(knots)), knots, atol=1e-9)


def test_basis_is_cubic_inside_and_linear_outside():
    """Each term is 0 below its knot, its second derivative piecewise linear with corners at the
    knots alone, its tails straight."""
    knots = np.array([1.0, 2.5, 4, 7])
    x = np.linspace(-3, 12, 301)
    basis = st.restricted_cubic_spline(x, knots)
    assert basis.shape == (301, 3)
    assert (basis[:, 0] == x).all()
    assert (basis[x <= 1, 1] == 0).all()
    assert (basis[x <= 2.5, 2] == 0).all()
    between = (x > 1) & (x < 2.5)
    np.testing.assert_allclose(basis[between, 1], (x[between] - 1) ** 3 / 36)  # scaled by (7 - 1)²
    np.testing.assert_allclose(np.diff(basis[x >= 7], 2, axis=0), 0, atol=1e-10)
    # From the last but one knot the second derivative falls in a line to 0 at the last: 6 (t -
    # first) (last - x) / (last - t) / 36.
    bend = np.array([0, 0]) + [
        st.restricted_cubic_spline([5.0 + h for h in (-1e-3, 0, 1e-3)], knots)[:, k]
        @ [1, -2, 1]
        / 1e-6
        for k in (1, 2)
    ]
    np.testing.assert_allclose(
        bend, [6 * (4 - 1) * 2 / 3 / 36, 6 * (4 - 2.5) * 2 / 3 / 36], rtol=1e-5
    )


def test_basis_by_hand():
    """Knots 0, 1, 3 at 2: 8 - 1 × (3 - 0) / 2 = 6.5 over 9; at 4: 64 - 27 × 1.5 + 1 × 0.5 = 24 over
    9."""
    np.testing.assert_allclose(
        st.restricted_cubic_spline([2.0, 4.0], [0, 1, 3]), [[2, 6.5 / 9], [4, 24 / 9]]
    )
    for knots in ([0, 1], [0, 1, 1], [0, 2, 1]):
        with pytest.raises(ValueError, match="knots: at least 3, each larger"):
            st.restricted_cubic_spline([1.0], knots)


@pytest.mark.parametrize(
    "chosen",
    [
        [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]],
        [[1, 0, 0, 1, 1], [1, 0, 1, 1, 0], [1, 1, 0, 1, 0], [0, 0, 0, 1, 1]],
    ],
)
@pytest.mark.parametrize("level", [0.95, 0.5])
def test_interval_of_stability_in_fractions(chosen, level):
    """Nogueira 2018, theorem 7, feature by feature: v = 4 / M² Σ (φ_i - mean φ)²."""
    rows, columns = len(chosen), len(chosen[0])
    p = [F(sum(row[f] for row in chosen), rows) for f in range(columns)]
    k = [F(sum(row)) for row in chosen]
    mean = sum(k) / rows
    expected = mean / columns * (1 - mean / columns)
    index = 1 - sum(F(rows, rows - 1) * each * (1 - each) for each in p) / columns / expected
    phi = [
        (
            sum(z * each for z, each in zip(row, p, strict=True)) / F(columns)
            - ki * mean / columns**2
            + index / 2 * (2 * ki * mean / columns**2 - ki / columns - mean / columns + 1)
        )
        / expected
        for row, ki in zip(chosen, k, strict=True)
    ]
    error = float(F(4, rows**2) * sum((each - sum(phi) / rows) ** 2 for each in phi)) ** 0.5
    found, z = st.selection_stability(chosen, level), norm.isf((1 - level) / 2)
    low, high = max(float(index) - z * error, -1 / (rows - 1)), min(float(index) + z * error, 1)
    assert (found.value, found.ci_low, found.ci_high) == pytest.approx((float(index), low, high))
    assert found.n == rows


def test_stability_without_an_interval_or_a_value():
    assert st.selection_stability([[1], [0], [1]]).value == pytest.approx(
        1 - 1.5 * 2 / 9 / (2 / 9)
    )  # a single feature: -1 / (M - 1)
    for chosen in (np.ones((3, 2)), np.zeros((3, 2))):
        found = st.selection_stability(chosen)
        assert np.isnan([found.value, found.ci_low, found.ci_high]).all()
        assert found.n == 3
    with pytest.raises(ValueError, match="chosen: at least two selections"):
        st.selection_stability(np.ones((3, 0)))


ONE, TWO = np.array([3.1, 4.7, 2.2, 5.9, 4.4]), np.array([6.3, 5.2, 7.7, 4.8, 9.1, 6.6, 5.5])


def test_standardised_differences_of_means():
    difference, v, w = ONE.mean() - TWO.mean(), ONE.var(ddof=1), TWO.var(ddof=1)
    assert (
        st.standardized_mean_difference(ONE, TWO)
        == pytest.approx(-difference / np.sqrt((v + w) / 2))
        == st.standardized_mean_difference(TWO, ONE)
    )
    assert st.standardized_mean_difference(ONE, TWO, 0) == pytest.approx(
        -difference / np.sqrt((v * 4 / 5 + w * 6 / 7) / 2)
    )
    d = difference / np.sqrt((4 * v + 6 * w) / 10)
    assert st.cohens_d(ONE, TWO) == pytest.approx(d)
    assert st.cohens_d(TWO, ONE) == pytest.approx(-d)
    # Hedges' exact factor J(10) = Γ(5) / (√5 Γ(4.5)).
    assert st.cohens_d(ONE, TWO, corrected=True) == pytest.approx(
        d * gamma(5) / np.sqrt(5) / gamma(4.5)
    )


def test_constants_and_small_groups():
    assert st.standardized_mean_difference([2, 2], [2, 2, 2]) == 0.0
    assert st.standardized_mean_difference([2, 2], [3, 3]) == np.inf
    assert (
        st.standardized_mean_difference([2, 2], [3, 5])
        == pytest.approx(2.0)
        == -st.cohens_d([2, 2], [3, 5]) / 1.0
    )  # variances 0 and 2
    with pytest.raises(ValueError, match="first: both groups are constant"):
        st.cohens_d([2, 2], [3, 3])
    for function in (st.cohens_d, st.standardized_mean_difference):
        for first, second in (([1], [1, 2]), ([1, 2], [1])):
            with pytest.raises(ValueError, match="first: both groups need at least 2 values"):
                function(first, second)


def test_standardised_difference_of_categories():
    """Of two levels |p - q| / √((p (1 - p) + q (1 - q)) / 2); the order of levels, and which is
    left out, doesn't matter."""
    p, q = 3 / 5, 2 / 8
    assert st.standardized_category_difference(
        [1] * 3 + [0] * 2, [1] * 2 + [0] * 6
    ) == pytest.approx((p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2))
    first, second = list("aabbbcc"), list("aaabccccc")
    p, q = np.array([2, 3, 2]) / 7, np.array([3, 1, 5]) / 9
    spread = [
        [((p[i] * (i == j) - p[i] * p[j]) + (q[i] * (i == j) - q[i] * q[j])) / 2 for j in (0, 2)]
        for i in (0, 2)
    ]
    d = (p - q)[[0, 2]]
    assert st.standardized_category_difference(first, second) == pytest.approx(
        np.sqrt(d @ np.linalg.inv(spread) @ d)
    )
    assert st.standardized_category_difference(["a", "a"], ["a"]) == 0.0
    # Nobody of one group is where the other is: nothing varies along the difference, two levels or
    # three.
    for first, second in (("aaa", "bb"), ("aabb", "ccc"), ("aabb", "ccdd")):
        assert (
            st.standardized_category_difference(list(first), list(second))
            == np.inf
            == st.standardized_category_difference(list(second), list(first))
        )
    # A level that one group lacks: shares 1/2 and 0, so 1/2 / √(1/4 / 2).
    assert (
        st.standardized_category_difference(list("ab"), list("aa"))
        == pytest.approx(np.sqrt(2))
        == st.standardized_category_difference(list("aa"), list("ab"))
    )


@pytest.mark.parametrize(("d", "one", "two"), [(0.0, 50, 50), (0.8, 12, 30), (-1.5, 7, 4)])
def test_error_of_a_standardised_difference(d, one, two):
    assert st.standardized_difference_error(d, one, two) ** 2 == pytest.approx(
        1 / one + 1 / two + d * d / 2 / (one + two)
    )
