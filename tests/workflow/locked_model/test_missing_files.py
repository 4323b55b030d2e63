"""A file that is missing is said before an image of any patient is read."""

import pytest

from analysis.workflow.locked_model import new_patient, predict
from models.locked import LockedModelError

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
    read = []

    def one(model_folder, patient, centre):
        read.append(patient.name)
        try:
            new_patient.read_patient(DESCRIPTION, None, patient, centre)
        except LockedModelError as error:
            return str(error)
        raise AssertionError("a patient with a missing file was taken")

    def no_image(*_):
        raise AssertionError("an image was read")

    monkeypatch.setattr(predict, "read_folder", lambda folder: (DESCRIPTION, {}))
    monkeypatch.setattr(predict, "_one", one)
    monkeypatch.setattr(new_patient, "read_image", no_image)
    return folders, read


def test_all_missing_files_are_said_and_nothing_is_read(patients, tmp_path):
    folders, read = patients
    with pytest.raises(LockedModelError) as raised:
        predict.predict_patients(tmp_path, folders)
    assert str(raised.value).splitlines() == [
        line
        for folder in (folders[2], folders[4])
        for line in (
            f"{folder}: the model can't be applied:",
            f"  delayed phase: {folder / 'delayed.nii.gz'} is missing",
        )
    ]
    assert read == ["P3", "P5"]


def test_a_table_that_is_missing_counts_as_well(patients):
    folder = patients[0][0]
    asks = DESCRIPTION | {"dictionary": {"age": {}}, "feature_table": {"columns": {}}}
    assert new_patient.missing_files(asks, folder) == [
        f"{folder / name} is missing" for name in ("clinical.csv", "features.csv")
    ]
    assert new_patient.missing_files(DESCRIPTION, folder) == []
