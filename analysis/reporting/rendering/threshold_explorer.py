"""Threshold explorer of the html page: what each threshold probability gives in each cohort.

Counts are made here from the predictions of the outputs; the page's script divides them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.reporting.manuscript import Results, Shown
from analysis.reporting.number_style import DECIMALS
from analysis.reporting.rendering.page_data import interactive_block
from analysis.results import keys
from analysis.results.performance import (
    both_classes,
    evaluable_repeats,
    hows,
)
from analysis.statistics import confusion_matrix

PERCENTS = np.arange(1, 100) / 100
COLUMNS = ["patient_id", "cohort", "model", "how", "repeat", "score", "probability", "label"]
# results.json keeps 12 digits of a cut-off, which is one of the scores.
KEPT_DIGITS = 1e-11
CUTOFFS = {
    "cut-off of the tables": keys.cutoff,
    "cut-off for a given sensitivity": keys.cutoff_prespecified,
}


def page_predictions(results: Results) -> pd.DataFrame | None:
    """The predictions of the outputs as they were computed; None where the folder has none."""
    path = results.folder / "predictions.csv"
    if not path.is_file():
        return None
    return pd.read_csv(
        path,
        usecols=lambda name: name in COLUMNS,
        dtype={"patient_id": str},
        float_precision="round_trip",
    )


def _own_scores(predictions: pd.DataFrame, model: str) -> np.ndarray:
    """Scores of a model whose score is its probability; else none, as no cut-off is one."""
    rows = predictions[predictions["model"] == model].dropna(subset=["score", "probability"])
    same = bool((rows["score"] == rows["probability"]).all())
    return rows["probability"].to_numpy() if same else np.empty(0)


def model_thresholds(
    results: Results, predictions: pd.DataFrame, model: str
) -> tuple[list[float], dict[str, float]]:
    """Thresholds of a model in rising order, and by name those that the article reports.

    They are each whole percent from 1% to 99%, the reported threshold, and the model's cut-offs.
    """
    named = {"reported threshold": results.record(keys.decision_reported_threshold()).number}
    scores = _own_scores(predictions, model)
    for words, cutoff in CUTOFFS.items():
        if not len(scores) or cutoff(model) not in results.records:
            continue
        value = results.record(cutoff(model)).number
        nearest = float(scores[np.abs(scores - value).argmin()])
        value = nearest if abs(nearest - value) < KEPT_DIGITS else value
        if 0 < value < 1 and value not in named.values():
            named[words] = value
    return sorted({*PERCENTS.tolist(), *named.values()}), named


def _corners(rates: pd.DataFrame) -> list[list[float]]:
    """Points of a ROC curve at which it turns, as two lists."""
    points = rates[["false_positive_rate", "true_positive_rate"]].to_numpy()
    steps = np.diff(points, axis=0)
    turns = np.abs(steps[:-1, 0] * steps[1:, 1] - steps[:-1, 1] * steps[1:, 0]) > 1e-12
    kept = points[np.r_[True, turns, True]] if len(points) > 2 else points
    return [[round(float(each), 4) for each in column] for column in kept.T]


def _counts(parts: list[pd.DataFrame], thresholds: list[float]) -> dict[str, Any]:
    """n, events, tp and fp at each threshold.

    Of repeated folds the counts are means, and ppv and npv the means of those of each repeat, as
    the records are.
    """
    tables = [
        [confusion_matrix(part["label"], part["probability"], each) for each in thresholds]
        for part in parts
    ]
    tp, fp = (
        np.array([[getattr(each, name) for each in row] for row in tables], dtype=float)
        for name in ("true_positive", "false_positive")
    )
    n, events = len(parts[0]), int(parts[0]["label"].sum())
    counts: dict[str, Any] = {"n": n, "events": events}
    if len(parts) == 1:
        return counts | {"tp": tp[0].astype(int).tolist(), "fp": fp[0].astype(int).tolist()}
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {"ppv": tp / (tp + fp), "npv": (n - events - fp) / (n - tp - fp)}
    means = {name: each.mean(axis=0) for name, each in values.items()}
    return (
        counts
        | {"repeats": len(parts), "tp": tp.mean(axis=0).tolist(), "fp": fp.mean(axis=0).tolist()}
        | {
            name: [None if np.isnan(value) else float(value) for value in each]
            for name, each in means.items()
        }
    )


def _calibration(results: Results, model: str, how: str) -> list[list[float]] | None:
    """predicted, observed and its limits, as four lists; None where no curve was fitted."""
    if not (results.folder / "curves" / "calibration.csv").is_file():
        return None
    frame = results.frame("curves/calibration")
    rows = frame[(frame["model"] == model) & (frame["how"] == how)]
    if rows.empty:
        return None
    columns = rows[["predicted", "observed", "ci_low", "ci_high"]].round(3)
    return [columns[name].tolist() for name in columns]


def threshold_data(results: Results, models: Sequence[str]) -> dict[str, Any] | None:
    """What the explorer's script reads; None without probabilities or without predictions.

    event; decimals of proportions; range: thresholds of the decision curves; reported: the model
    and cohort that it opens with; cohorts: id → label; models: for each id, label, thresholds,
    named (words → threshold) and cohorts: id → n, events, tp, fp, roc, calibration.

    Predictions on the patients that a model learnt from are left out.
    """
    predictions = page_predictions(results)
    if predictions is None:
        return None
    roc = results.frame("curves/roc")
    found: list[dict[str, Any]] = []
    cohorts: dict[str, str] = {}
    for model in models:
        thresholds, named = model_thresholds(results, predictions, model)
        judged = {}
        for how in hows(predictions)[1:]:
            parts = evaluable_repeats(predictions, model, how, "probability")
            if not all(both_classes(rows) for rows in parts):
                continue
            curve = roc[(roc["model"] == model) & (roc["how"] == how)]
            judged[how] = _counts(parts, thresholds) | {
                "roc": _corners(curve),
                "calibration": _calibration(results, model, how),
            }
            cohorts[how] = results.plain(keys.label(how))
        if judged:
            label = results.plain(keys.label(model))
            found.append(
                {
                    "id": model,
                    "label": label,
                    "thresholds": thresholds,
                    "named": named,
                    "cohorts": judged,
                }
            )
    if not found:
        return None
    curves = results.frame("curves/decision_curve")["threshold"]
    return {
        "event": results.plain(keys.study_event()),
        "decimals": DECIMALS["proportion"],
        "range": [float(curves.min()), float(curves.max())],
        "opens": {
            "model": results.plain(keys.best_model()),
            "cohort": "validation",
            "threshold": results.record(keys.decision_reported_threshold()).number,
        },
        "cohorts": cohorts,
        "models": found,
    }


def threshold_explorer_block(results: Results, models: Sequence[str]) -> Shown:
    """Raw html with the counts, of which the page's script makes the explorer; empty without."""
    data = threshold_data(results, models)
    if data is None:
        return Shown("")
    return interactive_block(
        "threshold-explorer",
        "Threshold explorer",
        "Move the threshold probability: patients at or above it are positive. For exploration:"
        " a threshold that is chosen because of what it gives here gives less in new patients.",
        data,
    )
