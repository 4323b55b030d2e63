"""Small inputs after public reports of people who do this job: each gives its right value, or one
message that says what to do.

`cases/` holds them, each with a README line that names the fault and where such were reported.
Phase images that are alike are those of small_cohort.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.support.command_line import command
from tests.support.hospital_cases import CASES, HEADING, case, with_phases
from tests.support.hospital_images import (
    dicom_no_preamble,
    dicom_uint32,
    rtstruct_every_other_slice,
    seg_nrrd_layers,
    seg_nrrd_one_layer,
    two_years_to_the_day,
)
from tests.support.hospital_tables import (
    at_sign_label,
    censored_lab,
    excel_padded_ids,
    feature_ids_without_zeros,
    footer_rows_random_split,
    gbk_csv,
    ids_case,
    levels_and_collinear,
    missing_code_endpoint,
    missing_code_numeric,
    mixed_dates,
    sav_dta,
    sep_line,
    two_header_rows,
)
from tests.support.record import tried
from tests.support.small_cohort import PHASES
from tests.support.tiny_study import write_yaml

STUDIES = [
    at_sign_label,
    levels_and_collinear,
    dicom_no_preamble,
    dicom_uint32,
    gbk_csv,
    missing_code_endpoint,
    missing_code_numeric,
    sav_dta,
    seg_nrrd_one_layer,
    sep_line,
    two_years_to_the_day,
    excel_padded_ids,
    feature_ids_without_zeros,
    ids_case,
    censored_lab,
    footer_rows_random_split,
    mixed_dates,
    rtstruct_every_other_slice,
    seg_nrrd_layers,
    two_header_rows,
]


@pytest.mark.parametrize("answer", STUDIES, ids=lambda answer: answer.__name__)
def test_a_study_gives_its_right_value_or_one_message(answer, tmp_path):
    tried(HEADING, answer.__name__, answer(case(answer.__name__, tmp_path)))


@dataclass(frozen=True)
class Export:
    """words: of the refusal, empty where all is converted; mended: rules under which it is
    converted; files: that are then written."""

    name: str
    words: tuple[str, ...]
    files: int
    mended: dict | None = None


EXPORTS = [
    Export("convert_no_preamble", (), 2),
    Export("convert_mangled_number", (), 2),
    Export(
        "convert_dynamic_no_index",
        ("3 volumes by acquisition time: 1 (+0 s), 2 (+15 s), 3 (+30 s)", "volume: 2"),
        6,
        {
            "phases": {
                phase: {"description": "*LAVA*", "volume": place}
                for place, phase in enumerate(PHASES, start=1)
            }
        },
    ),
    Export(
        "convert_same_description",
        ("4 DICOM series fit the rule", "choose: 2", "+15 s"),
        6,
        {
            "phases": {
                phase: {"description": "*vibe*dyn*", "choose": place}
                for place, phase in enumerate(PHASES, start=2)
            }
        },
    ),
    Export(
        "convert_two_examinations",
        ("2 examinations have series that fit", "examination: first, last", "+922 days"),
        3,
        {
            "examination": "first",
            "phases": {phase: f"*{phase}*" for phase in ("arterial", "portal_venous")},
            "masks": {"mask": {"segment": "tumour"}},
        },
    ),
    Export(
        "convert_id_spelling", ("the PatientIDs '00123'", "'123'", "give both the same new name"), 0
    ),
]


def test_every_case_is_tried():
    there = {path.stem for path in CASES.iterdir()}
    assert there == {answer.__name__ for answer in STUDIES} | {export.name for export in EXPORTS}


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_an_export_is_converted_or_refused_in_words(export, tmp_path, capsys):
    folder = case(export.name, tmp_path / "case")

    def converted() -> tuple[int, str]:
        status = command(
            "convert",
            folder / "export",
            tmp_path / "data",
            "--rules",
            folder / "rules.yml",
            "--jobs",
            "1",
        )
        said = capsys.readouterr()
        return status, said.out + said.err

    status, text = converted()
    assert (status == 0) == (not export.words), text
    assert all(word in text for word in export.words), text
    assert "Traceback" not in text, text
    if export.words:
        assert not list((tmp_path / "data").rglob("*.nii.gz"))
    if export.mended:
        write_yaml(folder / "rules.yml", export.mended)
        mended, said = converted()
        assert mended == 0, said
    assert len(list((tmp_path / "data").rglob("*.nii.gz"))) == export.files
    line = next(
        (each for each in text.splitlines() if export.words and export.words[0] in each),
        f"{export.files} files written",
    )
    tried(HEADING, export.name, line.strip())


def test_messages_are_the_same_for_machines(tmp_path, capsys):
    study = case("ids_case", tmp_path) / "study.yml"
    with_phases(tmp_path, lambda number: f"P{number:02d}", mask=True)
    assert command("check", "--study", study, "--json") == 2
    found = [
        each for each in json.loads(capsys.readouterr().out)["problems"] if each["level"] == "error"
    ]
    assert len(found) == 1
    assert "p01 there P01" in found[0]["what"]
