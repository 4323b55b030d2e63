"""Tables of counts: chi-square by its sum, Fisher's p by combinations, the conditional odds ratio
by its own equations, and which test a table gets."""

from math import comb, factorial, prod

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from analysis import statistics as st

TABLE = np.array([[12, 5], [7, 16]])


def test_chi_square_with_and_without_yates():
    """Expected 8.075, 8.925, 10.925, 12.075; each off by 3.925, with Yates by 3.425."""
    parts = 1 / 8.075 + 1 / 8.925 + 1 / 10.925 + 1 / 12.075
    for continuity, off, name in (
        (False, 3.925, "chi-square"),
        (True, 3.425, "chi-square with Yates' correction"),
    ):
        found = st.chi_square_test(TABLE, continuity)
        assert (found.statistic, found.degrees_of_freedom, found.name) == (
            pytest.approx(off**2 * parts),
            1,
            name,
        )
        assert found.p == pytest.approx(2 * stats.norm.sf(off * np.sqrt(parts)))
    wide = [[5, 7, 9], [8, 6, 3], [0, 0, 0]]
    assert st.chi_square_test(wide, continuity=True) == st.chi_square_test(wide[:2])
    assert st.chi_square_test(wide).degrees_of_freedom == 2
    assert (
        st.chi_square_test([row[:2] for row in wide], continuity=True).name
        == "chi-square with Yates' correction"
    )


def test_fisher_of_two_by_two_by_combinations():
    ways = np.array([comb(17, a) * comb(23, 19 - a) for a in range(18)])
    found = st.fisher_exact_test(TABLE)
    assert found.p == pytest.approx(ways[ways <= ways[12]].sum() / comb(40, 19))
    assert found.name == "Fisher exact"
    assert np.isnan(found.statistic)
    assert np.isnan(found.degrees_of_freedom)


@pytest.mark.parametrize(
    "table",
    [
        [[3, 1, 2], [0, 4, 1]],
        [[2, 3], [4, 0], [1, 1]],
        [[2, 0, 3], [1, 4, 0], [2, 1, 1]],
        [[2, 2, 2], [2, 2, 2]],
        [[4, 0, 1, 0], [0, 3, 0, 2], [1, 1, 1, 1]],
    ],
)
def test_fisher_by_writing_down_every_table(table):
    table = np.array(table) if len(table) <= len(table[0]) else np.array(table).T

    def fillings(columns, rows):
        """Multinomial weight of every way to fill columns from what remains of the rows, with its
        cells."""
        if len(columns) == 1:
            return [((rows,), 1)]
        found = []
        for cells in np.ndindex(*(count + 1 for count in rows)):
            if sum(cells) == columns[0]:
                found += [
                    ((cells, *rest), 1)
                    for rest, _ in fillings(columns[1:], tuple(np.subtract(rows, cells)))
                ]
        return found

    weight = lambda cells: 1 / prod(map(factorial, np.ravel(cells).tolist()))  # noqa: E731
    every = np.array(
        [
            weight(cells)
            for cells, _ in fillings(table.sum(axis=0).tolist(), tuple(table.sum(axis=1).tolist()))
        ]
    )
    found = st.fisher_exact_test(table)
    assert found.p == pytest.approx(
        every[every <= weight(table) * (1 + 1e-7)].sum() / every.sum(), rel=1e-9
    )
    assert found.name == "Fisher exact"
    assert found.p <= 1
    assert np.isnan(found.statistic)
    assert np.isnan(found.degrees_of_freedom)
    assert st.fisher_exact_test(table.T).p == pytest.approx(found.p, rel=1e-9)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_conditional_odds_ratio_solves_its_equations(level):
    """Its mean of the first cell is the count seen; at the ends each tail has half of 1 - level."""
    cells = np.arange(18)
    log_ways = np.array([np.log(comb(17, a) * comb(23, 19 - a)) for a in range(18)])

    def share(log_ratio):
        mass = np.exp(log_ways + cells * log_ratio - log_ways.max())
        return mass / mass.sum()

    tail = (1 - level) / 2
    value, low, high = (
        np.exp(brentq(equation, -10, 10, xtol=1e-13))
        for equation in (
            lambda log_ratio: share(log_ratio) @ cells - 12,
            lambda log_ratio: share(log_ratio)[12:].sum() - tail,
            lambda log_ratio: share(log_ratio)[:13].sum() - tail,
        )
    )
    found = st.conditional_odds_ratio(TABLE, level)
    assert (found.odds_ratio, found.ci_low, found.ci_high) == pytest.approx(
        (value, low, high), rel=1e-6
    )
    assert found.p == st.fisher_exact_test(TABLE).p
    with pytest.raises(ValueError, match=r"^table: expected 2 × 2, got \(2, 3\)"):
        st.conditional_odds_ratio([[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize(
    ("table", "name"),
    [
        # Expected counts all exactly 5; one of four below 5 is 25 %, over a fifth.
        ([[5, 5], [5, 5]], "chi-square"),
        ([[5, 4], [5, 6]], "Fisher exact"),
        ([[6, 6], [6, 6]], "chi-square"),
        # 2 × 5 with two expected counts of 4.5 of ten, exactly a fifth, then four of ten.
        ([[5, 9, 9, 9, 9], [4, 9, 9, 9, 9]], "chi-square"),
        ([[5, 5, 9, 9, 9], [4, 4, 9, 9, 9]], "Fisher exact"),
        # A third empty row is left out before the shares are counted.
        ([[5, 5], [0, 0], [5, 5]], "chi-square"),
    ],
)
def test_which_test_a_table_gets(table, name):
    found = st.category_test(table)
    assert found.name == name
    assert (
        found.p
        == (st.fisher_exact_test(table) if name == "Fisher exact" else st.chi_square_test(table)).p
    )


def test_too_many_tables_get_chi_square_and_say_so(monkeypatch):
    table = [[2, 1, 3], [1, 4, 1], [2, 2, 1]]
    monkeypatch.setattr("analysis.statistics.contingency.MOST_VALUES", 3)
    with pytest.raises(
        ValueError,
        match=(
            r"^table: too many tables share the margins \(6, 6, 5\) and \(5, 7, 5\) for an exact"
            r" test; use chi_square_test"
        ),
    ):
        st.fisher_exact_test(table)
    found = st.category_test(table)
    assert found.name == "chi-square (too many tables for Fisher's exact test)"
    assert (
        found.p,
        found.statistic,
    ) == (st.chi_square_test(table).p, st.chi_square_test(table).statistic)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[1, 2.5], [3, 4]], r"expected a two-way table of counts, got shape \(2, 2\)"),
        ([[1, -2], [3, 4]], "expected a two-way table of counts"),
        ([1, 2, 3], r"expected a two-way table of counts, got shape \(3,\)"),
        ([[[1, 2], [3, 4]]], r"shape \(1, 2, 2\)"),
        (
            [[1, 2, 3]],
            r"expected at least two rows and two columns that aren't empty, got \(1, 3\)",
        ),
        ([[1, 2], [0, 0]], r"got \(1, 2\)"),
        ([[1, 0], [3, 0], [2, 0]], r"got \(3, 1\)"),
    ],
)
def test_what_is_no_table_is_said(table, message):
    for function in (
        st.chi_square_test,
        st.fisher_exact_test,
        st.category_test,
        st.conditional_odds_ratio,
    ):
        with pytest.raises(ValueError, match=f"^table: .*{message}|^table: {message}"):
            function(table)
