"""Adjusted p-values: never below the raw ones, in the same order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from analysis import statistics as st

p_values = some.lists(some.floats(0, 1), min_size=1, max_size=12)


@settings(
    max_examples=15
)  # statsmodels collects garbage in each call, which takes longer than the rest
@given(p_values)
def test_adjusted_are_at_least_the_raw_and_in_their_order(values):
    raw = np.array(values)
    for method in (st.holm, st.benjamini_hochberg):
        adjusted = method(raw)
        assert (adjusted >= raw - 1e-12).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(raw, kind="stable")]) >= -1e-12).all()


@settings(
    max_examples=15
)  # statsmodels collects garbage in each call, which takes longer than the rest
@given(p_values)
def test_holm_controls_more_than_benjamini_hochberg_and_less_than_bonferroni(values):
    raw = np.array(values)
    assert (st.holm(raw) >= st.benjamini_hochberg(raw) - 1e-12).all()
    assert (st.holm(raw) <= np.minimum(1, len(raw) * raw) + 1e-12).all()


def test_exploratory_contrasts_carry_no_p():
    table = st.contrast_family(
        {"main": 0.04, "second": 0.03, "third": 0.02, "other": 0.001}, "main", ["second", "third"]
    )
    assert table.loc["main", "p"] == 0.04
    assert table.loc["third", "p"] == 0.04
    assert np.isnan(table.loc["other", "p"])
