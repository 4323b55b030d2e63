"""A real table with real faults: mislabelled units, mixed scales, tabs in headers, a tenth of the
values missing."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.cli import main
from analysis.cohort.tables.canonical_units import to_canonical
from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder import project_of
from analysis.reporting.tables.assumptions import assumptions_list
from analysis.results import read_records
from analysis.study import load_study
from analysis.study.dictionary import Dictionary, load_dictionary
from analysis.units.unit_errors import UnitError
from models.staging import score_table
from tests.support.blank_figures import run_with_blank_figures

pytestmark = pytest.mark.usefixtures("no_kernels")

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "analysis" / "workflow" / "new_study" / "examples" / "hcc_survival"
TABLE = EXAMPLE / "hcc-data.csv"
SCORES = [
    "child_pugh",
    "albi",
    "albi_grade",
    "bclc_2022",
    "cnlc",
    "meld",
    "fib4",
    "aar",
    "milan",
    "clip",
]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(TABLE).rename_axis("patient_id")


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return load_dictionary(EXAMPLE / "dictionary.yml")


@pytest.fixture(scope="module")
def error(table, dictionary) -> UnitError:
    with pytest.raises(UnitError) as caught:
        to_canonical(table, dictionary)
    return caught.value


def _numbers(table: pd.DataFrame, start: str) -> pd.Series:
    (column,) = (each for each in table if each.startswith(start))
    return pd.to_numeric(table[column].replace("?", np.nan))


def _of(error: UnitError, variable: str) -> dict:
    return {fault.patient: fault for fault in error.faults if fault.variable == variable}


def test_its_faults_are_all_found_and_nothing_else(table, error):
    albumin, platelets, white_cells = (
        _numbers(table, start) for start in ("Albumin", "Platelets", "Leukocytes")
    )
    assert set(_of(error, "albumin")) == set(albumin.dropna().index)
    assert set(_of(error, "platelets")) == set(
        platelets.index[(platelets > 1500) | (platelets < 30)]
    )
    assert set(_of(error, "white_cells")) == set(white_cells.index[white_cells > 100])
    assert {fault.variable for fault in error.faults} == {
        "albumin",
        "platelets",
        "white_cells",
        "alp",
        "tumour_number",
    }
    assert len(_of(error, "alp")) == len(_of(error, "tumour_number")) == 1


def test_it_says_how_to_mend_them(error):
    assert {fault.likely_unit for fault in _of(error, "albumin").values()} == {"g/dL"}
    assert {fault.likely_unit for fault in _of(error, "white_cells").values()} == {"/uL"}
    message = str(error)
    for part in (
        "albumin 3.4 mg/dL is impossible",
        "likely g/dL where mg/dL was meant",
        "likely /uL where G/L was meant",
        "more of platelets",
        "tumour_number 0 count is impossible",
    ):
        assert part in message, part


@pytest.fixture(scope="module")
def mended(table, dictionary, error) -> tuple[pd.DataFrame, dict]:
    """Table and dictionary after what the message says: the right unit for albumin, each patient's
    unit for counts, values that fit no unit left out."""
    content = dictionary.model_dump(exclude_defaults=True)
    content["variables"]["albumin"]["unit"] = "g/dL"
    mended = table.copy()
    for name in ("platelets", "white_cells"):
        content["variables"][name]["unit_column"] = f"unit of {name}"
        mended[f"unit of {name}"] = [
            fault.likely_unit if (fault := _of(error, name).get(patient)) else "G/L"
            for patient in table.index
        ]
    columns = {" ".join(column.split()): column for column in table}
    for fault in error.faults:
        # 1.71 G/L, 1.28 U/L and 0 nodules: whatever was meant has to be looked up.
        if fault.variable != "albumin" and (
            fault.likely_unit is None or fault.likely_unit != "/uL"
        ):
            mended = mended.astype({columns[dictionary.variables[fault.variable].column]: object})
            mended.loc[fault.patient, columns[dictionary.variables[fault.variable].column]] = "?"
    return mended, content


def test_mended_it_is_scored_from_end_to_end(mended):
    table, content = mended
    canonical = to_canonical(table, Dictionary(**content))
    assert (
        canonical["platelets"].between(30, 1500).sum()
        == canonical["platelets"].notna().sum()
        >= 150
    )
    assert canonical["albumin"].dropna().between(15, 50).all()

    scores = score_table(canonical, SCORES, assume={"lymph_node_metastasis": 0, "dialysis": 0})
    first = scores.loc[0]
    assert (first["child_pugh"], first["bclc_2022"], first["cnlc"], first["milan"]) == (
        7,
        "A",
        "Ia",
        "within",
    )
    assert first["fib4"] == pytest.approx(67 * 41 / (99 * math.sqrt(34)))
    assert first["albi"] == pytest.approx(0.66 * math.log10(2.1 * 17.104) - 0.085 * 34)
    assert first["meld"] == math.floor(3.78 * math.log(2.1) + 11.2 * math.log(1.53) + 6.43 + 0.5)
    for name in SCORES:
        assert (scores[name].isna() == (scores[f"{name}_missing"] != "")).all(), name
    # Patient 1 has no laboratory values; the extent that CLIP needs was never recorded.
    assert scores.loc[1, "albi_missing"] == "bilirubin, albumin"
    assert scores["clip"].isna().all()
    assert scores["clip_missing"].str.contains("tumour_extent_percent").all()
    assert scores["bclc_2022"].notna().sum() > 100
    assert set(scores["bclc_2022"].dropna()) == {
        "0",
        "A",
        "B",
        "C",
        "D",
    }
    without_assumption = score_table(canonical, ["bclc_2022"])
    assert without_assumption["bclc_2022"].isna().all()
    assert without_assumption["bclc_2022_missing"].str.contains("lymph_node_metastasis").all()


def test_a_clinical_only_study_of_it_runs_to_the_page(mended, tmp_path, monkeypatch):
    """No images: CR, the scores, and a report that leaves out what isn't there."""
    table, content = mended
    text = (EXAMPLE / "study.yml").read_text(encoding="utf-8").replace("{name}", "hcc_survival")
    study = YAML(typ="safe").load(text)
    folder = tmp_path / study["cohort"]["folder"]
    folder.mkdir(parents=True)
    table.rename_axis(None).assign(patient_id=[f"HCC{row:03d}" for row in table.index]).to_csv(
        folder / "clinical.csv", index=False
    )
    study["statistics"] |= {"bootstrap_resamples": 100, "optimism_resamples": 4}
    study |= {
        "validation": {"outer_folds": 2, "inner_folds": 2},
        "controls": {"permutations": 1},
        "robustness": {"instability_resamples": 1},
        "jobs": 1,
    }
    for path, tree in ((folder / "dictionary.yml", content), (tmp_path / "study.yml", study)):
        with path.open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(tree, file)
    checked = load_study(tmp_path / "study.yml")
    run_with_blank_figures(checked)
    records = read_records(checked.output_folder / "results.json")
    assert (records["cohort.events.n"].value, records["cohort.non_events.n"].value) == (63, 102)
    assert records["models.headline"].names == ["cr"]
    assert 0.5 < records["auc.cr.out_of_fold"].value < 1
    assert records["added_value.common.n"].value > 20
    assert records["delong.cr_vs_bclc_2022.validation"].value is not None
    assert records["assumed_value.dialysis"].value == "0"
    assert records["assumed_patients.dialysis"].value == 165
    assert "- dialysis taken as 0 where it is missing (165 patients)" in str(
        assumptions_list(open_results(checked.path)).data
    )
    baseline = pd.read_csv(checked.output_folder / "tables" / "baseline.csv")["variable"].tolist()
    assert "Total bilirubin, umol/L" in baseline
    assert "Albumin, g/L" in baseline
    assert records["contrast_role.bclc_2022"].value == "primary"
    assert records["added_value.bclc_2022"].p is not None
    scores = pd.read_csv(checked.output_folder / "tables" / "scores.csv").set_index("id")
    assert scores.loc["clip", "n_evaluable"] == 0
    assert scores.loc["clip", "missing"].startswith("tumour_extent_percent (165)")

    # The manuscript is made by the command, as for any study with none beside it.
    monkeypatch.setenv("EARLY_RECURRENCE_QUARTO", "no-quarto-here")
    assert main(["render", "--study", str(checked.path), "--format", "html"]) == 0
    rendered = project_of(checked) / "_report" / "report"
    pages = [
        (rendered / f"{name}.html").read_text(encoding="utf-8") for name in ("index", "supplement")
    ]
    assert "BCLC 2022" in pages[0]
    assert "Child-Pugh" in pages[1]
    assert not any(
        word in page
        for page in pages
        for word in ("PyRadiomics computed", "ResNet", ">nan<", "Traceback")
    )
