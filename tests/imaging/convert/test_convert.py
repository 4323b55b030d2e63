"""A PACS export becomes a study's images, and nothing of a header goes along."""

import gzip
import shutil
import stat

import nibabel as nib
import numpy as np
import pandas as pd
import pydicom
import SimpleITK as sitk
from ruamel.yaml import YAML

from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_lesions, read_mask
from analysis.study import Lesions, Phase
from tests.support.converted_names import new_names
from tests.support.dicom_files import (
    IDENTIFIERS,
    oblique,
)
from tests.support.export_of_two import TUMOURS, export_patient
from tests.support.pacs_exports import convert_export


def test_images_and_masks_are_those_of_the_export(export, capsys):
    folder, values = export
    assert convert_export(folder) == 0
    names = new_names(folder)
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
        mask = f"images/{new_names(folder)['ID-BETA-2']}/arterial_mask.nii.gz"
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
    assert dict(zip(link["PatientID"], link["patient_id"], strict=True)) == new_names(folder)


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
    export_patient(folder / "export" / "c", "ID-GAMMA-3", True, 3)
    assert convert_export(folder) == 0
    assert pd.read_csv(folder / "study" / "manifest.csv")["patient_id"].nunique() == 3
    assert len(list((folder / "study").rglob("*.nii.gz"))) == 10
    assert not list((folder / "study").rglob(".*"))


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
