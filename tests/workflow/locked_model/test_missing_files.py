"""A file that is missing is said before an image of any patient is read."""

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.workflow.locked_model import predict
from analysis.workflow.locked_model.patient_files import NewPatient, missing_files
from models.locked import LockedModelError
from tests.conftest import ROOT

PHASES = {
    "arterial": {
        "image": "images/{patient_id}/arterial.nii.gz",
        "mask": "{patient_id}/mask.nii.gz",
    },
    "delayed": {"image": "{patient_id}/delayed.nii.gz", "mask": "{patient_id}/mask.nii.gz"},
}
DESCRIPTION = {
    "dictionary": {},
    "phases": PHASES,
    "lesions": {},
    "extraction": None,
    "deep_learning": None,
}


@pytest.fixture
def patients(tmp_path, monkeypatch):
    """Five with files that no reader opens; the third and the fifth have no delayed phase."""
    folders = [tmp_path / f"P{number}" for number in range(1, 6)]
    for number, folder in enumerate(folders, start=1):
        folder.mkdir()
        for name in ("arterial", "mask", *([] if number in (3, 5) else ["delayed"])):
            (folder / f"{name}.nii.gz").touch()

    def nobody(*_):
        raise AssertionError("a patient was read")

    monkeypatch.setattr(predict, "read_folder", lambda folder: (DESCRIPTION, {}))
    monkeypatch.setattr("analysis.workflow.locked_model.score_patient.score_patient", nobody)
    return folders


def test_all_missing_files_are_said_and_nothing_is_read(patients, tmp_path):
    with pytest.raises(LockedModelError) as raised:
        predict.predict_patients(tmp_path, patients)
    assert str(raised.value).splitlines() == [
        line
        for folder in (patients[2], patients[4])
        for line in (
            f"{folder}: the model can't be applied:",
            f"  delayed phase: {folder / 'delayed.nii.gz'} is missing",
        )
    ]


def test_a_table_that_is_missing_counts_as_well(patients):
    folder = patients[0]
    asks = DESCRIPTION | {"dictionary": {"age": {}}, "feature_table": {"columns": {}}}
    said = missing_files(asks, NewPatient("P1", folder))
    for name, line in zip(("clinical.csv", "features.csv"), said, strict=True):
        assert line.startswith(f"{folder / name} is missing; ")
    assert missing_files(DESCRIPTION, NewPatient("P1", folder)) == []


def test_without_a_folder_it_says_what_is_read():
    (line,) = missing_files(DESCRIPTION, NewPatient("P1", None))
    assert line.startswith("the model reads images and masks of each patient")
    (line,) = missing_files(DESCRIPTION, NewPatient("P1", Path("nowhere")))
    assert line == "nowhere: no such folder; name the folder of one patient"


def test_what_is_missing_is_said_without_libraries_of_models_and_images(tmp_path):
    """It is said within a second or two, and not after PyTorch has loaded."""
    lines = (
        "import sys; from pathlib import Path; import analysis.cli\n"
        "from analysis.workflow.locked_model.predict import *\n"
        "print(missing_files({'phases': {}, 'dictionary': {'age': {}}},"
        " NewPatient('P1', Path('nowhere'))))\n"
        "print(sorted({'torch', 'sklearn', 'SimpleITK', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines() == [
        "['nowhere: no such folder; name the folder of one patient']",
        "[]",
    ]
