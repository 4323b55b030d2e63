"""Discrimination, calibration and classification of every model, per way of judging it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.results.record import Records
from analysis.statistics import brier_score, calibration_in_the_large, calibration_slope, classification_metrics, delong_interval, net_benefit, youden_cutoff
from analysis.study import Statistics

HOWS = ("apparent", "out_of_fold", "validation")
CLASSIFICATION = ("accuracy", "sensitivity", "specificity", "ppv", "npv")
# What an interval means differs: the scores of the out-of-fold rows come from several fits.
INTERVALS = {
    "apparent": "apparent: the patients that the model was fitted on",
    "out_of_fold": "out of fold; interval conditional on the fitted scores",
    "validation": "locked model on validation patients",
}


def evaluable(predictions: pd.DataFrame, model: str, how: str, column: str = "score") -> pd.DataFrame:
    """Rows of a model and a way of judging with known label and a score, indexed by patient."""
    rows = predictions[(predictions["model"] == model) & (predictions["how"] == how)]
    return rows.dropna(subset=["label", column]).set_index("patient_id")


def both_classes(rows: pd.DataFrame) -> bool:
    return rows["label"].nunique() == 2


def add_performance(records: Records, predictions: pd.DataFrame, settings: Statistics) -> None:
    """auc, brier, calibration, net benefit, and classification at the cut-off learnt from out-of-fold training scores."""
    level = settings.confidence_level
    for model in predictions["model"].unique():
        family = predictions.loc[predictions["model"] == model, "family"].iloc[0]
        learning = evaluable(predictions, model, "out_of_fold")
        cutoff = youden_cutoff(learning["label"], learning["score"]).value if both_classes(learning) and learning["score"].nunique() > 1 else None
        if cutoff is not None:
            records.add(f"cutoff.{model}", cutoff, n=len(learning), unit="score", method="Youden index, out-of-fold training scores", source="youden_cutoff")
        for how in HOWS:
            rows = evaluable(predictions, model, how)
            records.add(f"n_evaluable.{model}.{how}", len(rows), unit="patients", source="evaluable")
            if not both_classes(rows):
                continue
            label, score = rows["label"].to_numpy(), rows["score"].to_numpy()
            interval = delong_interval(label, score, level=level)
            records.add(f"auc.{model}.{how}", interval.auc, estimate=interval, unit="AUC", method=f"DeLong; {INTERVALS[how]}", source="delong_interval")
            records.add(f"events.{model}.{how}", int(label.sum()), n=len(rows), unit="patients", source="evaluable")
            if cutoff is not None:
                metrics = classification_metrics(label, score, cutoff, level=level)
                for name in CLASSIFICATION:
                    records.add(f"{name}.{model}.{how}", metrics[name].value, estimate=metrics[name], unit="proportion",
                                method="exact binomial interval; cut-off fixed in training", source="classification_metrics")
            _add_probability(records, predictions, model, how, family, settings)


def _add_probability(records: Records, predictions: pd.DataFrame, model: str, how: str, family: str, settings: Statistics) -> None:
    rows = evaluable(predictions, model, how, "probability")
    if not both_classes(rows):
        return
    label, probability = rows["label"].to_numpy(), rows["probability"].to_numpy()
    learnt = "refitted in training" if family not in ("clinical", "radiomics", "deep_learning", "fusion") else "model's own probability"
    records.add(f"brier.{model}.{how}", brier_score(label, probability), n=len(rows), unit="Brier score", method=learnt, source="brier_score")
    if how != "apparent":  # on its own patients a model is calibrated by construction, or separates them
        _add_calibration(records, model, how, label, probability, learnt)
    threshold = settings.reported_threshold
    records.add(f"net_benefit.{model}.{how}.{100 * threshold:g}", float(net_benefit(label, probability, [threshold])[0]), n=len(rows),
                unit="net benefit", method=f"threshold probability {threshold:g}; {learnt}", source="net_benefit")


def _add_calibration(records: Records, model: str, how: str, label: np.ndarray, probability: np.ndarray, learnt: str) -> None:
    inside = np.clip(probability, 1e-6, 1 - 1e-6)
    intercept = calibration_in_the_large(label, inside)
    records.add(f"calibration_intercept.{model}.{how}", intercept.value, estimate=intercept, unit="log odds", method=f"calibration-in-the-large; {learnt}", source="calibration_in_the_large")
    if np.ptp(inside) > 1e-9:
        slope = calibration_slope(label, inside)
        records.add(f"calibration_slope.{model}.{how}", slope.value, estimate=slope, unit="slope", method=learnt, source="calibration_slope")
