"""Stata and SPSS files are read with their labels; what has no label stays a number."""

import datetime

import pandas as pd
import pytest

from analysis.study import load_study
from analysis.workflow.check.examine import examine
from tests.support.read_tables import read, told
from tests.support.small_files import small_files, small_table

LABELS = {"sex": {0: "female", 1: "male"}, "number": {9: "not measured"}}
FRAME = pd.DataFrame(
    {
        "patient_id": ["P1", "P2", "P3"],
        "ast": [36.5, None, 19.0],
        "sex": [0, 1, 1],
        "number": [1, 9, 2],
        "op": pd.to_datetime(["2019-01-02", None, "2020-03-04"]),
    }
)


def check(table, found):
    assert table["patient_id"].tolist() == ["P1", "P2", "P3"]
    assert table["sex"].tolist() == ["female", "male", "male"]
    assert table["number"].tolist() == [1, "not measured", 2]
    assert table["ast"].isna().tolist() == [False, True, False]
    assert table["op"].dropna().tolist() == ["2019-01-02", "2020-03-04"]
    assert told(found, "note", "the codes of 2 columns were replaced by their labels: sex, number")
    assert told(
        found,
        "warning",
        "column 'number': some of its numbers have a label and others have none; labelled: not"
        " measured",
    )
    assert not told(found, "error", "")


def test_stata(tmp_path):
    FRAME.to_stata(
        tmp_path / "a.dta", write_index=False, value_labels=LABELS, convert_dates={"op": "td"}
    )
    check(*read(tmp_path / "a.dta", text=("patient_id",)))


def test_spss(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    pyreadstat.write_sav(
        FRAME.assign(op=[datetime.date(2019, 1, 2), None, datetime.date(2020, 3, 4)]),
        str(tmp_path / "a.sav"),
        variable_value_labels=LABELS,
    )
    check(*read(tmp_path / "a.sav", text=("patient_id",)))


def test_values_that_spss_holds_for_missing_are_empty(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    pyreadstat.write_sav(
        pd.DataFrame({"id": ["a", "b"], "x": [1.0, -99.0]}),
        str(tmp_path / "a.sav"),
        missing_ranges={"x": [-99]},
    )
    assert read(tmp_path / "a.sav", text=("id",))[0]["x"].isna().tolist() == [False, True]


@pytest.mark.parametrize("suffix", ["dta", "sav"])
def test_a_damaged_file_or_a_lacking_reader_is_said(tmp_path, suffix, monkeypatch):
    (tmp_path / f"a.{suffix}").write_bytes(b"$FL2@(#) SPSS DATA FILE" + bytes(60))
    table, found = read(tmp_path / f"a.{suffix}")
    assert table is None
    assert [level for level, _ in found] == ["error"]
    monkeypatch.setattr(
        "analysis.cohort.tables.statistics_file.importlib.util.find_spec", lambda name: None
    )
    if suffix == "sav":
        assert told(
            read(tmp_path / "a.sav")[1],
            "error",
            "reading SPSS needs pyreadstat, which is not installed",
        )


def test_a_study_of_a_stata_table(tmp_path):
    table = small_table()
    typed = table.assign(
        **{name: table[name].astype(float) for name in ("ast", "albumin", "ratio", "follow_up")},
        sex=(table["sex"] == "male").astype(int),
    )
    path = small_files(tmp_path, table=table, write=False, cohort={"table": "clinical.dta"})
    typed.to_stata(
        tmp_path / "data" / "clinical.dta", write_index=False, value_labels={"sex": LABELS["sex"]}
    )
    cohort, problems = examine(load_study(path))
    assert not problems.of("error")
    assert len(cohort.patients) == 40
    assert cohort.clinical["sex"].tolist() == table["sex"].tolist()
