"""Repeatability with and without preprocessing is of the same patients and the same features."""

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.radiomics import RadiomicsTable
from analysis.results.preprocessing_effect import preprocessing_tables
from analysis.results.preprocessing_names import TABLE

PATIENTS = [f"P{place}" for place in range(12)]


def _table(names, unprepared=None):
    """The last feature is repeatable, all others are noise."""
    random = np.random.default_rng(4)
    values, again = random.normal(size=(2, len(PATIENTS), len(names)))
    again[:, -1] = values[:, -1]
    first, second = (pd.DataFrame(each, PATIENTS, names) for each in (values, again))
    return RadiomicsTable(first, {}, {"noise": second}, unprepared=unprepared)


def test_a_feature_that_one_table_lacks_counts_in_neither():
    """A quotient may have been left out of one of the two."""
    rows = preprocessing_tables(_table(["a", "q", "z"], _table(["a", "z"])), 0.9)[TABLE]
    assert list(rows["features"]) == [2, 2]
    np.testing.assert_allclose(rows[["with_it", "without"]], 0.5)


@pytest.mark.parametrize("other", [None, _table(["b", "c"])])
def test_nothing_in_common_gives_no_table(other):
    assert preprocessing_tables(_table(["a", "z"], other), 0.9) == {}
