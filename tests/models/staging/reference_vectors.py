"""The reference vectors as clinical tables: each vector's inputs under canonical names, in
canonical units."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from analysis.units.quantities import UNITS
from models.staging import evaluate, get_score

VECTORS = json.loads((Path(__file__).parent / "staging_vectors.json").read_text(encoding="utf-8"))[
    "vectors"
]

HEALTHY_LIVER = {
    "bilirubin": 10.0,
    "albumin": 42.0,
    "inr": 1.0,
    "ascites": "none",
    "encephalopathy": "none",
}
# Laboratory values that give each number of Child-Pugh points, for vectors that name only points or
# class.
POINTS = {
    5: {},
    6: {"albumin": 30.0},
    7: {"albumin": 25.0},
    8: {"albumin": 25.0, "ascites": "slight"},
    9: {"albumin": 25.0, "ascites": "moderate_severe"},
    10: {"albumin": 25.0, "ascites": "moderate_severe", "inr": 2.0},
}
CLASSES = {"A": 5, "B": 7, "C": 10}
NAMES = {
    "n_nodules": "tumour_number",
    "max_diameter": "tumour_diameter",
    "size": "tumour_diameter",
    "age": "age_years",
    "wbc": "white_cells",
    "afp_max": "afp_maximum",
    "R1": "resection_margin_r1",
    "adjacent_organ_or_peritoneum": "adjacent_organ_invasion",
    "N1": "lymph_node_metastasis",
    "M1": "distant_metastasis",
    "extrahepatic_spread": "distant_metastasis",
    "extrahepatic_invasion_or_metastasis": "distant_metastasis",
    "extrahepatic_vascular_invasion_or_metastasis": "distant_metastasis",
}
INVASIONS = (
    "macrovascular_invasion",
    "vascular_invasion_any",
    "portal_vein_thrombosis",
    "intrahepatic_macrovascular_invasion",
    "intrahepatic_venous_invasion",
    "vessel_or_bile_duct_invasion",
)
ASCITES = {
    True: "slight",
    False: "none",
    "moderate": "moderate_severe",
    "severe": "moderate_severe",
    "moderate-severe": "moderate_severe",
}
ENCEPHALOPATHY = {
    "1-2": "grade_1_2",
    "3-4": "grade_3_4",
    "grade_1-2": "grade_1_2",
    "grade_3-4": "grade_3_4",
}
MORPHOLOGY = {
    "uni_le50": {"tumour_number": 1, "tumour_extent_percent": 50.0},
    "multi_le50": {"tumour_number": 3, "tumour_extent_percent": 50.0},
    "massive_or_gt50": {"tumour_number": 1, "tumour_extent_percent": 51.0},
}
# TNM groups of CUPI as tumours.
TNM = {
    "I-II": {},
    "III": {"tumour_number": 2, "tumour_diameter": 6.0},
    "IV": {"distant_metastasis": 1},
}


def _translated(name: str, value: object, unit: str | None) -> dict[str, object]:
    if name == "child_pugh":
        return HEALTHY_LIVER | POINTS[CLASSES[value]]
    if name == "child_pugh_points":
        return HEALTHY_LIVER | POINTS[value]
    if name in INVASIONS:
        return {"vascular_invasion": "segmental" if value else "none"}
    if name == "major_branch_invasion":
        return {"vascular_invasion": "main_trunk"} if value else {}
    if name == "vascular_invasion":
        return {"vascular_invasion_pathology": int(value)}
    if name == "diameters":
        return {"tumour_diameter": max(value), "tumour_diameter_sum": sum(value)}
    if name == "morphology":
        return MORPHOLOGY[value]
    if name == "tumour_fraction_of_liver":
        return {"tumour_extent_percent": 100 * value}
    if name == "tnm":
        return TNM[value]
    if name == "multifocal":
        return {"tumour_number": 2 if value else 1}
    if name == "nlr":
        return {"neutrophils": value, "lymphocytes": 1.0}
    if name == "ascites":
        return {name: ASCITES.get(value, value)}
    if name == "encephalopathy":
        return {name: ENCEPHALOPATHY.get(value, value)}
    if name == "sex":
        return {name: {"F": "female", "M": "male"}[value]}
    if name == "male":
        return {"sex": "male" if value else "female"}
    if name == "albi_grade2or3":
        return {"bilirubin": 10.0, "albumin": 30.0 if value else 45.0}
    if name == "tumour_number_class":
        return {"tumour_number": (1, 2, 4)[value]}
    if name == "nonrim_APHE":
        return {"aphe": "nonrim" if value else "none"}
    if name == "nonperipheral_washout":
        return {"washout": "nonperipheral" if value else "none"}
    if name == "enhancing_capsule":
        return {"capsule": "complete" if value else "none"}
    name = NAMES.get(name, name)
    if isinstance(value, bool):
        return {name: int(value)}
    if value is not None and unit and name in UNITS:
        return {name: round(value * UNITS[name].accepted[unit], 10)}
    return {name: value}


def table_of(vector: dict) -> pd.DataFrame:
    """One patient with the vector's inputs; what the vector leaves out of the tumour's extent is
    absent in the patient."""
    row: dict[str, object] = {
        "tumour_number": 1,
        "tumour_diameter": 3.0,
        "lymph_node_metastasis": 0,
        "distant_metastasis": 0,
        "adjacent_organ_invasion": 0,
        "vascular_invasion": "none",
        "diffuse": 0,
    }
    for name, given in vector["inputs"].items():
        row |= _translated(name, given.get("value"), given.get("unit"))
    return pd.DataFrame([row])


def score_of(identifier: str, vector: dict) -> pd.Series:
    """value, level, score and missing of the vector's patient."""
    return evaluate(get_score(identifier), table_of(vector)).iloc[0]
