"""Phases are of one examination, which is chosen first."""

import re

import pytest

from tests.support.pacs_exports import add_series, converted, manifest, new_name, run_convert
from tests.support.record import tried

PHASES = (
    'phases: {arterial: {description: "*arterial*", choose: first}, portal_venous: "*portal*",'
    ' delayed: "*delayed*"}\n'
)
IDS = "PatientID,study,resection\nA1,HCC1,{}\n"


@pytest.fixture
def two_examinations(tmp_path):
    """2019: no delayed phase. 2021, 922 days later: all three; 2020: something else."""
    add_series(tmp_path / "export", 1, "LAVA arterial", PatientID="A1")
    add_series(tmp_path / "export", 2, "LAVA portal", PatientID="A1")
    add_series(tmp_path / "export", 9, "chest", "2018-05-01", PatientID="A1")
    for value, phase in enumerate(("arterial", "portal", "delayed"), start=11):
        add_series(tmp_path / "export", value, f"LAVA {phase}", "2021-09-09", PatientID="A1")
    return tmp_path


def test_two_examinations_are_refused_with_what_to_do(two_examinations, capsys):
    assert run_convert(two_examinations, PHASES) == 2
    error = capsys.readouterr().err
    assert re.search(
        r"2 examinations have series that fit; .* say which with examination: first, last", error
    )
    assert "examination 2 (+922 days): 'LAVA arterial', 'LAVA portal', 'LAVA delayed'" in error
    assert not (two_examinations / "study").exists()
    tried(
        "hospital exports (convert)",
        "two examinations of one patient",
        error[error.index("2 examinations") :],
    )


def test_a_phase_of_another_examination_is_not_taken(two_examinations, capsys):
    assert run_convert(two_examinations, "examination: first\n" + PHASES) == 2
    error = capsys.readouterr().err
    assert re.search(
        r"phase delayed: no DICOM series fits(.|\n)*another examination of the patient has one"
        r" \(\+922 days\)",
        error,
    )
    assert "phase arterial" not in error
    assert not (two_examinations / "study").exists()


def test_the_last_examination_whole(two_examinations):
    assert run_convert(two_examinations, "examination: last\n" + PHASES) == 0
    assert converted(two_examinations) == {
        new_name(two_examinations, "A1"): {"arterial": 11, "portal_venous": 12, "delayed": 13}
    }
    assert manifest(two_examinations)["why"].str.contains("examination: last of 3").all()


@pytest.mark.parametrize(
    ("rule", "day", "expected", "days"),
    [
        ("{choose: before, date: resection}", "2019-04-01", 1, "30"),
        ("{choose: before, date: resection}", "2019-03-02", 1, "0"),
        ("{choose: nearest, date: resection}", "2021-09-01", 11, "-8"),
        ("{choose: before, date: resection}", "2021-09-01", 1, "914"),
        ("{choose: last, date: resection}", "2021-09-10", 11, "1"),
        ('{choose: nearest, date: resection, date_format: "%d.%m.%Y"}', "01.03.2019", 1, "-1"),
    ],
)
def test_the_examination_by_a_date_of_each_patient(
    two_examinations, capsys, rule, day, expected, days
):
    (two_examinations / "ids.csv").write_text(IDS.format(day))
    rules = f'examination: {rule}\nphases: {{arterial: "*arterial*", portal_venous: "*portal*"}}\n'
    assert (
        run_convert(two_examinations, rules, "--patients", str(two_examinations / "ids.csv")) == 0
    )
    assert converted(two_examinations) == {
        "HCC1": {"arterial": expected, "portal_venous": expected + 1}
    }
    assert set(manifest(two_examinations)["days_to_treatment"]) == {days}
    assert ("examined after the date in 'resection'" in capsys.readouterr().err) == days.startswith(
        "-"
    )
    text = (two_examinations / "study" / "manifest.csv").read_text()
    assert not [
        date
        for date in ("2019", "2021", "0302", "0909")
        if re.search(rf"(?<![0-9a-f]){date}", text)
    ]


@pytest.mark.parametrize(
    ("rule", "day", "message"),
    [
        (
            "{choose: before, date: resection}",
            "2017-01-01",
            "no examination lies before the date in 'resection'",
        ),
        (
            "{choose: before, date: resection}",
            "",
            (
                "examination: before needs a date, and the column 'resection' has none for this"
                " patient"
            ),
        ),
        (
            "{choose: before, date: resection}",
            "1.3.2019",
            "'1.3.2019' in the column 'resection' is no date .YYYY-MM-DD",
        ),
        (
            "{choose: before, date: operation}",
            "2019-04-01",
            (
                "the rules name the column operation, and the file of --patients has PatientID,"
                " study, resection"
            ),
        ),
        (
            "{choose: last, date: resection, within_days: 90}",
            "2022-01-01",
            (
                "the examination lies 114 days before the date in 'resection', more than"
                " within_days: 90"
            ),
        ),
        (
            "before",
            "2019-04-01",
            "choose: before needs date: the column with the date of each patient",
        ),
    ],
)
def test_a_date_that_can_not_choose(two_examinations, capsys, rule, day, message):
    (two_examinations / "ids.csv").write_text(IDS.format(day))
    assert (
        run_convert(
            two_examinations,
            f"examination: {rule}\n{PHASES}",
            "--patients",
            str(two_examinations / "ids.csv"),
        )
        == 2
    )
    assert re.search(message, capsys.readouterr().err)
    assert not (two_examinations / "study").exists()


def test_two_examinations_of_one_day_are_one_where_the_rules_say_so(tmp_path, capsys):
    for value, (phase, study) in enumerate((("arterial", "1.2.1"), ("portal", "1.2.2")), start=1):
        add_series(
            tmp_path / "export",
            value,
            phase,
            PatientID="A1",
            StudyInstanceUID=study,
            AcquisitionTime=f"0816{value * 15:02d}.5",
        )
    rules = 'examination: {}\nphases: {{arterial: "*arterial*", portal_venous: "*portal*"}}\n'
    assert run_convert(tmp_path, rules.format("only")) == 2
    assert (
        "they are of one day: examination: {one_day: true} takes them as one"
        in capsys.readouterr().err
    )
    assert run_convert(tmp_path, rules.format("{one_day: true}")) == 0
    name = new_name(tmp_path, "A1")
    assert converted(tmp_path) == {name: {"arterial": 1, "portal_venous": 2}}
    assert manifest(tmp_path).loc[
        (name, "portal_venous"), ["seconds_since_first_phase", "days_since_first_phase"]
    ].tolist() == ["15", "0"]


def test_a_phase_of_any_examination_is_said_with_its_days(tmp_path, capsys):
    add_series(tmp_path / "export", 1, "CT portal", "2019-02-20", PatientID="A1")
    add_series(tmp_path / "export", 2, "MR arterial", PatientID="A1")
    assert (
        run_convert(tmp_path, 'phases: {mr: "MR*", ct: {description: "CT*", examination: any}}')
        == 0
    )
    name = new_name(tmp_path, "A1")
    assert converted(tmp_path) == {name: {"mr": 2, "ct": 1}}
    assert manifest(tmp_path).loc[(name, "ct"), "days_since_first_phase"] == "-10"
    assert (
        run_convert(tmp_path, 'phases: {mr: "MR*", ct: {description: "CT*", examination: last}}')
        == 2
    )
    assert "a phase's own examination can be any only" in capsys.readouterr().err


def test_two_days_under_one_uid_are_two_examinations(tmp_path, capsys):
    """As an anonymiser leaves them that gives each patient one StudyInstanceUID."""
    for value, (phase, day) in enumerate(
        (("arterial", "2019-03-02"), ("portal", "2019-03-02"), ("delayed", "2021-09-09")), start=1
    ):
        add_series(tmp_path / "export", value, phase, day, PatientID="A1", StudyInstanceUID="1.2.1")
    assert run_convert(tmp_path, PHASES) == 2
    assert "2 examinations have series that fit" in capsys.readouterr().err
    # A series whose date was taken away is of the examination that its UID names.
    for value in (1, 2):
        for path in (tmp_path / "export").glob(f"s{value + 1}_*"):
            path.unlink()
    add_series(
        tmp_path / "export", 4, "portal", PatientID="A1", StudyInstanceUID="1.2.1", StudyDate=""
    )
    add_series(
        tmp_path / "export",
        5,
        "delayed",
        PatientID="A1",
        StudyInstanceUID="1.2.1",
        StudyDate="ANON",
    )
    assert run_convert(tmp_path, PHASES) == 0
    assert converted(tmp_path) == {
        new_name(tmp_path, "A1"): {"arterial": 1, "portal_venous": 4, "delayed": 5}
    }
