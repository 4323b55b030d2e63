"""Small inputs after public reports of people who do this job: each gives its right value, or one
message that says what to do.

`cases/` holds them, each with a README line that names the fault and where such were reported.
Phase images that are alike are those of small_cohort.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pypandoc
import pytest
import SimpleITK as sitk
import typst
from ruamel.yaml import YAML

from analysis.core.problem_kinds import kinds_of
from analysis.imaging.reading import ImageSource, read_image, read_mask
from analysis.reporting.rendering.escaping import literal
from analysis.study import load_study
from analysis.study.dictionary import load_dictionary
from analysis.workflow.check.examine import examine
from tests.support.command_line import command
from tests.support.record import tried
from tests.support.small_cohort import PHASES, _images, edit_study
from tests.support.tiny_study import write_yaml

CASES = Path(__file__).with_name("cases")
HEADING = "Files and tables of hospitals, as reported"
TABLE = "clinical.csv"

# Each phase with the tumour's segment of 3D Slicer's file, by its name.
BY_SEGMENT_NAME = {
    phase: {
        "image": f"images/{{patient_id}}/{phase}.nii.gz",
        "mask": "images/{patient_id}/mask.seg.nrrd",
        "segment": "tumour",
    }
    for phase in PHASES
}


def case(name: str, folder: Path) -> Path:
    """The case's own folder, in which its study can be changed."""
    if (CASES / name).is_dir():
        shutil.copytree(CASES / name, folder, dirs_exist_ok=True)
    else:
        with zipfile.ZipFile(CASES / f"{name}.zip") as archive:
            archive.extractall(folder)
    return folder


def with_phases(folder: Path, name: Callable[[int], str], mask: bool) -> Path:
    """Add the phases of twelve patients, and their masks: under the name that the case's folders
    have."""
    for number in range(1, 13):
        place = folder / "data" / "images" / name(number)
        place.mkdir(parents=True, exist_ok=True)
        for file in [*(f"{phase}.nii.gz" for phase in PHASES), *(["mask.nii.gz"] if mask else [])]:
            shutil.copyfile(_images() / f"P{number:02d}" / file, place / file)
    return folder


def told(study: Path, level: str = "error"):
    """The kinds of problems of one level; the cohort, None where it can't be analysed."""
    cohort, problems = examine(load_study(study))
    return kinds_of(problems.of(level)), cohort


def sound(study: Path):
    """The cohort of a study without an error."""
    kinds, cohort = told(study)
    assert not kinds, [str(kind) for kind in kinds]
    assert cohort is not None, [str(kind) for kind in kinds]
    return cohort


def in_words(kinds) -> str:
    return "; ".join(str(kind) for kind in kinds)


# --- right values


def _no_sign_is_lost(folder: Path) -> str:
    variables = load_dictionary(folder / "data" / "dictionary.yml").variables
    label = variables["ast"].label if "surgeon" not in variables else variables["surgeon"].label
    for form in ("html", "typst", "docx", "jats_publishing"):
        path = folder / f"page.{form}"
        pypandoc.convert_text(
            literal(label),
            form,
            format="markdown-raw_html",
            outputfile=str(path),
            extra_args=["--citeproc"],
        )
        if form == "typst":
            typst.compile(str(path))
        read = pypandoc.convert_file(
            str(path),
            "plain",
            format={"jats_publishing": "jats"}.get(form, form),
            extra_args=["--wrap=none"],
        )
        assert read.strip() == label, (form, read)
    return label


def at_sign_label(folder: Path) -> str:
    sound(folder / "study.yml")
    return f"the label as it is: {_no_sign_is_lost(folder)}"


def levels_and_collinear(folder: Path) -> str:
    sound(folder / "study.yml")
    kinds, _ = told(folder / "study.yml", "warning")
    assert len(kinds) == 2
    assert "ast2 has the same values as ast" in in_words(kinds)
    assert "no training patient has the level NASH" in in_words(kinds)
    _no_sign_is_lost(folder)
    return f"analysed, with warnings: {in_words(kinds)}"


def dicom_no_preamble(folder: Path) -> str:
    return f"read: {len(sound(folder / 'study.yml').patients)} patients"


def dicom_uint32(folder: Path) -> str:
    values = sitk.GetArrayFromImage(read_image(ImageSource(folder / "series")))
    assert values.min() >= 0
    assert values.max() > 2**31
    return f"values from {values.min():.0f} to {values.max():.0f}"


def gbk_csv(folder: Path) -> str:
    path = folder / "data" / TABLE
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text, encoding="gb18030")
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert "encoding: gb18030" in str(kinds[0]), in_words(kinds)
    assert "'谷草转氨酶' as gb18030" in str(kinds[0]), in_words(kinds)
    section = YAML(typ="safe").load((folder / "study.yml").read_text(encoding="utf-8"))["cohort"]
    cohort = sound(edit_study(folder / "study.yml", cohort=section | {"encoding": "gb18030"}))
    assert cohort.clinical["ast"]["P01"] == 36
    assert set(cohort.clinical["sex"]) == set(
        load_dictionary(folder / "data" / "dictionary.yml").variables["sex"].levels
    )
    return in_words(kinds)


def missing_code_endpoint(folder: Path) -> str:
    cohort = sound(folder / "study.yml")
    assert list(cohort.label.index[cohort.label.isna()]) == ["P04"]
    return "P04's outcome is unknown, not a follow-up of -99 months"


def missing_code_numeric(folder: Path) -> str:
    values = sound(folder / "study.yml").clinical["ratio"]
    assert values.isna().sum() == 4
    assert values.min() > 0
    return "four cells are missing, none is -99"


def sav_dta(folder: Path) -> str:
    expected = pd.read_csv(folder / "data" / TABLE, dtype={"patient_id": str}).set_index(
        "patient_id"
    )
    words, study = [], folder / "study.yml"
    for file in ("clinical.dta", "clinical.sav"):
        edit_study(
            study,
            cohort={
                "folder": "data",
                "dictionary": "dictionary.yml",
                "centre": "centre",
                "table": file,
            },
        )
        kinds, cohort = told(study)
        if cohort is None:  # without the reader of SPSS the message says how to have it
            assert file.endswith(".sav")
            assert len(kinds) == 1
            assert "pip install" in str(kinds[0])
            words.append(in_words(kinds))
            continue
        assert not kinds
        assert np.allclose(cohort.clinical["ast"], expected["ast"])
        assert list(cohort.clinical["sex"]) == list(expected["sex"])
        words.append(f"{file} read with its labels")
    return "; ".join(words)


def seg_nrrd_one_layer(folder: Path) -> str:
    with_phases(folder, lambda number: f"P{number:02d}", mask=False)
    study = folder / "study.yml"
    by_value = sound(study)
    inside = sitk.GetArrayFromImage(_mask(by_value))
    by_name = sound(edit_study(study, phases=BY_SEGMENT_NAME))
    assert inside.any()
    assert (sitk.GetArrayFromImage(_mask(by_name)) == inside).all()
    return f"segment 2 and segment 'tumour' are the same {int((inside != 0).sum())} voxels"


def _mask(cohort) -> sitk.Image:
    return read_mask(
        cohort.mask_source("P01", "arterial"), read_image(cohort.image_source("P01", "arterial"))
    )


def sep_line(folder: Path) -> str:
    assert sound(folder / "study.yml").clinical["ast"]["P01"] == 36
    return "the line sep=; is no header"


def two_years_to_the_day(folder: Path) -> str:
    cohort = sound(folder / "study.yml")
    assert cohort.label.notna().all()
    assert (cohort.label == 0).sum() == 20
    return "20 patients last seen two calendar years after resection are event-free at 24 months"


# --- one message, and what it says to do is enough


def excel_padded_ids(folder: Path) -> str:
    kinds, _ = told(with_phases(folder, lambda number: f"{number:04d}", mask=True) / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert "by leading zeros: 1 there 0001" in str(kinds[0]), in_words(kinds)
    assert "store it as text" in str(kinds[0]), in_words(kinds)
    table = pd.read_excel(folder / "data" / "clinical.xlsx")
    table.assign(patient_id=[f"{each:04d}" for each in table["patient_id"]]).to_excel(
        folder / "data" / "clinical.xlsx", index=False
    )
    sound(folder / "study.yml")
    return in_words(kinds)


def feature_ids_without_zeros(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert (
        "40 patients of clinical.csv are written otherwise in features.csv, by leading zeros:"
        " 001 there 1"
    ) in str(kinds[0]), in_words(kinds)
    features = pd.read_csv(folder / "data" / "features.csv")
    features.assign(patient_id=[f"{each:03d}" for each in features["patient_id"]]).to_csv(
        folder / "data" / "features.csv", index=False
    )
    sound(folder / "study.yml")
    return in_words(kinds)


def ids_case(folder: Path) -> str:
    kinds, _ = told(with_phases(folder, lambda number: f"P{number:02d}", mask=True) / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert "by capitals: p01 there P01" in str(kinds[0]), in_words(kinds)
    (folder / "data" / "images" / "P01").rename(folder / "data" / "images" / "p01")
    sound(folder / "study.yml")
    return in_words(kinds)


def censored_lab(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    whose = {problem.patient for kind in kinds for problem in kind.problems}
    # 1.210,5 and 1 210 are numbers; what is below or above a limit needs a rule, and what is no
    # number a hand.
    assert whose == {"P01", "P02", "P09", "P12"}, in_words(kinds)
    assert "detection_limit" in in_words(kinds), in_words(kinds)
    return in_words(kinds)


def footer_rows_random_split(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1
    assert "the row 'Mean' is a summary" in str(kinds[0])
    assert "line 42" in str(kinds[0])
    path = folder / "data" / TABLE
    path.write_text(
        "\n".join(
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if not line.startswith("Mean")
        )
        + "\n",
        encoding="utf-8",
    )
    assert len(sound(folder / "study.yml").patients) == 40
    return in_words(kinds)


def mixed_dates(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert "date_format (%d.%m.%Y)" in str(kinds[0]), in_words(kinds)
    assert len(kinds[0].problems) == 20, in_words(kinds)
    endpoint = YAML(typ="safe").load((folder / "study.yml").read_text(encoding="utf-8"))["endpoint"]
    cohort = sound(
        edit_study(folder / "study.yml", endpoint=endpoint | {"date_format": "%d.%m.%Y"})
    )
    assert cohort.outcome["time_months"].notna().all()
    return in_words(kinds)


def rtstruct_every_other_slice(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert kinds[0].problems[0].patient == "P06", in_words(kinds)
    assert "1.20 mm from the nearest" in str(kinds[0]), in_words(kinds)
    warnings = in_words(told(folder / "study.yml", "warning")[0])
    assert "between drawn ones" in warnings
    assert "apart from the largest" in warnings
    return in_words(kinds)


def seg_nrrd_layers(folder: Path) -> str:
    study = with_phases(folder, lambda number: f"P{number:02d}", mask=False) / "study.yml"
    kinds, _ = told(study)
    assert len(kinds) == 1, in_words(kinds)
    assert len(kinds[0].problems) == 12, in_words(kinds)
    assert "segment:" in str(kinds[0]), in_words(kinds)
    assert "'tumour'" in str(kinds[0]), in_words(kinds)
    cohort = sound(edit_study(study, phases=BY_SEGMENT_NAME))
    assert sitk.GetArrayFromImage(_mask(cohort)).any()
    return in_words(kinds)


def two_header_rows(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert "units_row: " in str(kinds[0]), in_words(kinds)
    row = int(str(kinds[0]).partition("units_row: ")[2].split()[0])
    study = folder / "study.yml"
    section = YAML(typ="safe").load(study.read_text(encoding="utf-8"))["cohort"]
    assert len(sound(edit_study(study, cohort=section | {"units_row": row})).patients) == 40
    return in_words(kinds)


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
