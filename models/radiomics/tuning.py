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


class FeaturePath:
    """Harmonisation (where asked for), scaling and selection: all that precedes a classifier."""

    def __init__(
        self, selection: Mapping[str, Any], harmonisation: Mapping[str, Any] | None = None
    ):
        self.selection, self.harmonisation = selection, harmonisation

    def fit(
        self,
        values: np.ndarray,
        label: np.ndarray,
        centre: np.ndarray | None,
        group: np.ndarray | None = None,
    ) -> FeaturePath:
        """Fit harmonisation, scaling and selection on patients × features.

        group: original patients of copies.
        """
        self.harmonise = (
            None
            if self.harmonisation is None
            else ComBat(**self.harmonisation).fit(values, centre=centre)
        )
        if self.harmonise is not None:
            values = self.harmonise.transform(values, centre)
        self.scale = StandardScaler().fit(values)
        self.select = FeatureSelection(**self.selection).fit(
            self.scale.transform(values), label, groups=group
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


def tune(
    names: Sequence[str],
    path: FeaturePath,
    values: np.ndarray,
    label: np.ndarray,
    centre: np.ndarray | None,
    folds: int,
    seed: int,
    group: np.ndarray | None = None,
) -> tuple[FeaturePath, dict[str, Tuned]]:
    """Tuned and calibrated classifiers on a fitted path of feature selection.

    The path is fitted on all patients, and each classifier is tuned, fitted on its result and
    calibrated.

    Of each grid the candidate of highest mean AUC over the folds is taken, the first of equals; its
    out-of-fold scores, of whole paths that had not seen the patient, give the sigmoid. The same as
    scikit-learn's GridSearchCV over a pipeline of path and classifier, followed by
    CalibratedClassifierCV(method="sigmoid", ensemble=False) on the same folds, a classifier at a
    time; these fit the path anew for every candidate. Tuning needs two patients of each outcome in
    every part; below that, and with folds = 0, the middle of the grid is taken and nothing is
    calibrated. group: in a bootstrap resample the original patient of each row, whose copies stay
    on one side of every fold.
    """
    smallest = int(min(label.sum(), (1 - label).sum()))
    tuned = folds > 1 and smallest >= 2 * folds
    splits = stratified_folds(folds, label, seed, group) if tuned else []
    # Where copies stay together a small part can miss an outcome.
    tuned = tuned and all(len(np.unique(label[rows])) == 2 for split in splits for rows in split)
    share = (folds - 1) / folds if tuned else 1.0
    parts = []
    for learn, held in splits if tuned else ():
        of_learn, of_held = (None, None) if centre is None else (centre[learn], centre[held])
        fitted = FeaturePath(path.selection, within_resample(path.harmonisation, of_learn)).fit(
            values[learn], label[learn], of_learn, None if group is None else group[learn]
        )
        parts.append(
            (
                fitted.transform(values[learn], of_learn),
                label[learn],
                fitted.transform(values[held], of_held),
                held,
            )
        )
    path.fit(values, label, centre, group)
    ready, result = path.transform(values, centre), {}
    for name in names:
        estimator, grid = classifier(name, seed, int(len(label) * share))
        candidates, sigmoid = list(ParameterGrid(grid)), None
        best = {parameter: choices[len(choices) // 2] for parameter, choices in grid.items()}
        if tuned:
            scores = [
                [
                    decision(clone(estimator).set_params(**candidate).fit(learnt, outcome), held)
                    for learnt, outcome, held, _ in parts
                ]
                for candidate in candidates
            ]
            areas = [
                np.mean(
                    [
                        roc_auc_score(label[held], score)
                        for score, (_, _, _, held) in zip(each, parts, strict=True)
                    ]
                )
                for each in scores
            ]
            place = int(np.argmax(areas))
            best = candidates[place]
            order = np.argsort(np.concatenate([held for _, _, _, held in parts]), kind="stable")
            sigmoid = out_of_fold_sigmoid(np.concatenate(scores[place])[order], label)
        result[name] = Tuned(
            clone(estimator).set_params(**best).fit(ready, label),
            {f"classify__{parameter}": value for parameter, value in best.items()},
            sigmoid,
        )
    return path, result
