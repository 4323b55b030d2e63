"""A PACS export becomes a study's images, and nothing of a header goes along."""

import gzip
import re
import shutil
import stat

import nibabel as nib
import numpy as np
import pandas as pd
import pydicom
import pytest
import SimpleITK as sitk
from ruamel.yaml import YAML

from analysis.imaging.convert.pseudonyms import Keys, read_salt
from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_lesions, read_mask
from analysis.study import Lesions, Phase
from tests.imaging.reading.test_masks import SHAPE, lesion
from tests.support.command_line import command
from tests.support.dicom_files import (
    IDENTIFIERS,
    oblique,
    write_segmentation,
    write_series,
    write_structures,
)
from tests.support.pacs_exports import convert_export

RULES = """
phases:
  arterial: {description: "*art*", exclude: "*sub*"}
  portal_venous: "*portal*"
masks:
  mask: "*tumour*"
  reader2: {segment: "*tumour*", description: "*second*", required: false}
"""
TUMOURS = {"tumour 1": lesion((4, 9, 9), 6), "tumour 2": lesion((5, 17, 21), 4)}


def _patient(folder, identifier: str, structures: bool, seed: int) -> dict[str, np.ndarray]:
    """Two phases, a subtraction, a localiser-like other series and a delineation of the first
    phase, all files in one heap."""
    random = np.random.default_rng(seed)
    stored = {
        name: random.integers(0, 900, SHAPE).astype(np.uint16) for name in ("arterial", "portal")
    }
    tags = {"PatientID": identifier, "PatientName": f"Planted^{identifier}"}
    images = write_series(
        folder,
        stored["arterial"],
        direction=oblique(),
        description="T1 ART",
        name="x",
        shuffle=seed,
        **tags,
    )
    write_series(
        folder,
        stored["arterial"] // 2,
        direction=oblique(),
        description="T1 ART SUB",
        name="s",
        number=9,
        **tags,
    )
    write_series(
        folder,
        stored["portal"],
        origin=(-19.0, 12.0, 36.0),
        description="T1 Portal",
        name="y",
        number=4,
        **tags,
    )
    masks = TUMOURS | {"liver": lesion((4, 12, 14), 9)}
    if structures:
        write_structures(folder / "rt.dcm", images[0], masks, direction=oblique(), **tags)
    else:
        write_segmentation(folder / "seg.dcm", images, masks)
        write_segmentation(
            folder / "seg2.dcm",
            images,
            {"tumour": TUMOURS["tumour 1"]},
            SeriesDescription="second reader",
        )
    return stored


@pytest.fixture
def export(tmp_path):
    values = {
        "ID-ALPHA-1": _patient(tmp_path / "export" / "Planted Surname", "ID-ALPHA-1", False, 1),
        "ID-BETA-2": _patient(tmp_path / "export" / "b", "ID-BETA-2", True, 2),
    }
    (tmp_path / "export" / "readme.txt").write_text("exported")
    # The first patient's two delineations both hold a tumour: the first rule has to name one.
    rules = RULES.replace('mask: "*tumour*"', 'mask: {segment: "*tumour*", exclude: "*second*"}')
    (tmp_path / "rules.yml").write_text(rules)
    return tmp_path, values


def _names(folder) -> dict[str, str]:
    keys = Keys(read_salt(folder / "study.salt"))
    return {identifier: keys.patient(identifier) for identifier in ("ID-ALPHA-1", "ID-BETA-2")}


def test_images_and_masks_are_those_of_the_export(export, capsys):
    folder, values = export
    assert convert_export(folder) == 0
    names = _names(folder)
    for identifier, name in names.items():
        for phase, description in (("arterial", "arterial"), ("portal_venous", "portal")):
            judged = nib.load(folder / "study" / "images" / name / f"{phase}.nii.gz")
            np.testing.assert_array_equal(judged.get_fdata().T, values[identifier][description])
        image = read_image(folder / "study" / "images" / name / "arterial.nii.gz")
        np.testing.assert_allclose(
            np.array(image.GetDirection()).reshape(3, 3), oblique(), atol=1e-5
        )
        path = folder / "study" / "images" / name / "arterial_mask.nii.gz"
        np.testing.assert_array_equal(
            nib.load(path).get_fdata().T, TUMOURS["tumour 1"] + 2 * TUMOURS["tumour 2"]
        )
        assert len(read_lesions(MaskSource(path, lesions=Lesions(rule="mean")), image)) == 2
        # The phase that nobody drew on takes the grid of the one that has a mask.
        portal = ImageSource(
            path.with_name("portal_venous.nii.gz"),
            resample_to=ImageSource(path.with_name("arterial.nii.gz")),
        )
        assert (
            sitk.GetArrayFromImage(read_mask(path, read_image(portal))).sum()
            == TUMOURS["tumour 1"].sum() + TUMOURS["tumour 2"].sum()
        )
    second = folder / "study" / "images" / names["ID-ALPHA-1"] / "arterial_reader2.nii.gz"
    np.testing.assert_array_equal(nib.load(second).get_fdata().T, TUMOURS["tumour 1"])
    manifest = pd.read_csv(folder / "study" / "manifest.csv")
    assert len(manifest) == 7
    assert manifest["why"].notna().all()
    assert set(manifest["modality"]) == {"MR", "SEG", "RTSTRUCT"}
    assert manifest.loc[manifest["kind"] == "mask", "lesions"].eq(2).all()
    assert (
        manifest.loc[manifest["phase"] == "arterial", "why"].str.contains(
            "1 of 3 series fit|1 of [12] delineation"
        )
    ).all()
    phases = YAML(typ="safe").load(capsys.readouterr().out.split("For study.yml:")[1])["phases"]
    checked = {name: Phase(**content) for name, content in phases.items()}
    assert checked["portal_venous"].resample_to == "arterial"
    assert checked["arterial"].repeat_masks == {
        "reader2": "images/{patient_id}/arterial_reader2.nii.gz"
    }


def test_what_was_not_taken_as_drawn_is_said_each_time(export, capsys):
    folder, _ = export
    drawn = folder / "export" / "b" / "rt.dcm"
    data = pydicom.dcmread(drawn)
    data.ROIContourSequence[0].ContourSequence.append(data.ROIContourSequence[0].ContourSequence[0])
    data.save_as(drawn)
    for _ in range(2):
        assert convert_export(folder) == 0
        mask = f"images/{_names(folder)['ID-BETA-2']}/arterial_mask.nii.gz"
        assert (
            f"{mask}: structure 1: the same contour is there twice in slice"
            in capsys.readouterr().err
        )
        manifest = pd.read_csv(folder / "study" / "manifest.csv").set_index("file")
        assert manifest["remarks"].notna().sum() == 1
        assert "counts once" in manifest.loc[mask, "remarks"]
    np.testing.assert_array_equal(
        nib.load(folder / "study" / mask).get_fdata().T,
        TUMOURS["tumour 1"] + 2 * TUMOURS["tumour 2"],
    )


def test_headers_never_leak(export, capsys):
    folder, _ = export
    planted = {str(value) for value in IDENTIFIERS.values()} | {
        "Planted",
        "ID-ALPHA-1",
        "ID-BETA-2",
        "T1 ART",
        "second reader",
    }
    for path in (folder / "export").rglob("*"):
        if path.is_file() and path.suffix != ".txt":
            for element in pydicom.dcmread(path, stop_before_pixels=True).iterall():
                # UIDs that name a kind of object, not this one, begin with the standard's own root.
                if (
                    element.VR == "UI"
                    and element.value
                    and not str(element.value).startswith("1.2.840.10008.")
                ):
                    planted |= (
                        set(map(str, element.value))
                        if isinstance(element.value, pydicom.multival.MultiValue)
                        else {str(element.value)}
                    )
    assert len(planted) > 80
    assert convert_export(folder, "--link", str(folder / "private" / "link.csv")) == 0
    outputs = [path for path in (folder / "study").rglob("*") if path.is_file()]
    assert len(outputs) == 8
    for path in outputs:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = str(path.relative_to(folder)).encode() + path.read_bytes() + content
        assert not [
            word for word in planted if word.encode() in text or word.encode("utf-16-le") in text
        ], path
    said = capsys.readouterr().out
    assert not [word for word in planted if word in said]
    for private in (folder / "study.salt", folder / "private" / "link.csv"):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
    link = pd.read_csv(folder / "private" / "link.csv")
    assert dict(zip(link["PatientID"], link["patient_id"], strict=True)) == _names(folder)


def test_again_writes_only_what_is_not_there(export, capsys):
    folder, _ = export
    assert convert_export(folder) == 0
    files = sorted((folder / "study").rglob("*.nii.gz"))
    times, contents, manifest = (
        [path.stat().st_mtime_ns for path in files],
        [path.read_bytes() for path in files],
        (folder / "study" / "manifest.csv").read_bytes(),
    )
    capsys.readouterr()
    assert convert_export(folder) == 0
    assert "0 files written, 7 were current" in capsys.readouterr().out
    assert [path.stat().st_mtime_ns for path in files] == times
    assert (folder / "study" / "manifest.csv").read_bytes() == manifest
    files[0].write_bytes(b"damaged")
    files[1].unlink()
    assert convert_export(folder) == 0
    assert "2 files written, 5 were current" in capsys.readouterr().out
    assert [path.read_bytes() for path in files] == contents
    # A later export of other patients leaves the first ones' files and rows.
    shutil.rmtree(folder / "export")
    _patient(folder / "export" / "c", "ID-GAMMA-3", True, 3)
    assert convert_export(folder) == 0
    assert pd.read_csv(folder / "study" / "manifest.csv")["patient_id"].nunique() == 3
    assert len(list((folder / "study").rglob("*.nii.gz"))) == 10
    assert not list((folder / "study").rglob(".*"))


def test_all_problems_are_listed_at_once_and_nothing_is_written(export, capsys):
    folder, _ = export
    (folder / "export" / "b" / "rt.dcm").unlink()
    write_series(
        folder / "export" / "c",
        np.zeros(SHAPE, np.uint16),
        description="T1 art",
        name="a",
        PatientID="ID-GAMMA-3",
    )
    write_series(
        folder / "export" / "c",
        np.zeros(SHAPE, np.uint16),
        description="T1 art again",
        name="b",
        PatientID="ID-GAMMA-3",
    )
    write_series(folder / "export" / "d", np.zeros(SHAPE, np.uint16), PatientID="")
    assert convert_export(folder) == 2
    error = capsys.readouterr().err
    names = _names(folder)
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
    said, names = capsys.readouterr(), _names(folder)
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
        _names(folder)["ID-ALPHA-1"]
    ]
    assert set(pd.read_csv(folder / "study" / "manifest.csv")["patient_id"]) == {
        _names(folder)["ID-ALPHA-1"]
    }


def test_names_from_a_mapping(export, capsys):
    folder, _ = export
    (folder / "ids.csv").write_text("hospital,study\nID-ALPHA-1,HCC001\n")
    assert convert_export(folder, "--patients", str(folder / "ids.csv")) == 2
    assert "is not in the mapping of patients" in capsys.readouterr().err
    (folder / "ids.csv").write_text("hospital,study\nID-ALPHA-1,HCC001\nID-BETA-2,HCC002\n")
    assert convert_export(folder, "--patients", str(folder / "ids.csv")) == 0
    assert {path.name for path in (folder / "study" / "images").iterdir()} == {"HCC001", "HCC002"}
    for content, message in (
        ("a,b\nX,HCC001\nY,HCC001\n", "names another patient already"),
        ("a,b\nX,../up\n", "can't be a folder's name"),
        ("a,b\n", "no patient in it"),
    ):
        (folder / "ids.csv").write_text(content)
        assert convert_export(folder, "--patients", str(folder / "ids.csv")) == 2
        assert message in capsys.readouterr().err


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
    mask = folder / "study" / "images" / _names(folder)["ID-ALPHA-1"] / "arterial_mask.nii.gz"
    drawn = np.asarray(nib.load(mask).dataobj).T
    np.testing.assert_array_equal(drawn == 1, TUMOURS["tumour 1"])
    manifest = pd.read_csv(folder / "study" / "manifest.csv")
    assert manifest["remarks"].str.contains("resampled").any()
