"""Which 2×2 tables fit published figures: the source study's fit other numbers of events than its
abstract has."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from analysis import statistics as st


def classes(tables):
    return {(table.events, table.non_events) for table in tables}


def test_the_source_studys_figures():
    validation, training = (
        st.check_reported(33, 0.818, 0.800, 0.846),
        st.check_reported(132, 0.886, 0.889, 0.882),
    )
    assert classes(validation) == {(20, 13)}
    assert classes(training) == {(81, 51)}
    # Together 101 and 64, where its abstract says 96 and 69.
    assert (20 + 81, 13 + 51) == (101, 64) != (96, 69)


def test_figures_that_no_table_has():
    assert st.check_reported(33, 0.999, 0.800, 0.846) == []


@given(some.integers(2, 60), some.data())
def test_the_true_table_is_always_found(n, data):
    events = data.draw(some.integers(1, n - 1))
    tp, tn = data.draw(some.integers(0, events)), data.draw(some.integers(0, n - events))
    published = [
        float(np.round(value, 3)) for value in ((tp + tn) / n, tp / events, tn / (n - events))
    ]
    assert st.ReportedTable(events, n - events, tp, tn) in st.check_reported(n, *published)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((33, 1.2, 0.8, 0.8), "accuracy"),
        ((33, 0.8, -0.1, 0.8), "sensitivity"),
        ((0, 0.8, 0.8, 0.8), "n: expected"),
    ],
)
def test_impossible_figures_are_named(arguments, named):
    with pytest.raises(ValueError, match=named):
        st.check_reported(*arguments)
