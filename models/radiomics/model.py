"""Radiomics model as one object.

It holds harmonisation, scaling, selection, tuning, classifier and calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from models.inputs import Inputs
from models.radiomics.calibration import estimated_probability
from models.radiomics.feature_path import FeaturePath, TrainingData
from models.radiomics.harmonisation import covariates_of
from models.radiomics.tuning import Tuned, tune
from models.selection_steps import COMPONENTS, STEPS

# Name of the only path of a model that is not given several.
ONLY = "selection"
# Features of a model whose single importance is computed, where a path may leave thousands.
MOST_EXPLAINED = 100


class RadiomicsModel:
    """The given (reproducible) features, to the probability of the event by one classifier.

    selection: its steps in order, with their parameters as in FeatureSelection; the last may be
    pca, principal components that hold pca_variance of the variance of the features left, or
    pca_components of them. paths:
    name → such steps; the path is then chosen together with the classifier's parameters, in the
    tuning folds, and `selection` is not used. tuning_folds:
    stratified, in each of which the whole path is fitted again; 0 takes the middle of each grid and
    leaves the classifier's own probabilities. harmonisation: as `harmoniser` takes it, which needs
    `centre` in the inputs, and the covariates that it keeps; None leaves it out. selected_:
    features that the fitted model uses. remaining_: step → features left after it. tuned_:
    parameters chosen. sigmoid_: of the calibration, or None. path_: name of the path chosen among
    `paths`, None without. path_areas_:
    path → highest mean AUC over the tuning folds. components_: how many principal components the
    classifier reads; None where it reads the features.
    """

    def __init__(
        self,
        classifier: str,
        features: Sequence[str],
        *,
        selection: Sequence[str] = STEPS,
        most_common: float = 0.95,
        univariable_features: int = 60,
        correlation_limit: float = 0.9,
        mrmr_features: int = 30,
        selected_features: int = 12,
        tuning_folds: int = 3,
        harmonisation: Mapping[str, Any] | None = None,
        seed: int = 0,
        lasso_penalty: str = "min",
        anova_features: int = 20,
        elastic_net_mixing: float = 0.5,
        pca_variance: float = 0.9,
        paths: Mapping[str, Sequence[str]] | None = None,
        pca_components: int | None = None,
    ):
        self.classifier, self.features, self.seed, self.tuning_folds = (
            classifier,
            list(features),
            seed,
            tuning_folds,
        )
        self.selection: dict[str, Any] = {
            "steps": tuple(selection),
            "anova_features": anova_features,
            "elastic_net_mixing": elastic_net_mixing,
            "most_common": most_common,
            "univariable_features": univariable_features,
            "correlation_limit": correlation_limit,
            "mrmr_features": mrmr_features,
            "selected_features": selected_features,
            "seed": seed,
            "lasso_penalty": lasso_penalty,
        }
        self.pca_variance, self.pca_components = pca_variance, pca_components
        self.paths = {name: tuple(steps) for name, steps in (paths or {}).items()}
        self.harmonisation = None if harmonisation is None else dict(harmonisation)

    @property
    def shared(self) -> tuple:
        """Settings that must be equal for two models to be fitted together."""
        return (
            *(self.features, self.seed, self.tuning_folds, self.harmonisation),
            *(self.selection, self.pca_variance, list(self.paths.items()), self.pca_components),
        )

    def feature_paths(self) -> dict[str, FeaturePath]:
        """Unfitted paths by name, in their order; the selection where there are no others."""
        return {
            name: FeaturePath(
                {**self.selection, "steps": tuple(each for each in steps if each != COMPONENTS)},
                self.harmonisation,
                self.pca_variance if COMPONENTS in steps else None,
                self.pca_components,
            )
            for name, steps in (self.paths or {ONLY: self.selection["steps"]}).items()
        }

    def fit(
        self, inputs: Inputs, label: pd.Series, group: np.ndarray | None = None
    ) -> RadiomicsModel:
        """group: in a bootstrap resample the original patient of each row."""
        return fit_together([self], inputs, label, group)[0]

    def _take(self, path: FeaturePath, found: Tuned) -> None:
        self.harmonise_, self.sigmoid_, self.tuned_ = (
            path.harmonise,
            found.sigmoid,
            found.parameters,
        )
        reduced = [] if path.reduce is None else [("reduce", path.reduce)]
        self.fitted_ = Pipeline(
            [
                ("scale", path.scale),
                ("select", path.select),
                *reduced,
                ("classify", found.estimator),
            ]
        )
        self.path_ = found.path if self.paths else None
        self.path_areas_ = found.areas if self.paths else {}
        self.components_ = None if path.reduce is None else len(path.reduce.weights_)
        self.selected_ = [self.features[position] for position in path.select.support_]
        self.remaining_ = {
            step: [self.features[position] for position in left]
            for step, left in path.select.remaining_.items()
        }

    @property
    def has_many_features(self) -> bool:
        """True if single features of the fitted model are neither listed nor explained.

        So it is where a path that was chosen among several, or components, left more than
        MOST_EXPLAINED of them.
        """
        new = bool(self.paths) or self.components_ is not None
        return new and len(self.selected_) > MOST_EXPLAINED

    def used_values(self, inputs: Inputs) -> pd.DataFrame:
        """Patients × selected features: as they are in the table, or harmonised."""
        assert inputs.radiomics is not None
        if self.harmonise_ is None:
            return inputs.radiomics[self.selected_]
        harmonised = self.harmonised_values(inputs)
        return pd.DataFrame(
            harmonised[:, self.fitted_.named_steps["select"].support_],
            index=inputs.patients,
            columns=self.selected_,
        )

    def harmonised_values(self, inputs: Inputs) -> np.ndarray:
        """Patients × all features of the model, harmonised where it harmonises them."""
        assert inputs.radiomics is not None
        values = inputs.radiomics[self.features].to_numpy(dtype=float)
        if self.harmonise_ is None:
            return values
        return self.harmonise_.transform(
            values, inputs.centres, covariates_of(self.harmonisation, inputs)
        )

    def probability_of(self, values: np.ndarray) -> np.ndarray:
        """Probability from the selected features alone.

        It is what `predict` computes, without the features that it ignores.
        """
        scaler, support = (
            self.fitted_.named_steps["scale"],
            self.fitted_.named_steps["select"].support_,
        )
        scaled = (values - scaler.mean_[support]) / scaler.scale_[support]
        if self.components_ is not None:
            scaled = self.fitted_.named_steps["reduce"].transform(scaled)
        return estimated_probability(self.fitted_.named_steps["classify"], self.sigmoid_, scaled)

    def predict(self, inputs: Inputs) -> pd.Series:
        """Predicted probability of the event of each patient."""
        return pd.Series(
            self.probability_of(self.used_values(inputs).to_numpy(dtype=float)).astype(float),
            index=inputs.patients,
        )


def fit_together(
    models: Sequence[RadiomicsModel],
    inputs: Inputs,
    label: pd.Series,
    group: np.ndarray | None = None,
) -> list[RadiomicsModel]:
    """Fit models that differ in their classifier alone.

    One harmonisation, scaling and selection in each tuning fold serves all classifiers and all
    candidates of their grids. Each is what it would be if it were fitted by itself.

    Raises ValueError where the models differ in anything else.
    """
    first = models[0]
    if any(model.shared != first.shared for model in models):
        raise ValueError(
            "models that are fitted together must share features, selection, folds and seed"
        )
    assert inputs.radiomics is not None
    data = TrainingData(
        inputs.radiomics[first.features].to_numpy(dtype=float),
        label.to_numpy(dtype=int),
        inputs.centres if first.harmonisation is not None else None,
        group,
        covariates=covariates_of(first.harmonisation, inputs),
    )
    paths = first.feature_paths()
    names = [model.classifier for model in models]
    # One thread: the tables are small, threads cost more than they gain, and sums come out the same
    # on any number of cores.
    with threadpool_limits(1, user_api="blas"):
        found = tune(names, paths, data=data, folds=first.tuning_folds, seed=first.seed)
    for model in models:
        tuned = found[model.classifier]
        model._take(paths[tuned.path], tuned)
    return list(models)
