"""What the supplement lists in full: hyper-parameters, every feature with how often it was selected, every patient's predictions."""

from __future__ import annotations

import hashlib

import pandas as pd

from analysis.cohort import Cohort
from analysis.radiomics import RadiomicsTable, feature_reproducibility
from analysis.training import Training
from models.catalogue import NETWORKS

HYPER_PARAMETERS = ["model", "parameter", "value", "tuned"]


def hyperparameters(training: Training) -> pd.DataFrame:
    """model, parameter, value, tuned: of the locked classifiers (those that were tuned, and every other that is set) and networks."""
    rows = []
    for (name, context), fit in (training.scores.fits if training.scores is not None else {}).items():
        if context != "final":
            continue
        tuned = {key.removeprefix("classify__"): value for key, value in getattr(fit.model, "tuned_", {}).items()}
        pipeline = getattr(fit.model, "fitted_", None)
        own = pipeline.named_steps["classify"].get_params() if hasattr(pipeline, "named_steps") and "classify" in pipeline.named_steps else {}
        settings = training.settings.get(name, {}) if name in NETWORKS else {key: value for key, value in own.items() if value is not None and value == value and not hasattr(value, "get_params")}
        rows += [{"model": name, "parameter": key, "value": str(value), "tuned": key in tuned} for key, value in sorted((settings | tuned).items()) if isinstance(value, (int, float, str, bool, tuple))]
    return pd.DataFrame(rows, columns=HYPER_PARAMETERS)


def feature_dictionary(cohort: Cohort, table: RadiomicsTable, training: Training) -> pd.DataFrame:
    """feature, icc (smallest over repeated delineations), folds (share of outer folds in which the chosen classifier selected
    it), selected (by the locked model): of every feature that was extracted."""
    chosen = training.chosen["final"].get("radiomics")
    folds = training.selected_in_folds.get(chosen, {})
    frame = pd.DataFrame({"feature": list(table.features.columns)})
    frame["icc"] = frame["feature"].map(feature_reproducibility(table, cohort.patients[cohort.cohort == "training"])["smallest"]) if table.repeats else None
    counts = pd.Series([feature for names in folds.values() for feature in names], dtype="object").value_counts()
    frame["folds"] = frame["feature"].map(counts).fillna(0) / max(len(folds), 1)
    return frame.assign(selected=frame["feature"].isin(training.selected.get(chosen, [])))


def patient_predictions(predictions: pd.DataFrame, models: list[str], seed: int) -> pd.DataFrame:
    """patient, cohort, label, and a probability a model: out of fold for training patients, of the locked models for others.

    A patient is a number that follows a seeded order, not the name or the order of the cohort's table.
    """
    rows = predictions[(predictions["how"] != "apparent") & predictions["model"].isin(models)]
    wide = rows.pivot_table(index=["patient_id", "cohort"], columns="model", values="probability").reset_index()
    wide = wide.merge(rows[["patient_id", "label"]].drop_duplicates(), on="patient_id", how="left")
    order = wide["patient_id"].map(lambda name: hashlib.sha256(f"{seed} {name}".encode()).hexdigest()).rank(method="first").astype(int)
    wide["patient"] = order.map(lambda place: f"P{place:0{len(str(len(wide)))}d}")
    return wide.sort_values("patient")[["patient", "cohort", "label", *[model for model in models if model in wide]]]
