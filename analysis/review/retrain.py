"""Training again: from the features of a bundle, or from a study whose data the reviewer has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.review.rebuild import Bundle
from analysis.review.verdicts import compare_records


def retrained_differences(bundle: Bundle, study: Path | None = None) -> list[str]:
    """What differs when the models are made again; one line a model and way of judging, or a number."""
    return _from_study(bundle, study) if study is not None else _from_bundle(bundle)


def _from_study(bundle: Bundle, path: Path) -> list[str]:
    """Run the reviewer's own copy of the study, and compare its results with the packed ones."""
    from analysis.results.record import read_records
    from analysis.run import run
    from analysis.study import load_study
    results = read_records(run(load_study(path)).output / "results.json")
    shared = sorted(key for key in set(results) & set(bundle.results) if not key.startswith(("provenance.", "software.", "ledger.", "plan.")))
    verdicts = [compare_records(bundle.results[key], results[key]) for key in shared]
    apart = [each for each in verdicts if each.word == "different"]
    only = sorted(key for key in set(results) ^ set(bundle.results) if not key.startswith(("provenance.", "software.", "ledger.", "plan.")))
    lines = [f"{len(verdicts) - len(apart)} of {len(verdicts)} numbers equal" + (f"; {len(only)} on one side only, {only[0]} first" if only else "")]
    return lines + [f"{each.key}: {each.detail}" for each in apart]


def _from_bundle(bundle: Bundle) -> list[str]:
    """CR, radiomics and their fusion from the clinical values and features that are shared; networks need the images."""
    from analysis.radiomics import RadiomicsTable
    from analysis.training import train_all
    parts: dict[str, object] = {"deep_learning": None, "additional_models": {}}
    if not bundle.clinical:
        parts |= {"clinical": None, "comparators": [], "comparators_supplement": []}
    if bundle.features is None:
        parts["radiomics"] = None
    study = bundle.study.model_copy(update=parts)
    if study.clinical is None and study.radiomics is None:
        return ["nothing could be trained: the bundle holds neither clinical values nor features, and no --study was given"]
    with _own_cache(study) as own:
        cohort = replace(bundle.cohort, study=own)
        table = None if bundle.features is None else RadiomicsTable(bundle.features, {})
        made = train_all(cohort, table).predictions
    return _differences(bundle.predictions, made) + ([] if bundle.study.deep_learning is None else ["networks were not trained: the bundle holds no images"])


class _own_cache:
    """The study with a cache of its own for one training; nothing of the bundle stays."""

    def __init__(self, study):
        self.study = study

    def __enter__(self):
        import tempfile
        self.folder = tempfile.TemporaryDirectory(prefix="retrain-")
        return self.study.model_copy(update={"path": Path(self.folder.name) / "study.yml"})

    def __exit__(self, *_):
        self.folder.cleanup()


def _differences(packed: pd.DataFrame, made: pd.DataFrame) -> list[str]:
    keys = ["model", "how", "patient_id"]
    both = packed.set_index(keys)[["score", "label"]].join(made.set_index(keys)["score"].rename("again"), how="inner")
    lines = []
    for (model, how), rows in both.groupby(level=["model", "how"], sort=False):
        largest = float((rows["score"] - rows["again"]).abs().max())
        known = rows.dropna()
        words = "identical scores" if largest == 0 else f"largest difference of a score {largest:.3g}"
        if largest > 0 and known["label"].nunique() == 2:
            words += f", AUC {roc_auc_score(known['label'], known['score']):.3f} packed, {roc_auc_score(known['label'], known['again']):.3f} again"
        lines.append(f"{model}, {how.replace('_', ' ')}: {words}")
    return lines
