"""Bad input as a user would hand it over: exit status 2, one message that names patient, file or
column, what is wrong and what to do."""

import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pandas as pd
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.uid import JPEG2000, MPEG2MPML

from tests.support.command_line import command
from tests.support.record import tried
from tests.support.small_cohort import (
    DICTIONARY,
    PHASES,
    SHAPE,
    clinical_study,
    dicom_study,
    dump,
    edit_study,
    edit_table,
    image_study,
    nothing_written,
    phase_values,
    predictions_study,
    table_study,
    tumour_values,
    volume,
)

CLINICAL, FEATURES = "clinical.csv", "features.csv"


@dataclass(frozen=True)
class Case:
    """spoil: changes the study at a path. level: of the problem that is told; words: all are in one
    problem; patient: whom it names."""

    name: str
    kind: str
    make: Any
    spoil: Any
    level: str
    words: tuple[str, ...]
    patient: str | None = None


def cells(**changed):
    """column -> {row: text}"""

    def spoil(study):
        def change(frame):
            for column, values in changed.items():
                for row, value in values.items():
                    frame.loc[row, column] = value
            return frame

        edit_table(study, change)

    return spoil


def table(change):
    return lambda study: edit_table(study, change)


def content(change, name=CLINICAL):
    """Change the bytes of a table."""

    def spoil(study):
        path = study.parent / "data" / name
        path.write_bytes(change(path.read_bytes()))

    return spoil


def image(change, phase="arterial", patient="P03"):
    """Change one image: an array, a SimpleITK image or bytes; None takes it away."""

    def spoil(study):
        path = study.parent / "data" / "images" / patient / f"{phase}.nii.gz"
        made = change(sitk.ReadImage(str(path)) if phase != "raw" else path)
        if made is None:
            path.unlink()
        elif isinstance(made, bytes):
            path.write_bytes(made)
        else:
            sitk.WriteImage(made if isinstance(made, sitk.Image) else volume(made), str(path))

    return spoil


def mask(change, patient="P03"):
    return image(change, "mask", patient)


def with_values(change):
    """Change an image's array in place, its geometry stays."""

    def apply(image_):
        values = sitk.GetArrayFromImage(image_)
        changed = change(values)
        made = sitk.GetImageFromArray(values if changed is None else changed)
        made.CopyInformation(image_)
        return made

    return apply


def set_at(place, value):
    def change(values):
        values[place] = value

    return with_values(change)


def both(*spoils):
    def spoil(study):
        for each in spoils:
            each(study)

    return spoil


def packed(cut):
    """An image's file with its bytes changed."""

    def spoil(study):
        path = study.parent / "data" / "images" / "P03" / "arterial.nii.gz"
        path.write_bytes(cut(path.read_bytes()))

    return spoil


def damaged(data):
    plain = bytearray(data)
    plain[len(plain) // 2 : len(plain) // 2 + 8] = b"\x00" * 8
    return bytes(plain)


def swapped(study):
    folder = study.parent / "data" / "images" / "P03"
    for source, target in (("arterial", "x"), ("delayed", "arterial"), ("x", "delayed")):
        (folder / f"{source}.nii.gz").rename(folder / f"{target}.nii.gz")


def other_mask(study):
    images = study.parent / "data" / "images"
    shutil.copy(images / "P04" / "mask.nii.gz", images / "P05" / "mask.nii.gz")


def flipped(image_):
    return sitk.Flip(image_, [True, False, False])


def moved(image_):
    image_.SetOrigin((0.0, 0.0, 40.0))
    return image_


def finer(image_):
    """The same place on another grid."""
    reference = sitk.Image([20, 24, 6], sitk.sitkFloat32)
    reference.SetSpacing((0.5, 0.5, 3.0))
    reference.SetOrigin((-0.25, -0.25, 0.0))
    return sitk.Resample(image_, reference, sitk.Transform(), sitk.sitkLinear, 5.0)


def own_masks(study):
    """A mask for each phase, so that grids may differ."""
    for folder in (study.parent / "data" / "images").iterdir():
        for phase in PHASES:
            shutil.copy(folder / "mask.nii.gz", folder / f"{phase}_mask.nii.gz")
    edit_study(
        study,
        phases={
            phase: {
                "image": f"images/{{patient_id}}/{phase}.nii.gz",
                "mask": f"images/{{patient_id}}/{phase}_mask.nii.gz",
            }
            for phase in PHASES
        },
    )


def regridded(study):
    own_masks(study)
    folder = study.parent / "data" / "images" / "P03"
    for name, interpolator in (
        ("delayed", sitk.sitkLinear),
        ("delayed_mask", sitk.sitkNearestNeighbor),
    ):
        read = sitk.ReadImage(str(folder / f"{name}.nii.gz"))
        sitk.WriteImage(
            sitk.Resample(read, finer(read), sitk.Transform(), interpolator, 0.0),
            str(folder / f"{name}.nii.gz"),
        )


def elsewhere(study):
    own_masks(study)
    for name in ("delayed", "delayed_mask"):
        path = str(study.parent / "data" / "images" / "P03" / f"{name}.nii.gz")
        sitk.WriteImage(moved(sitk.ReadImage(path)), path)
    edit_study(
        study,
        deep_learning={"reference_phase": "arterial", "crop_pixels": 16, "slices": 1, "epochs": 1},
    )


def slices(study, patient="P03"):
    return sorted(
        (study.parent / "data" / "images" / patient / "arterial").iterdir(),
        key=lambda path: float(
            pydicom.dcmread(path, stop_before_pixels=True).ImagePositionPatient[2]
        ),
    )


def dicom(change, number=2, patient="P03", file=None):
    """Change one slice's dataset, or delete or add files."""

    def spoil(study):
        path = (
            slices(study, patient)[number]
            if file is None
            else study.parent / "data" / "images" / patient / file
        )
        dataset = pydicom.dcmread(path)
        change(dataset, path)
        if path.exists():
            dataset.save_as(path)

    return spoil


def remove(_, path):
    path.unlink()


def contour_again(dataset, _):
    contours = dataset.ROIContourSequence[0].ContourSequence
    contours.append(contours[0])


def header(change):
    """Change the affine matrix of an image's NIfTI header."""

    def spoil(study):
        path = study.parent / "data" / "images" / "P03" / "arterial.nii.gz"
        read = nib.load(path)
        made = nib.Nifti1Image(np.asanyarray(read.dataobj), None, read.header)
        change(made.header, read.affine.copy())
        nib.save(made, path)

    return spoil


def _shear(header_, affine):
    affine[0, 1] += 0.5
    header_.set_sform(affine, 1)
    header_.set_qform(None, 0)


def _shift(header_, affine):
    header_.set_sform(affine, 1)
    affine[1, 3] += 2
    header_.set_qform(affine, 1)


sheared, two_places = header(_shear), header(_shift)


def doubled(dataset, path):
    """A second volume under the same series, as dynamic examinations have."""
    again = pydicom.dcmread(path)
    again.SOPInstanceUID = again.file_meta.MediaStorageSOPInstanceUID = (
        f"{dataset.SOPInstanceUID}.9"
    )
    again.save_as(path.with_name("again"))


def copied(dataset, path):
    shutil.copy(path, path.with_name("copy"))


def another_series(dataset, path):
    dataset.SeriesInstanceUID, dataset.SeriesDescription = "1.2.3.4", "localiser"


def compressed(syntax):
    def change(dataset, path):
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.PixelData = pydicom.encaps.encapsulate([b"\xff\x4f\xff\x51" + bytes(20)])
        dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True

    return change


def colour(dataset, path):
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = (
        3,
        "RGB",
        0,
    )
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = (
        8,
        8,
        7,
        0,
    )
    dataset.PixelData = bytes(3 * dataset.Rows * dataset.Columns)


def other_frame(dataset, path):
    for item in [*dataset.ReferencedFrameOfReferenceSequence]:
        item.FrameOfReferenceUID = "1.2.3.4.5"
    for item in dataset.StructureSetROISequence:
        item.ReferencedFrameOfReferenceUID = "1.2.3.4.5"


def foreign_segmentation(study):
    from tests.support.dicom_files import write_segmentation, write_series

    images = write_series(
        study.parent / "elsewhere", np.zeros(SHAPE, np.int16), (1.0, 1.0, 3.0), (0.0, 0.0, 0.0)
    )
    write_segmentation(
        study.parent / "data" / "images" / "P03" / "mask.dcm",
        images,
        {"tumour": tumour_values(3).astype(bool)},
    )


def cohort_of(label):
    return table(
        lambda frame: frame.assign(
            event_type=label, follow_up="3" if label == "recurrence" else "40"
        )
    )


def without_validation_events(frame):
    validates = frame["cohort"] == "validation"
    return frame.assign(
        event_type=frame["event_type"].mask(validates, "censored"),
        follow_up=frame["follow_up"].mask(validates, "40"),
    )


def many_columns(frame):
    return pd.concat(
        [
            frame,
            pd.DataFrame(
                "1.5", index=frame.index, columns=[f"f{place}" for place in range(100_000)]
            ),
        ],
        axis=1,
    )


def by_dates(change):
    def spoil(study):
        edit_study(
            study,
            endpoint={
                "start": "surgery",
                "end": "seen",
                "event_type": "event_type",
                "horizon_months": 24,
            },
        )

        def dated(frame):
            recurred = frame["event_type"] == "recurrence"
            seen = np.where(recurred, "2018-09-01", "2021-06-01")
            return frame.assign(surgery="2018-03-01", seen=seen).drop(columns="follow_up")

        edit_table(study, lambda frame: change(dated(frame)))

    return spoil


def put(row, column, value):
    def change(frame):
        frame.loc[row, column] = value
        return frame

    return change


def ready_label(study):
    edit_study(study, endpoint={"label": "label"})
    edit_table(
        study,
        lambda frame: put(2, "label", "yes")(
            frame.assign(label=(frame["event_type"] == "recurrence").astype(int).astype(str)).drop(
                columns="follow_up"
            )
        ),
    )


def unit(name):
    def spoil(study):
        variables = {
            **DICTIONARY["variables"],
            "ast": {
                key: name if key == "unit" else value
                for key, value in DICTIONARY["variables"]["ast"].items()
                if key != "unit" or name
            },
        }
        dump(study.parent / "data" / "dictionary.yml", {"variables": variables})

    return spoil


def no_feature(study):
    path = study.parent / "data" / FEATURES
    frame = pd.read_csv(path)
    frame.assign(arterial_original_glcm_Contrast="").to_csv(path, index=False)


TABLE, IMAGE, MASK, STUDY = "Table", "Image", "Mask", "Study"
CASES = [
    Case(
        "patient_id is missing in a row",
        TABLE,
        clinical_study,
        cells(patient_id={4: ""}),
        "error",
        ("without patient_id at line 6", CLINICAL),
    ),
    Case(
        "patient_id is there twice",
        TABLE,
        clinical_study,
        cells(patient_id={4: "P04"}),
        "error",
        ("more than once, at lines 5, 6", CLINICAL),
        "P04",
    ),
    Case(
        "the column of patients is missing",
        TABLE,
        clinical_study,
        table(lambda frame: frame.rename(columns={"patient_id": "ID"})),
        "error",
        ("no column 'patient_id'", CLINICAL),
    ),
    Case(
        "unknown columns",
        TABLE,
        clinical_study,
        table(lambda frame: frame.assign(shoe_size="42")),
        "note",
        ("not in the dictionary", "shoe_size"),
    ),
    Case(
        "a column that the study names is missing",
        TABLE,
        clinical_study,
        table(lambda frame: frame.rename(columns={"ast": "AST (U/L)"})),
        "error",
        ("ast", "did you mean 'AST (U/L)'"),
    ),
    Case("unit missing", TABLE, clinical_study, unit(None), "error", ("ast", "unit")),
    Case("unit impossible", TABLE, clinical_study, unit("kg"), "error", ("ast", "kg")),
    Case(
        "a value in another unit",
        TABLE,
        clinical_study,
        cells(albumin={3: "4.1"}),
        "error",
        ("albumin 4.1", "g/dL"),
        "P04",
    ),
    Case(
        "label not 0 or 1",
        TABLE,
        clinical_study,
        ready_label,
        "error",
        ("'yes' is neither 0 nor 1", "label"),
        "P03",
    ),
    Case(
        "negative time",
        TABLE,
        clinical_study,
        cells(follow_up={2: "-3"}),
        "error",
        ("'-3' must be months >= 0", "follow_up"),
        "P03",
    ),
    Case(
        "follow-up of length 0",
        TABLE,
        clinical_study,
        cells(follow_up={2: "0"}),
        "warning",
        ("length 0", "follow_up"),
        "P03",
    ),
    Case(
        "time zero after the event",
        TABLE,
        clinical_study,
        by_dates(put(2, "seen", "2017-01-01")),
        "error",
        ("ends 424 days before it starts",),
        "P03",
    ),
    Case(
        "wrong separator",
        TABLE,
        clinical_study,
        content(lambda data: data.replace(b",", b";")),
        "note",
        ("separated by a semicolon", CLINICAL),
    ),
    Case(
        "a separator that nobody knows",
        TABLE,
        clinical_study,
        content(lambda data: data.replace(b",", b"^")),
        "error",
        ("no column 'patient_id'", CLINICAL),
    ),
    Case(
        "decimal comma",
        TABLE,
        clinical_study,
        content(lambda data: data.replace(b",", b";").replace(b".", b",")),
        "warning",
        ("decimal comma", "albumin"),
    ),
    Case(
        "a thousand or a decimal",
        TABLE,
        clinical_study,
        content(
            lambda data: (
                data.replace(b",", b";")
                .replace(b";P", b"P")
                .replace(b"36.0", b"1,234")
                .replace(b".", b"")
            )
        ),
        "error",
        ("can be a thousand or a decimal number",),
        None,
    ),
    Case(
        "Excel's number for a date",
        TABLE,
        clinical_study,
        by_dates(put(2, "seen", "43344")),
        "error",
        ("43344 is Excel's number for a date", "seen"),
        "P03",
    ),
    Case(
        "day and month in unknown order",
        TABLE,
        clinical_study,
        by_dates(put(2, "seen", "03.04.2021")),
        "error",
        ("'03.04.2021' is no date written as YYYY-MM-DD", "seen"),
        "P03",
    ),
    Case(
        "byte order mark",
        TABLE,
        clinical_study,
        content(lambda data: b"\xef\xbb\xbf" + data),
        "note",
        ("byte order mark", CLINICAL),
    ),
    Case(
        "Latin-1",
        TABLE,
        clinical_study,
        content(lambda data: data.replace(b",A\n", ",Hôpital\n".encode("latin-1"))),
        "warning",
        ("not UTF-8", CLINICAL),
    ),
    Case(
        "empty file",
        TABLE,
        clinical_study,
        content(lambda data: b""),
        "error",
        ("the file is empty", CLINICAL),
    ),
    Case(
        "no rows",
        TABLE,
        clinical_study,
        content(lambda data: data.split(b"\n")[0] + b"\n"),
        "error",
        ("a header and no rows", CLINICAL),
    ),
    Case(
        "no such file",
        TABLE,
        clinical_study,
        lambda study: (study.parent / "data" / CLINICAL).unlink(),
        "error",
        ("no such table", CLINICAL),
    ),
    Case(
        "a quotation mark that is not closed",
        TABLE,
        clinical_study,
        content(lambda data: b'"' + data + b"x" * 140_000),
        "error",
        ("quotation mark", CLINICAL),
    ),
    Case(
        "no text file",
        TABLE,
        clinical_study,
        content(lambda data: b"PK\x03\x04\x00\x00" + data),
        "error",
        ("no text file", CLINICAL),
    ),
    Case(
        "100,000 columns",
        TABLE,
        lambda folder: clinical_study(folder, 10),
        table(many_columns),
        "warning",
        ("it has 100007 columns", CLINICAL),
    ),
    Case(
        "a formula in a cell",
        TABLE,
        clinical_study,
        table(lambda frame: put(3, "remark", "=cmd|' /C calc'!A0")(frame.assign(remark="none"))),
        "warning",
        ("begins as a formula", "line 5", "remark"),
    ),
    Case(
        "a formula as a patient's name",
        TABLE,
        clinical_study,
        cells(patient_id={3: "=1+1"}),
        "error",
        ("begins as a formula", "patient_id"),
        "=1+1",
    ),
    Case(
        "a path as a patient's name",
        TABLE,
        clinical_study,
        cells(patient_id={3: "../../etc"}),
        "error",
        ("can't be part of a file's name",),
        "../../etc",
    ),
    Case(
        "a phase is missing",
        IMAGE,
        image_study,
        image(lambda _: None),
        "error",
        ("image of phase arterial is missing", "arterial.nii.gz"),
        "P03",
    ),
    Case(
        "corrupt NIfTI",
        IMAGE,
        image_study,
        image(lambda _: b"no image"),
        "error",
        ("can't be read", "arterial.nii.gz"),
        "P03",
    ),
    Case(
        "truncated NIfTI",
        IMAGE,
        image_study,
        packed(lambda data: gzip.compress(gzip.decompress(data)[:1000])),
        "error",
        ("can't be read", "arterial.nii.gz"),
        "P03",
    ),
    Case(
        "truncated gzip",
        IMAGE,
        image_study,
        packed(lambda data: data[: len(data) // 2]),
        "error",
        ("arterial.nii.gz",),
        "P03",
    ),
    Case("gzip error", IMAGE, image_study, packed(damaged), "error", ("arterial.nii.gz",), "P03"),
    Case(
        "DICOM series with a missing slice",
        IMAGE,
        dicom_study,
        dicom(remove),
        "error",
        ("1 slice(s) missing between",),
        "P03",
    ),
    Case("mixed series", IMAGE, dicom_study, dicom(another_series), "error", ("localiser",), "P03"),
    Case(
        "a slice twice",
        IMAGE,
        dicom_study,
        dicom(copied),
        "note",
        ("identical copy of another file",),
        "P03",
    ),
    Case(
        "duplicate instance numbers",
        IMAGE,
        dicom_study,
        dicom(lambda dataset, _: setattr(dataset, "InstanceNumber", 1)),
        "warning",
        ("instance number 1",),
        "P03",
    ),
    Case(
        "two volumes in a series",
        IMAGE,
        dicom_study,
        dicom(doubled),
        "error",
        ("several volumes",),
        "P03",
    ),
    Case(
        "compressed transfer syntax without a decoder",
        IMAGE,
        dicom_study,
        dicom(compressed(MPEG2MPML)),
        "error",
        ("P03",),
        "P03",
    ),
    Case(
        "damaged compressed pixels",
        IMAGE,
        dicom_study,
        dicom(compressed(JPEG2000)),
        "error",
        ("P03",),
        "P03",
    ),
    Case(
        "colour image (DICOM)", IMAGE, dicom_study, dicom(colour), "error", ("colour image",), "P03"
    ),
    Case(
        "colour image (NIfTI)",
        IMAGE,
        image_study,
        image(lambda each: sitk.Compose([each] * 3)),
        "error",
        ("3 values a voxel",),
        "P03",
    ),
    Case(
        "2-D image",
        IMAGE,
        image_study,
        image(lambda each: each[:, :, 2]),
        "error",
        ("2 axes",),
        "P03",
    ),
    Case(
        "4-D image",
        IMAGE,
        image_study,
        image(lambda each: sitk.JoinSeries([each, each])),
        "error",
        ("4 axes",),
        "P03",
    ),
    Case(
        "NaN voxels",
        IMAGE,
        image_study,
        image(set_at((2, 2, 2), np.nan)),
        "error",
        ("1 of 720 voxels are not finite",),
        "P03",
    ),
    Case(
        "infinite voxels",
        IMAGE,
        image_study,
        image(set_at((2, 2, 2), np.inf)),
        "error",
        ("not finite",),
        "P03",
    ),
    Case(
        "constant image",
        IMAGE,
        image_study,
        image(lambda _: np.full(SHAPE, 7, np.int16)),
        "error",
        ("all voxels have the value 7",),
        "P03",
    ),
    Case(
        "flipped orientation",
        IMAGE,
        image_study,
        image(flipped),
        "error",
        ("flipped or rotated", "mask.nii.gz"),
        "P03",
    ),
    Case(
        "sheared axes",
        IMAGE,
        image_study,
        sheared,
        "error",
        ("the axes of its header are sheared", "and not at 90°"),
        "P03",
    ),
    Case(
        "qform and sform that disagree",
        IMAGE,
        image_study,
        two_places,
        "warning",
        ("its header says twice where it lies", "up to 2 mm (2 voxels) apart"),
        "P03",
    ),
    Case(
        "a picture for an image",
        IMAGE,
        image_study,
        image(lambda _: b"\x89PNG\r\n\x1a\n"),
        "error",
        ("it is a picture (PNG) and no volume",),
        "P03",
    ),
    Case(
        "phases swapped, as seen from enhancement",
        IMAGE,
        image_study,
        swapped,
        "warning",
        ("phases enhance as if they had been mixed up", "arterial looks like delayed"),
        "P03",
    ),
    Case(
        "one file for two phases",
        IMAGE,
        image_study,
        lambda study: shutil.copy(
            study.parent / "data/images/P03/arterial.nii.gz",
            study.parent / "data/images/P03/delayed.nii.gz",
        ),
        "warning",
        ("the same file, byte for byte",),
        "P03",
    ),
    Case(
        "one file for two patients",
        IMAGE,
        image_study,
        lambda study: shutil.copy(
            study.parent / "data/images/P03/arterial.nii.gz",
            study.parent / "data/images/P04/arterial.nii.gz",
        ),
        "error",
        ("the same file, byte for byte", "P03"),
        "P04",
    ),
    Case(
        "grids that differ between phases",
        IMAGE,
        image_study,
        regridded,
        "note",
        ("different grids", "P03"),
    ),
    Case(
        "phases of different places",
        IMAGE,
        image_study,
        elsewhere,
        "error",
        ("cover different places", "0%"),
        "P03",
    ),
    Case(
        "empty",
        MASK,
        image_study,
        mask(lambda _: np.zeros(SHAPE, np.uint8)),
        "error",
        ("it is empty", "mask.nii.gz"),
        "P03",
    ),
    Case(
        "missing",
        MASK,
        image_study,
        mask(lambda _: None),
        "error",
        ("mask of phase arterial is missing",),
        "P03",
    ),
    Case(
        "all ones",
        MASK,
        image_study,
        mask(lambda _: np.ones(SHAPE, np.uint8)),
        "error",
        ("covers the whole image",),
        "P03",
    ),
    Case(
        "several labels",
        MASK,
        image_study,
        mask(set_at((2, 5, 4), 2)),
        "warning",
        ("labels 1, 2",),
        "P03",
    ),
    Case(
        "not binary",
        MASK,
        image_study,
        mask(lambda _: phase_values("arterial", 3)),
        "error",
        ("it is no mask",),
        "P03",
    ),
    Case(
        "fractions",
        MASK,
        image_study,
        mask(lambda each: sitk.Cast(each, sitk.sitkFloat32) * 0.5),
        "error",
        ("it is no mask",),
        "P03",
    ),
    Case(
        "one voxel",
        MASK,
        image_study,
        mask(lambda _: set_one()),
        "error",
        ("it has one voxel",),
        "P03",
    ),
    Case(
        "touching the border",
        MASK,
        image_study,
        mask(set_at((slice(0, 3), slice(3, 8), slice(3, 8)), 1)),
        "warning",
        ("touches the border",),
        "P03",
    ),
    Case(
        "outside of the organ, in air",
        MASK,
        image_study,
        both(mask(lambda _: in_air())),
        "warning",
        ("background of its image",),
        "P03",
    ),
    Case(
        "outside of the volume", MASK, image_study, mask(moved), "error", ("its origin is",), "P03"
    ),
    Case(
        "other size than the image",
        MASK,
        image_study,
        mask(lambda each: each[:, :, 1:]),
        "error",
        ("its grid is 10 × 12 × 5, its image's 10 × 12 × 6",),
        "P03",
    ),
    Case(
        "a contour twice (RTSTRUCT)",
        MASK,
        dicom_study,
        dicom(contour_again, file="mask.dcm"),
        "warning",
        ("the same contour is there twice in slice 2",),
        "P03",
    ),
    Case(
        "every other slice",
        MASK,
        image_study,
        mask(set_at(2, 0)),
        "warning",
        ("slice 3 between drawn ones of a lesion is empty", "masks: {gaps: interpolate}"),
        "P03",
    ),
    Case(
        "a stray voxel",
        MASK,
        image_study,
        mask(set_at((5, 11, 9), 1)),
        "warning",
        ("1 voxel in slice 6", "mm away"),
        "P03",
    ),
    Case(
        "another patient's",
        MASK,
        image_study,
        other_mask,
        "error",
        ("the mask is the same file", "P04"),
        "P05",
    ),
    Case(
        "RTSTRUCT with unknown reference",
        MASK,
        dicom_study,
        dicom(other_frame, file="mask.dcm"),
        "error",
        ("another frame of reference",),
        "P03",
    ),
    Case(
        "SEG with unknown reference",
        MASK,
        dicom_study,
        foreign_segmentation,
        "error",
        ("another frame of reference",),
        "P03",
    ),
    Case(
        "all patients with the event",
        STUDY,
        clinical_study,
        cohort_of("recurrence"),
        "error",
        ("the training cohort needs patients with and without the event", "labels 1"),
    ),
    Case(
        "no patient with the event",
        STUDY,
        clinical_study,
        cohort_of("censored"),
        "error",
        ("the training cohort needs patients with and without the event", "labels 0"),
    ),
    Case(
        "fewer events than folds",
        STUDY,
        clinical_study,
        lambda study: edit_study(study, validation={"outer_folds": 20, "inner_folds": 3}),
        "error",
        ("folds need at least", "lower outer_folds"),
    ),
    Case(
        "one patient",
        STUDY,
        lambda folder: clinical_study(folder, 1),
        lambda study: None,
        "error",
        ("training cohort needs patients with and without", "1 patients"),
    ),
    Case(
        "10 patients",
        STUDY,
        lambda folder: clinical_study(folder, 10),
        lambda study: None,
        "warning",
        ("its intervals will be wide",),
    ),
    Case(
        "validation without events",
        STUDY,
        clinical_study,
        table(without_validation_events),
        "error",
        ("the validation cohort needs patients with and without the event",),
    ),
    Case(
        "a feature is all missing",
        STUDY,
        table_study,
        no_feature,
        "warning",
        ("1 feature(s) are missing for some patients", "arterial_original_glcm_Contrast"),
    ),
    Case(
        "a candidate is all missing",
        STUDY,
        clinical_study,
        table(lambda frame: frame.assign(ast="")),
        "error",
        ("ast is missing for all training patients",),
    ),
    Case(
        "centre with one patient",
        STUDY,
        clinical_study,
        cells(centre={3: "Q"}),
        "warning",
        ("centre Q has one patient",),
        "P04",
    ),
    Case(
        "perfect separation",
        STUDY,
        clinical_study,
        table(
            lambda frame: frame.assign(
                ast=np.where(frame["event_type"] == "recurrence", "90", "30")
            )
        ),
        "warning",
        ("perfect separation", "ast"),
    ),
    Case(
        "predictions that are all the same, so that no cut-off is defined",
        STUDY,
        lambda folder: predictions_study(folder, lambda event, _: np.full(len(event), 0.5)),
        lambda study: None,
        "warning",
        ("same value for everybody", "Mine"),
    ),
    Case(
        "a probability of 150 %",
        STUDY,
        lambda folder: predictions_study(folder, lambda event, _: np.where(event, 1.5, 0.2)),
        lambda study: None,
        "error",
        ("1.5 is no probability",),
        "P00",
    ),
]


def set_one():
    values = np.zeros(SHAPE, np.uint8)
    values[2, 5, 4] = 1
    return values


def in_air():
    values = np.zeros(SHAPE, np.uint8)
    values[1:5, 1:11, 0] = 1
    return values


def told(study, capsys) -> tuple[int, list[dict]]:
    status = command("check", "--study", study, "--json")
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err + captured.out
    return status, json.loads(captured.out)["problems"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.kind.lower()}: {case.name}" for case in CASES])
def test_bad_input_gets_a_clear_answer(case, tmp_path, capsys):
    study = case.make(tmp_path)
    case.spoil(study)
    status, found = told(study, capsys)
    fitting = [
        each
        for each in found
        if each["level"] == case.level
        and all(word in f"{each['where']} {each['what']} {each['mend']}" for word in case.words)
        and (case.patient is None or each["patient"] == case.patient)
    ]
    assert fitting, [
        (each["level"], each["patient"], each["where"], each["what"]) for each in found
    ]
    assert all(each["where"] and (each["mend"] or each["level"] == "note") for each in fitting)
    # What is refused is refused for this alone, and what is not is only warned of.
    errors = [each for each in found if each["level"] == "error"]
    assert (status == 2) == bool(errors) == (case.level == "error")
    assert nothing_written(study)
    tried(
        f"Bad input: {case.kind.lower()}",
        case.name,
        f"{case.level}: {fitting[0]['what']}"
        + (f"; {fitting[0]['mend']}" if fitting[0]["mend"] else ""),
    )


def test_all_problems_of_a_cohort_are_told_in_one_go_and_a_run_refuses_in_the_same_words(
    tmp_path, capsys
):
    study = image_study(tmp_path)
    cells(albumin={0: "4.1"}, follow_up={1: "-3"})(study)
    image(lambda _: b"no image", patient="P04")(study)
    mask(lambda _: np.zeros(SHAPE, np.uint8), patient="P05")(study)
    image(lambda _: None, "delayed", "P06")(study)
    status, found = told(study, capsys)
    errors = [each for each in found if each["level"] == "error"]
    assert status == 2
    assert {each["patient"] for each in errors} == {
        "P01",
        "P02",
        "P04",
        "P05",
        "P06",
    }
    assert command("run", "--study", study) == 2
    message = capsys.readouterr().err
    assert all(
        each["what"] in message and f"patient {each['patient']}: " in message for each in errors
    )
    assert "Traceback" not in message
    assert nothing_written(study)
    tried(
        "Bad input: all at once",
        "five patients, five different faults",
        "; ".join(line.strip() for line in message.splitlines() if "patient " in line),
        5,
    )


@pytest.mark.parametrize(
    ("make", "name", "key", "words"),
    [
        (
            lambda folder: predictions_study(folder, lambda event, _: np.full(len(event), 0.5)),
            "predictions that are all the same",
            "auc.mine.validation",
            None,
        ),
        (lambda folder: clinical_study(folder, 10), "10 patients", "auc.cr.validation", None),
    ],
)
def test_what_is_warned_of_runs_to_its_end(make, name, key, words, tmp_path, capsys):
    from analysis.results import read_records

    study = make(tmp_path)
    assert command("run", "--study", study) == 0
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert key in read_records(Path(tmp_path) / "outputs" / "results.json")
    tried("Bad input: study", f"{name}, run to the end", said.out)
