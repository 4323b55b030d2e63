"""Radiomics: selection and one of five classifiers as one object, so that nothing can be fitted outside the fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu, rankdata
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LassoCV, LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier

from models.inputs import Inputs


class FeatureSelection(TransformerMixin, BaseEstimator):
    """Mann-Whitney ranking, pruning of Spearman-correlated features, then LASSO; expects standardised columns.

    univariable_features: how many of the smallest p go on. correlation_limit: of two features above it, the one
    with the larger p goes. selected_features: at most so many LASSO coefficients are kept, the largest ones;
    where LASSO keeps none, the first of the ranking stays.
    """

    def __init__(self, univariable_features: int = 60, correlation_limit: float = 0.9, selected_features: int = 12, seed: int = 0):
        self.univariable_features = univariable_features
        self.correlation_limit = correlation_limit
        self.selected_features = selected_features
        self.seed = seed

    def fit(self, values: np.ndarray, label: np.ndarray) -> FeatureSelection:
        p_values = mannwhitneyu(values[label == 1], values[label == 0], axis=0, method="asymptotic").pvalue
        p_values = np.where(np.isnan(p_values), 1.0, p_values)
        ranking = np.argsort(p_values, kind="stable")[: self.univariable_features]
        ranks = rankdata(values[:, ranking], axis=0)
        with np.errstate(invalid="ignore"):
            correlation = np.nan_to_num(np.abs(np.corrcoef(ranks, rowvar=False).reshape(len(ranking), -1)))
        kept: list[int] = []
        for candidate in range(len(ranking)):
            if not (correlation[candidate, kept] > self.correlation_limit).any():
                kept.append(candidate)
        pruned = ranking[kept]
        # What the article draws of the selection: how many went on, and LASSO's penalty.
        self.ranked_, self.pruned_, self.penalty_ = len(ranking), pruned, None
        smallest = int(min(label.sum(), (1 - label).sum()))
        if smallest < 2:  # nothing to cross-validate LASSO's penalty on
            self.support_ = pruned[: self.selected_features]
            return self
        folds = StratifiedKFold(min(3, smallest), shuffle=True, random_state=self.seed)
        lasso = LassoCV(alphas=30, eps=1e-2, cv=list(folds.split(values, label)), max_iter=20000).fit(values[:, pruned], label)
        self.penalty_ = float(lasso.alpha_)
        weights = np.abs(lasso.coef_)
        order = np.argsort(-weights, kind="stable")[: self.selected_features]
        self.support_ = pruned[order[weights[order] > 0]] if (weights > 0).any() else pruned[:1]
        return self

    def transform(self, values: np.ndarray) -> np.ndarray:
        return values[:, self.support_]


def _classifier(name: str, seed: int, patients: int, smallest: int) -> tuple[BaseEstimator, dict[str, list]]:
    """The classifier and the grid that it is tuned over; patients and smallest class of the smallest set that it is fitted on."""
    if name == "logistic":
        return LogisticRegression(max_iter=2000), {"C": [0.01, 0.1, 1.0]}
    if name == "svm":
        # Platt scaling by cross-validation gives SVM its probabilities; the kernel width and cost are tuned inside.
        support = SVC(kernel="rbf", gamma="scale", random_state=seed)
        folds = StratifiedKFold(max(2, min(3, smallest)), shuffle=True, random_state=seed)
        return CalibratedClassifierCV(support, method="sigmoid", cv=folds, ensemble=False), {"estimator__C": [0.1, 1.0, 10.0]}
    if name == "knn":
        # Uniform weights: with weights by distance every patient is its own nearest neighbour and apparent AUC is 1.
        return KNeighborsClassifier(weights="uniform"), {"n_neighbors": [k for k in (9, 15, 21) if k <= patients] or [max(1, patients // 2)]}
    if name == "xgboost":
        boosted = XGBClassifier(n_estimators=120, learning_rate=0.05, subsample=0.8, colsample_bytree=0.8, n_jobs=1, random_state=seed, tree_method="exact")
        return boosted, {"max_depth": [1, 2, 3]}
    if name == "mlp":
        return MLPClassifier(hidden_layer_sizes=(16,), solver="lbfgs", max_iter=2000, random_state=seed), {"alpha": [0.1, 1.0, 5.0]}
    raise ValueError(f"unknown classifier '{name}'")


class RadiomicsModel:
    """Scaling, selection, tuning and classifier on the given (reproducible) features. Score: probability of the event.

    `selected_` names the features that the fitted model uses.
    """

    def __init__(self, classifier: str, features: Sequence[str], *, univariable_features: int = 60, correlation_limit: float = 0.9,
                 selected_features: int = 12, tuning_folds: int = 3, seed: int = 0):
        self.classifier, self.features, self.seed, self.tuning_folds = classifier, list(features), seed, tuning_folds
        self.selection = FeatureSelection(univariable_features, correlation_limit, selected_features, seed)

    def fit(self, inputs: Inputs, label: pd.Series) -> RadiomicsModel:
        assert inputs.radiomics is not None
        values, outcome = inputs.radiomics[self.features].to_numpy(), label.to_numpy(dtype=int)
        smallest = int(min(outcome.sum(), (1 - outcome).sum()))
        # Tuning needs two patients of each outcome in every part; below that the middle of the grid is taken.
        tune = self.tuning_folds > 1 and smallest >= 2 * self.tuning_folds
        share = (self.tuning_folds - 1) / self.tuning_folds if tune else 1.0
        estimator, grid = _classifier(self.classifier, self.seed, int(len(outcome) * share), int(smallest * share))
        path = Pipeline([("scale", StandardScaler()), ("select", self.selection), ("classify", estimator)])
        if tune:
            folds = StratifiedKFold(self.tuning_folds, shuffle=True, random_state=self.seed)
            search = GridSearchCV(path, {f"classify__{name}": choices for name, choices in grid.items()}, scoring="roc_auc", cv=folds, n_jobs=1, error_score="raise")
            self.fitted_ = search.fit(values, outcome).best_estimator_
            self.tuned_ = search.best_params_
        else:
            self.tuned_ = {f"classify__{name}": choices[len(choices) // 2] for name, choices in grid.items()}
            self.fitted_ = path.set_params(**self.tuned_).fit(values, outcome)
        self.selected_ = [self.features[position] for position in self.fitted_.named_steps["select"].support_]
        return self

    def used_values(self, inputs: Inputs) -> pd.DataFrame:
        """Patients × selected features, as they are in the table."""
        assert inputs.radiomics is not None
        return inputs.radiomics[self.selected_]

    def probability_of(self, values: np.ndarray) -> np.ndarray:
        """Probability from the selected features alone: what `predict` computes, without the features that it ignores."""
        scaler, support = self.fitted_.named_steps["scale"], self.fitted_.named_steps["select"].support_
        return self.fitted_.named_steps["classify"].predict_proba((values - scaler.mean_[support]) / scaler.scale_[support])[:, 1]

    def predict(self, inputs: Inputs) -> pd.Series:
        assert inputs.radiomics is not None
        probability = self.fitted_.predict_proba(inputs.radiomics[self.features].to_numpy())[:, 1]
        return pd.Series(probability.astype(float), index=inputs.patients)
