"""A study that runs in seconds and has every kind of piece that a table allows: clinical variables,
features, one classifier."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

PATIENTS = 60


def write_yaml(path: Path, content: dict) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(content, file)
    return path


def tiny_table(patients: int = PATIENTS, seed: int = 4) -> pd.DataFrame:
    """One row a patient: event, cohort, three predictors, eight features, of which one follows the
    event."""
    random = np.random.default_rng(seed)
    event = np.arange(patients) % 2
    table = pd.DataFrame(
        {
            "patient_id": [f"Q{7001 + 13 * number}" for number in range(patients)],
            "event": event,
            "cohort": np.where(np.arange(patients) % 3 == 2, "validation", "training"),
        }
    )
    table["age_years"] = random.integers(40, 80, patients)
    table["ast"] = (30 + 12 * event + random.normal(0, 15, patients)).clip(8).round(1)
    table["tumour_diameter"] = (3 + event + random.normal(0, 1.2, patients)).clip(0.5).round(2)
    for number in range(8):
        table[f"t1_feature{number}"] = random.normal(0, 1, patients) + (
            0.8 * event if number == 0 else 0
        )
    return table


# Of the data dictionary: who, what happened, and in which cohort.
DESIGN_VARIABLES = {
    "patient_id": {"label": "Patient", "role": "identifier", "type": "text"},
    "event": {"label": "Event", "role": "outcome", "type": "binary"},
    "cohort": {
        "label": "Cohort",
        "role": "design",
        "type": "categorical",
        "levels": ["training", "validation"],
    },
}


# What the study is about.
ABOUT = {
    "name": "tiny",
    "title": "A tiny study",
    "disease": "liver tumours",
    "event": "recurrence",
    "modality": "MRI",
}


def tiny_study(folder: Path, table: pd.DataFrame | None = None, **changes) -> Path:
    """Write the study file and its data into `folder`; changes: sections that replace those here,
    None takes one out. Two such studies end in the same bytes: they are synthetic, so no secret is
    drawn, and their files are of one time.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (tiny_table() if table is None else table).to_csv(folder / "data" / "clinical.csv", index=False)
    os.utime(folder / "data" / "clinical.csv", (1.7e9, 1.7e9))
    write_yaml(
        folder / "data" / "dictionary.yml",
        {
            "variables": {
                **DESIGN_VARIABLES,
                "age_years": {
                    "label": "Age",
                    "role": "predictor",
                    "type": "continuous",
                    "unit": "years",
                },
                "ast": {"label": "AST", "role": "predictor", "type": "continuous", "unit": "U/L"},
                "tumour_diameter": {
                    "label": "Diameter",
                    "role": "predictor",
                    "type": "continuous",
                    "unit": "cm",
                },
            }
        },
    )
    os.utime(folder / "data" / "dictionary.yml", (1.7e9, 1.7e9))
    study = {
        "study": ABOUT | {"synthetic": True},
        "cohort": {"folder": "data", "table": "clinical.csv", "dictionary": "dictionary.yml"},
        "endpoint": {"label": "event"},
        "split": {"column": "cohort"},
        "clinical": {"candidates": ["age_years", "ast", "tumour_diameter"]},
        "radiomics": {
            "table": {"file": "clinical.csv", "columns": {"t1": "t1_{feature}"}},
            "classifiers": ["logistic"],
            "tuning_folds": 2,
            "univariable_features": 4,
            "selected_features": 2,
        },
        "validation": {"outer_folds": 2, "inner_folds": 2},
        "statistics": {"bootstrap_resamples": 100, "optimism_resamples": 2},
        "controls": {"permutations": 2},
        "robustness": {"instability_resamples": 2},
        "seed": 1,
        "jobs": 1,
        "output": "outputs",
    }
    return write_yaml(
        folder / "study.yml",
        {name: section for name, section in (study | changes).items() if section is not None},
    )
