"""`early-recurrence check`: every fault of a study at once, for people and for machines; a run
refuses by the same code."""

import json
import shutil

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.core.problem import CohortError, Problem
from analysis.study import load_study
from analysis.workflow.check.command import table_of
from analysis.workflow.check.examine import examine
from analysis.workflow.check.load import load_cohort
from tests.conftest import small_study
from tests.support.command_line import command


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A small study whose cohort lies there as a user's would."""
    folder = tmp_path_factory.mktemp("demo")
    path = small_study(folder)
    load_cohort(load_study(path))
    study = YAML(typ="safe").load(path.read_text())
    del study["cohort"]["demo"]
    (folder / "data" / "demo.digest").unlink(missing_ok=True)
    with path.open("w") as file:
        YAML(typ="safe").dump(study, file)
    return folder


@pytest.fixture
def study(demo, tmp_path):
    """A copy, with what was found in each image: one that a test changes is looked at anew."""
    shutil.copytree(demo, tmp_path / "s")
    return tmp_path / "s" / "study.yml"


def edit(study, change=None, **sections):
    if change is not None:
        path = study.parent / "data" / "clinical.csv"
        change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)
    content = YAML(typ="safe").load(study.read_text()) | sections
    with study.open("w") as file:
        YAML(typ="safe").dump(content, file)
    return study


def problems_of(study):
    return list(examine(load_study(study))[1])


def with_cells(**cells):
    """A change of single cells: column -> {row: value}."""

    def change(frame):
        for column, values in cells.items():
            for row, value in values.items():
                frame.loc[row, column] = value
        return frame

    return change


def test_all_faults_are_listed_at_once_and_refused_together(study, capsys):
    edit(
        study,
        with_cells(
            albumin={0: "4.2"},
            sex={1: "mann"},
            recurrence_free_months={2: "-3"},
            event_type={3: "relapse"},
        ),
    )
    data = study.parent / "data"
    patients = sorted(path.name for path in (data / "images").iterdir())
    (data / "images" / patients[4] / "delayed.nii.gz").unlink()
    mask = nib.load(data / "images" / patients[5] / "mask.nii.gz")
    nib.save(
        nib.Nifti1Image(np.zeros(mask.shape, np.uint8), mask.affine),
        data / "images" / patients[5] / "mask.nii.gz",
    )
    (data / "images" / patients[6] / "arterial.nii.gz").write_bytes(b"no image")
    shutil.copy(
        data / "images" / patients[7] / "arterial.nii.gz",
        data / "images" / patients[8] / "arterial.nii.gz",
    )
    (data / "images" / "STRANGER").mkdir()
    (data / "images" / "STRANGER" / "arterial.nii.gz").write_bytes(b"")
    assert command("check", "--study", study, "--json") == 2
    found = json.loads(capsys.readouterr().out)
    errors = [each for each in found["problems"] if each["level"] == "error"]
    expected = [
        ("albumin 4.2", "g/dL"),
        ("'mann'", "dictionary"),
        ("recurrence_free_months -3", "correct"),
        ("'relapse' is none of its levels", "dictionary"),
        ("delayed is missing", "add the file"),
        ("it is empty", "draw the tumour"),
        ("can't be read", "again"),
        ("byte for byte", "copied by mistake"),
    ]
    for what, mend in expected:
        assert any(
            what in each["what"] and mend in each["mend"] and each["patient"] for each in errors
        ), (what, [each["what"] for each in errors])
    assert found["errors"] == len(errors)
    assert not found["sound"]
    assert any("STRANGER" in each["what"] for each in found["problems"] if each["level"] == "note")
    with pytest.raises(CohortError) as refused:
        load_cohort(load_study(study))
    assert [problem.what for problem in refused.value.problems if problem.level == "error"] == [
        each["what"] for each in errors
    ]
    assert not (study.parent / "outputs").exists()


def test_a_sound_study_is_sound_and_says_so_to_machines(demo, capsys):
    assert command("check", "--study", demo / "study.yml", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sound"]
    assert found["errors"] == 0
    assert found["models"] == ["clinical", "radiomics", "deep_learning"]
    assert found["cohorts"]["training"]["events"] > 0


def test_faults_of_the_study_file_are_problems_too(study, capsys):
    edit(study, validation={"outer_fold": 3})
    assert command("check", "--study", study, "--json") == 2
    (problem,) = [
        each for each in json.loads(capsys.readouterr().out)["problems"] if each["level"] == "error"
    ]
    assert "outer_fold: unknown key" in problem["what"]
    assert "line" in problem["where"]


@pytest.mark.parametrize(
    ("change", "sections", "level", "words"),
    [
        (
            with_cells(centre={0: "Q"}),
            {"cohort": {"folder": "data", "dictionary": "dictionary.yml", "centre": "centre"}},
            "warning",
            "centre Q has one patient",
        ),
        (
            lambda frame: frame.assign(ast="30"),
            {},
            "warning",
            "ast has the same value in all training patients",
        ),
        (
            lambda frame: frame.assign(ast=""),
            {},
            "error",
            "ast is missing for all training patients",
        ),
        (lambda frame: frame.assign(remark="x"), {}, "note", "remark"),
        (
            lambda frame: frame.rename(columns={"ast": "AST (U/L)"}),
            {},
            "error",
            "did you mean 'AST (U/L)'",
        ),
        (
            None,
            {"validation": {"outer_folds": 9, "inner_folds": 9}},
            "error",
            "folds need at least",
        ),
        (
            lambda frame: frame.assign(event_type="recurrence", recurrence_free_months="3"),
            {},
            "error",
            "the training cohort needs patients with and without the event",
        ),
        (
            lambda frame: frame.assign(
                event_type=frame["event_type"].where(frame["cohort"] == "training", "censored"),
                recurrence_free_months=frame["recurrence_free_months"].where(
                    frame["cohort"] == "training", "30"
                ),
            ),
            {},
            "error",
            "the validation cohort needs",
        ),
        (with_cells(event_type={0: ""}), {}, "warning", "the kind of event is missing"),
        (lambda frame: frame.iloc[:0], {}, "error", "a header and no rows"),
        (
            lambda frame: pd.concat(
                [
                    frame,
                    pd.DataFrame(
                        "1", index=frame.index, columns=[f"f{place}" for place in range(501)]
                    ),
                ],
                axis=1,
            ),
            {},
            "warning",
            "columns",
        ),
    ],
)
def test_each_fault_of_a_table_is_told(study, change, sections, level, words):
    edit(
        study,
        change,
        deep_learning=None,
        radiomics=None,
        phases={},
        additional_models={},
        **sections,
    )
    found = problems_of(study)
    assert any(problem.level == level and words in str(problem) for problem in found), [
        str(each) for each in found
    ]


def test_orientations_and_grids_that_differ_between_phases_are_noted(study):
    images = study.parent / "data" / "images"
    patient = sorted(images.iterdir())[0]
    image = nib.load(patient / "delayed.nii.gz")
    turned = image.as_reoriented(nib.orientations.axcodes2ornt(("L", "A", "S")))
    nib.save(turned, patient / "delayed.nii.gz")
    mask = nib.load(patient / "mask.nii.gz")
    nib.save(
        mask.as_reoriented(nib.orientations.axcodes2ornt(("L", "A", "S"))),
        patient / "delayed_mask.nii.gz",
    )
    content = YAML(typ="safe").load(study.read_text())
    content["phases"]["delayed"]["mask"] = "images/{patient_id}/delayed_mask.nii.gz"
    for each in images.iterdir():
        if each != patient and each.is_dir():
            shutil.copy(each / "mask.nii.gz", each / "delayed_mask.nii.gz")
    edit(study, phases=content["phases"], additional_models={})
    found = problems_of(study)
    notes = [
        problem for problem in found if problem.level == "note" and problem.patient == patient.name
    ]
    assert not [problem for problem in found if problem.level == "error"], [
        str(each) for each in found
    ]
    assert any("delayed is stored in another orientation" in problem.what for problem in notes)


def test_the_table_fits_and_loses_nothing():
    text = table_of(
        [
            Problem(
                "error",
                "a long explanation of what is wrong " * 4,
                "images/P1/mask.nii.gz",
                "mend it",
                "P1",
            ),
            Problem("note", "short", "file"),
        ],
        width=100,
    )
    assert max(map(len, text.splitlines())) <= 100
    assert text.split().count("explanation") == 4
    assert text.splitlines()[0].split() == [
        "level",
        "patient",
        "what",
        "where",
        "how",
        "to",
        "mend",
    ]
