"""A lock holds the tables of summaries whole, and none of patients one by one."""

from __future__ import annotations

import json

from analysis.workflow.cohort_update.lock import Lock, read_lock, write_lock
from analysis.workflow.cohort_update.locked_tables import SUMMARIES, tables_of, write_tables

TABLE = 'variable,training\n"AST, U/L","35 [26, 50]"\n'


def test_tables_go_into_a_lock_and_come_back_as_they_were(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "baseline.csv").write_text(TABLE, encoding="utf-8")
    for of_patients in ("quality", "predictions_by_patient"):
        (tmp_path / "tables" / f"{of_patients}.csv").write_text("patient_id\nA1\n")
    lock = Lock({}, {}, {}, {}, {}, {}, date="2024-05-06", tables=tables_of(tmp_path))
    path = write_lock(tmp_path / "results.lock.json", lock)
    assert list(lock.tables) == ["baseline"]
    assert read_lock(path) == lock
    # One row a line, so that a diff of two locks names the row.
    lines = path.read_text(encoding="utf-8").splitlines()
    assert f"   {json.dumps(TABLE.splitlines()[1])}," in lines
    write_tables(read_lock(path).tables, tmp_path / "tables")
    assert (tmp_path / "tables" / "tables" / "baseline.csv").read_text(encoding="utf-8") == TABLE


def test_a_lock_of_before_tables_is_read(tmp_path):
    path = write_lock(tmp_path / "old.lock.json", Lock({}, {}, {}, {}, {}, {}))
    assert "tables" not in json.loads(path.read_text(encoding="utf-8"))
    assert read_lock(path).tables == {}


def test_no_table_of_patients_one_by_one_is_among_them():
    assert not {"quality", "predictions_by_patient", "guards", "settings"} & set(SUMMARIES)
