"""Exact and chi-square tests of tables: the same whatever the order, and as by enumeration."""

import itertools
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from analysis import statistics as st

tables = arrays.arrays(int, (2, 3), elements=some.integers(0, 5))


def by_enumeration(table):
    """Fisher's p by definition: every 2 × 3 table with these margins."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)

    def probability(cells):
        return prod(map(factorial, [*rows, *columns])) / (
            factorial(table.sum()) * prod(factorial(int(cell)) for cell in np.ravel(cells))
        )

    every = [
        np.array([top, columns - top])
        for top in itertools.product(*(range(count + 1) for count in columns))
        if sum(top) == rows[0]
    ]
    own = probability(table)
    return sum(p for p in map(probability, every) if p <= own * (1 + 1e-7))


@given(tables)
def test_fisher_is_the_enumeration_the_same_each_call_and_in_any_order(table):
    assume((table.sum(axis=0) > 0).all() and (table.sum(axis=1) > 0).all())
    p = st.fisher_exact_test(table).p
    assert p == pytest.approx(by_enumeration(table), rel=1e-9)
    assert p == st.fisher_exact_test(table).p
    assert st.fisher_exact_test(table.T[::-1]).p == pytest.approx(p, rel=1e-9)


@given(tables)
def test_chi_square_does_not_depend_on_order(table):
    assume((table.sum(axis=0) > 0).all() and (table.sum(axis=1) > 0).all())
    assert st.chi_square_test(table).statistic == pytest.approx(
        st.chi_square_test(table.T[::-1]).statistic, abs=1e-9
    )
