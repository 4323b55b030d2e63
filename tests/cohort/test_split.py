"""Who trains: recorded columns as they are, seeded splits stratified and independent of row
order."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.split import split_of
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
    table = pd.DataFrame(
        {"cohort": ["training", "validation", "training", "validation"]}, index=label.index
    )
    with pytest.raises(
        ValueError, match="validation cohort needs patients with and without the event"
    ):
        split_of(table, label, Split(column="cohort"))


def test_external_cohorts_are_named_beforehand():
    label = pd.Series([0.0, 1.0] * 3, index=list("ABCDEF"))
    table = pd.DataFrame(
        {"cohort": ["training"] * 2 + ["validation"] * 2 + ["hospital_b"] * 2}, index=label.index
    )
    cohort = split_of(table, label, Split(column="cohort", external={"hospital_b": "Hospital B"}))
    assert list(cohort) == list(table["cohort"])
    with pytest.raises(ValueError, match="wrong or empty for E, F.*named under split.external"):
        split_of(table, label, Split(column="cohort"))
    with pytest.raises(ValueError, match="the hospital_c cohort needs patients"):
        split_of(
            table, label, Split(column="cohort", external={"hospital_b": "B", "hospital_c": "C"})
        )


def test_a_temporal_split_goes_by_the_day():
    label = pd.Series([0.0, 1.0, 0.0, 1.0], index=list("ABCD"))
    table = pd.DataFrame(
        {"operated": ["2018-05-01", "2018-12-31", "2019-01-01", "2020-02-02"]}, index=label.index
    )
    split = Split(date="operated", since="2019-01-01")
    assert list(split_of(table, label, split)) == [
        "training",
        "training",
        "validation",
        "validation",
    ]
    with pytest.raises(
        ValueError, match=r"must hold a date \(YYYY-MM-DD\) for every patient; it does not for D"
    ):
        split_of(
            table.assign(operated=["2018-05-01", "2018-12-31", "2019-01-01", "02.02.2020"]),
            label,
            split,
        )


def test_a_split_by_centre():
    label = pd.Series([0.0, 1.0, 0.0, 1.0], index=list("ABCD"))
    table = pd.DataFrame({"centre": ["north", "north", "south", "south"]}, index=label.index)
    assert list(split_of(table, label, Split(centres=["south"]), "centre")) == [
        "training",
        "training",
        "validation",
        "validation",
    ]
    with pytest.raises(ValueError, match="no patient is of centre west; centres are north, south"):
        split_of(table, label, Split(centres=["west"]), "centre")
    with pytest.raises(ValueError, match="needs cohort.centre"):
        split_of(table, label, Split(centres=["south"]))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "give exactly one of column, validation_fraction, date, centres"),
        ({"column": "c", "centres": ["a"]}, "column and centres are given"),
        ({"date": "d"}, "needs both date"),
        ({"validation_fraction": 0.2, "external": {"b": "B"}}, "named in a recorded column"),
        ({"column": "c", "external": {"training": "B"}}, "training can't name an external cohort"),
    ],
)
def test_wrong_splits_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Split(**settings)
