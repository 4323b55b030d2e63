"""Patient explorer of the html page: one patient's probabilities by all models, side by side.

It shows what the table of predictions shows, under the same pseudonyms. What the terms of the fused
model add for a patient follows from clinical values, so it stands there only where the study file
lets these be shared (`sharing: {clinical: true}`), or where the patients are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.reporting.manuscript import Results, Shown
from analysis.reporting.number_style import DECIMALS
from analysis.reporting.rendering.page_data import interactive_block
from analysis.reporting.rendering.patient_pictures import patient_pictures
from analysis.reporting.rendering.threshold_explorer import KEPT_DIGITS, page_predictions
from analysis.reporting.variable_labels import variable_labels
from analysis.results import keys
from analysis.results.appendix import HOWS, numbered_patients
from analysis.results.repeats import first_repeat
from models.declared import part_of

TABLE = "tables/predictions_by_patient"


def may_explain(results: Results) -> bool:
    """Whether the page may show what follows from a patient's clinical values."""
    return results.study.sharing.clinical or results.is_true(keys.cohort_synthetic())


def _numbered(results: Results) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The predictions, and pseudonyms beside identifiers; None where they are not the table's."""
    file, predictions = results.folder / f"{TABLE}.csv", page_predictions(results)
    if predictions is None or not file.is_file():
        return None
    table = results.frame(TABLE)
    models = [name for name in table if name not in ("patient", "cohort", "outcome")]
    numbered = numbered_patients(predictions, models)
    same = list(numbered["patient"]) == list(table["patient"]) and np.allclose(
        numbered[models].astype(float), table[models].astype(float), equal_nan=True
    )
    return (predictions, numbered) if same else None


def _sides(results: Results, predictions: pd.DataFrame, model: str) -> dict[str, str]:
    """Identifier → 1 at or above the model's cut-off, 0 below; nobody without a cut-off.

    By the scores as they were computed: those of the table are rounded.
    """
    if keys.cutoff(model) not in results.records:
        return {}
    cutoff = results.record(keys.cutoff(model)).number - KEPT_DIGITS
    rows = first_repeat(predictions[predictions["model"] == model])
    rows = rows[rows["how"] == rows["cohort"].replace(HOWS)].dropna(subset="score")
    return {
        patient: str(int(score >= cutoff))
        for patient, score in zip(rows["patient_id"], rows["score"], strict=True)
    }


def _explained(results: Results, numbered: pd.DataFrame) -> dict[str, Any] | None:
    """The fused model, its terms' labels, and pseudonym → what each term adds, in log odds."""
    file = results.folder / "curves" / "contributions.csv"
    if not may_explain(results) or not file.is_file():
        return None
    added = pd.read_csv(file, dtype={"patient_id": str}).pivot(
        index="patient_id", columns="variable", values="shap"
    )
    if added.empty:
        return None
    terms = list(added.abs().mean().sort_values(ascending=False).index)
    named = numbered.set_index("patient_id")["patient"]
    models = {name: each.label for name, each in results.models.items()}
    labels = [
        part.score if (part := part_of(term, models)) else variable_labels(results, [term])[0]
        for term in terms
    ]
    return {
        "model": results.plain(keys.label(results.plain(keys.nomogram_model()))),
        "terms": [each[:1].upper() + each[1:] for each in labels],
        "by": {
            named[patient]: [round(float(row[term]), 3) for term in terms]
            for patient, row in added.iterrows()
        },
    }


def patient_data(results: Results, models: Sequence[str]) -> dict[str, Any] | None:
    """What the explorer's script reads; None without probabilities or without predictions.

    event; decimals; cohorts: labels by id; models: id, label and cutoff of each model with
    probabilities; patients, in the order of the table: pseudonym, cohort, outcome (1, 0 or null), a
    sign for each model (1 at or above its cut-off, 0 below, - unknown) and its probability;
    explained: see `_explained`, or null; pictures: see `patient_pictures`, or null.
    """
    found = _numbered(results)
    if found is None:
        return None
    predictions, numbered = found
    frame = results.frame(TABLE)
    shown = [
        name
        for name in models
        if name in frame
        and keys.brier(name, "validation") in results.records
        and frame[name].dropna().between(0, 1).all()
    ]
    if not shown:
        return None
    sides = [_sides(results, predictions, name) for name in shown]
    signs = [
        "".join(each.get(patient, "-") for each in sides) for patient in numbered["patient_id"]
    ]
    rows = frame[["patient", "cohort", "outcome", *shown]].astype(object)
    rows.insert(3, "sides", signs)
    return {
        "event": results.plain(keys.study_event()),
        "decimals": DECIMALS["score"],
        "cohorts": {
            str(name): results.plain(keys.label(HOWS.get(str(name), str(name))))
            for name in frame["cohort"].unique()
        },
        "models": [
            {
                "id": name,
                "label": results.plain(keys.label(name)),
                "cutoff": results.record(keys.cutoff(name)).value
                if keys.cutoff(name) in results.records
                else None,
            }
            for name in shown
        ],
        "patients": rows.where(rows.notna(), None).to_numpy().tolist(),
        "explained": _explained(results, numbered),
        "pictures": patient_pictures(results, numbered),
    }


def patient_explorer_block(results: Results, models: Sequence[str]) -> Shown:
    """Raw html with the predictions, of which the page's script makes the explorer."""
    data = patient_data(results, models)
    if data is None:
        return Shown("")
    return interactive_block(
        "patient-explorer",
        "Patient explorer",
        "Choose a patient: the probability that each model gives, and the model's cut-off (a line)."
        " Patients have the pseudonyms of the table.",
        data,
    )
