"""Staging systems and indexes as models with nothing to learn.

Their refitted probability is learnt like any other.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.cohort.cohort import Cohort
from models.registry import score_spec, scores_of
from models.staging import Refit, ScoreDefinition, evaluate
from models.staging.linear_score import refit

Folds = dict[str, tuple[list[str], list[str]]]


def _refit(score: pd.Series, label: pd.Series, learn: list[str], apply: list[str]) -> pd.Series:
    """Probability of the event from a comparator's score, refitted.

    It comes from the score alone, by logistic regression on the evaluable patients of `learn`.
    """
    known = [patient for patient in learn if np.isfinite(score[patient])]
    result = pd.Series(np.nan, index=apply)
    targets = [patient for patient in apply if np.isfinite(score[patient])]
    if not known or label[known].nunique() < 2 or not targets:
        return result
    if score[known].nunique() == 1:
        result[targets] = float(label[known].mean())
        return result
    model = make_pipeline(StandardScaler(), LogisticRegression(C=np.inf, max_iter=2000))
    model.fit(score[known].to_numpy()[:, None], label[known].astype(int))
    result[targets] = model.predict_proba(score[targets].to_numpy()[:, None])[:, 1]
    return result


def published(cohort: Cohort, definition: ScoreDefinition) -> pd.DataFrame:
    """A published score of all patients, as `models.staging.evaluate` has it; computed once."""
    if definition.id not in cohort.scored:
        cohort.scored[definition.id] = evaluate(
            definition, cohort.clinical, assume=cohort.study.assume or None
        )
    return cohort.scored[definition.id]


def _published(
    cohort: Cohort, definition: ScoreDefinition, folds: Folds
) -> dict[str, pd.DataFrame]:
    """A score as published: the same in every context, its probability learnt in each."""
    score = published(cohort, definition)["score"].astype(float)
    return {
        context: pd.DataFrame(
            {"score": score[apply], "probability": _refit(score, cohort.label, learn, apply)}
        )
        for context, (learn, apply) in folds.items()
    }


def refit_inputs(cohort: Cohort, definition: Refit) -> pd.DataFrame:
    """Patients × inputs of a refit, the study's assumptions in the place of missing values."""
    table = cohort.clinical.reindex(columns=list(definition.inputs)).copy()
    for variable, value in cohort.study.assume.items():
        if variable in table:
            table[variable] = table[variable].where(table[variable].notna(), value)
    return table


def _refitted(cohort: Cohort, definition: Refit, folds: Folds) -> dict[str, pd.DataFrame]:
    """Variables of a published score, refitted in each context.

    Where too few patients are complete, there is no score.
    """
    table, found = refit_inputs(cohort, definition), {}
    for context, (learn, apply) in folds.items():
        try:
            fitted = refit(
                definition.label, definition.terms, table.loc[learn], cohort.label[learn]
            )
            score = fitted(table)
        except ValueError:
            score = pd.Series(np.nan, index=table.index)
        found[context] = pd.DataFrame(
            {"score": score[apply], "probability": _refit(score, cohort.label, learn, apply)}
        )
    return found


def comparator_predictions(
    cohort: Cohort, folds: Folds, repeats: dict[int, list[str]]
) -> pd.DataFrame:
    """Rows of every score of the study, those of the supplement too.

    Columns: score (higher = worse), and probability, refitted in training.

    folds: context name → (patients to learn from, patients to score), as for the trained models.
    repeats: of the outer folds → names of their contexts. A patient whose inputs are incomplete has
    an empty score.
    """
    frames = []
    for name, definition in scores_of(cohort.study).items():
        if isinstance(definition, Refit):
            found = _refitted(cohort, definition, folds)
        else:
            found = _published(cohort, definition, folds)
        family = score_spec(definition).family
        # A published score is the same in every fold; a refitted one, and the probability, are
        # those of each repeat.
        final, outer = (
            found["final"],
            {
                repeat: pd.concat([found[context] for context in contexts])
                for repeat, contexts in repeats.items()
            },
        )
        of = cohort.cohort[final.index]
        parts = [
            ("apparent", 1, final[of == "training"]),
            *[("out_of_fold", repeat, part) for repeat, part in outer.items()],
        ]
        parts += [
            (each, 1, final[of == each]) for each in cohort.study.cohorts if each != "training"
        ]
        frames += [
            part.rename_axis("patient_id")
            .reset_index()
            .assign(model=name, family=family, how=how, repeat=repeat)
            for how, repeat, part in parts
        ]
    return pd.concat(frames, ignore_index=True)
