"""Proportions, families of p-values, equivalence, and tables behind published numbers: closed forms
and tiny examples."""

from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from scipy.stats import beta, norm

import analysis.statistics as st


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize(("count", "of"), [(0, 7), (3, 10), (9, 12), (7, 7)])
def test_intervals_of_a_proportion(count, of, level):
    p, z = count / of, norm.isf((1 - level) / 2)
    tail = (1 - level) / 2
    exact = (
        beta.ppf(tail, count, of - count + 1) if count else 0.0,
        beta.ppf(1 - tail, count + 1, of - count) if count < of else 1.0,
    )
    # Wilson's ends solve (p - x)² = z² x (1 - x) / n.
    roots = np.sort(np.roots([1 + z**2 / of, -(2 * p + z**2 / of), p**2]).real)
    half = z * np.sqrt(p * (1 - p) / of)
    for method, ends in (
        ("exact", exact),
        ("wilson", tuple(roots)),
        ("wald", (p - half, p + half)),
    ):
        found = st.proportion(count, of, level, method)
        assert (found.value, found.ci_low, found.ci_high, found.n) == pytest.approx(
            (p, *ends, of), abs=1e-9
        )
    assert st.proportion(count, of, level) == st.proportion(count, of, level, "exact")


def test_an_exact_end_has_half_of_the_error_beyond_it():
    """0 of n: (1 - high)^n = 2.5 %; Wald's ends are not cut, so they can leave 0 and 1."""
    assert st.proportion(0, 20).ci_high == pytest.approx(1 - 0.025 ** (1 / 20))
    assert st.proportion(20, 20).ci_low == pytest.approx(0.025 ** (1 / 20))
    assert st.proportion(1, 10, method="wald").ci_low < 0
    assert st.proportion(9, 10, method="wald").ci_high > 1


def test_proportions_of_nobody_and_impossible_ones():
    nobody = st.proportion(0, 0)
    assert np.isnan([nobody.value, nobody.ci_low, nobody.ci_high]).all()
    assert nobody.n == 0
    assert st.proportion(0, 1).n == 1
    for count, of in ((-1, 5), (6, 5)):
        with pytest.raises(ValueError, match=f"count: expected 0 to 5, got {count}"):
            st.proportion(count, of)
    with pytest.raises(ValueError, match="method: 'exact', 'wilson' or 'wald', got 'agresti'"):
        st.proportion(1, 5, method="agresti")


def test_adjusted_p_by_hand():
    """Sorted .01, .02, .03, .2. Holm: 4 × .01, 3 × .02, 2 × .03, 1 × .2. Benjamini-Hochberg: 4/1 ×
    .01, 4/2 × .02, 4/3 × .03, .2."""
    raw = [0.03, 0.2, 0.01, 0.02]
    np.testing.assert_allclose(st.holm(raw), [0.06, 0.2, 0.04, 0.06])
    np.testing.assert_allclose(st.benjamini_hochberg(raw), [0.04, 0.2, 0.04, 0.04])
    np.testing.assert_allclose(
        st.holm([0.04, 0.03]), [0.06, 0.06]
    )  # a larger p is never adjusted below a smaller one
    assert st.holm([0.0, 1.0, 0.9]).tolist() == [0, 1, 1]
    assert st.benjamini_hochberg([0.0, 1.0]).tolist() == [0, 1]
    for function in (st.holm, st.benjamini_hochberg):
        for p in ([-0.01, 0.5], [0.5, 1.01]):
            with pytest.raises(ValueError, match=r"p_values: must lie in \[0, 1\]"):
                function(p)


def test_family_of_contrasts():
    table = st.contrast_family({"a": 0.04, "b": 0.01, "c": 0.03, "d": 0.001}, "a", ["c", "b"])
    assert table.index.tolist() == list("abcd")
    assert table["p"].iloc[:3].tolist() == pytest.approx([0.04, 0.02, 0.03])
    assert np.isnan(table["p"].iloc[3])
    assert table["role"].tolist() == [
        "primary",
        "secondary, Holm-adjusted",
        "secondary, Holm-adjusted",
        "exploratory",
    ]
    assert st.contrast_family({"a": 0.2, "b": 0.1}, "a", [])["role"].tolist() == [
        "primary",
        "exploratory",
    ]
    with pytest.raises(ValueError, match="family: no p-value for x, y; known are a, b"):
        st.contrast_family({"a": 0.2, "b": 0.1}, "x", ["b", "y"])
    with pytest.raises(
        ValueError, match="family: the primary contrast a can't be in the secondary family"
    ):
        st.contrast_family({"a": 0.2, "b": 0.1}, "a", ["a", "b"])


@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [
        (-0.02, 0.04, True),
        (-0.05, 0.04, False),
        (-0.04, 0.05, False),
        (0.01, 0.06, False),
        (-0.06, 0.01, False),
        (0.02, 0.02, True),
    ],
)
def test_equivalence_is_within_the_margin_not_at_it(low, high, answer):
    assert st.is_equivalent(low, high, 0.05) is answer


def test_equivalence_without_a_margin_or_an_interval():
    for margin in (None, 0, -0.1, np.nan):
        with pytest.raises(ValueError, match="margin: no equivalence margin was prespecified"):
            st.is_equivalent(0, 0.01, margin)
    for low, high in ((0.2, 0.1), (np.nan, 0.1), (0.1, np.nan)):
        with pytest.raises(ValueError, match="ci_low: interval .* is missing or upside down"):
            st.is_equivalent(low, high, 0.5)


def _rounds(count, of, value, decimals):
    unit, exact = Decimal(1).scaleb(-decimals), Decimal(count) / Decimal(of)
    return Decimal(value) in {
        exact.quantize(unit, rule) for rule in (ROUND_HALF_UP, ROUND_HALF_DOWN)
    }


@pytest.mark.parametrize(
    ("n", "values", "decimals"),
    [
        (33, ("0.818", "0.800", "0.846"), 3),
        (16, ("0.75", "0.62", "0.88"), 2),
        (16, ("0.75", "0.63", "0.87"), 2),
        (12, ("0.5", "0.5", "0.5"), 1),
        (7, ("1", "1", "1"), 3),
        (20, ("0.9", "0.1", "0.1"), 1),
    ],
)
def test_tables_that_round_to_the_published_numbers(n, values, decimals):
    """By decimal arithmetic, either rounding of a half: 5/8 is .62 or .63."""
    expected = [
        st.ReportedTable(events, n - events, tp, tn)
        for events in range(1, n)
        for tp in range(events + 1)
        for tn in range(n - events + 1)
        if _rounds(tp, events, values[1], decimals)
        and _rounds(tn, n - events, values[2], decimals)
        and _rounds(tp + tn, n, values[0], decimals)
    ]
    assert st.check_reported(n, *map(float, values), decimals) == expected
    assert bool(expected) == (n != 20)


def test_reported_values_out_of_range():
    assert st.check_reported(1, 1, 1, 1) == []
    assert st.check_reported(2, 0, 0, 0) == [st.ReportedTable(1, 1, 0, 0)]
    assert (
        st.check_reported(33, 0.818, 0.8, 0.846)
        == st.check_reported(33, 0.818, 0.8, 0.846, 3)
        != st.check_reported(33, 0.818, 0.8, 0.846, 4)
    )
    for place, name in enumerate(("accuracy", "sensitivity", "specificity")):
        for value in (-0.01, 1.01):
            with pytest.raises(ValueError, match=rf"{name}: must lie in \[0, 1\]"):
                st.check_reported(10, *[value if place == other else 0.5 for other in range(3)])
    with pytest.raises(ValueError, match="n: expected a positive number of patients, got 0"):
        st.check_reported(0, 0.5, 0.5, 0.5)
