"""Settings, hyper-parameters, features, predictions and software, for the supplement."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pydantic import BaseModel

from analysis.manuscript import Results, format_number
from analysis.number_style import format_percent
from analysis.tables.cells import DASH
from analysis.tables.features import feature_parts
from analysis.tables.markdown import Table, pipe_table

# Stated elsewhere in the documents, or of no influence on a number.
NOT_SETTINGS = ("study", "published", "declarations", "reporting", "manuscript", "comparators", "subgroups", "output", "path", "jobs")


def _words(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_words, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _flat(content: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(content, BaseModel):
        content = {key: getattr(content, key) for key in type(content).model_fields}
    if isinstance(content, dict):
        return [row for key, value in content.items() for row in _flat(value, f"{name}.{key}" if name else str(key))]
    return [(name, _words(content))]


def settings_markdown(results: Results) -> Table:
    """Every setting of the study file and its value, defaults included."""
    rows = [(name, value) for section in type(results.study).model_fields if section not in NOT_SETTINGS for name, value in _flat(getattr(results.study, section), section)]
    return pipe_table(["Setting", "Value"], [[f"`{name}`", value.replace("{", "‹").replace("}", "›")] for name, value in rows], left=2)


def hyperparameters_markdown(results: Results) -> Table:
    """Of the locked classifiers and networks; tuned ones by cross-validation within the training patients."""
    rows = results.frame("tables/hyperparameters").itertuples()
    return pipe_table(["Model", "Parameter", "Value", "Chosen by"], [[results.text(f"label.{row.model}"), f"`{row.parameter}`", row.value if isinstance(row.value, str) else f"{row.value:g}", "tuning" if row.tuned else "setting"] for row in rows], left=4)


def selected_features_markdown(results: Results) -> Table:
    """Features that the chosen classifier selected in any outer fold or in the locked model; the file has all others too."""
    frame = results.frame("tables/feature_dictionary")
    frame = frame[(frame["folds"] > 0) | frame["selected"]].sort_values(["selected", "folds", "feature"], ascending=[False, False, True])
    phases = list(results.study.phases)
    rows = [[*feature_parts(row.feature, phases), DASH if pd.isna(row.icc) else format_number(float(row.icc), "ICC"), format_percent(row.folds, 0), "yes" if row.selected else "no"] for row in frame.itertuples()]
    return pipe_table(["Phase", "Image", "Class", "Feature", "ICC", "Outer folds", "Locked model"], rows, left=4)


def patient_predictions_markdown(results: Results) -> Table:
    """One row a patient, under a number that is not the cohort's."""
    frame = results.frame("tables/patient_predictions")
    models = [name for name in frame if name not in ("patient", "cohort", "label")]
    rows = [[row.patient, results.study.cohorts.get(row.cohort, row.cohort), "unknown" if pd.isna(row.label) else "yes" if row.label == 1 else "no",
             *[DASH if pd.isna(getattr(row, name)) else format_number(float(getattr(row, name)), "probability difference") for name in models]] for row in frame.itertuples()]
    event = results.text("study.event", "sentence")
    return pipe_table(["Patient", "Cohort", event, *[results.text(f"label.{name}") for name in models]], rows, left=2)


def software_markdown(results: Results) -> Table:
    """Versions of the libraries that made the results."""
    return pipe_table(["Software", "Version"], [[key.removeprefix("software."), str(record.value)] for key, record in sorted(results.records.items()) if key.startswith("software.")], left=2)
