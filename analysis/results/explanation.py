"""What the CR and radiomics models rest on: permutation importance and SHAP values, of out-of-fold
predictions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cache import cached, digest
from analysis.cohort import Cohort
from analysis.progress import in_parallel
from analysis.results.record import Records
from analysis.statistics import auc
from analysis.training import Training
from analysis.training.content import code_digest, seed_for
from analysis.training.fits import Fit
from models.declared import CR, RADIOMICS

PERMUTATIONS = 50
BACKGROUND = 25
IMPORTANCE = ["model", "variable", "folds", "auc_drop", "shap"]
POINTS = ["model", "patient_id", "variable", "value", "shap"]


def _one(
    fit: Fit,
    learn: pd.DataFrame,
    score: pd.DataFrame,
    label: pd.Series,
    seed: int,
    folder: Path,
    code: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One fold: by variable the drop of AUC when its values are shuffled among the scored, and SHAP
    values of the scored."""
    key = digest(
        "explanation",
        fit.model_name,
        fit.context,
        seed,
        code,
        *[pd.util.hash_pandas_object(table).to_numpy().tobytes() for table in (learn, score)],
        label.tolist(),
        fit.scores.tolist(),
    )
    return cached(folder, key, lambda: _explain(fit.model, learn, score, label, seed))


def _explain(
    model: Any, learn: pd.DataFrame, score: pd.DataFrame, label: pd.Series, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    import shap

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
    explainer = shap.explainers.Permutation(
        model.probability_of,
        shap.maskers.Independent(background, max_samples=BACKGROUND),
        seed=seed,
    )
    found = explainer(values, max_evals=2 * values.shape[1] + 1, silent=True).values
    shares = pd.DataFrame(found, index=score.index, columns=score.columns)
    return pd.DataFrame({"variable": list(score.columns), "auc_drop": drops}), shares


def explanation_tables(
    records: Records, cohort: Cohort, training: Training
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Importance by variable (model, variable, folds, auc_drop, shap) and SHAP values by patient
    (model, patient_id, variable, value, shap).

    In every outer fold the fold's own model explains the patients that it did not learn from; the
    radiomics classifier is the one that the fold chose. auc_drop: mean over the folds that use the
    variable of the fall in AUC when its values are shuffled among the scored (50 times). shap: mean
    absolute SHAP value (Lundberg & Lee 2017, permutation estimator, probability scale) over
    patients. folds: share of the folds whose model uses the variable.
    """
    scores, inputs, study = training.fitted.scores, training.provenance.inputs, cohort.study
    if not training.fitted.models:  # they were made elsewhere
        return pd.DataFrame(columns=IMPORTANCE), pd.DataFrame(columns=POINTS)
    outer = [
        context
        for context in scores.contexts.values()
        if context.name != "final" and not context.inner
    ]
    work = []
    for model in (CR.id, RADIOMICS.id):
        for context in outer:
            name = training.fitted.chosen[context.name].get(model, model)
            fit = scores.fits.get((name, context.name))
            if fit is None or fit.model is None:
                continue
            known = [patient for patient in context.score if pd.notna(cohort.label[patient])]
            learn, score = (
                fit.model.used_values(inputs.subset(part)) for part in (context.learn, known)
            )
            work.append((model, context.name, fit, learn, score, cohort.label[known]))
    code, folder = digest(code_digest(), Path(__file__)), study.cache_folder / "explanations"
    found = in_parallel(
        _one,
        [
            (
                fit,
                learn,
                score,
                label,
                seed_for(study.seed, model, context, "explanation"),
                folder,
                code,
            )
            for model, context, fit, learn, score, label in work
        ],
        "explanations",
        study.jobs,
    )
    drops, shares = [], []
    for (model, fold, _, _, score, _), (importance, values) in zip(work, found, strict=True):
        drops.append(importance.assign(model=model, context=fold))
        long = (
            values.rename_axis("patient_id")
            .reset_index()
            .melt("patient_id", var_name="variable", value_name="shap")
        )
        raw = (
            score.rename_axis("patient_id")
            .reset_index()
            .melt("patient_id", var_name="variable", value_name="value")
        )
        shares.append(long.assign(value=raw["value"], model=model))
    if not work:
        return pd.DataFrame(columns=IMPORTANCE), pd.DataFrame(columns=POINTS)
    points, every = (
        pd.concat(shares, ignore_index=True)[POINTS],
        pd.concat(drops, ignore_index=True),
    )
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
    records.add("explanation.folds", len(outer), unit="folds", source="explanation_tables")
    records.add(
        "explanation.permutations", PERMUTATIONS, unit="permutations", source="explanation_tables"
    )
    return table, points
