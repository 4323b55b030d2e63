"""Every reference vector that may be asserted, and the arithmetic of those that rest on recalled
formulas."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.endpoint import label_at_horizon
from analysis.cohort.tables.canonical_units import to_canonical
from analysis.study.dictionary import Dictionary
from models.staging import SCORES
from models.staging.ajcc_stage import ajcc8_t_category
from models.staging.albi_family import albi_grade, albi_score
from models.staging.child_pugh_score import child_pugh_points
from models.staging.hklc_stage import hklc_tumour_status
from models.staging.italica_score import STAGES, italica_stage_rank
from models.staging.jis_score import lcsgj_t_category
from models.staging.meld_family import meld_3_unrounded, meld_score
from models.staging.nutrition_indexes import gnri, lorentz_ideal_weight
from models.staging.okuda_stage import okuda_positives
from models.staging.transplant_criteria import up_to_seven_sum
from tests.models.staging.reference_vectors import VECTORS, score_of, table_of

# expected field → score and which of its results the field states
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "BCLC": {"stage": ("bclc_2022", "level"), "ordinal": ("bclc_2022", "value")},
    "CNLC": {"stage": ("cnlc", "level"), "ordinal": ("cnlc", "value")},
    "AJCC8": {"stage": ("ajcc8", "level"), "ordinal": ("ajcc8", "value")},
    "HKLC": {"stage": ("hklc", "level"), "ordinal": ("hklc", "value")},
    "CLIP": {"score": ("clip", "value")},
    "Okuda": {"stage": ("okuda", "level"), "ordinal": ("okuda", "value")},
    "JIS": {"score": ("jis", "value")},
    "ITA.LI.CA": {"score": ("italica", "value")},
    "CUPI": {"score": ("cupi", "value"), "group": ("cupi_group", "level")},
    "TBS": {"tbs": ("tumour_burden_score", "value"), "group": ("tumour_burden_group", "level")},
    "Milan_UCSF_Up7": {
        "milan": ("milan", "within"),
        "ucsf": ("ucsf", "within"),
        "up_to_seven": ("up_to_seven", "within"),
    },
    "ALBI": {
        "score": ("albi", "value"),
        "grade": ("albi_grade", "value"),
        "mALBI": ("malbi", "level"),
    },
    "PALBI": {"score": ("palbi", "value"), "grade": ("palbi_grade", "value")},
    "EZ-ALBI": {"score": ("ez_albi", "value"), "grade": ("ez_albi_grade", "value")},
    "Child-Pugh": {"points": ("child_pugh", "value"), "class": ("child_pugh_class", "level")},
    "MELD": {"raw": ("meld_unrounded", "value"), "score": ("meld", "value")},
    "MELD-Na": {"score_optn2016": ("meld_na", "value"), "raw_kim2008": ("meld_na_2008", "value")},
    "MELD3.0": {"score": ("meld_3", "value")},
    **{
        name: {"value": (score, "value")}
        for name, score in {
            "APRI": "apri",
            "FIB-4": "fib4",
            "AAR": "aar",
            "ALRI": "alri",
            "ANRI": "anri",
            "GLR": "glr",
            "PNI": "pni",
            "LCR": "lcr",
            "AAPR": "aapr",
            "FAR": "far",
            "MoRAL_LDLT": "moral_ldlt",
        }.items()
    },
    "GPR": {"value": ("gpr", "value"), "value_unnormalised": ("gpr_raw", "value")},
    "CBC_indexes": {
        name: (name.lower(), "value")
        for name in ("NLR", "dNLR", "PLR", "LMR", "MLR", "SII", "SIRI", "PIV")
    },
    "CONUT": {"score": ("conut", "value"), "category": ("conut_category", "level")},
    "GNRI": {"value": ("gnri", "value"), "category": ("gnri_category", "level")},
    "GPS_mGPS": {"GPS": ("gps", "value"), "mGPS": ("mgps", "value")},
    "AFP_cat": {"cat4": ("afp_category", "level"), "log10": ("afp_log10", "value")},
    "ERS": {"score": ("ers", "value")},
    "pre-MORAL": {"score": ("pre_moral", "value"), "group": ("pre_moral_group", "level")},
    "ERASL-pre_UNCONFIRMED": {
        "linear_predictor_if_recalled_coefficients_are_right": ("erasl_pre", "value")
    },
    "LI-RADS2018_table": {"category": ("li_rads_2018", "level")},
}

# expected field that is a step on the way to a score
STEPS = {
    ("AJCC8", "T"): lambda table: ajcc8_t_category(table).iloc[0],
    ("HKLC", "tumour_status"): lambda table: ("early", "intermediate", "locally_advanced")[
        hklc_tumour_status(table).iloc[0]
    ],
    ("Okuda", "positives"): lambda table: okuda_positives(table).iloc[0],
    ("JIS", "LCSGJ_T"): lambda table: f"T{lcsgj_t_category(table).iloc[0]}",
    ("ITA.LI.CA", "tumour_stage"): lambda table: STAGES[italica_stage_rank(table).iloc[0]],
    ("Milan_UCSF_Up7", "up_to_seven_sum"): lambda table: up_to_seven_sum(table).iloc[0],
    ("ALBI", "score_coef_0.0852"): lambda table: albi_score(table, 0.0852).iloc[0],
    ("ALBI", "grade_coef_0.0852"): lambda table: albi_grade(table, 0.0852).iloc[0],
    ("Child-Pugh", "points_if_SI_table"): lambda table: child_pugh_points(table, "si").iloc[0],
    ("MELD-Na", "meld_i"): lambda table: meld_score(table).iloc[0],
    ("MELD3.0", "raw"): lambda table: meld_3_unrounded(table).iloc[0],
    ("ALRI", "high_gt_25.2"): lambda table: (
        table["ast"].iloc[0] / table["lymphocytes"].iloc[0] > 25.2
    ),
    ("GNRI", "ideal_weight"): lambda table: lorentz_ideal_weight(table).iloc[0],
    ("GNRI", "value_bmi22_ideal"): (
        lambda table: gnri(table, 22 * (table["height"] / 100) ** 2).iloc[0]
    ),
    ("FAR", "value_as_mgdl_over_gdl"): lambda table: (
        1000 * (table["fibrinogen"] / table["albumin"]).iloc[0]
    ),
    ("AFP_cat", "le20"): lambda table: table["afp"].iloc[0] <= 20,
    ("AFP_cat", "gt400"): lambda table: table["afp"].iloc[0] > 400,
    ("AFP_cat", "ge400"): lambda table: table["afp"].iloc[0] >= 400,
}
# LCSGJ stage is a relabelled step of JIS, whose score is asserted; what is missing has its own
# assertion.
WITHOUT_FUNCTION = {("JIS", "LCSGJ_stage"), ("Child-Pugh", "missing")}
CONVERSIONS = [
    pytest.param(each, id=each["id"]) for each in VECTORS if each["score"].startswith("convert.")
]
LABELS = [
    pytest.param(each, id=each["id"])
    for each in VECTORS
    if each["score"] == "early_recurrence_label"
]
# A score of reporting quality, not of patients.
ELSEWHERE = {"METRICS"}


def test_no_kind_of_vector_is_left_out():
    kinds = {each["score"] for each in VECTORS}
    assert len(VECTORS) == 178
    assert kinds - set(FIELDS) - ELSEWHERE - {"early_recurrence_label"} == {
        each for each in kinds if each.startswith("convert.")
    }


def _assert_field(vector: dict, name: str, expected: object) -> None:
    kind = vector["score"]
    if (kind, name) in STEPS:
        found = STEPS[kind, name](table_of(vector))
    else:
        identifier, what = FIELDS[kind][name]
        result = score_of(identifier, vector)
        found = result["value"] == 0 if what == "within" else result[what]
    if expected is None:
        assert pd.isna(found), name
    elif isinstance(expected, (bool, str)):
        assert found == expected, name
    else:
        assert found == pytest.approx(expected, abs=vector.get("abs_tol") or 1e-9), name


def _recalled(vector: dict, name: str) -> bool:
    return not vector["assert_in_release"] or name in vector.get("unconfirmed_fields", [])


def _fields(recalled: bool) -> list:
    return [
        pytest.param(vector, name, id=f"{vector['id']}-{name}")
        for vector in VECTORS
        if vector["score"] in FIELDS
        for name in vector["expected"]
        if (vector["score"], name) not in WITHOUT_FUNCTION and _recalled(vector, name) == recalled
    ]


@pytest.mark.parametrize(("vector", "name"), _fields(recalled=False))
def test_scores(vector, name):
    _assert_field(vector, name, vector["expected"][name])


@pytest.mark.skipif(
    "RECALLED_VECTORS" not in os.environ,
    reason=(
        "recalled, not confirmed in the source; RECALLED_VECTORS=1 checks that they are computed as"
        " written"
    ),
)
@pytest.mark.parametrize(("vector", "name"), _fields(recalled=True))
def test_recalled_scores(vector, name):
    _assert_field(vector, name, vector["expected"][name])


def test_a_missing_item_of_child_pugh_is_named():
    (vector,) = (each for each in VECTORS if each["expected"].get("missing"))
    assert score_of("child_pugh", vector)["missing"] == ", ".join(vector["expected"]["missing"])


def test_scores_on_recalled_statements_are_declared_so():
    for vector in VECTORS:
        fields = (
            vector["expected"]
            if vector["assert_in_release"] is False
            else vector.get("unconfirmed_fields", [])
        )
        for name in fields:
            if name in FIELDS.get(vector["score"], {}):
                definition = SCORES[FIELDS[vector["score"]][name][0]]
                assert definition.status == "unconfirmed", (vector["id"], name)
                assert not definition.default, (vector["id"], name)
                assert definition.note, (vector["id"], name)


def _canonical(name: str, value: float, unit: str) -> float:
    dictionary = Dictionary(
        variables={name: {"label": name, "role": "predictor", "type": "continuous", "unit": unit}}
    )
    return float(to_canonical(pd.DataFrame({name: [value]}), dictionary)[name].iloc[0])


@pytest.mark.parametrize("vector", CONVERSIONS)
def test_conversions(vector):
    """Both sides of the conversion are the same canonical value."""
    ((name, given),) = vector["inputs"].items()
    ((unit, expected),) = vector["expected"].items()
    assert given["unit"] != unit
    assert _canonical(name, given["value"], given["unit"]) == pytest.approx(
        _canonical(name, expected, unit), rel=vector["abs_tol"] / expected
    )


@pytest.mark.parametrize("vector", LABELS)
def test_early_recurrence_labels(vector):
    days = {name: given["value"] for name, given in vector["inputs"].items()}
    composite = days["endpoint"] == "RFS"
    if days["time_to_recurrence"] is not None:
        time, event = days["time_to_recurrence"], "recurrence"
    elif days["death_time"] is not None:
        time, event = days["death_time"], "recurrence" if composite else "death"
    else:
        time, event = days["last_disease_assessment"], "censored"
    label = label_at_horizon(pd.Series([float(time)]), pd.Series([event]), days["horizon"]).iloc[0]
    expected = vector["expected"]["label"]
    assert np.isnan(label) if expected in (None, "competing") else label == expected
