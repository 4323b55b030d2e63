"""Staging systems and indexes as models with nothing to learn; their refitted probability is learnt like any other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.cohort import Cohort
from models.staging import SCORES, evaluate


def _refit(score: pd.Series, label: pd.Series, learn: list[str], apply: list[str]) -> pd.Series:
    """Probability of the event from the score alone, by logistic regression on the evaluable patients of `learn`."""
    known = [patient for patient in learn if np.isfinite(score[patient])]
    result = pd.Series(np.nan, index=apply)
    targets = [patient for patient in apply if np.isfinite(score[patient])]
    if label[known].nunique() < 2 or not targets:
        return result
    if score[known].nunique() == 1:
        result[targets] = float(label[known].mean())
        return result
    model = make_pipeline(StandardScaler(), LogisticRegression(C=np.inf, max_iter=2000))
    model.fit(score[known].to_numpy()[:, None], label[known].astype(int))
    result[targets] = model.predict_proba(score[targets].to_numpy()[:, None])[:, 1]
    return result


def comparator_predictions(cohort: Cohort, folds: dict[str, tuple[list[str], list[str]]]) -> pd.DataFrame:
    """Rows of every comparator of the study: score as published (higher = worse), probability refitted in training.

    folds: context name → (patients to learn from, patients to score), as for the trained models. A patient whose
    inputs are incomplete has an empty score.
    """
    frames = []
    for name in cohort.study.comparators:
        definition = SCORES[name]
        score = evaluate(definition, cohort.clinical, assume=cohort.study.assume or None)["score"].astype(float)
        final = _refit(score, cohort.label, *folds["final"])
        training = cohort.cohort[final.index] == "training"
        outer = pd.concat([_refit(score, cohort.label, *fold) for context, fold in folds.items() if context != "final"])
        for how, probability in {"apparent": final[training], "out_of_fold": outer, "validation": final[~training]}.items():
            frames.append(pd.DataFrame({
                "patient_id": probability.index, "model": name, "family": definition.family, "how": how,
                "score": score[probability.index].to_numpy(), "probability": probability.to_numpy()}))
    return pd.concat(frames, ignore_index=True)
