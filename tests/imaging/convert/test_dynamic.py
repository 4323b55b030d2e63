"""Dynamic acquisitions: several series of one description, or several volumes in one series."""

import re

import pytest

from tests.support.pacs_exports import add_series, converted, manifest, new_name, run_convert
from tests.support.record import tried

STARTS = {"arterial": "081625", "portal_venous": "081640", "delayed": "081655"}
BY_TURN = (
    'phases: {arterial: {description: "*vibe*", choose: 2}, portal_venous: {description: "*vibe*",'
    ' choose: 3}, delayed: {description: "*vibe*", choose: 4}}'
)
BY_VOLUME = "phases: {arterial: {volume: 1}, portal_venous: {volume: 2}, delayed: {volume: 3}}"
SAME = 'phases: {arterial: "*LAVA*", portal_venous: "*LAVA*", delayed: "*LAVA*"}'


@pytest.fixture
def vibe(tmp_path):
    """Two patients with other series numbers; the series come in another order than their times."""
    for patient, first in (("B1", 7), ("B2", 12)):
        for turn in (2, 0, 3, 1):
            add_series(
                tmp_path / "export" / patient,
                first + turn,
                "t1_vibe_dyn",
                PatientID=patient,
                number=40 - first - turn,
                SeriesTime="081600",
                AcquisitionTime=f"0816{10 + 15 * turn}.25",
                FrameOfReferenceUID=f"1.2.{first}",
            )
    return tmp_path


def test_the_nth_series_by_acquisition_time(vibe):
    assert run_convert(vibe, BY_TURN) == 0
    assert converted(vibe) == {
        new_name(vibe, patient): {
            "arterial": first + 1,
            "portal_venous": first + 2,
            "delayed": first + 3,
        }
        for patient, first in (("B1", 7), ("B2", 12))
    }
    assert manifest(vibe).loc[new_name(vibe, "B2")]["seconds_since_first_phase"].to_dict() == {
        "arterial": "0",
        "portal_venous": "15",
        "delayed": "30",
    }


def test_candidates_are_listed_with_what_tells_them_apart(vibe, capsys):
    assert run_convert(vibe, 'phases: {arterial: "*vibe*", delayed: "*vibe*"}') == 2
    error = capsys.readouterr().err
    tried(
        "hospital exports (convert)",
        "dynamic series of one description",
        error[error.index("phases arterial") :],
    )
    assert error.count("phases arterial, delayed: 4 DICOM series fit the rule") == 2
    assert re.search(r"number 33, 4 images\); 0 s\n.*number 32, 4 images\); \+15 s\n", error)
    assert run_convert(vibe, 'phases: {arterial: {description: "*vibe*", choose: 5}}') == 2
    assert "phase arterial: choose: 5 is wanted, and 4 DICOM series fit" in capsys.readouterr().err


def test_series_of_one_time_are_not_counted(vibe, capsys):
    """A subtraction has the acquisition time of its image."""
    add_series(
        vibe / "export" / "B1", 99, "t1_vibe_dyn_SUB", PatientID="B1", AcquisitionTime="081625.25"
    )
    assert run_convert(vibe, BY_TURN) == 2
    assert (
        "can't count series that were acquired at the same time (is one computed from the other?)"
        in capsys.readouterr().err
    )
    assert run_convert(vibe, BY_TURN.replace('"*vibe*"', '"*vibe*", exclude: "*SUB*"')) == 0


def test_one_patient_s_series_from_the_user_s_file(vibe, capsys):
    ids = vibe / "ids.csv"
    ids.write_text("PatientID,study,arterial\nB1,X1,31\nB2,X2,\n")
    rules = 'phases: {arterial: {description: "*vibe*", choose: 2, column: arterial}}'
    assert run_convert(vibe, rules, "--patients", str(ids)) == 0
    assert converted(vibe) == {"X1": {"arterial": 9}, "X2": {"arterial": 13}}
    ids.write_text("PatientID,study,arterial\nB1,X1,the second\nB2,X2,\n")
    assert run_convert(vibe, rules, "--patients", str(ids)) == 2
    assert (
        "X1: phase arterial: 'the second' in the column 'arterial' names no series; write its"
        " number (7) or UID" in capsys.readouterr().err
    )
    assert run_convert(vibe, rules) == 2
    assert (
        "the rules name the column arterial; give the file that has it with --patients"
        in capsys.readouterr().err
    )


def _volumes(folder, patient, uid, **of_time):
    """Three volumes of one series, last first; of_time: keyword -> values by time."""
    for turn in (2, 0, 1):
        for place, path in enumerate(
            add_series(
                folder,
                20 + turn,
                "Ax LAVA dyn",
                PatientID=patient,
                series=uid,
                frame="1.2.3",
                number=3,
                name=f"t{turn}_",
                **{keyword: values[turn] for keyword, values in of_time.items()},
            )
        ):
            assert path.exists()
            assert place < 4


@pytest.mark.parametrize(
    ("of_time", "by", "seconds"),
    [
        (
            {"AcquisitionTime": ["081601", "081616.5", "081631"]},
            "acquisition time",
            ["0", "15.5", "30"],
        ),
        (
            {"AcquisitionTime": ["081601"] * 3, "TriggerTime": [37, 15037, 30037]},
            "TriggerTime",
            ["0", "15", "30"],
        ),
        ({"TemporalPositionIdentifier": [1, 2, 10]}, "TemporalPositionIdentifier", ["", "", ""]),
        ({"AcquisitionNumber": [1, 2, 10]}, "AcquisitionNumber", ["", "", ""]),
    ],
)
def test_the_nth_volume_of_a_series(tmp_path, capsys, of_time, by, seconds):
    _volumes(tmp_path / "export", "D1", "1.2.9", **of_time)
    assert run_convert(tmp_path, SAME) == 2
    error = capsys.readouterr().err
    assert re.search(
        r"phases arterial, portal_venous, delayed: .*duplicate positions .*volume: 2\); it has 3"
        rf" volumes by {by}: 1",
        error,
    )
    tried(
        "hospital exports (convert)",
        f"several volumes in one series, in order by {by}",
        error[error.index("phases arterial") :],
    )
    assert run_convert(tmp_path, BY_VOLUME) == 0
    name = new_name(tmp_path, "D1")
    assert converted(tmp_path) == {name: {"arterial": 20, "portal_venous": 21, "delayed": 22}}
    table = manifest(tmp_path).loc[name]["seconds_since_first_phase"]
    assert [table[phase] for phase in STARTS] == seconds
    assert run_convert(tmp_path, "phases: {arterial: {volume: 4}}") == 2
    assert f"volume: 4 is wanted, and the series has 3 volumes by {by}" in capsys.readouterr().err


def test_one_patient_s_volume_from_the_user_s_file(tmp_path):
    for patient in ("D1", "D2"):
        _volumes(
            tmp_path / "export" / patient, patient, f"1.2.{patient[1]}", AcquisitionNumber=[1, 2, 3]
        )
    (tmp_path / "ids.csv").write_text("PatientID,study,arterial\nD1,D1,\nD2,D2,3 volume 2\n")
    assert (
        run_convert(
            tmp_path,
            "phases: {arterial: {volume: 1, column: arterial}}",
            "--patients",
            str(tmp_path / "ids.csv"),
        )
        == 0
    )
    assert converted(tmp_path) == {"D1": {"arterial": 20}, "D2": {"arterial": 21}}


@pytest.mark.parametrize(
    ("of_time", "message"),
    [
        (
            {"EchoTime": [1.1, 2.3, 3.5], "AcquisitionNumber": [1, 2, 3]},
            (
                r"differ in EchoTime \(1.1, 2.3, 3.5\), which is no matter of time; choose one with"
                r" series: where"
            ),
        ),
        (
            {"AcquisitionTime": ["081601", "081616", "081631"], "TriggerTime": [9, 5, 1]},
            "acquisition time and TriggerTime put the volumes of the series in different orders",
        ),
    ],
)
def test_volumes_that_time_does_not_order_are_refused(tmp_path, capsys, of_time, message):
    _volumes(tmp_path / "export", "D1", "1.2.9", **of_time)
    assert run_convert(tmp_path, "phases: {arterial: {volume: 1}}") == 2
    assert re.search(message, capsys.readouterr().err)


def test_a_volume_that_lacks_an_image_is_not_counted(tmp_path, capsys):
    _volumes(tmp_path / "export", "D1", "1.2.9", AcquisitionNumber=[1, 2, 3])
    (tmp_path / "export" / "t1_001").unlink()
    assert run_convert(tmp_path, BY_VOLUME) == 2
    assert "some places of the series have 2 and others 3 images" in capsys.readouterr().err
