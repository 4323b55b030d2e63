"""Encodings, a line that names the separator, titles, rows of groups and of units, dates in two
ways, REDCap's labels."""

import datetime

import openpyxl
import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.core.problems import Problems
from analysis.study import Endpoint, load_study
from analysis.study.images import ExaminationRule
from analysis.study.layout import TableLayout
from analysis.units.dates import dates_of
from analysis.workflow.check.examine import examine
from tests.support.read_tables import read, told
from tests.support.small_files import small_files, small_table


@pytest.mark.parametrize(("encoding", "sex"), [("gb18030", "性别"), ("big5", "性別")])
def test_an_east_asian_encoding_is_named_or_asked_for(tmp_path, encoding, sex):
    (tmp_path / "a.csv").write_bytes(
        f"patient_id,肝功能,{sex}\nP01,36,男\nP02,19,女\n".encode(encoding)
    )
    table, found = read(tmp_path / "a.csv", text=("patient_id",), encoding=encoding)
    assert table[sex].tolist() == ["男", "女"]
    assert not found
    table, found = read(tmp_path / "a.csv", text=("patient_id",))
    assert table is None
    assert told(found, "error", "its encoding can't be told")
    assert told(found, "error", f"as {encoding}")


def test_a_wrong_encoding_is_an_error(tmp_path):
    (tmp_path / "a.csv").write_bytes("id,x\nMüller,1\nBär,2\n".encode("latin-1"))
    assert told(
        read(tmp_path / "a.csv", encoding="utf-8")[1],
        "error",
        "line 2: it is not utf-8, which the study file names",
    )
    with pytest.raises(ValidationError, match="no such encoding"):
        TableLayout(encoding="gbk99")


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_names_the_separator_is_no_row(tmp_path, first):
    (tmp_path / "a.csv").write_text(f"{first}\nid;x\nA;1\n;2\n")
    table, found = read(tmp_path / "a.csv", text=("id",))
    assert table.columns.tolist() == ["id", "x"]
    assert table.attrs["lines"] == [3, 4]
    assert not found


def book(path, rows, merged=()):
    pages = openpyxl.Workbook()
    for row in rows:
        pages.active.append(row)
    for area in merged:
        pages.active.merge_cells(area)
    pages.save(path)


TITLED = [
    ["Cohort of 2024", None, None, None],
    [None, None, None, None],
    ["id", "AST", "AST", "x"],
    ["A", 1, 2, 3],
]


def test_a_title_row_is_pointed_out_or_skipped(tmp_path):
    rows = [TITLED[0], ["id", "ast", "x"], ["A", 1, 2]]
    book(tmp_path / "a.xlsx", rows, ["A1:C1"])
    table, found = read(tmp_path / "a.xlsx", text=("id",))
    assert table is None
    assert told(
        found, "error", "its first row ('Cohort of 2024') does not name the columns; row 2 does"
    )
    table, found = read(tmp_path / "a.xlsx", text=("id",), header_row=2)
    assert table.columns.tolist() == ["id", "ast", "x"]
    assert table["ast"].tolist() == [1]
    assert not found
    (tmp_path / "a.csv").write_text("Cohort of 2024\n\nid;ast\nA;1\nB;2\n")
    assert told(read(tmp_path / "a.csv", text=("id",))[1], "error", "row 3 does")
    table, found = read(tmp_path / "a.csv", text=("id",), header_row=3)
    assert table["ast"].tolist() == [1, 2]
    assert table.attrs["lines"] == [4, 5]


def test_groups_over_the_columns_become_part_of_their_names(tmp_path):
    rows = [
        ["id", "before", None, "after", "sex"],
        [None, "AST", "ALT", "AST", None],
        ["A", 1, 2, 3, "f"],
    ]
    book(tmp_path / "a.xlsx", rows, ["B1:C1", "A1:A2", "E1:E2"])
    table, found = read(tmp_path / "a.xlsx", text=("id",), header_row=[1, 2])
    assert table.columns.tolist() == ["id", "before AST", "before ALT", "after AST", "sex"]
    assert not found
    (tmp_path / "a.csv").write_text("id,before,,after\n,AST,ALT,AST\nA,1,2,3\n")
    assert read(tmp_path / "a.csv", text=("id",), header_row=[1, 2])[0].columns.tolist() == [
        "id",
        "before AST",
        "before ALT",
        "after AST",
    ]


def test_a_row_of_units_is_no_patient_and_is_compared(tmp_path):
    table = small_table()
    units = {"ast": "U/l", "albumin": "g/dL", "follow_up": "months"}
    path = small_files(tmp_path, table=table, write=False, cohort={"table": "clinical.xlsx"})
    book(
        tmp_path / "data" / "clinical.xlsx",
        [list(table), [units.get(name) for name in table], *table.to_numpy().tolist()],
    )
    errors = examine(load_study(path))[1].of("error")
    assert (
        "row 2 has no patient_id and no number, and may be a row of units (U/l, g/dL, months)"
        in errors[0].what
    )
    assert "units_row: 2" in errors[0].mend
    path = small_files(
        tmp_path, table=table, write=False, cohort={"table": "clinical.xlsx", "units_row": 2}
    )
    cohort, problems = examine(load_study(path))
    assert len(cohort.patients) == 40
    assert [each.what for each in problems.of("error")] == [
        "albumin: the table's row of units has 'g/dL', the dictionary 'g/L'"
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"header_row": [2, 4]}, "must follow each other"),
        ({"header_row": 3, "units_row": 3}, "below the row"),
        ({"decimal": ",", "thousands": ","}, "can't be the same"),
    ],
)
def test_layouts_that_contradict_themselves(wrong, words):
    with pytest.raises(ValidationError, match=words):
        TableLayout(**wrong)


def test_dates_of_two_kinds_in_one_column(tmp_path):
    problems = Problems()
    found = dates_of(
        pd.Series(
            ["2019-01-11", "12.01.2019", "2019-01-13 10:30:00", None, "13/01/2019"],
            index=list("ABCDE"),
        ),
        "start",
        "a.xlsx",
        problems,
        "%d.%m.%Y",
    )
    assert found.dropna().dt.strftime("%Y-%m-%d").tolist() == [
        "2019-01-11",
        "2019-01-12",
        "2019-01-13",
    ]
    assert [each.patient for each in problems.of("error")] == ["E"]
    assert "1 as %d.%m.%Y, 2 as YYYY-MM-DD" in problems.of("note")[0].what
    with pytest.raises(ValidationError, match="can't be told from YYYY-MM-DD"):
        Endpoint(start="a", end="b", event_type="c", horizon_months=24, date_format="%Y-%d-%m")


def test_days_that_a_spreadsheet_took_for_months_are_refused():
    """03/04, 25/04, … of dd/mm/yyyy, opened where mm/dd is usual: 25/04 stays a text, 03/04 becomes
    the 4th of March."""
    values = pd.Series(
        ["2021-03-04", "25/04/2021", "2021-11-12", "13/12/2021", "2021-01-02", "30/06/2021"]
    )
    problems = Problems()
    dates_of(values, "op", "a.xlsx", problems, "%d/%m/%Y")
    assert [each.what for each in problems.of("error")] == [
        "a spreadsheet took day for month in 3 cells, as it seems: none of its own dates has a day"
        " beyond 12, and all texts (%d/%m/%Y) have one"
    ]


def test_months_that_a_spreadsheet_took_for_days_are_refused():
    """The same trace of mm/dd/yyyy, opened where dd/mm is usual."""
    values = pd.Series(
        ["2021-03-04", "4/25/2021", "2021-11-12", "12/13/2021", "2021-01-02", "2/14/2021"]
    )
    problems = Problems()
    dates_of(values, "op", "a.xlsx", problems, "%m/%d/%Y")
    assert ["took day for month in 3 cells" in each.what for each in problems.of("error")] == [True]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("%d.%m", "has no year"),
        ("DD.MM.YYYY", "DD.MM.YYYY is written %d.%m.%Y"),
        ("%m/%Y", "has no day"),
    ],
)
def test_a_form_of_dates_has_year_month_and_day(form, words):
    with pytest.raises(ValidationError, match=words):
        Endpoint(start="a", end="b", event_type="c", horizon_months=24, date_format=form)
    with pytest.raises(ValidationError, match=words):
        ExaminationRule(choose="before", date="op", date_format=form)


def test_a_mixed_column_of_the_dictionary_is_no_fault(tmp_path):
    table = small_table()
    table["op"] = ["2019-01-21", "02.01.2019"] * 20
    op = {"label": "Operation", "role": "design", "type": "date", "date_format": "%d.%m.%Y"}
    _cohort, problems = examine(
        load_study(small_files(tmp_path, table=table, variables={"op": op}))
    )
    assert not problems.of("error"), problems.of("error")


def test_a_workbook_with_date_cells_and_texts(tmp_path):
    table = small_table()
    starts = [datetime.datetime(2019, 1, 1) if place % 2 else "02.01.2019" for place in range(40)]
    ends = [
        datetime.datetime(2019, 8, 1) if kind == "recurrence" else "01.05.2022"
        for kind in table["event_type"]
    ]
    path = small_files(
        tmp_path,
        table=table,
        write=False,
        cohort={"table": "clinical.xlsx"},
        endpoint={
            "start": "start",
            "end": "end",
            "event_type": "event_type",
            "horizon_months": 24,
            "date_format": "%d.%m.%Y",
        },
    )
    book(
        tmp_path / "data" / "clinical.xlsx",
        [
            [*table, "start", "end"],
            *[
                [*row, one, two]
                for row, one, two in zip(table.to_numpy().tolist(), starts, ends, strict=True)
            ],
        ],
    )
    cohort, problems = examine(load_study(path))
    assert not problems.of("error")
    assert cohort.label.sum() == 20
    assert cohort.label.notna().all()


def test_labels_of_a_redcap_export(tmp_path):
    (tmp_path / "a.csv").write_text(
        "Patient ID,Symptoms (choice=Pain),Complete?,Cirrhosis,Complete?\n"
        "P01,Checked,Complete,Yes,Unverified\n"
        "P02,Unchecked,Incomplete,No,\n"
    )
    table, found = read(tmp_path / "a.csv", text=("Patient ID",))
    assert table["Symptoms (choice=Pain)"].tolist() == [1, 0]
    assert table.columns.tolist()[2::2] == [
        "Complete? 1",
        "Complete? 2",
    ]
    assert told(found, "note", "'Complete?' is there 2 times")
    assert not told(found, "error", "")


@pytest.mark.parametrize(
    ("unit", "values"), [("ng/ml", 1), ("µg/l", 1), ("μg/L", 1), ("mg/l", 1000)]
)
def test_units_in_other_spellings(tmp_path, unit, values):
    table = small_table()
    table["afp"] = "12"
    afp = {"label": "AFP", "role": "predictor", "type": "continuous", "unit": unit}
    cohort, problems = examine(
        load_study(small_files(tmp_path, table=table, variables={"afp": afp}))
    )
    assert not problems.of("error")
    assert set(cohort.clinical["afp"]) == {12 * values}


def test_a_formula_is_placed_by_the_last_row_of_names(tmp_path):
    book = openpyxl.Workbook()
    for row in (["", "Demography", ""], ["id", "Age", ""], ["P01", "=1+1", "=2+2"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    _, found = read(tmp_path / "a.xlsx", text=("id",), header_row=[1, 2])
    assert told(found, "error", "row 3, column 'Age': the cell has a formula")
    assert told(found, "error", "row 3, column 'C': the cell has a formula")
