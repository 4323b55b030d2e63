"""Names of patients that two places write differently are paired in one error; nobody is dropped
and nobody is guessed."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.cohort.tables.identifiers import comparable, difference, otherwise_spelled
from analysis.study import load_study
from analysis.workflow.check.examine import examine
from tests.support.small_cohort import edit_table, image_study, predictions_study, table_study

ARTIFICIAL = "Mu\u0308ller"


def errors_of(path):
    return examine(load_study(path))[1].of("error")


def renamed(change):
    return lambda frame: frame.assign(patient_id=[change(name) for name in frame["patient_id"]])


@pytest.mark.parametrize(
    ("names", "others", "pairs"),
    [
        (["1", "2"], ["0001", "0002"], {"1": "0001", "2": "0002"}),
        (["P7", "p08"], ["P007", "P08"], {"P7": "P007", "p08": "P08"}),
        ([unicodedata.normalize("NFC", ARTIFICIAL)], [ARTIFICIAL], {"Müller": ARTIFICIAL}),
        (["P1\u200b"], ["P1"], {"P1\u200b": "P1"}),
        (["7.0"], ["007"], {"7.0": "007"}),
        (["P_1"], ["P-1"], {"P_1": "P-1"}),
        (["P10"], ["P1", "P100"], {}),
        # Which of two would be meant is nobody's to say.
        (["1"], ["01", "001"], {}),
        (["1", "01"], ["001"], {}),
    ],
)
def test_spellings_of_one_name_are_paired_and_others_are_not(names, others, pairs):
    assert otherwise_spelled(names, others) == pairs


def test_what_differs_is_said():
    assert difference("1", "001") == "leading zeros"
    assert difference("p1", "P1") == "capitals"
    assert difference("P 1", "P1") == "blanks or signs"
    assert difference("P1\ufeff", "P1") == "characters that are not seen (U+FEFF)"
    assert (
        difference(unicodedata.normalize("NFC", ARTIFICIAL), ARTIFICIAL)
        == "Unicode form (NFC and NFD)"
    )
    assert comparable("P100") != comparable("P1")


@pytest.mark.parametrize(
    ("change", "words", "shown"),
    [
        (lambda name: f"{int(name[1:])}", "", ""),
        (str.lower, "capitals", "p01 there P01"),
        (
            lambda name: name + "\u200b",
            "characters that are not seen (U+200B)",
            "P01\u200b there P01",
        ),
        (lambda name: name.replace("P0", "P"), "leading zeros", "P1 there P01"),
    ],
)
def test_table_and_folders(tmp_path, change, words, shown):
    path = image_study(tmp_path)
    edit_table(path, renamed(change))
    found = errors_of(path)
    if not words:  # P01 is not patient 1: everybody's files are absent, each told once
        assert len(found) == 12
        assert {each.what for each in found} == {
            "none of the patient's 4 images and masks is there"
        }
        assert found[0].where.startswith("images")
        assert found[0].patient == "1"
        return
    assert len(found) == 1, [str(each) for each in found]
    assert words in found[0].what, [str(each) for each in found]
    assert shown in found[0].what, [str(each) for each in found]
    assert found[0].patient is None, [str(each) for each in found]
    notes = examine(load_study(path))[1].of("note")
    assert not any("belong to no patient" in each.what for each in notes)


def test_one_folder_of_another_spelling_leaves_other_faults_to_be_told(tmp_path):
    path = image_study(tmp_path)
    images = tmp_path / "data" / "images"
    (images / "P01").rename(images / "p01")
    (images / "P02" / "delayed.nii.gz").unlink()
    sitk.WriteImage(
        sitk.ReadImage(str(images / "P03" / "arterial.nii.gz")),
        str(images / "P03" / "arterial.nii"),
    )
    found = errors_of(path)
    assert [each.what.partition(":")[0] for each in found] == [
        (
            "1 patient of clinical.csv is written otherwise in the names of files and folders,"
            " by capitals"
        ),
        "the image of phase delayed is missing",
    ]


def test_feature_table_without_zeros(tmp_path):
    path = table_study(tmp_path)
    edit_table(path, renamed(lambda name: f"{int(name[1:]):03d}"))
    features = pd.read_csv(tmp_path / "data" / "features.csv")
    features.assign(patient_id=range(1, 41)).to_csv(tmp_path / "data" / "features.csv", index=False)
    found = errors_of(path)
    assert len(found) == 1, [str(each) for each in found]
    assert found[0].what.startswith(
        "40 patients of clinical.csv are written otherwise in features.csv, by leading zeros: 001"
        " there 1, "
    )
    assert "store it as text" in found[0].mend
    assert found[0].where == "clinical.csv and features.csv"


def test_predictions_of_another_spelling_are_neither_dropped_nor_guessed(tmp_path):
    path = predictions_study(tmp_path)
    rows = pd.read_csv(tmp_path / "data" / "predictions.csv")
    rows.drop(columns=["model", "probability"]).to_csv(
        tmp_path / "data" / "outcome.csv", index=False
    )
    rows.drop(columns="event").assign(patient_id=rows["patient_id"].str.lower()).to_csv(
        tmp_path / "data" / "predictions.csv", index=False
    )
    path.write_text(path.read_text().replace("table: predictions.csv", "table: outcome.csv"))
    problems = examine(load_study(path))[1]
    found = [each.what for each in problems.of("error") if "written otherwise" in each.what]
    assert found
    assert found[0].startswith(
        "60 patients of outcome.csv are written otherwise in predictions.csv, by capitals: P00"
        " there p00"
    )
    assert not any("have no prediction" in each.what for each in problems.of("warning"))


def test_names_that_are_alike_within_the_table_are_a_warning(tmp_path):
    path = table_study(tmp_path)
    edit_table(
        path,
        lambda frame: frame.assign(
            patient_id=["P040" if name == "P39" else name for name in frame["patient_id"]]
        ),
    )
    assert any(
        "differ in leading zeros only: P040, P40" in each.what
        for each in examine(load_study(path))[1].of("warning")
    )
