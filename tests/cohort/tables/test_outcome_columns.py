"""Dates, durations in any unit, codes and labels of several values to one outcome."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.cohort.endpoint import outcome_of
from analysis.cohort.tables.canonical_units import to_canonical
from analysis.core.problems import Problems
from analysis.study import Endpoint
from analysis.study.dictionary import Dictionary
from analysis.units.unit_errors import UnitError

DATES = pd.DataFrame(
    {
        "op": ["2020-01-01", "2020-01-01", "2020-01-01 10:30", ""],
        "last": ["2020-07-01", "2023-01-01", "2021-01-01", "2021-01-01"],
        "what": [1, 0, 2, 1],
    },
    index=list("ABCD"),
)


def test_two_dates_and_codes_are_a_follow_up():
    endpoint = Endpoint(
        start="op",
        end="last",
        event_type="what",
        event_codes={0: "censored", 1: "recurrence", 2: "death"},
        horizon_months=24,
    )
    problems = Problems()
    outcome = outcome_of(DATES, endpoint, problems)
    assert outcome["time_months"].round(2).tolist()[:3] == [6.0, 36.0, 12.0]
    assert np.isnan(outcome["time_months"]["D"])
    np.testing.assert_equal(outcome["label"].to_numpy(), [1, 0, np.nan, np.nan])
    assert not problems.of("error")
    assert [each.patient for each in problems.of("warning")] == ["D"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("44013", "likely 2020-07-01"),
        ("01.07.2020", "no date written as YYYY-MM-DD"),
        ("2019-12-01", "31 days before it starts"),
        ("2920-07-01", "no date"),
    ],
)
def test_a_wrong_date_names_patient_and_mending(value, words):
    problems = Problems()
    outcome_of(
        DATES.assign(last=[value, *DATES["last"][1:]]),
        Endpoint(
            start="op",
            end="last",
            event_type="what",
            event_codes={0: "censored", 1: "recurrence", 2: "death"},
            horizon_months=24,
        ),
        problems,
    )
    assert [each.patient for each in problems.of("error")] == ["A"]
    assert words in str(problems.of("error")[0])


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("days", 30.4375), ("weeks", 30.4375 / 7), ("months", 1), ("years", 1 / 12)],
)
def test_durations_in_any_unit(unit, factor):
    table = pd.DataFrame({"t": [12 * factor, 36 * factor], "e": ["recurrence", "censored"]})
    outcome = outcome_of(
        table, Endpoint(time="t", time_unit=unit, event_type="e", horizon_months=24)
    )
    assert outcome["time_months"].tolist() == pytest.approx([12, 36])
    assert outcome["label"].tolist() == [1, 0]


def test_days_that_were_taken_for_months_are_noticed():
    problems = Problems()
    outcome_of(
        pd.DataFrame({"t": [400, 900, 1500], "e": ["censored"] * 3}),
        Endpoint(time="t", event_type="e", horizon_months=24),
        problems,
    )
    assert "if these are days" in problems.of("warning")[0].mend


def test_labels_of_several_values():
    table = pd.DataFrame({"kind": ["CHC", "CCK", "mixed", None, "CHC"]})
    assert outcome_of(table, Endpoint(label="kind", event_value="CHC"))["label"].tolist()[:3] == [
        1,
        0,
        0,
    ]
    assert outcome_of(table, Endpoint(label="kind", event_value=["CHC", "mixed"]))[
        "label"
    ].tolist()[:3] == [1, 0, 1]
    np.testing.assert_equal(
        outcome_of(table, Endpoint(label="kind", levels={"CHC": 1, "CCK": 0, "mixed": None}))[
            "label"
        ].to_numpy(),
        [1, 0, np.nan, np.nan, 1],
    )
    with pytest.raises(ValueError, match="(?s)'mixed' is none of endpoint.levels"):
        outcome_of(table, Endpoint(label="kind", levels={"CHC": 1, "CCK": 0}))
    with pytest.raises(
        ValueError,
        match="(?s)no patient has the event value 'HCC'; correct.*the column holds CCK, CHC, mixed",
    ):
        outcome_of(table, Endpoint(label="kind", event_value="HCC"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "x", "time": "t"},
        {"start": "a", "event_type": "e", "horizon_months": 1},
        {"time": "t", "start": "a", "end": "b", "event_type": "e", "horizon_months": 1},
        {"label": "x", "levels": {"a": 1}},
        {"time": "t", "event_type": "e", "horizon_months": 1, "event_value": 0},
    ],
)
def test_an_endpoint_is_of_one_kind(wrong):
    with pytest.raises(ValidationError):
        Endpoint(**wrong)


def test_columns_are_mapped_and_codes_have_labels():
    dictionary = Dictionary(
        variables={
            "ast": {
                "label": "AST",
                "role": "predictor",
                "type": "continuous",
                "unit": "U/L",
                "column": "AST (U/L)",
            },
            "sex": {
                "label": "Sex",
                "role": "predictor",
                "type": "categorical",
                "levels": {1: "male", 2: "female"},
                "column": "Sex 1=m",
            },
            "surgery": {
                "label": "Day of surgery",
                "role": "design",
                "type": "date",
                "date_format": "%d.%m.%Y",
            },
        }
    )
    table = pd.DataFrame(
        {"AST (U/L)": [30.0, 45.0], "Sex 1=m": [1.0, 2.0], "surgery": ["03.04.2021", None]},
        index=["A", "B"],
    )
    canonical = to_canonical(table, dictionary)
    assert canonical["sex"].tolist() == ["male", "female"]
    assert canonical["ast"].tolist() == [30, 45]
    assert canonical["surgery"].tolist()[0] == "2021-04-03"
    with pytest.raises(
        UnitError, match="(?s)sex '3' is none of its levels.*surgery: '2021/04/03' is no date"
    ):
        to_canonical(
            table.assign(**{"Sex 1=m": [3, 2], "surgery": ["2021/04/03", None]}), dictionary
        )
    with pytest.raises(UnitError, match="did you mean 'AST .U/L.'"):
        to_canonical(
            table,
            Dictionary(
                variables={
                    "ast": {
                        "label": "AST",
                        "role": "predictor",
                        "type": "continuous",
                        "unit": "U/L",
                    }
                }
            ),
        )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"type": "date", "role": "predictor"}, "can't be a predictor"),
        (
            {"type": "binary", "role": "predictor", "levels": {1: "no", 2: "yes"}},
            "make it categorical",
        ),
        (
            {"type": "categorical", "role": "predictor", "levels": {1: "a"}, "codes": {1: "a"}},
            "are the codes",
        ),
        ({"type": "text", "role": "design", "date_format": "%Y"}, "is for dates"),
    ],
)
def test_a_dictionary_that_contradicts_itself(wrong, words):
    with pytest.raises(ValidationError, match=words):
        Dictionary(variables={"x": {"label": "X", **wrong}})
