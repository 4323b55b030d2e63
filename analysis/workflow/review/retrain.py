"""Training again: from the features of a bundle, or from a study whose data the reviewer has."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.inputs.radiomics import RadiomicsTable
from analysis.results.record import read_records
from analysis.study import load_study
from analysis.training import train_all
from analysis.workflow.check.load import load_cohort
from analysis.workflow.review.rebuild import Bundle
from analysis.workflow.review.verdicts import compare_records
from analysis.workflow.run import compute


def retrained_differences(bundle: Bundle, study: Path | None = None) -> list[str]:
    """What differs when the models are made again; one line a model and way of judging, or a
    number."""
    return _from_study(bundle, study) if study is not None else _from_bundle(bundle)


@contextmanager
def _afresh() -> Iterator[Path]:
    """A folder of its own with an empty cache: nothing that was trained before is taken for trained
    again."""
    before = os.environ.get("EARLY_RECURRENCE_CACHE")
    with tempfile.TemporaryDirectory(prefix="retrain-") as folder:
        os.environ["EARLY_RECURRENCE_CACHE"] = str(Path(folder) / "cache")
        try:
            yield Path(folder)
        finally:
            os.environ.pop("EARLY_RECURRENCE_CACHE")
            if before is not None:
                os.environ["EARLY_RECURRENCE_CACHE"] = before


def _from_study(bundle: Bundle, path: Path) -> list[str]:
    """Make everything again from the reviewer's own copy of the data, and compare its results with
    the packed ones. Neither the copy's outputs nor its ledger are touched."""
    cohort = load_cohort(load_study(path))
    with _afresh() as folder:
        compute(
            replace(cohort, study=cohort.study.model_copy(update={"output": folder / "outputs"}))
        )
        results = read_records(folder / "outputs" / "results.json")
    theirs, ours = (
        {key: record for key, record in part.items() if not record.is_history}
        for part in (bundle.results, results)
    )
    verdicts = [compare_records(theirs[key], ours[key]) for key in sorted(set(theirs) & set(ours))]
    apart, only = (
        [each for each in verdicts if each.word == "different"],
        sorted(set(theirs) ^ set(ours)),
    )
    lines = [
        f"{len(verdicts) - len(apart)} of {len(verdicts)} numbers equal"
        + (f"; {len(only)} on one side only, {only[0]} first" if only else "")
    ]
    return lines + [f"{each.key}: {each.detail}" for each in apart]


def _from_bundle(bundle: Bundle) -> list[str]:
    """CR, radiomics and their fusion from the clinical values and features that are shared;
    networks need the images."""
    parts: dict[str, object] = {"deep_learning": None, "additional_models": {}}
    if not bundle.clinical:
        parts |= {"clinical": None, "comparators": [], "comparators_supplement": []}
    if bundle.features is None:
        parts["radiomics"] = None
    study = bundle.study.model_copy(update=parts)
    if study.clinical is None and study.radiomics is None:
        return [
            "nothing could be trained: the bundle holds neither clinical values nor features, and"
            " no --study was given"
        ]
    with _afresh():
        cohort = replace(bundle.cohort, study=study)
        table = None if bundle.features is None else RadiomicsTable(bundle.features, {})
        made = train_all(cohort, table).predictions.table
    return _differences(bundle.predictions, made) + (
        []
        if bundle.study.deep_learning is None
        else ["networks were not trained: the bundle holds no images"]
    )


def _differences(packed: pd.DataFrame, made: pd.DataFrame) -> list[str]:
    keys = ["model", "how", "repeat", "patient_id"]
    both = packed.set_index(keys)[["score", "label"]].join(
        made.set_index(keys)["score"].rename("again"), how="inner"
    )
    lines = []
    for (model, how), rows in both.groupby(level=["model", "how"], sort=False):
        largest = float((rows["score"] - rows["again"]).abs().max())
        known = rows.dropna()
        words = (
            "identical scores" if largest == 0 else f"largest difference of a score {largest:.3g}"
        )
        if largest > 0 and known["label"].nunique() == 2:
            words += (
                f", AUC {roc_auc_score(known['label'], known['score']):.3f} packed,"
                f" {roc_auc_score(known['label'], known['again']):.3f} again"
            )
        lines.append(f"{model}, {how.replace('_', ' ')}: {words}")
    return lines
