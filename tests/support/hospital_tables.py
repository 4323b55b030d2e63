"""What each case of a table gives: its right value, or one message that says what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pypandoc
import typst
from ruamel.yaml import YAML

from analysis.reporting.rendering.escaping import literal
from analysis.study.dictionary import load_dictionary
from tests.support.hospital_cases import in_words, sound, told, with_phases
from tests.support.small_cohort import edit_study

TABLE = "clinical.csv"


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


def sep_line(folder: Path) -> str:
    assert sound(folder / "study.yml").clinical["ast"]["P01"] == 36
    return "the line sep=; is no header"


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


def two_header_rows(folder: Path) -> str:
    kinds, _ = told(folder / "study.yml")
    assert len(kinds) == 1, in_words(kinds)
    assert "units_row: " in str(kinds[0]), in_words(kinds)
    row = int(str(kinds[0]).partition("units_row: ")[2].split()[0])
    study = folder / "study.yml"
    section = YAML(typ="safe").load(study.read_text(encoding="utf-8"))["cohort"]
    assert len(sound(edit_study(study, cohort=section | {"units_row": row})).patients) == 40
    return in_words(kinds)
