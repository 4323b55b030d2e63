"""An export of 20 made patients as an archive and its users leave it: the right phases, or each
patient and why not."""

import csv
import re
import shutil

import nibabel as nib
import numpy as np
import pydicom
import pytest

from tests.support.dicom_files import without_preamble
from tests.support.mangled_files import mangle
from tests.support.pacs_exports import add_series, add_structures, converted, manifest, run_convert
from tests.support.record import tried

RULES = """
examination: {choose: before, date: resection, within_days: 60, one_day: true}
phases:
  arterial: {description: "*arterial*", exclude: "*SUB*", column: arterial}
  portal_venous: {description: "*portal*", exclude: "*SUB*", column: portal}
  delayed: {description: "*delayed*", exclude: "*SUB*", column: delayed}
masks: {mask: tumour}
"""
PHASES = {"arterial": "081620", "portal_venous": "081700", "delayed": "081900"}
PREOPERATIVE, FOLLOW_UP, RESECTION = "2019-03-02", "2021-09-09", "2019-03-20"


class Export:
    """add: the phases of an examination; value: patient × 10 + phase, + 5 in the follow-up. rows:
    of ids.csv."""

    def __init__(self, folder):
        self.folder, self.rows = (
            folder,
            [["PatientID", "study", "resection", "arterial", "portal", "delayed"]],
        )

    def add(
        self,
        patient,
        identifier=None,
        examined=PREOPERATIVE,
        without=(),
        described="T1 {}",
        mask=True,
        listed=True,
        cells=("", "", ""),
        date=RESECTION,
        place="images",
        **tags,
    ):
        identifier, later = identifier or f"HD{patient:03d}", 5 if examined == FOLLOW_UP else 0
        folder = self.folder / f"{patient:02d}" / f"{place}{later}"
        known = {
            "PatientID": identifier,
            "PatientBirthDate": f"1950{1 + patient % 12:02d}01",
            "PatientName": f"Planted^Number{patient}",
            "frame": f"1.2.{patient}.{later + 1}",
        } | tags
        files = {
            phase: add_series(
                folder / phase,
                10 * patient + later + turn,
                described.format(phase),
                examined,
                AcquisitionTime=time,
                **known,
            )
            for turn, (phase, time) in enumerate(PHASES.items())
            if phase not in without
        }
        if mask:
            add_structures(folder / "rt.dcm", files["arterial"][0])
        if listed and not any(row[0] == identifier for row in self.rows):
            self.rows.append([identifier, f"P{patient:02d}", date, *cells])
        return files


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pacs")
    made = Export(folder / "export")
    made.add(1)
    for path in [each for paths in made.add(2).values() for each in paths]:
        without_preamble(path)
    for paths in made.add(3).values():  # the CD of the same examination, under other names
        for number, path in enumerate(paths):
            target = folder / "export" / "03" / "CD" / f"IM{path.parent.name[:2]}{number}"
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
    for paths in made.add(4).values():  # every file in a folder of its own
        for number, path in enumerate(paths):
            target = folder / "export" / "04" / str(number) / path.parent.name / "I0"
            target.parent.mkdir(parents=True)
            path.rename(target)
    made.add(5)
    made.add(5, examined=FOLLOW_UP)
    made.add(6, without=("delayed",))
    made.add(6, examined=FOLLOW_UP)
    made.add(7, "0007", without=("delayed",))
    made.add(7, "7", without=("arterial", "portal_venous"), mask=False, place="other")
    made.add(8, "ANONYMOUS")
    made.add(9, "ANONYMOUS")
    made.add(10, described="t1_vibe_dyn", cells=("100", "101", "102"))
    made.add(
        11,
        described="LAVA",
        series="1.2.11.9",
        number=4,
        cells=("4 volume 1", "4 volume 2", "4 volume 3"),
    )
    mangle(made.add(12)["portal_venous"][1], "SeriesNumber", "ANON")
    mangle(made.add(13)["delayed"][1], "ImagePositionPatient", "ANON")
    made.add(14)["portal_venous"][1].unlink()
    made.add(15, mask=False)
    made.add(16, date="")
    made.add(17, listed=False)
    cut = made.add(18)["delayed"][1]
    cut.write_bytes(cut.read_bytes()[:-20])
    made.add(19)
    made.add(19, described="T1 {} SUB", mask=False, place="subtraction")
    made.add(20, examined=FOLLOW_UP)
    for name, content in (
        ("DICOMDIR.txt", b"index"),
        ("viewer/run.exe", b"MZ" * 300),
        ("01/Thumbs.db", b"\xd0\xcf"),
    ):
        (folder / "export" / name).parent.mkdir(exist_ok=True)
        (folder / "export" / name).write_bytes(content)
    with (folder / "ids.csv").open("w", newline="") as file:
        csv.writer(file).writerows(made.rows)
    return folder


CONVERTED = (1, 2, 3, 4, 5, 7, 10, 11, 12, 19)
REFUSED = {
    "P06": (
        r"phase delayed: no DICOM series fits(.|\n)*another examination of the patient has one"
        r" \(\+922 days\)"
    ),
    "P08": r"one PatientID has 2 names .* and 2 birth dates .*; if all are one person",
    "P13": r"phase delayed: .*s132_.*: a DICOM header is damaged",
    "P14": r"phase portal_venous: .*slices are unevenly spaced",
    "P15": r"no DICOM-SEG or RTSTRUCT of a chosen series has the mask 'mask'",
    "P16": r"examination: before needs a date, and the column 'resection' has none",
    "unknown patient": r"the patient of .*17.* is not in the mapping of patients",
    "P18": r".*s182_.*: the pixels can't be read",
    "P20": r"no examination lies before the date in 'resection'",
}
FAULTS = {
    "P06": "a phase only in a later examination",
    "P08": "two persons under the id ANONYMOUS",
    "P13": "a damaged position",
    "P14": "a slice missing",
    "P15": "no mask",
    "P16": "no date in ids.csv",
    "unknown patient": "not in ids.csv",
    "P18": "pixels cut off",
    "P20": "examined after treatment only",
}


def test_the_right_phases_or_who_and_why(export, capsys):
    assert run_convert(export, RULES, "--patients", str(export / "ids.csv"), "--partial") == 0
    said = capsys.readouterr().err
    expected = {
        f"P{number:02d}": {phase: 10 * number + turn for turn, phase in enumerate(PHASES)}
        for number in CONVERTED
    }
    assert converted(export) == expected
    table = manifest(export)
    assert set(table.index) == {
        (patient, phase) for patient, phases in expected.items() for phase in phases
    }
    for patient in expected:
        mask = np.asarray(
            nib.load(export / "study" / "images" / patient / "arterial_mask.nii.gz").dataobj
        )
        assert mask.sum() == 12
    images = table[table["kind"] == "image"]
    assert set(images["days_to_treatment"]) == {"18"}
    assert set(images["days_since_first_phase"]) == {"0"}
    assert {
        phase: set(group["seconds_since_first_phase"]) for phase, group in images.groupby("phase")
    } == {"arterial": {"0"}, "portal_venous": {"40"}, "delayed": {"160"}}
    for patient, why in REFUSED.items():
        found = re.search(rf"left out: {patient}: {why}", said)
        assert found, (patient, said)
        tried("an export of 20 made patients", FAULTS[patient], found.group())
    assert said.count("left out: ") == len(REFUSED)
    assert "passed over: 15 files are passed over: 12 identical copy of another file" in said
    assert "3 no DICOM" in said
    # Three of the follow-up that was not chosen, three subtractions.
    assert "6 series are no phase by the rules" in said
    tried(
        "an export of 20 made patients",
        "patients without a fault, or with one that can be mended",
        "the right three phases and the mask",
        len(CONVERTED),
    )


def test_without_partial_nobody_is_written_and_all_are_named(export, tmp_path, capsys):
    shutil.copytree(export / "export", tmp_path / "export")
    assert run_convert(tmp_path, RULES, "--patients", str(export / "ids.csv")) == 2
    said = capsys.readouterr().err
    assert not (tmp_path / "study").exists()
    assert "8 problems; nothing was written" in said
    for patient, why in REFUSED.items():
        assert patient == "P18" or re.search(rf"{patient}: {why}", said), patient


def test_the_export_is_what_it_says(export):
    files = [path for path in (export / "export").rglob("*") if path.is_file()]
    numbers = {path.relative_to(export / "export").parts[0] for path in files}
    assert len([each for each in numbers if each.isdigit()]) == 20
    with pytest.raises(pydicom.errors.InvalidDicomError):
        pydicom.dcmread(next((export / "export" / "02").rglob("s2*")))
