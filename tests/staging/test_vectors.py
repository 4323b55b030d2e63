"""The scores against the reference vectors: each that may be asserted, and boundaries on each side."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.units import UNITS
from models.staging import SCORES, evaluate, get_score, score_table
from models.staging.child_pugh import child_pugh_class

VECTORS = [each for each in json.loads((Path(__file__).parent / "staging_vectors.json").read_text())["vectors"] if each["assert_in_release"]]
NAMES = {"n_nodules": "tumour_number", "max_diameter": "tumour_diameter", "age": "age_years"}
HEALTHY = {"bilirubin": 10.0, "albumin": 42.0, "inr": 1.0, "ascites": "none", "encephalopathy": "none"}
# Labs that give each Child-Pugh class, for vectors that name only the class.
LIVER = {"A": HEALTHY, "B": {**HEALTHY, "albumin": 26.0, "ascites": "slight"}, "C": {**HEALTHY, "bilirubin": 90.0, "albumin": 20.0, "inr": 2.5}}
ASCITES = {"slight": "slight", "none": "none", "severe": "moderate_severe", "moderate": "moderate_severe", "moderate-severe": "moderate_severe"}


def _row(inputs: dict) -> dict:
    row = {"lymph_node_metastasis": 0, "distant_metastasis": 0, "adjacent_organ_invasion": 0, "vascular_invasion": "none"}
    for name, given in inputs.items():
        value, unit = given.get("value"), given.get("unit")
        if name == "child_pugh":
            row |= LIVER[value]
        elif name in ("macrovascular_invasion", "vascular_invasion_any"):
            row["vascular_invasion"] = "segmental" if value else "none"
        elif name == "major_branch_invasion":
            row["vascular_invasion"] = "main_trunk" if value else row["vascular_invasion"]
        elif name in ("extrahepatic_spread", "M1"):
            row["distant_metastasis"] = int(value)
        elif name == "N1":
            row["lymph_node_metastasis"] = int(value)
        elif name == "adjacent_organ_or_peritoneum":
            row["adjacent_organ_invasion"] = int(value)
        elif name == "ascites":
            row[name] = ASCITES.get(value)
        else:
            name = NAMES.get(name, name)
            row[name] = value * UNITS[name][1][unit] if unit and name in UNITS and value is not None else value
    return row


def _vectors(*scores: str) -> list:
    return [pytest.param(each, id=each["id"]) for each in VECTORS if each["score"] in scores]


def _score(identifier: str, vector: dict) -> pd.Series:
    return evaluate(SCORES[identifier], pd.DataFrame([_row(vector["inputs"])])).iloc[0]


@pytest.mark.parametrize("vector", _vectors("BCLC", "CNLC", "AJCC8"))
def test_stages(vector):
    result = _score({"BCLC": "bclc_2022", "CNLC": "cnlc", "AJCC8": "ajcc8"}[vector["score"]], vector)
    expected = vector["expected"]["stage"]
    assert (result["level"] == expected) if expected is not None else (pd.isna(result["value"]) and result["missing"] != "")


@pytest.mark.parametrize("vector", _vectors("Child-Pugh"))
def test_child_pugh(vector):
    result, expected = _score("child_pugh", vector), vector["expected"]
    if expected["points"] is None:
        assert np.isnan(result["value"]) and result["missing"] == ", ".join(expected["missing"])
    else:
        assert result["value"] == expected["points"]
        assert child_pugh_class(pd.DataFrame([_row(vector["inputs"])])).iloc[0] == expected["class"]


@pytest.mark.parametrize(("identifier", "vector", "key"), [
    pytest.param(identifier, each, key, id=f"{identifier}-{each['id']}")
    for identifier, score, key in (("albi", "ALBI", "score"), ("apri", "APRI", "value"), ("fib4", "FIB-4", "value"), ("nlr", "CBC_indexes", "NLR"), ("plr", "CBC_indexes", "PLR"))
    for each in VECTORS if each["score"] == score])
def test_continuous_scores(identifier, vector, key):
    assert _score(identifier, vector)["value"] == pytest.approx(vector["expected"][key], abs=vector.get("abs_tol", 5e-4))


def test_the_vectors_are_not_empty():
    assert len(_vectors("BCLC", "CNLC", "AJCC8")) >= 20 and len(_vectors("Child-Pugh")) >= 5


@pytest.mark.parametrize(("diameter", "number", "expected"), [(2.0, 1, "0"), (2.01, 1, "A"), (3.0, 3, "A"), (3.01, 3, "B"), (1.0, 4, "B")])
def test_bclc_boundaries(diameter, number, expected):
    row = {**HEALTHY, "ecog": 0, "tumour_number": number, "tumour_diameter": diameter, "vascular_invasion": "none", "lymph_node_metastasis": 0, "distant_metastasis": 0}
    assert evaluate(SCORES["bclc_2022"], pd.DataFrame([row]))["level"].iloc[0] == expected


def test_an_assumption_fills_only_what_is_missing():
    row = {**HEALTHY, "tumour_number": 1, "tumour_diameter": 3.0, "vascular_invasion": "none", "lymph_node_metastasis": 0, "distant_metastasis": 0}
    table = pd.DataFrame([{**row, "ecog": np.nan}, {**row, "ecog": 1}])
    assert evaluate(SCORES["bclc_2022"], table)["missing"].tolist() == ["ecog", ""]
    assert evaluate(SCORES["bclc_2022"], table, {"ecog": 0})["level"].tolist() == ["A", "C"]


def test_a_missing_column_is_missing_for_everyone_and_named():
    result = score_table(pd.DataFrame({"bilirubin": [10.0, 12.0]}, index=["P1", "P2"]), ["albi"])
    assert result["albi"].isna().all() and (result["albi_missing"] == "albumin").all()


def test_an_unknown_score_lists_close_ones():
    with pytest.raises(ValueError, match="did you mean .*bclc_2022"):
        get_score("bclc")
