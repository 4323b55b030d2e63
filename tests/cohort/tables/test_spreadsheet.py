"""CSV of every flavour, and Excel, as one table; what is odd is told, what can't be told apart is
refused."""

import datetime
import io

import openpyxl
import pandas as pd
import pytest

from analysis.cohort.tables.patient_column import with_patients
from analysis.core.problems import Problems
from analysis.core.safe_csv import csv_text, without_escape
from tests.support.read_tables import read, told


@pytest.mark.parametrize(
    ("content", "level", "words"),
    [
        (b"id;ast\nA;3,5\nB;4,25\n", "warning", "decimal comma"),
        (b"id\tast\nA\t3.5\nB\t4.25\n", "note", "separated by a tab"),
        ("\ufeffid,ast\nA,3.5\nB,4.25\n".encode("utf-8"), "note", "byte order mark"),
        ("id,ast\nA,3.5\nB,4.25\n".encode("utf-16"), "note", "byte order mark"),
        (b'id,ast\nA,"3,5"\nB,"4,25"\n', "warning", "decimal comma"),
    ],
)
def test_flavours_give_the_same_table(tmp_path, content, level, words):
    (tmp_path / "a.csv").write_bytes(content)
    table, found = read(tmp_path / "a.csv", text=("id",))
    assert table["id"].tolist() == ["A", "B"]
    assert table["ast"].tolist() == [3.5, 4.25]
    assert told(found, level, words), found


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"  \n\n", "the file is empty"),
        (b"id,ast\n", "a header and no rows"),
        (b"id,ast,ast\nA,1,2\n", "ast"),
        (b"id,ast\nA,1,7\n", "more cells than the header"),
        (b"id;afp\nA;1,234\nB;2,500\n", "a thousand or a decimal"),
        (b"PK\x03\x04\0\0", "no text file"),
        (b"id,ast\nA,#REF!\n", "Excel left a fault"),
    ],
)
def test_what_can_not_be_meant_is_an_error(tmp_path, content, words):
    (tmp_path / "a.csv").write_bytes(content)
    _, found = read(tmp_path / "a.csv")
    assert told(found, "error", words), found


def test_latin_1_and_short_rows_are_warned_about(tmp_path):
    (tmp_path / "a.csv").write_bytes("id,name,ast\n007,Müller,3\n008,Bär\n".encode("latin-1"))
    table, found = read(tmp_path / "a.csv", text=("id",))
    assert table["name"].tolist() == ["Müller", "Bär"]
    assert table["id"].tolist() == ["007", "008"]
    assert table["ast"].isna().tolist() == [False, True]
    assert told(found, "warning", "not UTF-8")
    assert told(found, "warning", "line 3: it has fewer cells")


def test_only_an_empty_cell_is_missing(tmp_path):
    (tmp_path / "a.csv").write_text("id,ascites,ast,yes\nA,none,nan,TRUE\nB,,3,false\n")
    table, _ = read(tmp_path / "a.csv")
    assert table["ascites"].tolist()[0] == "none"
    assert table["ascites"].isna().tolist() == [
        False,
        True,
    ]
    assert table["ast"].tolist() == ["nan", "3"]
    assert table["yes"].tolist() == [1, 0]


def test_a_workbook_reads_as_the_csv_would(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "cohort"
    for row in (
        ["id", "AST (U/L)", "surgery", "late"],
        [7, 3.5, datetime.datetime(2021, 4, 3), "=1+1"],
        [8, None, datetime.date(2021, 5, 4), 2],
        [None, None, None, None],
    ):
        page.append(row)
    book.create_sheet("notes")
    book.save(tmp_path / "a.xlsx")
    table, found = read(tmp_path / "a.xlsx", text=("id",))
    assert table["id"].tolist() == ["7", "8"]
    assert table["surgery"].tolist() == ["2021-04-03", "2021-05-04"]
    assert table["AST (U/L)"].tolist()[0] == 3.5
    assert told(
        found, "error", "row 2, column 'late': the cell has a formula whose value was never stored"
    )
    assert told(found, "note", "2 sheets; the first, 'cohort', was read")
    assert told(read(tmp_path / "a.xlsx", sheet="nothing")[1], "error", "no sheet 'nothing'")
    (tmp_path / "b.xlsx").write_bytes(b"not a workbook")
    assert told(read(tmp_path / "b.xlsx")[1], "error", "can't be read as a workbook")


def test_formulas_are_told_and_never_written(tmp_path):
    (tmp_path / "a.csv").write_text('id,remark\n=A1,"=cmd|x"\nB,@here\nC,-3\nD,- none\n')
    table, found = read(tmp_path / "a.csv", text=("id",))
    assert [text.split(",")[1].split(":")[0] for level, text in found if level == "warning"] == [
        " line 2",
        " line 2",
        " line 3",
        " line 5",
    ]
    written = csv_text(
        pd.DataFrame({"=sum": ["=1", "-3", "-", "-x", "a"], "n": [-1.0, 2, 3, 4, 5]}), index=False
    )
    assert written.splitlines() == ["'=sum,n", "'=1,-1.0", "-3,2.0", "-,3.0", "'-x,4.0", "a,5.0"]
    problems = Problems()
    with_patients(table, "id", "a.csv", problems)
    assert any(
        "begins as a formula" in each.what and each.patient == "=A1"
        for each in problems.of("error")
    )


def test_identifiers(tmp_path):
    (tmp_path / "a.csv").write_text("pid,x\nA,1\nA,2\n,3\na,4\nb/c,5\n")
    table, _ = read(tmp_path / "a.csv", text=("pid",))
    problems = Problems()
    assert with_patients(table, "pid", "a.csv", problems).index.tolist() == ["A", "a", "b/c"]
    errors = [str(each) for each in problems.of("error")]
    assert len(errors) == 3
    assert any("without pid at line 4" in each for each in errors)
    assert any("patient A" in each and "lines 2, 3" in each for each in errors)
    assert any("b/c" in each for each in errors)
    assert "capitals only: A, a" in str(problems.of("warning")[0])
    assert with_patients(table, "PID", "a.csv", problems) is None
    assert "did you mean 'pid'?" in problems.of("error")[-1].mend


@pytest.mark.parametrize("content", [b",", b"\n\n", b";;\n;;\n", b""])
def test_a_file_of_separators_is_an_error(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    table, found = read(tmp_path / "a.csv")
    assert table is None
    assert told(found, "error", "")


@pytest.mark.parametrize("text", ["-0.1, 0.1", "=SUM(A1)", "@name", "-5", "plain", "'quoted'"])
def test_a_guard_against_formulas_is_taken_off_again(text):
    written = csv_text(pd.DataFrame({"value": [text]}), index=False)
    (cell,) = pd.read_csv(io.StringIO(written), dtype=str)["value"]
    assert without_escape(cell) == text
