"""Who trains: recorded columns as they are, seeded splits stratified and independent of row order."""

import numpy as np
import pandas as pd
import pytest

from analysis.split import split_of
from analysis.study import Split


def _label(n: int = 40) -> pd.Series:
    values = np.where(np.arange(n) % 4 == 0, 1.0, 0.0)
    values[:2] = np.nan
    return pd.Series(values, index=[f"P{i:02d}" for i in range(n)])


def test_seeded_split_is_stratified_and_ignores_row_order():
    label = _label()
    table = pd.DataFrame(index=label.index)
    split = Split(validation_fraction=0.25, seed=3)
    cohort = split_of(table, label, split)
    shuffled = split_of(table.sample(frac=1, random_state=1), label, split)
    pd.testing.assert_series_equal(cohort, shuffled.reindex(cohort.index))
    assert (cohort == "validation").sum() == 10
    assert abs(label[cohort == "validation"].mean() - label.mean()) < 0.1


def test_recorded_column_must_name_a_cohort_for_everyone():
    label = _label(8)
    table = pd.DataFrame({"cohort": ["training"] * 6 + ["validaton", None]}, index=label.index)
    with pytest.raises(ValueError, match="wrong or empty for P06, P07"):
        split_of(table, label, Split(column="cohort"))


def test_a_cohort_without_events_is_refused():
    label = pd.Series([0.0, 0.0, 1.0, 0.0], index=list("ABCD"))
    table = pd.DataFrame({"cohort": ["training", "validation", "training", "validation"]}, index=label.index)
    with pytest.raises(ValueError, match="validation cohort needs patients with and without the event"):
        split_of(table, label, Split(column="cohort"))
