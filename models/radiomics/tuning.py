"""Tuning of several classifiers at once.

What they share is fitted once in each fold, the classifiers on its result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import ParameterGrid

from models.folds import stratified_folds
from models.radiomics.calibration import Sigmoid, out_of_fold_sigmoid
from models.radiomics.classifiers import classifier, decision
from models.radiomics.combat import within_resample
from models.radiomics.feature_path import FeaturePath, TrainingData


@dataclass(frozen=True)
class Tuned:
    """Tuned classifier.

    estimator: the classifier with the chosen parameters, fitted on all patients. parameters:
    classify__name → value. path: name of the chosen path. areas: name of each path → mean AUC over
    the tuning folds of its best candidate; empty where nothing was tuned.
    """

    estimator: Any
    parameters: dict[str, Any]
    sigmoid: Sigmoid | None
    path: str
    areas: dict[str, float]


@dataclass(frozen=True)
class _FittedFold:
    """Tuning fold after its path was fitted on the patients that it learns from.

    learnt, held: patients × selected features of either part, with their outcomes. rows: those held
    out, as places in the whole.
    """

    learnt: np.ndarray
    outcome: np.ndarray
    held: np.ndarray
    held_outcome: np.ndarray
    rows: np.ndarray

    def scores(self, estimator: Any) -> np.ndarray:
        """Scores of the patients held out, by a copy of the estimator fitted on the others."""
        return decision(clone(estimator).fit(self.learnt, self.outcome), self.held)


def _tuning_folds(data: TrainingData, folds: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(rows to learn from, rows held out) of each fold; none where tuning is not possible."""
    smallest = int(min(data.label.sum(), (1 - data.label).sum()))
    if folds < 2 or smallest < 2 * folds:
        return []
    splits = stratified_folds(folds, data.label, seed, data.group)
    # Where copies stay together a small part can miss an outcome.
    parts = (rows for split in splits for rows in split)
    return splits if all(len(np.unique(data.label[rows])) == 2 for rows in parts) else []


def _fitted_fold(
    path: FeaturePath, data: TrainingData, learn: np.ndarray, held: np.ndarray
) -> _FittedFold:
    """Fold with a path of its own, with the settings of `path`."""
    learnt, judged = data.rows(learn), data.rows(held)
    own = FeaturePath(
        path.selection,
        within_resample(path.harmonisation, learnt.centre),
        path.components,
        number=path.number,
        habitats=path.habitats,
    )
    own.fit(learnt)
    return _FittedFold(
        own.transform(learnt),
        learnt.label,
        held=own.transform(judged),
        held_outcome=judged.label,
        rows=held,
    )


def _mean_auc(scores: Sequence[np.ndarray], folds: Sequence[_FittedFold]) -> float:
    """Mean over the folds of the AUC in the patients held out."""
    areas = [
        roc_auc_score(fold.held_outcome, score) for fold, score in zip(folds, scores, strict=True)
    ]
    return float(np.mean(areas))


@dataclass(frozen=True)
class _Candidate:
    """Candidate of highest mean AUC on a path.

    scores: out of fold, in the order of the patients.
    """

    path: str
    parameters: dict[str, Any]
    scores: np.ndarray
    area: float


def _best_candidate(
    path: str, estimator: Any, grid: Mapping[str, Sequence[Any]], folds: Sequence[_FittedFold]
) -> _Candidate:
    """Candidate of highest mean AUC, the first of equals."""
    best, best_scores, highest = {}, [], -np.inf
    for candidate in ParameterGrid(grid):
        configured = clone(estimator).set_params(**candidate)
        scores = [fold.scores(configured) for fold in folds]
        area = _mean_auc(scores, folds)
        if area > highest:
            best, best_scores, highest = candidate, scores, area
    order = np.argsort(np.concatenate([fold.rows for fold in folds]), kind="stable")
    return _Candidate(path, best, np.concatenate(best_scores)[order], highest)


def _middle(grid: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Middle of a grid: parameter → value."""
    return {parameter: choices[len(choices) // 2] for parameter, choices in grid.items()}


def tune(
    names: Sequence[str],
    paths: Mapping[str, FeaturePath],
    data: TrainingData,
    folds: int,
    seed: int,
) -> dict[str, Tuned]:
    """Tuned and calibrated classifiers by name, each on a path that is fitted on all patients.

    paths: name → path. Each classifier is tuned, fitted on the result of its path and calibrated.

    Of all paths and each grid together the candidate of highest mean AUC over the folds is taken,
    the first of equals; its out-of-fold scores, of whole paths that had not seen the patient, give
    the sigmoid. The same as scikit-learn's GridSearchCV over a pipeline of path and classifier,
    followed by CalibratedClassifierCV(method="sigmoid", ensemble=False) on the same folds, a
    classifier at a time, except that a decreasing sigmoid is dropped; these fit the path anew
    for every candidate. Tuning needs two patients of
    each outcome in every part; below that, and with folds = 0, the first path and the middle of the
    grid are taken and nothing is calibrated.
    """
    splits = _tuning_folds(data, folds, seed)
    fitted_folds = {
        name: [_fitted_fold(path, data, learn, held) for learn, held in splits]
        for name, path in paths.items()
    }
    patients = len(data.label)
    smallest = int(patients * ((folds - 1) / folds)) if splits else patients
    features: dict[str, np.ndarray] = {}
    found = {}
    for name in names:
        estimator, grid = classifier(name, seed, smallest)
        chosen, parameters, sigmoid, areas = next(iter(paths)), _middle(grid), None, {}
        if splits:
            tried = [
                _best_candidate(path, estimator, grid, folds_of_path)
                for path, folds_of_path in fitted_folds.items()
            ]
            best = max(tried, key=lambda each: each.area)
            chosen, parameters = best.path, best.parameters
            sigmoid = out_of_fold_sigmoid(best.scores, data.label)
            areas = {each.path: each.area for each in tried}
        if chosen not in features:
            fitted = paths[chosen].fit(data)
            features[chosen] = fitted.transform(data)
        found[name] = Tuned(
            clone(estimator).set_params(**parameters).fit(features[chosen], data.label),
            {f"classify__{parameter}": value for parameter, value in parameters.items()},
            sigmoid,
            path=chosen,
            areas=areas,
        )
    return found
