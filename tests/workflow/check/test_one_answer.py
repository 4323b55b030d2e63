"""`check` is one answer: kinds of problems with their patients, no consequences, all of it the
first time, in the user's own names."""

from __future__ import annotations

import json

import pytest
from ruamel.yaml import YAML

from analysis.core.problem import Problem
from analysis.core.problem_kinds import kinds_of
from analysis.study import StudyError, load_study
from analysis.workflow.check.examine import examine
from analysis.workflow.check.load import load_cohort
from tests.support.command_line import command
from tests.support.small_cohort import (
    DICTIONARY,
    clinical_study,
    edit_study,
    edit_table,
    image_study,
)
from tests.support.tiny_study import write_yaml

ASCITES = {
    "label": "Ascites",
    "role": "predictor",
    "type": "categorical",
    "levels": ["none", "slight", "marked"],
}


def errors_of(path):
    return examine(load_study(path))[1].of("error")


def describe(path, **variables):
    """The dictionary with other or further variables."""
    write_yaml(
        path.parent / "data" / "dictionary.yml", {"variables": DICTIONARY["variables"] | variables}
    )


def checked(path, capsys, *options):
    status = command("check", "--study", path, *options)
    return status, capsys.readouterr().out


def misspelt(frame):
    return frame.assign(event_type=frame["event_type"].replace("censored", "censord"))


def test_problems_of_one_kind_stand_in_one_row_and_all_of_them_on_request(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "170")
    path = clinical_study(tmp_path)
    edit_table(path, misspelt)
    status, text = checked(path, capsys)
    assert status == 2
    assert text.count("\nerror ") == 1
    assert "20 patients:" in text
    assert "P02" in text
    assert "did you mean" in text
    assert "'censored'" in text
    assert "--all lists each of the 20" in text
    assert "20 errors, no warnings, no notes" in text
    assert checked(path, capsys, "--all")[1].count("\nerror ") == 20
    found = json.loads(checked(path, capsys, "--json")[1])
    assert found["errors"] == 20
    assert len({each["patient"] for each in found["problems"]}) == 20


def test_a_run_says_it_in_the_same_words(tmp_path):
    path = clinical_study(tmp_path)
    edit_table(path, misspelt)
    with pytest.raises(ValueError, match=r"20 errors") as refused:
        load_cohort(load_study(path))
    assert (
        "20 patients: P02, P04, P06, P08, …: clinical.csv, column 'event_type': endpoint: 'censord'"
        " is not one of" in str(refused.value)
    )
    assert (
        len(str(refused.value).splitlines()) == 3
    )  # what, the kind, and how to leave patients out


def test_values_and_paths_that_differ_between_patients_are_one_kind():
    def of(patient, what, where):
        return Problem("error", what, where, "mend it", patient)

    alike = [
        of("P01", "albumin 4.1 g/L is impossible", "a.csv, column 'albumin'"),
        of("P02", "albumin 3.9 g/L is impossible", "a.csv, column 'albumin'"),
    ]
    paths = [
        of("P01", "it is empty", "images/P01/mask.nii.gz"),
        of("P02", "it is empty", "images/P02/mask.nii.gz"),
    ]
    others = [of("P03", "t1 is missing", "x"), of("P04", "t2 is missing", "x")]
    found = kinds_of([*alike, *paths, *others])
    assert [len(each.problems) for each in found] == [2, 2, 1, 1]
    assert found[0].shown.what == "albumin 4.1 g/L is impossible (P01; the others alike)"
    assert found[0].patients == "2 patients: P01, P02"
    assert found[1].shown.where == "images/<patient>/mask.nii.gz"
    assert found[2].patients == "P03"


def test_what_follows_from_another_problem_is_left_out(tmp_path):
    # The column of one variable is misspelt: no word on the candidate, nor on the score that needs
    # it.
    path = clinical_study(tmp_path, comparators=["albi"])
    describe(
        path,
        bilirubin={
            "label": "Bilirubin",
            "role": "score_input",
            "type": "continuous",
            "unit": "umol/L",
            "column": "Bilirubine",
        },
    )
    edit_table(path, lambda frame: frame.assign(Bilirubin="12"))
    edit_study(path, clinical={"candidates": ["ast", "bilirubin"]})
    found = errors_of(path)
    assert len(found) == 1, [str(each) for each in found]
    assert "no such column (column 'Bilirubine') (did you mean 'Bilirubin'?)" in found[0].what, [
        str(each) for each in found
    ]
    assert found[0].where == "clinical.csv, column 'Bilirubine'"


def test_refused_outcomes_say_nothing_of_how_many_there_are(tmp_path):
    path = clinical_study(tmp_path, 12, validation={"outer_folds": 2, "inner_folds": 2})
    edit_table(path, misspelt)
    problems = examine(load_study(path))[1]
    assert {each.what.partition(" is not")[0] for each in problems} == {"endpoint: 'censord'"}


def test_everything_is_found_the_first_time(tmp_path, capsys):
    """A misspelt key, a faulty variable, levels, outcomes and images: mended together, nothing else
    comes up."""
    path = image_study(tmp_path, clinical={"candidates": ["ast", "ascites"]})
    sound = {"ascites": ASCITES}
    describe(
        path,
        ascites={
            **{key: value for key, value in ASCITES.items() if key != "role"},
            "rôle": "predictor",
        },
        albumin={**DICTIONARY["variables"]["albumin"], "type": "continous"},
    )
    table = edit_table(path, lambda frame: frame.assign(ascites=["none", "slight"] * 6))
    original = table.read_text()
    edit_table(
        path, lambda frame: misspelt(frame).assign(sex=frame["sex"].replace("female", "femal"))
    )
    image = tmp_path / "data" / "images" / "P05" / "delayed.nii.gz"
    content = image.read_bytes()
    image.unlink()
    study = path.read_text()
    edit_study(path, validation={"outer_fold": 2, "inner_folds": 2})
    status, text = checked(path, capsys, "--json")
    found = [each["what"] for each in json.loads(text)["problems"] if each["level"] == "error"]
    for words in (
        "validation.outer_fold: unknown key (did you mean 'outer_folds'",
        "variables.ascites.rôle: unknown key",
        "did you mean 'role'",
        "variables.albumin.type",
        "did you mean 'continuous'",
        "'censord' is not one of",
        "sex 'femal' is none of its levels",
        "did you mean 'female'",
        "the image of phase delayed is missing",
    ):
        assert any(words in each for each in found), (words, found)
    assert status == 2, found
    assert not any(
        "ascites' is not in the dictionary" in each
        or "needs patients with" in each
        or "ascites' is no column" in each
        for each in found
    ), found
    path.write_text(study)
    describe(path, **sound)
    table.write_text(original)
    image.write_bytes(content)
    assert errors_of(path) == []


def test_places_name_the_columns_of_the_users_file(tmp_path):
    path = clinical_study(
        tmp_path, endpoint={"time": "Months", "event_type": "event_type", "horizon_months": 24}
    )
    describe(
        path,
        ast={**DICTIONARY["variables"]["ast"], "column": "AST (U/L)"},
        months={
            "label": "Follow-up",
            "role": "outcome",
            "type": "continuous",
            "unit": "months",
            "column": "Months",
        },
    )
    edit_table(
        path,
        lambda frame: frame.rename(columns={"ast": "AST (U/L)", "follow_up": "Months"}).assign(
            **{"AST (U/L)": "40"}
        ),
    )
    problems = examine(load_study(path))[1]
    assert [str(each) for each in problems.of("error")] == [
        "clinical.csv: endpoint: column 'Months' is not in the table; the dictionary reads this"
        " column as 'months': name it so under endpoint"
    ]
    constant = [each for each in problems.of("warning") if "the same value" in each.what]
    assert constant
    assert constant[0].where == "clinical.csv, column 'AST (U/L)'"
    edit_study(path, endpoint={"time": "months", "event_type": "event_type", "horizon_months": 24})
    edit_table(path, lambda frame: frame.assign(Months=["-3", *frame["Months"][1:]]))
    assert errors_of(path)[0].where == "clinical.csv, column 'Months'"


def test_the_study_file_says_what_was_meant(tmp_path):
    path = clinical_study(
        tmp_path, reportng={"journal": "x"}, clinical={"candidates": ["ast"], "rule": "lasoo"}
    )
    with pytest.raises(StudyError) as refused:
        load_study(path)
    assert "reportng: unknown key (did you mean 'reporting'" in str(refused.value)
    assert "did you mean 'lasso'" in str(refused.value)
    assert refused.value.study is not None
    assert refused.value.study.clinical.candidates == ["ast"]


def test_identical_candidates_and_levels_that_nobody_learns_from_are_warnings(tmp_path):
    path = clinical_study(tmp_path, clinical={"candidates": ["ast", "again", "ascites"]})
    describe(
        path,
        ascites=ASCITES,
        again={"label": "AST again", "role": "predictor", "type": "continuous", "unit": "1"},
    )
    edit_table(
        path,
        lambda frame: frame.assign(
            again=frame["ast"],
            ascites=[
                "marked" if cohort == "validation" else "none" if place % 3 else "slight"
                for place, cohort in enumerate(frame["cohort"])
            ],
        ),
    )
    found = [str(each) for each in examine(load_study(path))[1].of("warning")]
    assert any("again has the same values as ast" in each for each in found), found
    assert any(
        "no training patient has the level marked, and 10 others have it" in each for each in found
    ), found


def test_what_a_run_needs_beside_the_cohort_is_looked_for(tmp_path):
    path = image_study(
        tmp_path,
        deep_learning={
            "networks": ["resnet18"],
            "epochs": 1,
            "reference_phase": "arterial",
            "pretrained": {"resnet18": {"file": "weights.pt", "source": "somewhere"}},
        },
    )
    secret = tmp_path / ".early-recurrence" / "small" / "secret"
    secret.parent.mkdir(parents=True)
    secret.write_text("not a secret\n")
    found = [str(each) for each in errors_of(path)]
    assert any("there is no file of pretrained weights" in each for each in found), found
    assert any("is damaged: it must hold 64" in each for each in found), found


def test_a_study_that_cannot_be_read_in_part_is_told_as_it_is(tmp_path, capsys):
    path = clinical_study(tmp_path)
    content = YAML(typ="safe").load(path.read_text())
    del content["endpoint"]
    write_yaml(path, content)
    status, text = checked(path, capsys, "--json")
    assert status == 2
    assert [each["what"] for each in json.loads(text)["problems"]] == [
        "endpoint: required key is missing"
    ]
