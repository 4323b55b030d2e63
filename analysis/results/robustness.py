"""How the locked models and their scores bear another reader's delineation, another draw of folds, and volume as a rival."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.results.performance import both_classes
from analysis.results.record import Records
from analysis.statistics import auc, correlation, partial_correlation, reader_agreement
from analysis.training import Training

LEAST_PATIENTS = 3


def locked_probability(predictions: pd.DataFrame, model: str) -> pd.Series:
    """The locked model's probability of every patient, by patient: apparent for training patients."""
    rows = predictions[(predictions["model"] == model) & (predictions["how"] != "out_of_fold")]
    return rows.set_index("patient_id")["probability"]


def add_delineations(records: Records, training: Training, models: list[str], level: float) -> None:
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
            found = reader_agreement(ratings, level)
            records.add(f"delineation.icc.{reader}.{model}", found.value, estimate=found, unit="ICC",
                        method="ICC(2,1) of the locked model's probability by two delineations", source="reader_agreement")
            if f"cutoff.{model}" in records:
                flipped = (ratings[:, 0] >= records.value(f"cutoff.{model}")) != (ratings[:, 1] >= records.value(f"cutoff.{model}"))
                records.add(f"delineation.flipped.{reader}.{model}", float(flipped.mean()), n=len(rows), unit="proportion", method="patients on the other side of the cut-off", source="add_delineations")


def add_repeats(records: Records, training: Training, label: pd.Series, models: list[str]) -> pd.DataFrame:
    """`repeats.auc.<model>`: median and range over repeats of the folds; returns model, repeat, auc. Nothing with one repeat."""
    rows = training.repeats.join(label.rename("label"), on="patient_id").dropna(subset=["label"])
    found = []
    for (model, repeat), part in rows[rows["model"].isin(models)].groupby(["model", "repeat"], sort=False):
        if both_classes(part):
            found.append({"model": model, "repeat": repeat, "auc": auc(part["label"].to_numpy(), part["score"].to_numpy())})
    frame = pd.DataFrame(found, columns=["model", "repeat", "auc"])
    for model, part in frame.groupby("model", sort=False):
        records.add(f"repeats.auc.{model}", float(part["auc"].median()), ci_low=float(part["auc"].min()), ci_high=float(part["auc"].max()), n=len(part), unit="AUC",
                    method="median, lowest and highest over repeats of the outer folds", source="add_repeats")
    return frame


def _out_of_fold(training: Training, model: str) -> pd.Series:
    rows = training.predictions[(training.predictions["model"] == model) & (training.predictions["how"] == "out_of_fold")]
    return rows.set_index("patient_id")["score"]


def _varying(pair: pd.DataFrame) -> bool:
    return len(pair) > len(pair.columns) + 2 and bool((pair.nunique() > 1).all())


def add_volume(records: Records, training: Training, model: str) -> None:
    """`volume.correlation.<model>`: Spearman's correlation of a model's out-of-fold score with that of volume alone; and
    `score_correlation.radiomics_vs_dl`, of the two imaging scores with each other, and the same with volume held, `….given_volume`:
    whether they agree on more than how large a tumour is."""
    models = set(training.predictions["model"])
    if "volume" not in models:
        return
    pair = pd.DataFrame({"model": _out_of_fold(training, model), "volume": _out_of_fold(training, "volume")}).dropna()
    records.attempt(f"volume.correlation.{model}", lambda: correlation(pair["model"], pair["volume"], "spearman")[0], n=len(pair), unit="index",
                    method="Spearman's correlation of out-of-fold scores, the model's and that of tumour volume alone", source="correlation")
    if not {"radiomics", "dl"} <= models:
        return
    scores = pd.DataFrame({name: _out_of_fold(training, name) for name in ("radiomics", "dl", "volume")}).dropna()
    if _varying(scores):
        records.add("score_correlation.radiomics_vs_dl", correlation(scores["radiomics"], scores["dl"], "spearman")[0], n=len(scores), unit="index",
                    method="Spearman's correlation of out-of-fold scores", source="correlation")
        records.add("score_correlation.radiomics_vs_dl.given_volume", partial_correlation(scores["radiomics"], scores["dl"], [scores["volume"]])[0], n=len(scores), unit="index",
                    method="Spearman's partial correlation of out-of-fold scores, that of tumour volume held", source="partial_correlation")
