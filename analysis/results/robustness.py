"""How the locked models and their scores bear another reader's delineation, another draw of folds, and volume as a rival."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.results.performance import both_classes, evaluable_repeats, rows_of
from analysis.results.record import Records
from analysis.results.repeats import over_repeats, repeat_numbers
from analysis.statistics import auc, icc_2_1
from analysis.training import Training

LEAST_PATIENTS = 3


def locked_probability(predictions: pd.DataFrame, model: str) -> pd.Series:
    """The locked model's probability of every patient, by patient: apparent for training patients."""
    rows = predictions[(predictions["model"] == model) & (predictions["how"] != "out_of_fold")]
    return rows.set_index("patient_id")["probability"]


def add_delineations(records: Records, training: Training, models: list[str]) -> None:
    """`delineation.icc.<reader>.<model>` and `delineation.flipped.<reader>.<model>`: the locked model on another delineation.

    ICC(2,1) of the probability by the first and the other delineation, and the share of patients whose decision at the
    model's cut-off differs. A model that reads no images is left out: its probability can't change.
    """
    frame = training.delineations
    readers = list(frame["delineation"].unique())
    records.add("delineation.readers", ",".join(readers), source="with_delineations")
    for reader in readers:
        for model in models:
            rows = frame[(frame["delineation"] == reader) & (frame["model"] == model)].set_index("patient_id")["probability"].dropna()
            first = locked_probability(training.predictions, model).reindex(rows.index)
            if len(rows) < LEAST_PATIENTS or first.isna().any() or np.array_equal(first.to_numpy(), rows.to_numpy()):
                continue
            ratings = np.column_stack([first.to_numpy(), rows.to_numpy()])
            found = icc_2_1(ratings)
            records.add(f"delineation.icc.{reader}.{model}", float(found.icc[0]), ci_low=float(found.ci_low[0]), ci_high=float(found.ci_high[0]), n=len(rows), unit="ICC",
                        method="ICC(2,1) of the locked model's probability by two delineations", source="icc_2_1")
            if f"cutoff.{model}" in records:
                flipped = (ratings[:, 0] >= records.value(f"cutoff.{model}")) != (ratings[:, 1] >= records.value(f"cutoff.{model}"))
                records.add(f"delineation.flipped.{reader}.{model}", float(flipped.mean()), n=len(rows), unit="proportion", method="patients on the other side of the cut-off", source="add_delineations")


def add_repeats(records: Records, predictions: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """`repeats.auc.<model>`: median and range over repeats of the folds; returns model, repeat, auc. Nothing with one repeat."""
    repeats = repeat_numbers(predictions, "out_of_fold")
    found = []
    for model in models if len(repeats) > 1 else []:
        for repeat, rows in zip(repeats, evaluable_repeats(predictions, model, "out_of_fold"), strict=True):
            if both_classes(rows):
                found.append({"model": model, "repeat": repeat, "auc": auc(rows["label"].to_numpy(), rows["score"].to_numpy())})
    frame = pd.DataFrame(found, columns=["model", "repeat", "auc"])
    for model, part in frame.groupby("model", sort=False):
        records.add(f"repeats.auc.{model}", float(part["auc"].median()), ci_low=float(part["auc"].min()), ci_high=float(part["auc"].max()), n=len(part), unit="AUC",
                    method="median, lowest and highest over repeats of the outer folds", source="add_repeats")
    return frame


def add_volume(records: Records, training: Training, model: str) -> None:
    """`volume.correlation.<model>`: Spearman's correlation of a model's out-of-fold score with that of volume alone."""
    predictions = training.predictions
    if "volume" not in set(training.predictions["model"]):
        return
    pairs = [pd.DataFrame({name: rows_of(predictions, name, "out_of_fold", repeat).set_index("patient_id")["score"] for name in (model, "volume")}).dropna()
             for repeat in repeat_numbers(predictions, "out_of_fold")]
    records.add(f"volume.correlation.{model}", over_repeats(pairs, lambda pair: float(pair.corr(method="spearman").iloc[0, 1])), n=len(pairs[0]), unit="index",
                method="Spearman's correlation of out-of-fold scores, the model's and that of tumour volume alone", source="add_volume")
