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
from sklearn.preprocessing import StandardScaler

from models.folds import stratified_folds
from models.radiomics.calibration import Sigmoid, out_of_fold_sigmoid
from models.radiomics.classifiers import classifier, decision
from models.radiomics.combat import ComBat, within_resample
from models.radiomics.selection import FeatureSelection


@dataclass(frozen=True)
class TrainingData:
    """Patients that a model learns from.

    values: patients × features. label: 0 and 1. centre: of each patient, None without
    harmonisation. group: in a bootstrap resample the original patient of each row, whose copies
    stay on one side of every fold.
    """

    values: np.ndarray
    label: np.ndarray
    centre: np.ndarray | None = None
    group: np.ndarray | None = None

    def rows(self, rows: np.ndarray) -> TrainingData:
        """Data of these rows."""
        return TrainingData(
            self.values[rows],
            self.label[rows],
            None if self.centre is None else self.centre[rows],
            None if self.group is None else self.group[rows],
        )


class FeaturePath:
    """Harmonisation (where asked for), scaling and selection: all that precedes a classifier."""

    def __init__(
        self, selection: Mapping[str, Any], harmonisation: Mapping[str, Any] | None = None
    ):
        self.selection, self.harmonisation = selection, harmonisation

    def fit(self, data: TrainingData) -> FeaturePath:
        """Fit harmonisation, scaling and selection."""
        values = data.values
        self.harmonise = None
        if self.harmonisation is not None:
            self.harmonise = ComBat(**self.harmonisation).fit(values, centre=data.centre)
            values = self.harmonise.transform(values, data.centre)
        self.scale = StandardScaler().fit(values)
        self.select = FeatureSelection(**self.selection).fit(
            self.scale.transform(values), data.label, groups=data.group
        )
        return self

    def transform(self, values: np.ndarray, centre: np.ndarray | None) -> np.ndarray:
        """Harmonised, scaled and selected features, patients × selected."""
        if self.harmonise is not None:
            values = self.harmonise.transform(values, centre)
        return self.scale.transform(values)[:, self.select.support_]


@dataclass(frozen=True)
class Tuned:
    """Tuned classifier.

    estimator: the classifier with the chosen parameters, fitted on all patients. parameters:
    classify__name → value.
    """

    estimator: Any
    parameters: dict[str, Any]
    sigmoid: Sigmoid | None


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
    own = FeaturePath(path.selection, within_resample(path.harmonisation, learnt.centre))
    own.fit(learnt)
    return _FittedFold(
        own.transform(learnt.values, learnt.centre),
        learnt.label,
        held=own.transform(judged.values, judged.centre),
        held_outcome=judged.label,
        rows=held,
    )


def _mean_auc(scores: Sequence[np.ndarray], folds: Sequence[_FittedFold]) -> float:
    """Mean over the folds of the AUC in the patients held out."""
    areas = [
        roc_auc_score(fold.held_outcome, score) for fold, score in zip(folds, scores, strict=True)
    ]
    return float(np.mean(areas))


def _best_candidate(
    estimator: Any, grid: Mapping[str, Sequence[Any]], folds: Sequence[_FittedFold]
) -> tuple[dict[str, Any], np.ndarray]:
    """Candidate of highest mean AUC, the first of equals, and its out-of-fold scores.

    The scores are in the order of the patients.
    """
    best, best_scores, highest = {}, [], -np.inf
    for candidate in ParameterGrid(grid):
        configured = clone(estimator).set_params(**candidate)
        scores = [fold.scores(configured) for fold in folds]
        area = _mean_auc(scores, folds)
        if area > highest:
            best, best_scores, highest = candidate, scores, area
    order = np.argsort(np.concatenate([fold.rows for fold in folds]), kind="stable")
    return best, np.concatenate(best_scores)[order]


def _middle(grid: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Middle of a grid: parameter → value."""
    return {parameter: choices[len(choices) // 2] for parameter, choices in grid.items()}


def tune(
    names: Sequence[str], path: FeaturePath, data: TrainingData, folds: int, seed: int
) -> dict[str, Tuned]:
    """Tuned and calibrated classifiers by name, on a path that is fitted on all patients.

    Each classifier is tuned, fitted on the result of `path` and calibrated.

    Of each grid the candidate of highest mean AUC over the folds is taken, the first of equals; its
    out-of-fold scores, of whole paths that had not seen the patient, give the sigmoid. The same as
    scikit-learn's GridSearchCV over a pipeline of path and classifier, followed by
    CalibratedClassifierCV(method="sigmoid", ensemble=False) on the same folds, a classifier at a
    time; these fit the path anew for every candidate. Tuning needs two patients of each outcome in
    every part; below that, and with folds = 0, the middle of the grid is taken and nothing is
    calibrated.
    """
    splits = _tuning_folds(data, folds, seed)
    fitted_folds = [_fitted_fold(path, data, learn, held) for learn, held in splits]
    patients = len(data.label)
    smallest = int(patients * ((folds - 1) / folds)) if fitted_folds else patients
    features = path.fit(data).transform(data.values, data.centre)
    found = {}
    for name in names:
        estimator, grid = classifier(name, seed, smallest)
        if fitted_folds:
            parameters, scores = _best_candidate(estimator, grid, fitted_folds)
            sigmoid = out_of_fold_sigmoid(scores, data.label)
        else:
            parameters = _middle(grid)
            sigmoid = None
        found[name] = Tuned(
            clone(estimator).set_params(**parameters).fit(features, data.label),
            {f"classify__{parameter}": value for parameter, value in parameters.items()},
            sigmoid,
        )
    return found
