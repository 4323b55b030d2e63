"""Labels at the horizon: boundaries on each side, and censored patients who stay unknown."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.endpoint import label_at_horizon, outcome_of
from analysis.study import Endpoint

ENDPOINT = Endpoint(time="time", event_type="type", horizon_months=24)


@pytest.mark.parametrize(
    ("time", "event_type", "expected"),
    [
        (23.9, "recurrence", 1.0),
        (24.0, "recurrence", 1.0),
        (24.1, "recurrence", 0.0),
        (23.9, "censored", np.nan),
        (24.0, "censored", 0.0),
        (60.0, "censored", 0.0),
        (10.0, "death", np.nan),
        (24.1, "death", 0.0),
        (np.nan, "censored", np.nan),
        (30.0, None, np.nan),
    ],
)
def test_label_on_each_side_of_the_horizon(time, event_type, expected):
    label = label_at_horizon(pd.Series([time]), pd.Series([event_type], dtype="string"), 24)
    np.testing.assert_equal(label.to_numpy(), [expected])


def test_impossible_follow_up_names_the_patient():
    table = pd.DataFrame({"time": [1, -2], "type": ["recurrence", "relapse"]}, index=["P1", "P2"])
    with pytest.raises(
        ValueError,
        match="(?s)patient P2.*'-2' must be months >= 0.*patient P2.*'relapse' is not one of",
    ):
        outcome_of(table, ENDPOINT)


def test_absent_column_is_named():
    with pytest.raises(ValueError, match="column 'type' is not in the table.*the table has time"):
        outcome_of(pd.DataFrame({"time": [1.0]}), ENDPOINT)


def test_the_value_that_is_the_event_can_be_zero():
    table = pd.DataFrame({"survives": [1, 0, None]})
    assert outcome_of(table, Endpoint(label="survives", event_value=0))["label"].tolist()[:2] == [
        0.0,
        1.0,
    ]
    assert outcome_of(table, Endpoint(label="survives", event_value=0))[
        "label"
    ].isna().tolist() == [False, False, True]


def test_a_ready_label_must_be_binary():
    table = pd.DataFrame({"metastasis": [0, 1, 2]}, index=["A", "B", "C"])
    with pytest.raises(ValueError, match="patient C: .*'2' is neither 0 nor 1"):
        outcome_of(table, Endpoint(label="metastasis"))
