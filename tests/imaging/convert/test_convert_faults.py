"""An export with faults: all are said at once, and nothing is written by half."""

import re

import nibabel as nib
import numpy as np
import pandas as pd
import pydicom
import pytest

from tests.support.command_line import command
from tests.support.converted_names import new_names
from tests.support.dicom_files import write_series
from tests.support.export_of_two import RULES, TUMOURS
from tests.support.lesions import SHAPE
from tests.support.pacs_exports import convert_export


def test_all_problems_are_listed_at_once_and_nothing_is_written(export, capsys):
    folder, _ = export
    (folder / "export" / "b" / "rt.dcm").unlink()
    for name, description in (("a", "T1 art"), ("b", "T1 art again")):
        write_series(
            folder / "export" / "c",
            np.zeros(SHAPE, np.uint16),
            description=description,
            name=name,
            PatientID="ID-GAMMA-3",
        )
    write_series(folder / "export" / "d", np.zeros(SHAPE, np.uint16), PatientID="")
    assert convert_export(folder) == 2
    error = capsys.readouterr().err
    names = new_names(folder)
    for message in (
        r"4 problems; nothing was written",
        f"{names['ID-BETA-2']}: no DICOM-SEG or RTSTRUCT of a chosen series has the mask 'mask'",
        "phase arterial: 2 DICOM series fit",
        "phase portal_venous: no DICOM series fits",
        "9 files without a PatientID",
    ):
        assert re.search(message, error), (message, error)
    assert "Traceback" not in error
    assert not (folder / "study").exists()
    assert convert_export(folder, "--partial") == 0
    said = capsys.readouterr()
    assert set(pd.read_csv(folder / "study" / "manifest.csv")["patient_id"]) == {
        names["ID-ALPHA-1"]
    }
    assert said.err.count("left out:") == 4


def test_a_gap_is_found_before_anything_is_written(export, capsys):
    folder, _ = export
    places = {
        path: pydicom.dcmread(path, stop_before_pixels=True).ImagePositionPatient[2]
        for path in (folder / "export" / "b").glob("y*")
    }
    sorted(places, key=places.get)[4].unlink()
    assert convert_export(folder) == 2
    error = capsys.readouterr().err
    assert "1 slice missing between" in error
    assert "nothing was written" in error
    assert not (folder / "study").exists()


@pytest.mark.parametrize("partial", [False, True])
def test_a_patient_with_damaged_pixels_is_left_out_wholly(export, capsys, partial):
    folder, _ = export
    for path in (folder / "export" / "b").glob("y*3"):
        path.write_bytes(path.read_bytes()[:-100])
    assert convert_export(folder, *(["--partial"] if partial else [])) == (0 if partial else 2)
    said, names = capsys.readouterr(), new_names(folder)
    assert "the pixels can't be read" in said.err
    if not partial:
        assert (
            "4 files of the other patients are converted, and the same command goes on from there"
            in said.err
        )
    assert [path.name for path in (folder / "study" / "images").iterdir()] == [names["ID-ALPHA-1"]]
    assert set(pd.read_csv(folder / "study" / "manifest.csv")["patient_id"]) == {
        names["ID-ALPHA-1"]
    }


def test_a_patient_who_is_left_out_later_keeps_no_file_of_an_earlier_conversion(export, capsys):
    folder, _ = export
    assert convert_export(folder) == 0
    (folder / "export" / "b" / "rt.dcm").unlink()
    before = sorted((folder / "study").rglob("*.nii.gz"))
    assert convert_export(folder) == 2
    assert sorted((folder / "study").rglob("*.nii.gz")) == before
    assert convert_export(folder, "--partial") == 0
    assert (
        "3 files of an earlier conversion of patients who are left out now were removed"
        in capsys.readouterr().err
    )
    assert [path.name for path in (folder / "study" / "images").iterdir()] == [
        new_names(folder)["ID-ALPHA-1"]
    ]
    assert set(pd.read_csv(folder / "study" / "manifest.csv")["patient_id"]) == {
        new_names(folder)["ID-ALPHA-1"]
    }


@pytest.mark.parametrize(
    ("rules", "more", "message"),
    [
        ("phases: {}", [], "phases: must have at least 1"),
        (
            "phases: {a: {descriptions: x}}\nmask: {}",
            [],
            r"2 faults:(.|\n)*phases.a.descriptions",
        ),
        ("[", [], "is not valid YAML"),
        (RULES, ["--salt", "study/salt"], "lies in the study's folder, which gets shared"),
        (RULES, ["--link", "study/link.csv"], "lies in the study's folder"),
    ],
)
def test_wrong_rules_and_places(tmp_path, monkeypatch, capsys, rules, more, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yml").write_text(rules)
    (tmp_path / "export").mkdir()
    assert command("convert", "export", "study", "--rules", "rules.yml", *more) == 2
    error = capsys.readouterr().err
    assert re.search(message, error)
    assert "Traceback" not in error


def test_an_export_without_dicom(tmp_path, capsys):
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "export").mkdir()
    assert convert_export(tmp_path) == 2
    assert "no DICOM file in this folder" in capsys.readouterr().err


def test_rules_that_are_not_there_are_said(tmp_path, capsys):
    assert command("convert", tmp_path, tmp_path / "study", "--rules", tmp_path / "absent.yml") == 2
    assert "absent.yml: no such file of rules" in capsys.readouterr().err
    assert not (tmp_path / "study").exists()


def test_a_delineation_on_another_grid_is_refused_or_resampled_on_request(export, capsys):
    """A DICOM-SEG that lies 0.4 of a voxel beside its series."""
    folder, _ = export
    path = folder / "export" / "Planted Surname" / "seg.dcm"
    file = pydicom.dcmread(path)
    for frame in file.PerFrameFunctionalGroupsSequence:
        position = frame.PlanePositionSequence[0]
        across = np.array(
            file.SharedFunctionalGroupsSequence[0]
            .PlaneOrientationSequence[0]
            .ImageOrientationPatient[:3],
            float,
        )
        place = np.array(position.ImagePositionPatient, float) + 0.4 * 0.8 * across
        position.ImagePositionPatient = [f"{each:.6f}" for each in place]
    file.save_as(path)
    assert convert_export(folder) == 2
    said = capsys.readouterr().err
    assert "seg.dcm, segment 1: its voxels lie between those of the image" in said
    assert "up to 0.4 voxels or 0.32 mm apart" in said
    assert "resampling: nearest" in said
    rules = (folder / "rules.yml").read_text()
    (folder / "rules.yml").write_text(
        rules.replace('exclude: "*second*"', 'exclude: "*second*", resampling: nearest')
    )
    assert convert_export(folder) == 0
    mask = folder / "study" / "images" / new_names(folder)["ID-ALPHA-1"] / "arterial_mask.nii.gz"
    drawn = np.asarray(nib.load(mask).dataobj).T
    np.testing.assert_array_equal(drawn == 1, TUMOURS["tumour 1"])
    manifest = pd.read_csv(folder / "study" / "manifest.csv")
    assert manifest["remarks"].str.contains("resampled").any()
