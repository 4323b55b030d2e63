"""A sample of `make fuzz`, and tables that hypothesis makes up: never a traceback, never a silent
wrong number."""

import csv
import io
import math

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.cohort.tables.patient_column import with_patients
from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from tests.robustness.mutants import KINDS, SEEN, fuzz
from tests.support.command_line import command
from tests.support.record import tried
from tests.support.small_cohort import clinical_study, clinical_table

TABLES = "Tables that hypothesis makes up"
CELLS = st.one_of(
    st.text(max_size=8),
    st.integers(-(10**6), 10**6).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.sampled_from(
        [
            "",
            " ",
            "nan",
            "inf",
            "1,5",
            "1,234",
            "=1+1",
            "#N/A",
            "TRUE",
            "0x1",
            "1_000",
            "1e400",
            "१२",
        ]
    ),
)


def test_mutants_are_refused_in_words_or_read_right():
    outcomes, failures = fuzz(150, 1_000_001, progress=False)
    assert not failures, failures
    assert {kind for kind, _ in outcomes} == set(KINDS)
    assert sum(count for (_, outcome), count in outcomes.items() if outcome == "refused") > 30
    assert any(outcome == "same features" for _, outcome in outcomes)
    for (kind, outcome), count in outcomes.items():
        tried("Mutants of image files (tests)", f"{kind}, {outcome}", SEEN[outcome], count)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_problem(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    problems = Problems()
    table = read_spreadsheet(path, problems)
    assert table is not None or problems.of("error")
    if table is not None:
        with_patients(table, str(table.columns[0]), path.name, problems)
    tried(TABLES, "any bytes", "a table, or an error that names the file")


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_a_cell_is_its_number_or_its_text_and_nothing_else(tmp_path, rows):
    text = io.StringIO()
    csv.writer(text).writerows([("one", "two"), *rows])
    path = tmp_path / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    problems = Problems()
    table = read_spreadsheet(path, problems)
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    if (
        table is None
        or problems.of("error")
        or any(
            "decimal comma" in problem.what or "separated" in problem.what for problem in problems
        )
    ):
        assert len(problems)
        return
    assert len(table) == len(kept)
    for place, name in enumerate(table):
        for cell, found in zip((row[place] for row in kept), table[name], strict=True):
            if isinstance(found, str):
                assert found.strip() == cell.strip()
            elif pd.isna(found):
                assert not cell.strip()
            else:
                assert cell.strip().lower() in ("true", "false") or math.isclose(
                    float(cell), float(found), rel_tol=1e-12
                )
    tried(TABLES, "any cells", "each is its number, its text or missing; or there is a problem")


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(column=st.sampled_from(list(clinical_table(1).columns)), row=st.integers(0, 39), cell=CELLS)
def test_any_cell_of_a_cohort_is_checked_in_words(tmp_path, capsys, column, row, cell):
    study = tmp_path / "study.yml"
    if not study.is_file():
        clinical_study(tmp_path)
    frame = clinical_table()
    frame.loc[row, column] = cell
    frame.to_csv(tmp_path / "data" / "clinical.csv", index=False)
    status = command("check", "--study", study)
    said = capsys.readouterr()
    assert status in (0, 2)
    assert "error" in said.out if status else "sound" in said.out
    assert "Traceback" not in said.err
    tried(
        TABLES,
        "any cell of a cohort's table, by `check`",
        "sound, or an error that names patient or line",
    )
