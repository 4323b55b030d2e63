"""Codes of missing values are compared as values, counted by column, and pointed out where they are
likely mistaken."""

import pandas as pd
import pytest

from analysis.cohort.tables.canonical_units import examined
from analysis.cohort.tables.missing_codes import equals_code, lone_codes, without_codes
from analysis.study import load_study
from analysis.study.dictionary import Dictionary
from analysis.workflow.check.examine import examine
from tests.support.small_files import small_files


@pytest.mark.parametrize("code", ["-99", -99, -99.0, "-99.0", " -99 "])
@pytest.mark.parametrize(
    "values", [[3.0, -99.0, 4.8], [3, -99, 5], ["3.0", "-99", "x"], ["3", "-99.00", None]]
)
def test_a_code_is_compared_as_a_value(code, values):
    assert equals_code(pd.Series(values), code).tolist() == [False, True, False]


def test_texts_are_compared_without_blanks_and_not_in_numbers():
    assert equals_code(pd.Series(["NA", " NA ", "na", None, 1]), "NA").tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert equals_code(pd.Series([1.0, float("nan")]), "NA").tolist() == [False, False]
    assert equals_code(pd.Series([True, False]), 1).tolist() == [False, False]


def test_what_was_replaced_is_counted_by_column():
    table = pd.DataFrame(
        {"id": ["9", "b", "c"], "x": [1.0, -99, -99], "number": [1, 9, 12], "y": [1, 2, 3]}
    )
    found, replaced = without_codes(
        table, [-99, 77], {"y": [3], "number": ["9"], "x": [5]}, spared=["id"]
    )
    assert found["x"].isna().tolist() == [False, True, True]
    assert found["id"].tolist() == [
        "9",
        "b",
        "c",
    ]
    assert replaced.counts == {"x": {"-99": 2}, "number": {"9": 1}, "y": {"3": 1}}
    assert replaced.unused == ["77", "x: 5"]
    assert replaced.among == [("number", "9", 1, 1.0, 12.0)]


@pytest.mark.parametrize(
    ("values", "lone"),
    [
        ([1.5, 2, 3, 4.9, -99, -99], {-99: 2}),
        ([61, 70, 85, 55, 99], {}),
        ([80, 95, 110, 999], {999: 1}),
        ([-3, 2, 5, -9], {}),
        ([-3, 2, 5, 1, -99], {-99: 1}),
        ([1, 2], {}),
        ([5, 12000, 3, 400, 999], {}),
        ([1, 2, 3, 4, 9], {}),
        (["a", 2, 3, -99], {}),
        ([0, 0, 1, 1, -9], {-9: 1}),
    ],
)
def test_lone_codes(values, lone):
    assert lone_codes(pd.Series(values)) == lone


def test_codes_of_one_variable_leave_the_others():
    variables = {
        name: {"label": name, "role": "predictor", "type": "continuous", "unit": "1"}
        for name in ("a", "b")
    }
    variables["a"]["missing"] = [9]
    found = examined(
        pd.DataFrame({"a": [1, 9, 3], "b": [1, 9, 3]}), Dictionary(variables=variables)
    )
    assert found.table["a"].isna().tolist() == [False, True, False]
    assert found.table["b"].tolist() == [1, 9, 3]


@pytest.mark.parametrize("missing", [["-99"], [-99]])
def test_numeric_columns_and_the_follow_up_become_empty(tmp_path, missing):
    path = small_files(
        tmp_path,
        missing=missing,
        cells={
            ("ratio", 2): "-99",
            ("ratio", 4): "-99",
            ("follow_up", 6): "-99",
            ("event_type", 6): "",
        },
    )
    cohort, problems = examine(load_study(path))
    assert cohort.clinical["ratio"].isna().sum() == 2
    assert cohort.clinical["ratio"].min() > 0
    assert cohort.outcome["time_months"].isna().tolist().count(True) == 1
    assert cohort.label.isna()["P07"]
    assert not problems.of("error")
    notes = [f"{each.where}: {each.what}" for each in problems.of("note")]
    assert any("column 'ratio': 2 cells count as empty" in each for each in notes)
    assert any("column 'follow_up': 1 cell" in each for each in notes)


def test_undeclared_and_unused_codes_are_warnings(tmp_path):
    path = small_files(tmp_path, missing=["-77"], cells={("ratio", 2): "-99", ("ast", 3): "-99"})
    warnings = {each.where: each.what for each in examine(load_study(path))[1].of("warning")}
    assert "1 cell holds -99, far from all other values" in warnings["clinical.csv, column 'ratio'"]
    assert "'-77' occurs nowhere" in warnings["dictionary.yml"]
    errors = [each.what for each in examine(load_study(path))[1].of("error")]
    assert len(errors) == 1
    assert "ast -99 U/L is impossible" in errors[0]
    assert "likely a code for a missing value" in errors[0]


def test_a_limit_among_the_numbers_hides_no_code():
    """9 lies among 3 to 300, whether or not one cell is `<2.0`."""
    for last in (7, "<2.0"):
        _, replaced = without_codes(
            pd.DataFrame({"ggt": pd.Series([3, 9, 20, 9, 300, last], dtype=object)}), [9], {}
        )
        assert replaced.among == [("ggt", "9", 2, 3.0, 300.0)]
