"""A study of forty made patients and a clinical table alone, for what can be odd about the table's
file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from tests.support.small_cohort import SHORT, SMALL_COHORT

PATIENTS = 40


def small_table() -> pd.DataFrame:
    """As texts: P01 to P40, every other one with a recurrence."""
    random = np.random.default_rng(3)
    event = np.arange(PATIENTS) % 2 == 0
    return pd.DataFrame(
        {
            "patient_id": [f"P{number:02d}" for number in range(1, PATIENTS + 1)],
            "ast": [
                f"{value:.0f}"
                for value in 30 + 12 * event + random.normal(0, 9, PATIENTS).clip(-20, 40)
            ],
            "albumin": [f"{value:.1f}" for value in random.normal(40, 3, PATIENTS)],
            "ratio": [f"{value:.1f}" for value in random.uniform(1, 5, PATIENTS)],
            "sex": np.where(random.uniform(size=PATIENTS) < 0.3, "female", "male"),
            "follow_up": [
                str(random.integers(6, 11) if each else random.integers(36, 41)) for each in event
            ],
            "event_type": np.where(event, "recurrence", "censored"),
            "cohort": np.where(np.arange(PATIENTS) % 4 < 2, "training", "validation"),
            "centre": np.where(np.arange(PATIENTS) % 8 < 4, "A", "B"),
        }
    )


# A variable whose values may lie below its detection limit.
AFP_WITH_LIMIT = {
    "label": "AFP",
    "role": "predictor",
    "type": "continuous",
    "unit": "ng/mL",
    "detection_limit": "half",
}


def small_files(
    folder: Path,
    missing: list[Any] | None = None,
    cells: Mapping[tuple[str, int], str] | None = None,
    table: pd.DataFrame | None = None,
    variables: Mapping[str, Mapping[str, Any]] | None = None,
    write: bool = True,
    **sections: Any,
) -> Path:
    """The study file. cells: (column, row) -> another text; variables: keys to add in the
    dictionary; sections: keys to add in the study file. write: whether data/clinical.csv is written
    here."""
    table = small_table() if table is None else table
    for (column, row), text in (cells or {}).items():
        table.loc[row, column] = text
    dictionary: dict[str, Any] = {
        "variables": {
            "patient_id": {"label": "Patient", "role": "identifier", "type": "text"},
            "ast": {"label": "AST", "role": "predictor", "type": "continuous", "unit": "U/L"},
            "albumin": {
                "label": "Albumin",
                "role": "predictor",
                "type": "continuous",
                "unit": "g/L",
            },
            "ratio": {"label": "Ratio", "role": "predictor", "type": "continuous", "unit": "1"},
            "sex": {
                "label": "Sex",
                "role": "predictor",
                "type": "categorical",
                "levels": ["female", "male"],
            },
        }
    }
    for name, keys in (variables or {}).items():
        merged = {**dictionary["variables"].get(name, {}), **keys}
        dictionary["variables"][name] = {
            key: value for key, value in merged.items() if value is not None
        }
    if missing is not None:
        dictionary["missing"] = missing
    study: dict[str, Any] = {
        "study": {
            "name": "small",
            "title": "A small study",
            "disease": "hepatocellular carcinoma",
            "event": "early recurrence",
        },
        **SMALL_COHORT,
        "clinical": {"candidates": ["ast", "albumin", "ratio"]},
        **SHORT,
        "robustness": {"instability_resamples": 0},
        "jobs": 1,
        "output": "outputs",
    }
    for name, keys in sections.items():
        study[name] = {**study[name], **keys} if name == "cohort" else keys
    (folder / "data").mkdir(parents=True, exist_ok=True)
    yaml = YAML(typ="safe")
    for path, content in (
        (folder / "study.yml", study),
        (folder / "data" / "dictionary.yml", dictionary),
    ):
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
    if write:
        table.to_csv(folder / "data" / "clinical.csv", index=False)
    return folder / "study.yml"
