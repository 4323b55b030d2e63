"""Explanation of the CR and radiomics models: what they rest on.

It gives permutation importance and SHAP values, of out-of-fold predictions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import cached, digest
from analysis.core.progress import in_parallel
from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import auc
from analysis.training import TrainedStudy
from analysis.training.content import code_digest, seed_for
from analysis.training.contexts import Context, outer_folds
from analysis.training.fits import Fit
from models.declared import CR, RADIOMICS
from models.radiomics.model import MOST_EXPLAINED

PERMUTATIONS = 50
BACKGROUND = 25
IMPORTANCE = ["model", "variable", "folds", "auc_drop", "shap"]
POINTS = ["model", "patient_id", "variable", "value", "shap"]


@dataclass(frozen=True)
class _Fold:
    """Fold with its own model.

    It has the values that the model learnt from, and those of the patients that it scored with
    their labels.
    """

    model: str
    context: str
    fit: Fit
    learn: pd.DataFrame
    score: pd.DataFrame
    label: pd.Series


def _one(fold: _Fold, seed: int, folder: Path, code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Explanation of one fold.

    It gives by variable the drop of AUC when its values are shuffled among the scored, and SHAP
    values of the scored.
    """
    key = digest(
        "explanation",
        fold.fit.model_name,
        fold.fit.context,
        seed,
        code,
        pd.util.hash_pandas_object(fold.learn).to_numpy().tobytes(),
        pd.util.hash_pandas_object(fold.score).to_numpy().tobytes(),
        fold.label.tolist(),
        fold.fit.scores.tolist(),
    )
    return cached(folder, key, lambda: _explain(fold, seed))


def _explain(fold: _Fold, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    import shap  # takes seconds to load, and explanations may be stored

    model: Any = fold.fit.model
    learn, score, label = fold.learn, fold.score, fold.label
    random = np.random.default_rng(seed)
    known = label.notna().to_numpy()
    values, outcome = score.to_numpy(dtype=float), label.to_numpy()[known]
    own, drops = auc(outcome, model.probability_of(values)[known]), []
    for place in range(values.shape[1]):
        shuffled = []
        for _ in range(PERMUTATIONS):
            other = values[known].copy()
            other[:, place] = random.permutation(other[:, place])
            shuffled.append(auc(outcome, model.probability_of(other)))
        drops.append(own - float(np.mean(shuffled)))
    background = learn.sample(min(BACKGROUND, len(learn)), random_state=seed).to_numpy(dtype=float)
    masker = shap.maskers.Independent(background, max_samples=BACKGROUND)
    # The same values; what compiles for the other way takes longer than these few patients.
    masker.supports_delta_masking = False
    explainer = shap.explainers.Permutation(model.probability_of, masker, seed=seed)
    with _interpreted():
        found = explainer(values, max_evals=2 * values.shape[1] + 1, silent=True).values
    shares = pd.DataFrame(found, index=score.index, columns=score.columns)
    return pd.DataFrame({"variable": list(score.columns), "auc_drop": drops}), shares


@contextmanager
def _interpreted() -> Iterator[None]:
    """Context in which Python itself carries out what shap compiles anew in each process.

    The compiling takes two seconds, the loop over a cohort's patients less; shap has no setting. A
    shap without such a function is left as it is.
    """
    # Its private module, as the function has no public name.
    from shap.utils import _masked_model as module

    compiled: Any = getattr(module, "_build_fixed_single_output", None)
    if not hasattr(compiled, "py_func"):
        yield
        return
    module._build_fixed_single_output = compiled.py_func
    try:
        yield
    finally:
        module._build_fixed_single_output = compiled


def _folds(cohort: Cohort, training: TrainedStudy, outer: list[Context]) -> Iterator[_Fold]:
    """Outer folds of the CR and radiomics models that kept their fits."""
    scores, inputs = training.fitted.scores, training.provenance.inputs
    for model in (CR.id, RADIOMICS.id):
        for context in outer:
            name = training.fitted.chosen[context.name].get(model, model)
            fit = scores.fits.get((name, context.name))
            if fit is None or fit.model is None or _has_many_features(fit.model):
                continue
            known = [patient for patient in context.score if pd.notna(cohort.label[patient])]
            seen = inputs.of_fit(context.upper)
            learn = fit.model.used_values(seen.subset(context.learn))
            # As they were scored: harmonisation may learn of a new centre from all its patients.
            score = fit.model.used_values(seen.subset(context.score)).loc[known]
            yield _Fold(model, context.name, fit, learn, score=score, label=cohort.label[known])


def _has_many_features(model: Any) -> bool:
    """True of a radiomics model that uses too many features to tell of each."""
    return bool(getattr(model, "has_many_features", False))


def _unexplained(training: TrainedStudy, outer: list[Context]) -> int:
    """Outer folds whose radiomics model was not explained for the number of its features."""
    scores = training.fitted.scores
    fits = [
        scores.fits[training.fitted.chosen[context.name][RADIOMICS.id], context.name]
        for context in outer
        if RADIOMICS.id in training.fitted.chosen[context.name]
    ]
    return sum(_has_many_features(fit.model) for fit in fits)


def _by_patient(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A row a patient and variable, the table's values as column `name`."""
    rows = table.rename_axis("patient_id").reset_index()
    return rows.melt("patient_id", var_name="variable", value_name=name)


def explanation_tables(
    records: Records, cohort: Cohort, training: TrainedStudy
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of variable importance and of SHAP values.

    Importance by variable (model, variable, folds, auc_drop, shap) and SHAP values by patient
    (model, patient_id, variable, value, shap).

    In every outer fold the fold's own model explains the patients that it did not learn from; the
    radiomics classifier is the one that the fold chose. auc_drop: mean over the folds that use the
    variable of the fall in AUC when its values are shuffled among the scored (50 times). shap: mean
    absolute SHAP value (Lundberg & Lee 2017, permutation estimator, probability scale) over
    patients. folds: share of the explained folds whose model uses the variable.
    `explanation.left_out.n`: folds whose radiomics model uses so many features
    (`RadiomicsModel.has_many_features`) that it was not.
    """
    scores, study = training.fitted.scores, cohort.study
    if not training.fitted.models:  # they were made elsewhere
        return pd.DataFrame(columns=IMPORTANCE), pd.DataFrame(columns=POINTS)
    outer = outer_folds(scores.contexts.values())
    left_out = _unexplained(training, outer)
    if left_out:
        records.add(
            keys.explanation_left_out_n(),
            left_out,
            n=len(outer),
            unit="folds",
            method=f"more than {MOST_EXPLAINED} features",
            source=explanation_tables,
        )
    work = list(_folds(cohort, training, outer))
    code, folder = digest(code_digest(), Path(__file__)), study.cache_folder / "explanations"
    found = in_parallel(
        _one,
        [
            (fold, seed_for(study.seed, fold.model, fold.context, "explanation"), folder, code)
            for fold in work
        ],
        "explanations",
        study.jobs,
    )
    drops, shares = [], []
    for fold, (importance, values) in zip(work, found, strict=True):
        drops.append(importance.assign(model=fold.model, context=fold.context))
        raw = _by_patient(fold.score, "value")
        shares.append(_by_patient(values, "shap").assign(value=raw["value"], model=fold.model))
    if not work:
        return pd.DataFrame(columns=IMPORTANCE), pd.DataFrame(columns=POINTS)
    points = pd.concat(shares, ignore_index=True)[POINTS]
    every = pd.concat(drops, ignore_index=True)
    table = (
        every.groupby(["model", "variable"], sort=False)
        .agg(folds=("context", "nunique"), auc_drop=("auc_drop", "mean"))
        .reset_index()
    )
    table["folds"] /= table["model"].map(every.groupby("model")["context"].nunique())
    size = points.assign(shap=points["shap"].abs()).groupby(["model", "variable"])["shap"].mean()
    table["shap"] = [
        size[model, variable]
        for model, variable in zip(table["model"], table["variable"], strict=True)
    ]
    table = table.sort_values(
        ["model", "folds", "shap", "variable"], ascending=[True, False, False, True]
    )[IMPORTANCE].reset_index(drop=True)
    records.add(keys.explanation_folds(), len(outer), unit="folds", source=explanation_tables)
    records.add(
        keys.explanation_permutations(),
        PERMUTATIONS,
        unit="permutations",
        source=explanation_tables,
    )
    return table, points
