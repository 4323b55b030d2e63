"""Phases of a study that lie in DICOM folders are of one examination and of one person, as
`convert` has it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.problems import Problems
from analysis.imaging.reading import PhaseFiles, ReadingError, read_image
from analysis.inputs.checks.examinations import check_dates, check_examinations
from analysis.inputs.checks.finding import Seen
from analysis.inputs.checks.images import look_at
from analysis.study import Lesions, Phase, SeriesRule, load_study
from tests.conftest import small_study
from tests.support.pacs_exports import add_series

PHASES = {"arterial": "*art*", "delayed": "*del*"}


@pytest.fixture
def folder(tmp_path):
    """2019: arterial and delayed; 2021: arterial and delayed; 2023: arterial alone."""
    for value, description, examined in (
        (1, "art", "2019-03-02"),
        (2, "delayed", "2019-03-02"),
        (11, "art", "2021-09-09"),
        (12, "delayed", "2021-09-09"),
        (21, "art", "2023-01-01"),
    ):
        add_series(tmp_path / "P1" / "images", value, description, examined)
    return tmp_path


def _files(folder, examination, day=None) -> PhaseFiles:
    phases = {
        name: Phase(
            image="{patient_id}/images",
            mask="{patient_id}/mask.dcm",
            series={"description": pattern, "examination": examination},
        )
        for name, pattern in PHASES.items()
    }
    return PhaseFiles(
        lambda patient, pattern: folder / pattern.format(patient_id=patient),
        phases,
        Lesions(),
        lambda patient, rule: day,
    )


def _values(files: PhaseFiles) -> list[int]:
    return [
        int(np.unique(sitk.GetArrayFromImage(read_image(files.image_source("P1", phase))))[0])
        for phase in PHASES
    ]


@pytest.mark.parametrize(
    ("examination", "day", "expected"),
    [
        ("first", None, [1, 2]),
        ({"choose": "before", "date": "resection"}, date(2021, 9, 10), [11, 12]),
        ({"choose": "nearest", "date": "resection"}, date(2019, 4, 1), [1, 2]),
    ],
)
def test_one_examination_for_all_phases(folder, examination, day, expected):
    assert _values(_files(folder, examination, day)) == expected


def test_what_is_not_one_examination_is_refused(folder):
    with pytest.raises(
        ReadingError,
        match=(
            r"3 examinations have series that fit; .* say which(.|\n)*examination 3 .\+1401 days.:"
            r" 'art'"
        ),
    ):
        _values(_files(folder, "only"))
    # The last one has no delayed phase; its arterial phase is not put beside another's.
    with pytest.raises(
        ReadingError, match="no DICOM series fits the rule .examination: last, description: .del"
    ):
        _values(_files(folder, "last"))
    with pytest.raises(
        ReadingError, match="needs a date, and the column 'resection' has none for this patient"
    ):
        _values(_files(folder, {"choose": "nearest", "date": "resection"}))


def test_images_of_two_persons_in_one_folder_are_refused(folder):
    add_series(folder / "P1" / "images", 31, "other", PatientBirthDate="19800101")
    with pytest.raises(
        ReadingError,
        match=r"images of this folder have 2 birth dates .*: they are of several persons",
    ):
        _values(_files(folder, "first"))


def test_the_nth_series_and_the_nth_volume(tmp_path):
    for turn in (1, 0):
        add_series(tmp_path, 5 + turn, "vibe", AcquisitionTime=f"0816{10 * turn:02d}")
        add_series(
            tmp_path, 8 + turn, "dyn", series="1.2.77", frame="1.2.78", TriggerTime=turn * 1000
        )
    for rule, value in (
        ({"description": "vibe", "choose": 2}, 6),
        ({"description": "dyn", "volume": 1}, 8),
        ({"description": "dyn", "volume": 2}, 9),
    ):
        files = PhaseFiles(
            lambda *_: tmp_path,
            {"a": Phase(image="{patient_id}", mask="{patient_id}", series=rule)},
            Lesions(),
        )
        assert set(np.unique(sitk.GetArrayFromImage(read_image(files.image_source("P", "a"))))) == {
            value
        }


@pytest.mark.parametrize(
    ("examined", "series", "message"),
    [
        (("2019-03-02", "2019-03-02"), {}, None),
        (
            ("2019-03-02", "2019-05-01"),
            {},
            ("error", "arterial and delayed are of two examinations (60 days apart)"),
        ),
        (("2019-03-02", "2019-05-01"), {"examination": "any"}, None),
        (
            ("2019-03-02", "2019-05-01"),
            {"tags": {"StudyInstanceUID": "1.2.1"}},
            ("error", "arterial and delayed are of two examinations (60 days apart)"),
        ),
        (
            ("2019-03-02", "2019-05-01"),
            {"tags": {"StudyInstanceUID": "1.2.1", "StudyDate": ""}},
            None,
        ),
        (
            ("2019-03-02", "2019-03-02"),
            {"tags": {}, "own": True},
            ("warning", "arterial and delayed are of two examinations (of one day)"),
        ),
        (
            ("2019-03-02", "2019-03-02"),
            {"tags": {}, "own": True, "examination": {"one_day": True}},
            None,
        ),
    ],
)
def test_phases_in_folders_of_their_own_are_compared(tmp_path, examined, series, message):
    series, own = dict(series), series.get("own")
    tags = series.pop("tags", {})
    series.pop("own", None)
    for value, (phase, day) in enumerate(zip(PHASES, examined, strict=True), start=1):
        add_series(
            tmp_path / "P1" / phase,
            value,
            phase,
            day,
            **(tags | ({"StudyInstanceUID": f"1.2.{value}"} if own else {})),
        )
    study = load_study(small_study(tmp_path / "study"))
    phases = {
        phase: Phase(image=f"{{patient_id}}/{phase}", mask="{patient_id}/mask", series=series)
        for phase in PHASES
    }
    study = study.model_copy(
        update={
            "phases": phases,
            "cohort": study.cohort.model_copy(update={"folder": str(tmp_path)}),
        }
    )
    cohort = Cohort(study, None, None, None, None)
    files = PhaseFiles(
        lambda patient, pattern: tmp_path / pattern.format(patient_id=patient), phases, Lesions()
    )
    seen = {
        phase: look_at(files.image_source("P1", phase), files.mask_source("P1", phase), None)
        for phase in PHASES
    }
    assert all(isinstance(each, Seen) and each.examination for each in seen.values())
    problems = Problems()
    check_examinations({"P1": seen}, cohort, problems)
    assert [(each.level, each.what, each.patient) for each in problems] == (
        [] if message is None else [(*message, "P1")]
    )


def test_the_column_of_dates_is_looked_for(tmp_path):
    study = load_study(small_study(tmp_path))
    rule = SeriesRule(examination={"choose": "before", "date": "operated"})
    study = study.model_copy(
        update={
            "phases": {
                name: phase.model_copy(update={"series": rule})
                for name, phase in study.phases.items()
            }
        }
    )
    problems = Problems()
    check_dates(study, pd.DataFrame({"operated_on": ["2020-01-01"]}, index=["P1"]), problems)
    check_dates(study, pd.DataFrame({"operated": ["1.1.2020"]}, index=["P1"]), problems)
    found = [each.what for each in problems.of("error")]
    assert found[0] == "phases, series, examination: 'operated' is no column of the table"
    assert "is no date written as YYYY-MM-DD" in found[1]
