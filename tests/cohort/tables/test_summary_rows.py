"""Rows that are no patients, and rows that a filter hides."""

import openpyxl
import pandas as pd
import pytest

from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.cohort.tables.summary_rows import is_summary
from analysis.core.problems import Problems
from analysis.study import load_study
from analysis.workflow.check.examine import examine
from tests.support.small_files import small_files, small_table


@pytest.mark.parametrize(
    "name",
    [
        "Mean",
        "TOTAL:",
        "mean ± SD",
        "Mean (SD)",
        "Summe",
        "平均值",
        "  n = ",
        "Std.",
        "Median (IQR)",
        "Mean age",
        "Total n=80",
        "p value",
        "P-value",
        "n (%)",
        "Std Dev",
        "Missing",
        "Range, years",
    ],
)
def test_names_of_statistics(name):
    assert is_summary(name)


@pytest.mark.parametrize(
    "name", ["P01", "Sum1", "Meany", "N12", "A", "Max Muster", "007", "Total 12", "N 4", "P 12"]
)
def test_names_of_patients(name):
    assert not is_summary(name)


def test_a_mean_below_the_patients_is_refused(tmp_path):
    table = pd.concat(
        [
            small_table().drop(columns=["cohort", "centre"]),
            pd.DataFrame(
                {
                    "patient_id": ["Mean", "* AST at admission"],
                    "ast": ["41.2", ""],
                    "albumin": ["40.0", ""],
                }
            ),
        ]
    ).fillna("")
    path = small_files(
        tmp_path, table=table, split={"validation_fraction": 0.25}, cohort={"centre": None}
    )
    _, problems = examine(load_study(path))
    errors = problems.of("error")
    assert len(errors) == 1
    assert errors[0].patient is None
    assert "is a summary" in errors[0].what
    assert errors[0].where == "clinical.csv, line 42"
    assert any(
        "is it a note below the table?" in each.what and "line 43" in each.where
        for each in problems.of("warning")
    )


def test_rows_that_a_filter_hides_are_pointed_out(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "x"], ["a", 1], ["b", 2], ["c", 3]):
        book.active.append(row)
    book.active.auto_filter.ref = "A1:B4"
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    problems = Problems()
    assert read_spreadsheet(tmp_path / "a.xlsx", problems)["id"].tolist() == ["a", "b", "c"]
    assert [each.what for each in problems.of("warning")] == [
        "1 row is hidden by a filter and read as the others: 3"
    ]
