"""Data dictionary of the synthetic cohort: label, role, type, unit and levels of every column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

# name: (label, role, unit)
_CONTINUOUS = {
    "days_mri_to_surgery": ("Time from MRI to surgery", "design", "days"),
    "age_years": ("Age", "predictor", "years"),
    "afp": ("AFP", "predictor", "ng/mL"),
    "ast": ("AST", "predictor", "U/L"),
    "alt": ("ALT", "predictor", "U/L"),
    "ggt": ("GGT", "predictor", "U/L"),
    "alp": ("ALP", "predictor", "U/L"),
    "ast_uln": ("AST, upper limit of normal", "score_input", "U/L"),
    "alt_uln": ("ALT, upper limit of normal", "score_input", "U/L"),
    "ggt_uln": ("GGT, upper limit of normal", "score_input", "U/L"),
    "bilirubin": ("Total bilirubin", "predictor", "umol/L"),
    "albumin": ("Albumin", "predictor", "g/L"),
    "platelets": ("Platelets", "predictor", "10^9/L"),
    "inr": ("INR", "predictor", "1"),
    "creatinine": ("Creatinine", "predictor", "umol/L"),
    "sodium": ("Sodium", "score_input", "mmol/L"),
    "white_cells": ("White cells", "score_input", "10^9/L"),
    "neutrophils": ("Neutrophils", "predictor", "10^9/L"),
    "lymphocytes": ("Lymphocytes", "predictor", "10^9/L"),
    "monocytes": ("Monocytes", "predictor", "10^9/L"),
    "tumour_number": ("Number of tumours", "predictor", "count"),
    "tumour_diameter": ("Tumour diameter", "predictor", "cm"),
    "tumour_diameter_sum": ("Sum of tumour diameters", "score_input", "cm"),
    "tumour_extent_percent": ("Tumour extent", "score_input", "% of liver"),
    "cholesterol": ("Total cholesterol", "score_input", "mg/dL"),
    "crp": ("C-reactive protein", "score_input", "mg/L"),
    "fibrinogen": ("Fibrinogen", "score_input", "g/L"),
    "height": ("Height", "score_input", "cm"),
    "weight": ("Weight", "score_input", "kg"),
    "recurrence_free_months": ("Recurrence-free time", "outcome", "months"),
}
_BINARY = {
    "cirrhosis": ("Cirrhosis", "predictor"),
    "lymph_node_metastasis": ("Lymph node metastasis", "score_input"),
    "distant_metastasis": ("Distant metastasis", "score_input"),
    "adjacent_organ_invasion": ("Invasion of adjacent organs", "score_input"),
    "diffuse": ("Diffuse tumour", "score_input"),
    "dialysis": ("Dialysis", "score_input"),
    "rim_aphe": ("Rim arterial phase hyperenhancement", "predictor"),
    "satellite": ("Satellite nodules", "predictor"),
}
_ORDINAL: dict[str, tuple[str, str, Sequence[object]]] = {
    "ecog": ("ECOG performance status", "score_input", [0, 1, 2, 3, 4]),
    "ascites": ("Ascites", "score_input", ["none", "slight", "moderate_severe"]),
    "encephalopathy": ("Encephalopathy", "score_input", ["none", "grade_1_2", "grade_3_4"]),
    "vascular_invasion": (
        "Vascular invasion on imaging",
        "score_input",
        ["none", "segmental", "first_order", "hepatic_vein", "main_trunk", "inferior_vena_cava"],
    ),
    "capsule": ("Capsule", "predictor", ["complete", "incomplete", "none"]),
}
_CATEGORICAL: dict[str, tuple[str, str, Sequence[object]]] = {
    "centre": ("Centre", "design", ["A", "B"]),
    "cohort": ("Cohort", "design", ["training", "validation"]),
    "mri_contrast_agent": (
        "MR contrast agent",
        "design",
        ["gadobutrol", "gadopentetate dimeglumine", "gadoterate meglumine"],
    ),
    "sex": ("Sex", "predictor", ["female", "male"]),
    "aetiology": ("Aetiology", "predictor", ["HBV", "HCV", "alcohol", "other"]),
    "margin": ("Tumour margin", "predictor", ["smooth", "non_smooth"]),
    "washout": ("Washout", "predictor", ["none", "nonperipheral", "peripheral"]),
    "event_type": ("Event", "outcome", ["censored", "recurrence", "death"]),
}


# Headings of the baseline table, with the columns below each.
_GROUPS = {
    "Demographics": ("age_years", "sex", "ecog"),
    "Liver": ("aetiology", "cirrhosis", "ascites", "encephalopathy"),
    "Laboratory": (
        *("afp", "ast", "alt", "ggt", "alp", "bilirubin", "albumin", "platelets", "inr"),
        *("creatinine", "neutrophils", "lymphocytes", "monocytes"),
    ),
    "Imaging": (
        *("tumour_number", "tumour_diameter", "rim_aphe", "satellite", "capsule", "margin"),
        "washout",
    ),
}


def data_dictionary() -> dict[str, Any]:
    """Data dictionary: ``variables``, name → label, role, type, unit or levels; ``groups``.

    Levels are ordered from best to worst.
    """
    variables: dict[str, dict[str, object]] = {
        "patient_id": {"label": "Patient", "role": "identifier", "type": "text"}
    }
    for name, (label, role, unit) in _CONTINUOUS.items():
        variables[name] = {"label": label, "role": role, "type": "continuous", "unit": unit}
    for name, (label, role) in _BINARY.items():
        variables[name] = {"label": label, "role": role, "type": "binary"}
    for kind, entries in (("ordinal", _ORDINAL), ("categorical", _CATEGORICAL)):
        for name, (label, role, levels) in entries.items():
            variables[name] = {"label": label, "role": role, "type": kind, "levels": list(levels)}
    for group, names in _GROUPS.items():
        for name in names:
            variables[name]["group"] = group
    return {"variables": variables, "groups": list(_GROUPS)}


def dictionary_yaml() -> str:
    """The dictionary as YAML text, in a fixed order."""
    return yaml.safe_dump(data_dictionary(), sort_keys=False, allow_unicode=True)
