"""Whose files they are; what is damaged or passed over harms nobody silently."""

import re
import stat

import numpy as np
import pandas as pd
import pydicom
import pytest

from analysis.core.patient_spelling import spelling
from analysis.workflow.convert.patient_file import read_ids
from tests.support.dicom_files import without_preamble, write_structures
from tests.support.mangled_files import mangle
from tests.support.pacs_exports import add_series, converted, new_name, run_convert
from tests.support.record import tried

RULES = 'phases: {arterial: "*arterial*", delayed: "*delayed*"}'
ONE = 'phases: {arterial: "*arterial*"}'


def _patient(folder, identifier, first, **tags):
    for value, phase in enumerate(("arterial", "delayed"), start=first):
        add_series(folder / "export" / f"p{first}", value, phase, PatientID=identifier, **tags)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        (
            {"PatientName": "Other^Person"},
            (
                r"one PatientID has 2 names \(.*p1/.*, .*p11/.*\); if all are one person, say so"
                r" with yes in a column same_person"
            ),
        ),
        ({"PatientBirthDate": "19700101"}, "one PatientID has 2 birth dates"),
        ({"PatientSex": "M"}, "one PatientID has 2 sexes"),
    ],
)
def test_one_id_of_two_persons_is_refused(tmp_path, capsys, tags, message):
    _patient(tmp_path, "ANONYMOUS", 1)
    _patient(tmp_path, "ANONYMOUS", 11, **tags)
    assert run_convert(tmp_path, RULES) == 2
    error = capsys.readouterr().err
    assert re.search(message, error)
    assert "Planted" not in error
    assert not (tmp_path / "study").exists()
    tried(
        "hospital exports (convert)",
        f"one PatientID, two persons ({', '.join(tags)})",
        error[error.index("one PatientID") :],
    )
    # Each in a folder of their own, they are two.
    assert run_convert(tmp_path, "patients: folder\n" + RULES) == 0
    assert sorted(each["arterial"] for each in converted(tmp_path).values()) == [1, 11]


@pytest.mark.parametrize(
    "tags",
    [
        {"PatientName": "SURNAME^planted"},
        {"PatientName": "Planted^Surname^^Dr"},
        {"PatientName": "", "PatientBirthDate": "", "PatientSex": "O"},
    ],
)
def test_one_person_s_name_in_two_ways_is_no_fault(tmp_path, tags):
    add_series(tmp_path / "export", 1, "arterial", PatientID="A1")
    add_series(tmp_path / "export", 2, "delayed", PatientID="A1", **tags)
    assert run_convert(tmp_path, RULES) == 0
    assert converted(tmp_path) == {new_name(tmp_path, "A1"): {"arterial": 1, "delayed": 2}}


def test_a_changed_name_is_one_person_where_the_user_says_so(tmp_path):
    add_series(tmp_path / "export", 1, "arterial", PatientID="A1")
    add_series(tmp_path / "export", 2, "delayed", PatientID="A1", PatientName="Married^Surname")
    (tmp_path / "ids.csv").write_text("PatientID,study,same_person\nA1,X1,yes\n")
    assert run_convert(tmp_path, RULES, "--patients", str(tmp_path / "ids.csv")) == 0
    assert converted(tmp_path) == {"X1": {"arterial": 1, "delayed": 2}}


def test_a_placeholder_that_says_nothing_of_the_person_is_refused(tmp_path, capsys):
    for first, study in ((1, "1.2.1"), (11, "1.2.2"), (21, "1.2.3")):
        _patient(
            tmp_path,
            "Anonymized",
            first,
            PatientName="Anonymized",
            PatientBirthDate="",
            StudyInstanceUID=study,
        )
    assert run_convert(tmp_path, "examination: first\n" + RULES) == 2
    assert (
        "the PatientID 'Anonymized' is a placeholder that 3 examinations share"
        in capsys.readouterr().err
    )
    assert run_convert(tmp_path, "patients: folder\n" + RULES) == 0
    assert sorted(each["delayed"] for each in converted(tmp_path).values()) == [2, 12, 22]


@pytest.mark.parametrize(
    ("one", "other"), [("00123", "123"), ("hd-17", "HD 17"), ("A\u00c51", "AA\u030a1")]
)
def test_two_spellings_of_one_id_are_pointed_out(tmp_path, capsys, one, other):
    add_series(
        tmp_path / "export" / "a", 1, "arterial", PatientID=one, SpecificCharacterSet="ISO_IR 192"
    )
    add_series(
        tmp_path / "export" / "b",
        2,
        "delayed",
        PatientID=other,
        SpecificCharacterSet="ISO_IR 192",
        StudyInstanceUID="1.2.7",
        SeriesTime="0820",
    )
    assert run_convert(tmp_path, RULES) == 2
    error = capsys.readouterr().err
    tried(
        "hospital exports (convert)",
        f"two spellings of one PatientID ({one}, {other})",
        error[error.index("the PatientIDs") :],
    )
    assert (
        error.count(
            "differ by zeros, case, spaces or signs only; if they are one patient, give both the"
            " same new name"
        )
        == 2
    )
    assert "no DICOM series fits" not in error
    ids = tmp_path / "ids.csv"
    ids.write_text(f"PatientID,study\n{one},X1\n{other},X1\n", encoding="utf-8")
    assert (
        run_convert(tmp_path, "examination: {one_day: true}\n" + RULES, "--patients", str(ids)) == 0
    )
    assert converted(tmp_path) == {"X1": {"arterial": 1, "delayed": 2}}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("00123", "123", True),
        ("HD-017", "hd17", True),
        ("HD 17", "HD_17", True),
        ("1-23", "12-3", False),
        ("P1", "P10", False),
        ("0", "00", True),
        ("\ufeffP1\u200b", "P1", True),
        ("\uff21\uff11", "A1", True),
    ],
)
def test_spellings(one, other, alike):
    assert (spelling(one) == spelling(other)) == alike


def test_ids_spelled_alike_of_two_persons_are_two(tmp_path, capsys):
    _patient(tmp_path, "00123", 1)
    _patient(tmp_path, "123", 11, PatientBirthDate="19700101")
    assert run_convert(tmp_path, RULES) == 0
    assert converted(tmp_path) == {
        new_name(tmp_path, "00123"): {"arterial": 1, "delayed": 2},
        new_name(tmp_path, "123"): {"arterial": 11, "delayed": 12},
    }


def test_the_user_s_file_and_the_export_are_held_against_each_other(tmp_path, capsys):
    _patient(tmp_path, "00123", 1)
    ids = tmp_path / "ids.csv"
    ids.write_text("PatientID,study\n123,X1\n")
    assert run_convert(tmp_path, RULES, "--patients", str(ids)) == 2
    assert (
        "is not in the mapping of patients; it has one that differs by zeros, case, spaces or signs"
        " only ('123' for '00123')" in capsys.readouterr().err
    )
    ids.write_text("PatientID,study\n00123,X1\nZ9,X2\n")
    assert run_convert(tmp_path, RULES, "--patients", str(ids)) == 0
    assert (
        "note: 1 patient of the file of --patients is not in the export: Z9"
        in capsys.readouterr().err
    )


def test_a_damaged_number_of_one_file_stops_nobody(tmp_path, capsys):
    _patient(tmp_path, "C1", 1)
    _patient(tmp_path, "C2", 11)
    mangle(tmp_path / "export" / "p11" / "s11_000", "SeriesNumber", "ANON")
    assert run_convert(tmp_path, RULES) == 0
    assert set(converted(tmp_path)) == {new_name(tmp_path, each) for each in ("C1", "C2")}
    said = capsys.readouterr().err
    assert (
        f"note: {new_name(tmp_path, 'C2')}: files whose SeriesNumber is no number ('ANON'); nothing"
        " rests on it" in said
    )
    assert "UserWarning" not in said
    tried(
        "hospital exports (convert)",
        "SeriesNumber of one file damaged",
        said[said.index("files whose") :].splitlines()[0],
    )
    assert run_convert(tmp_path, "phases: {arterial: {number: 11}}", "--partial") == 0
    assert set(converted(tmp_path)) == {new_name(tmp_path, "C2")}


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("ImagePositionPatient", "ANON"),
        ("Rows", "AN"),
        ("AcquisitionNumber", "ANON"),
        ("StudyDate", "ANONYMOU"),
    ],
)
def test_what_is_damaged_in_one_file_harms_that_patient_only(tmp_path, capsys, keyword, text):
    _patient(tmp_path, "C1", 1, AcquisitionNumber=1)
    _patient(tmp_path, "C2", 11, AcquisitionNumber=1)
    mangle(tmp_path / "export" / "p11" / "s11_000", keyword, text)
    assert run_convert(tmp_path, RULES, "--partial") == 0
    said, second = capsys.readouterr().err, new_name(tmp_path, "C2")
    assert new_name(tmp_path, "C1") in converted(tmp_path)
    assert "Traceback" not in said
    assert (
        (second in converted(tmp_path))
        == (keyword in ("AcquisitionNumber", "StudyDate"))
        == (f"left out: {second}: " not in said)
    )


def test_files_without_a_preamble_are_converted(tmp_path):
    _patient(tmp_path, "E1", 1)
    _patient(tmp_path, "E2", 11)
    for path in (tmp_path / "export" / "p11").iterdir():
        without_preamble(path)
    assert run_convert(tmp_path, RULES) == 0
    assert sorted(each["delayed"] for each in converted(tmp_path).values()) == [2, 12]
    tried(
        "hospital exports (convert)", "files without the DICM preamble", "converted as the others"
    )


def test_what_is_passed_over_is_counted_named_and_listed(tmp_path, capsys):
    images = add_series(tmp_path / "export", 1, "arterial", PatientID="A1")
    add_series(tmp_path / "export", 2, "localiser", PatientID="A1")
    add_series(tmp_path / "export" / "sr", 3, "report", PatientID="A1", Modality="SR")
    for path in (tmp_path / "export" / "sr").iterdir():
        data = pydicom.dcmread(path)
        del data.Rows
        data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = pydicom.uid.BasicTextSRStorage
        data.save_as(path)
    (tmp_path / "export" / "z copy").write_bytes(images[0].read_bytes())
    (tmp_path / "export" / "viewer.exe").write_bytes(b"MZ" * 200)
    write_structures(tmp_path / "export" / "rt.dcm", images[0], {})
    assert run_convert(tmp_path, ONE) == 0
    said = capsys.readouterr()
    for message in (
        "1 identical copy of another file (z copy)",
        "1 no DICOM (viewer.exe)",
        "4 DICOM that is neither an image nor a DICOM-SEG or RTSTRUCT",
        "1 series is no phase by the rules: 'localiser' (1)",
        "1 DICOM-SEG or RTSTRUCT file is no mask by the rules",
    ):
        assert message in said.err, (message, said.err)
    listed = tmp_path / "study.passed_over.csv"
    assert f"What was passed over is listed in {listed}, which is private." in said.out
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600
    table = pd.read_csv(listed)
    assert table["files"].sum() == 1 + 1 + 4 + 4 + 1
    assert table["place"].str.endswith("viewer.exe").any()
    # It is said in a refusal as well.
    assert run_convert(tmp_path, 'phases: {delayed: "*delayed*"}') == 2
    assert "passed over: 2 files are passed over" in capsys.readouterr().err
    assert len(pd.read_csv(listed)) == 2


def test_an_export_that_holds_nothing_but_other_files_says_so(tmp_path, capsys):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.jpg").write_bytes(b"\xff\xd8\xff")
    assert run_convert(tmp_path, ONE) == 2
    assert (
        "no DICOM file in this folder (1 file is passed over: 1 no DICOM (a.jpg))"
        in capsys.readouterr().err
    )


def test_the_file_of_patients_is_read_as_hospitals_write_it(tmp_path):
    """Semicolons, another encoding, blank lines above; faults have the file's lines."""
    path = tmp_path / "ids.csv"
    path.write_text("PatientID;name\n007;P01\n\n008;P02\n", encoding="utf-8")
    assert {old: row.name for old, row in read_ids(path).items()} == {"007": "P01", "008": "P02"}
    path.write_text("PatientID,name\n\n007,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3: needs a PatientID and a new name"):
        read_ids(path)
    path.write_bytes("PatientID,name,姓名\n007,P01,张三\n".encode("gb18030"))
    with pytest.raises(
        ValueError,
        match="ids.csv: it is not UTF-8, and its encoding can't be told.*save it as CSV UTF-8",
    ):
        read_ids(path)
    with pytest.raises(ValueError, match="no such file; it names the patients"):
        read_ids(tmp_path / "absent.csv")
    with pytest.raises(ValueError, match="a folder; it names the patients"):
        read_ids(tmp_path)


def test_a_list_of_patients_without_names_of_columns_is_refused(tmp_path):
    """Its first patient would be taken for the header, and nobody would miss them."""
    (tmp_path / "ids.csv").write_text("007,P01\n008,P02\n", encoding="utf-8")
    with pytest.raises(
        ValueError,
        match=(
            "its first line is a patient, as it seems .'007'., .*begin the file with PatientID,name"
        ),
    ):
        read_ids(tmp_path / "ids.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("study_name,PatientID\n2,1\n1,2\n", "PatientID is column 2, and the first is taken"),
        ('PatientID,name\n1,"P01\n2,P02\n', "line 2: a quotation mark is opened and not closed"),
        ('PatientID,name\n1,P01\n2,"P02\n', "line 3: a quotation mark is opened and not closed"),
        ('PatientID,name\n1,"P01\n2",P02\n', "a quotation mark is open at the end of"),
    ],
)
def test_a_list_of_patients_that_would_be_misread_is_refused(tmp_path, text, words):
    """Columns in the other order give images to the wrong patients; an open quotation mark hides
    rows."""
    (tmp_path / "ids.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        read_ids(tmp_path / "ids.csv")


def test_a_damaged_file_of_somebody_in_the_folder_stops_all_of_it(tmp_path, capsys):
    """An end slice that is cut off before the patient's id is missed by nothing else."""
    for identifier, value in (("C1", 1), ("C2", 11)):
        add_series(tmp_path / "export" / "flat", value, "arterial", PatientID=identifier)
    add_series(tmp_path / "export" / "own", 21, "arterial", PatientID="C3")
    path = sorted((tmp_path / "export" / "flat").glob("s11_*"))[-1]
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"\x10\x00\x20\x00")])
    assert run_convert(tmp_path, ONE, "--partial") == 0
    said = capsys.readouterr().err + capsys.readouterr().out
    assert "it may be a file of any of the 2 patients in its folder" in said
    assert set(converted(tmp_path)) == {new_name(tmp_path, "C3")}


def test_a_delineation_of_a_series_that_is_no_phase_says_so(tmp_path, capsys):
    images = add_series(tmp_path / "export" / "t2", 1, "t2 haste", PatientID="C1")
    add_series(tmp_path / "export" / "art", 2, "arterial", PatientID="C1")
    tumour = np.zeros((4, 6, 7), np.uint8)
    tumour[1:3, 2:4, 2:4] = 1
    tags = {"PatientID": "C1", "StudyInstanceUID": pydicom.dcmread(images[0]).StudyInstanceUID}
    write_structures(tmp_path / "export" / "rt.dcm", images[0], {"tumour": tumour}, **tags)
    assert run_convert(tmp_path, f'{ONE}\nmasks: {{mask: "*tumour*"}}') == 2
    said = capsys.readouterr().err
    assert "drawn on 't2 haste', which is no phase: make it one in the rules" in said
