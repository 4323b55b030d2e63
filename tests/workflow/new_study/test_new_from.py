"""`early-recurrence new --from`: a draft dictionary of one's own table passes `check`, and says why
it guesses what it guesses."""

import numpy as np
import pandas as pd
import pytest

from analysis.study import load_study
from analysis.study.dictionary import load_dictionary
from analysis.workflow.check.examine import examine
from analysis.workflow.new_study.draft import draft_study
from tests.support.command_line import command
from tests.support.small_files import small_table


def hospital_table() -> pd.DataFrame:
    table, random = small_table(), np.random.default_rng(0)
    table = table.rename(
        columns={
            "patient_id": "ID",
            "ast": "AST (U/L)",
            "albumin": "白蛋白",
            "follow_up": "RFS_months",
            "event_type": "Status",
            "centre": "Hospital",
        }
    )
    table["TBIL"] = [f"{value:.1f}" for value in random.uniform(0.4, 2.5, 40)]
    table["Name"] = [f"N{number}" for number in range(40)]
    table["surgery date"] = [f"{1 + number % 28:02d}.04.2021" for number in range(40)]
    table["AFP(ng/ml)"] = ["<2.0"] * 3 + [str(value) for value in random.integers(3, 900, 37)]
    table["ECOG"] = random.integers(0, 3, 40).astype(str)
    table["ascites"] = np.where(random.uniform(size=40) < 0.2, "yes", "no")
    table.loc[3, "ratio"], table.loc[5, "ratio"] = "-99", "NA"
    return table


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_draft_passes_check_and_is_marked(tmp_path, capsys, suffix):
    path = tmp_path / f"cohort 2024.{suffix}"
    table = hospital_table()
    table.to_csv(path, index=False) if suffix == "csv" else table.to_excel(path, index=False)
    assert command("new", tmp_path / "mine", "--kind", "clinical", "--from", path) == 0
    said = capsys.readouterr().out
    assert "are drafts" in said
    assert "take them out of it before anything else" in said
    study = load_study(tmp_path / "mine" / "study.yml")
    cohort, problems = examine(study)
    assert not problems.of("error"), [str(each) for each in problems.of("error")]
    warnings = {each.where: each.what for each in problems.of("warning")}
    assert "guesses are not confirmed" in warnings["dictionary.yml"]
    assert "guesses are not confirmed" in warnings["study.yml"]
    assert study.endpoint.time == "rfs_months"
    assert study.endpoint.event_type == "status"
    assert study.split.column == "cohort"
    assert study.cohort.centre == "hospital"
    assert len(cohort.patients) == 40
    assert cohort.label.sum() == 20
    assert study.comparators == ["albi"]
    assert "status" not in study.clinical.candidates
    assert "rfs_months" not in study.clinical.candidates
    assert {"afp", "ast", "albumin", "bilirubin"} <= set(study.clinical.candidates)
    variables = load_dictionary(tmp_path / "mine" / "data" / "dictionary.yml").variables
    assert (
        variables["bilirubin"].unit,
        variables["albumin"].unit,
        variables["afp"].detection_limit,
    ) == ("mg/dL", "g/L", "half")
    assert "name" not in variables
    assert cohort.clinical["ratio"].isna().sum() == 2
    assert cohort.clinical["afp"].min() == 1
    text = (tmp_path / "mine" / "data" / "dictionary.yml").read_text(encoding="utf-8")
    assert "# CONFIRM bilirubin: named as bilirubin; the median" in text
    assert "is possible in mg/dL alone" in text
    assert "-99 occurs 1 time, far from all other values" in text


def test_marks_that_are_taken_out_are_not_counted(tmp_path):
    hospital_table().to_csv(tmp_path / "cohort.csv", index=False)
    assert (
        command("new", tmp_path / "mine", "--kind", "clinical", "--from", tmp_path / "cohort.csv")
        == 0
    )
    for path in (tmp_path / "mine" / "study.yml", tmp_path / "mine" / "data" / "dictionary.yml"):
        path.write_text(
            "\n".join(
                line
                for line in path.read_text(encoding="utf-8").splitlines()
                if not line.strip().startswith("# CONFIRM")
            )
            + "\n",
            encoding="utf-8",
        )
    assert not any(
        "not confirmed" in each.what
        for each in examine(load_study(tmp_path / "mine" / "study.yml"))[1]
    )


def test_what_can_not_be_drafted_is_said(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("x,y\n1.5,2\n1.5,2\n")
    assert (
        command("new", tmp_path / "mine", "--kind", "clinical", "--from", tmp_path / "a.csv") == 2
    )
    assert "no column names the patients" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()
    assert (
        command("new", tmp_path / "mine", "--kind", "clinical", "--from", tmp_path / "none.csv")
        == 2
    )
    assert "no such table" in capsys.readouterr().err
    assert (
        command("new", tmp_path / "mine", "--kind", "predictions", "--from", tmp_path / "a.csv")
        == 2
    )
    assert "has no data dictionary to draft" in capsys.readouterr().err


def test_a_table_with_a_title_and_a_row_of_units(tmp_path):
    table = hospital_table().rename(columns={"TBIL": "TBIL"})
    rows = [
        ["Cohort"],
        list(table),
        ["" if name != "TBIL" else "mg/dl" for name in table],
        *table.astype(str).to_numpy().tolist(),
    ]
    (tmp_path / "a.csv").write_text(
        "\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8"
    )
    assert (
        command(
            "new",
            tmp_path / "mine",
            "--kind",
            "clinical",
            "--from",
            tmp_path / "a.csv",
            "--header-row",
            "2",
            "--units-row",
            "3",
        )
        == 0
    )
    study = load_study(tmp_path / "mine" / "study.yml")
    assert study.cohort.header_row == 2
    assert study.cohort.units_row == 3
    assert not examine(study)[1].of("error")
    assert "unit 'mg/dl' as the table has it" in (
        tmp_path / "mine" / "data" / "dictionary.yml"
    ).read_text(encoding="utf-8")


def test_advice_of_new_is_in_its_options(tmp_path, capsys):
    def said(*options, content="id,a\nP1,9,192\n", name="a.csv"):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        assert (
            command(
                "new", tmp_path / "mine", "--kind", "clinical", "--from", tmp_path / name, *options
            )
            == 2
        )
        return capsys.readouterr().err

    assert "give --decimal and --thousands" in said(content="id;a\nP1;9,192\nP2;8,100\n")
    assert "give --encoding gb18030" in said(
        content="id,肝功能\nP01,36\nP02,19\n".encode("gb18030")
    )
    assert "--header-row" in said("--header-row", "0")
    assert "--header-row, entry 2: must be at least 1" in said("--header-row", "1", "0")
    assert "pydantic" not in capsys.readouterr().err
    assert "--encoding: no such encoding" in said("--encoding", "utf9")
    assert "study file" not in said(content="id;a\nP1;9,192\n")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [
                "patient_id,age,ast",
                ",years,U/L",
                *[f"P{place},{40 + place},{20 + place}" for place in range(12)],
            ],
            (
                "'patient_id' does not name every patient once: it is empty at line 2; if line 2"
                " holds units, give --units-row 2"
            ),
        ),
        (
            [
                "patient_id,age,ast",
                *[f"P{place},{40 + place},{20 + place}" for place in range(12)],
                ",55.5,25.5",
            ],
            "it is empty at line 14; take out",
        ),
        (
            [
                "patient_id,age,ast",
                *[f"P{place},{40 + place},{20 + place}" for place in range(12)],
                "P3,61,44",
            ],
            "P3 is at lines 5, 14",
        ),
        (
            [
                "patient_id,age,ast",
                *[f"P{place},{40 + place},{20 + place}" for place in range(12)],
                "Mean,55.5,25.5",
            ],
            "'Mean' (line 14) in the column 'patient_id': summaries",
        ),
    ],
)
def test_no_other_column_stands_in_for_the_patients(tmp_path, capsys, rows, words):
    """Ages that all differ would pass for names."""
    (tmp_path / "cohort.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert (
        command("new", tmp_path / "mine", "--kind", "clinical", "--from", tmp_path / "cohort.csv")
        == 2
    )
    assert words in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_a_guessed_column_of_patients_is_marked(tmp_path):
    rows = ["Nummer,age,ast", *[f"X{place},{40 + place},{20 + place}" for place in range(12)]]
    (tmp_path / "cohort.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert (
        command("new", tmp_path / "mine", "--kind", "clinical", "--from", tmp_path / "cohort.csv")
        == 0
    )
    assert "# CONFIRM patient_id: no column is named" in (
        tmp_path / "mine" / "data" / "dictionary.yml"
    ).read_text(encoding="utf-8")


def test_three_header_rows_and_another_decimal_sign_are_said_in_words(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("id,a\nP1,2\n")
    for options, words in (
        (["--header-row", "1", "2", "3"], "--header-row: give one row, or two"),
        (["--decimal", ";"], "--decimal: must be . or ,"),
    ):
        assert (
            command(
                "new",
                tmp_path / "mine",
                "--kind",
                "clinical",
                "--from",
                tmp_path / "a.csv",
                *options,
            )
            == 2
        )
        assert words in capsys.readouterr().err


def test_dates_of_one_table_are_drafted_in_one_order(tmp_path):
    """Both orders fit the first column; the second can only be month first."""
    rows = ["id,surgery date,last visit"]
    rows += [
        f"P{day},0{day % 9 + 1}/0{day % 7 + 1}/2019,0{day % 9 + 1}/{day + 12}/2020"
        for day in range(1, 16)
    ]
    (tmp_path / "cohort.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    draft = draft_study(tmp_path / "cohort.csv").dictionary
    entries = [line for line in draft.splitlines() if "type: date" in line and "#" not in line]
    assert len(entries) == 2
    assert all("%m/%d/%Y" in line for line in entries)


def test_a_table_makes_a_clinical_study_and_a_header_that_can_be_read(tmp_path, capsys):
    hospital_table().to_csv(tmp_path / "cohort.csv", index=False)
    folder = tmp_path / "my study"
    assert command("new", folder, "--from", tmp_path / "cohort.csv") == 0
    said = capsys.readouterr().out
    assert "of the kind clinical" in said
    assert f"early-recurrence check --study '{folder / 'study.yml'}'" in said
    assert load_study(folder / "study.yml").phases == {}
    text = (folder / "data" / "dictionary.yml").read_text(encoding="utf-8").splitlines()
    # The sentence about the draft ends before the keys are explained.
    assert text[3].endswith("counts those that are left.")
    assert text[4].startswith("#   column:")
    assert command("new", folder, "--from", tmp_path / "cohort.csv") == 2
    error = capsys.readouterr().err
    assert "more already; nothing was written" in error
    assert len(error) < 400


def test_a_table_that_is_not_there_or_no_table_is_a_few_lines(tmp_path, capsys):
    hospital_table().to_csv(tmp_path / "cohort.csv", index=False)
    assert command("new", tmp_path / "mine", "--from", tmp_path / "cohrt.csv") == 2
    assert "no such table (did you mean 'cohort.csv'?)" in capsys.readouterr().err
    assert command("new", tmp_path / "mine", "--from", tmp_path) == 2
    assert "this is a folder" in capsys.readouterr().err
    (tmp_path / "code.py").write_text("a, b\n" + "f(1, 2, 3)\n" * 40)
    assert command("new", tmp_path / "mine", "--from", tmp_path / "code.py") == 2
    assert len(capsys.readouterr().err.splitlines()) < 10
