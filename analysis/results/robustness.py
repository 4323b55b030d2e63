"""Robustness of the locked models and of their scores.

The module shows how they bear another reader's delineation, another draw of folds, and volume as a
rival.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.results import keys
from analysis.results.performance import both_classes, evaluable_repeats, rows_of
from analysis.results.record import Records
from analysis.results.repeats import over_repeats, repeat_numbers
from analysis.statistics import auc, correlation, partial_correlation, reader_agreement
from analysis.training import Predictions
from analysis.training.delineations import with_delineations
from models.declared import DL, RADIOMICS

LEAST_PATIENTS = 3


def locked_probability(predictions: pd.DataFrame, model: str) -> pd.Series:
    """Locked model's probability of every patient, by patient; apparent for training patients."""
    rows = predictions[(predictions["model"] == model) & (predictions["how"] != "out_of_fold")]
    return rows.set_index("patient_id")["probability"]


def add_delineations(
    records: Records, predictions: Predictions, models: list[str], level: float
) -> None:
    """Add the locked model's agreement with itself on another delineation.

    `delineation.icc.<reader>.<model>` and `delineation.flipped.<reader>.<model>`: the locked model
    on another delineation.

    ICC(2,1) of the probability by the first and the other delineation, and the share of patients
    whose decision at the model's cut-off differs. A model that reads no images is left out: its
    probability can't change.
    """
    frame = predictions.delineations
    readers = list(frame["delineation"].unique())
    records.add(keys.delineation_readers(), readers, source=with_delineations)
    for reader in readers:
        for model in models:
            rows = (
                frame[(frame["delineation"] == reader) & (frame["model"] == model)]
                .set_index("patient_id")["probability"]
                .dropna()
            )
            first = locked_probability(predictions.table, model).reindex(rows.index)
            if (
                len(rows) < LEAST_PATIENTS
                or first.isna().any()
                or np.array_equal(first.to_numpy(), rows.to_numpy())
            ):
                continue
            ratings = np.column_stack([first.to_numpy(), rows.to_numpy()])
            found = reader_agreement(ratings, level)
            records.add(
                keys.delineation_icc(reader, model),
                found.value,
                estimate=found,
                unit="ICC",
                method="ICC(2,1) of the locked model's probability by two delineations",
                source=reader_agreement,
            )
            if keys.cutoff(model) in records:
                flipped = (ratings[:, 0] >= records.value(keys.cutoff(model))) != (
                    ratings[:, 1] >= records.value(keys.cutoff(model))
                )
                records.add(
                    keys.delineation_flipped(reader, model),
                    float(flipped.mean()),
                    n=len(rows),
                    unit="proportion",
                    method="patients on the other side of the cut-off",
                    source=add_delineations,
                )


def add_repeats(records: Records, predictions: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """Add the median and range of the AUC over repeats of the folds.

    They are `repeats.auc.<model>`. Returns model, repeat, auc. Nothing with one repeat.
    """
    repeats = repeat_numbers(predictions, "out_of_fold")
    found = []
    for model in models if len(repeats) > 1 else []:
        for repeat, rows in zip(
            repeats, evaluable_repeats(predictions, model, "out_of_fold"), strict=True
        ):
            if both_classes(rows):
                found.append(
                    {
                        "model": model,
                        "repeat": repeat,
                        "auc": auc(rows["label"].to_numpy(), rows["score"].to_numpy()),
                    }
                )
    frame = pd.DataFrame(found, columns=["model", "repeat", "auc"])
    for model, part in frame.groupby("model", sort=False):
        records.add(
            keys.repeats_auc(model),
            float(part["auc"].median()),
            ci_low=float(part["auc"].min()),
            ci_high=float(part["auc"].max()),
            n=len(part),
            unit="AUC",
            method="median, lowest and highest over repeats of the outer folds",
            source=add_repeats,
        )
    return frame


def _out_of_fold(predictions: pd.DataFrame, models: list[str]) -> list[pd.DataFrame]:
    """Scores of patients whom all models score, a column a model, of each repeat."""
    found = []
    for repeat in repeat_numbers(predictions, "out_of_fold"):
        rows = {name: rows_of(predictions, name, "out_of_fold", repeat) for name in models}
        scores = {name: each.set_index("patient_id")["score"] for name, each in rows.items()}
        found.append(pd.DataFrame(scores).dropna())
    return found


def _spearman(scores: pd.DataFrame, first: str, second: str) -> float:
    return correlation(scores[first], scores[second], "spearman")[0]


def add_volume(records: Records, predictions: pd.DataFrame, model: str) -> None:
    """Add the correlations of the scores with tumour volume and with each other.

    `volume.correlation.<model>`: Spearman's correlation of a model's out-of-fold score with that of
    volume alone; and `score_correlation.radiomics_vs_dl`, of the two imaging scores with each
    other, and the same with volume held, `….given_volume`: whether they agree on more than how
    large a tumour is. Of repeated folds the mean over repeats.
    """
    models = set(predictions["model"])
    if "volume" not in models:
        return
    pairs = _out_of_fold(predictions, [model, "volume"])
    records.attempt(
        keys.volume_correlation(model),
        lambda: over_repeats(pairs, lambda pair: _spearman(pair, model, "volume")),
        n=len(pairs[0]),
        unit="index",
        method=("Spearman's correlation of out-of-fold scores, model and tumour volume alone"),
        source=correlation,
    )
    scores = (
        _out_of_fold(predictions, [RADIOMICS.id, DL.id, "volume"])
        if {RADIOMICS.id, DL.id} <= models
        else []
    )
    if scores and all(len(each) > 5 and (each.nunique() > 1).all() for each in scores):
        records.add(
            keys.score_correlation(),
            over_repeats(scores, lambda each: _spearman(each, RADIOMICS.id, DL.id)),
            n=len(scores[0]),
            unit="index",
            method="Spearman's correlation of out-of-fold scores",
            source=correlation,
        )
        records.add(
            keys.score_correlation_given_volume(),
            over_repeats(
                scores,
                lambda each: partial_correlation(each[RADIOMICS.id], each[DL.id], [each["volume"]])[
                    0
                ],
            ),
            n=len(scores[0]),
            unit="index",
            method=("Spearman's partial correlation of out-of-fold scores, tumour volume held"),
            source=partial_correlation,
        )
