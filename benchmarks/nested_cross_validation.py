"""Five radiomics classifiers in nested cross-validation beside scikit-learn's GridSearchCV around a
Pipeline."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.measure import Comparison
from models.classifiers import BY_DEFAULT
from models.inputs import Inputs
from models.radiomics import FeatureSelection, RadiomicsModel, fit_together
from models.radiomics.classifiers import classifier


def simulated(patients: int, features: int, seed: int = 7) -> tuple[Inputs, pd.Series]:
    """Features that share hidden causes, as radiomics features do, some of which act on the
    outcome."""
    random = np.random.default_rng(seed)
    hidden = random.standard_normal((patients, 30))
    values = 0.7 * hidden @ random.standard_normal((30, features)) + 2 * random.standard_normal(
        (patients, features)
    )
    risk = hidden[:, :3].sum(axis=1) + 0.8 * random.standard_normal(patients)
    index = pd.Index([f"P{number:03d}" for number in range(patients)])
    table = pd.DataFrame(values, index=index, columns=[f"f{number}" for number in range(features)])
    return Inputs(index, radiomics=table), pd.Series(
        (risk > np.median(risk)).astype(int), index=index
    )


def plain_scores(
    name: str,
    values: np.ndarray,
    label: np.ndarray,
    learn: np.ndarray,
    held: np.ndarray,
    folds: int,
    settings: dict[str, Any],
) -> np.ndarray:
    """One classifier in one outer fold, as the manual of scikit-learn has it: the whole path tuned,
    then calibrated on the same folds, unless calibration would reverse the ranking."""
    smallest = int(len(learn) * (folds - 1) / folds)
    estimator, grid = classifier(name, settings["seed"], smallest)
    path = Pipeline(
        [
            ("scale", StandardScaler()),
            ("select", FeatureSelection(**settings)),
            ("classify", estimator),
        ]
    )
    inner = StratifiedKFold(folds, shuffle=True, random_state=settings["seed"])
    search = GridSearchCV(
        path,
        {f"classify__{parameter}": choices for parameter, choices in grid.items()},
        scoring="roc_auc",
        cv=inner,
        refit=False,
        error_score="raise",
    )
    best = path.set_params(**search.fit(values[learn], label[learn]).best_params_)
    calibrated = CalibratedClassifierCV(best, method="sigmoid", cv=inner, ensemble=False).fit(
        values[learn], label[learn]
    )
    fitted = calibrated.calibrated_classifiers_[0]
    if fitted.calibrators[0].a_ < 0:
        return calibrated.predict_proba(values[held])[:, 1]
    if hasattr(fitted.estimator, "predict_proba"):
        return fitted.estimator.predict_proba(values[held])[:, 1]
    return expit(fitted.estimator.decision_function(values[held]))


def comparison(
    patients: int = 132,
    features: int = 3111,
    outer: int = 3,
    folds: int = 3,
    of_other: int = 1,
    least_ratio: float | None = 5,
) -> Comparison:
    """Out-of-fold probabilities of all five classifiers. The other side does only the first
    `of_other` outer folds; its time is scaled."""
    inputs, label = simulated(patients, features)
    values, outcome = inputs.radiomics.to_numpy(), label.to_numpy()
    splits = list(StratifiedKFold(outer, shuffle=True, random_state=1).split(values, outcome))

    def ours() -> list[np.ndarray]:
        scores = []
        for learn, held in splits:
            models = [
                RadiomicsModel(name, list(inputs.radiomics), tuning_folds=folds, seed=3)
                for name in BY_DEFAULT
            ]
            fit_together(models, inputs.subset(inputs.patients[learn]), label.iloc[learn])
            new = inputs.subset(inputs.patients[held])
            scores.append(np.array([model.predict(new) for model in models]))
        return scores

    def other() -> list[np.ndarray]:
        settings = RadiomicsModel("logistic", [], seed=3).selection
        return [
            np.array(
                [
                    plain_scores(name, values, outcome, learn, held, folds, settings)
                    for name in BY_DEFAULT
                ]
            )
            for learn, held in splits[:of_other]
        ]

    def answers(mine: list[np.ndarray], theirs: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return np.concatenate(mine[:of_other], axis=1), np.concatenate(theirs, axis=1)

    name = (
        f"nested cross-validation, {len(BY_DEFAULT)} classifiers, {features} features × {patients}"
        " patients"
    )
    return Comparison(
        name,
        ours,
        f"GridSearchCV around a Pipeline, {of_other} of {outer} outer folds, scaled",
        other,
        answers,
        1e-12,
        share=of_other / outer,
        least_ratio=least_ratio,
    )
