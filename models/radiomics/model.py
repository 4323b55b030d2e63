"""Radiomics model as one object.

It holds harmonisation, scaling, selection, tuning, classifier and calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from analysis.core.threads import one_blas_thread
from models.habitats.settings import HabitatSettings
from models.inputs import Inputs
from models.radiomics.calibration import estimated_probability
from models.radiomics.denominators import Denominators
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
    tuning folds, and `selection` is not used. references: quotient of two phases' features → the
    feature that is its denominator; quotients whose denominators come near zero in the patients of
    the fit are left out before anything else, and `features` are those left. tuning_folds:
    stratified, in each of which the whole path is fitted again; 0 takes the middle of each grid and
    leaves the classifier's own probabilities. harmonisation: as `harmoniser` takes it, which needs
    `centre` in the inputs, and the covariates that it keeps; None leaves it out. habitats:
    arguments of HabitatSettings; habitats are clustered in the patients of each fit, tuning folds
    included, and need `voxels` in the inputs; None leaves them out. names_: the features, and those
    of the fitted habitats. selected_: features that the fitted model uses. remaining_: step →
    features left after it. tuned_: parameters chosen. sigmoid_: of the calibration, or None. path_:
    name of the path chosen among `paths`, None without. path_areas_: path → highest mean AUC over
    the tuning folds. denominators_: of the quotients. components_: how many principal components
    the classifier reads; None where it reads the features.
    """

    denominators_: Denominators

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
        references: Mapping[str, str] | None = None,
        habitats: Mapping[str, Any] | None = None,
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
        self.offered, self.references = list(features), dict(references or {})
        self.pca_variance, self.pca_components = pca_variance, pca_components
        self.paths = {name: tuple(steps) for name, steps in (paths or {}).items()}
        self.harmonisation = None if harmonisation is None else dict(harmonisation)
        self.habitats = None if habitats is None else HabitatSettings(**habitats)

    @property
    def shared(self) -> tuple:
        """Settings that must be equal for two models to be fitted together."""
        return (
            *(self.offered, self.seed, self.tuning_folds, self.harmonisation),
            *(self.selection, self.pca_variance, list(self.paths.items()), self.pca_components),
            *(self.references, self.habitats),
        )

    def feature_paths(self) -> dict[str, FeaturePath]:
        """Unfitted paths by name, in their order; the selection where there are no others."""
        paths = self.paths or {ONLY: self.selection["steps"]}
        return {name: self._feature_path(steps) for name, steps in paths.items()}

    def _feature_path(self, steps: Sequence[str]) -> FeaturePath:
        return FeaturePath(
            {**self.selection, "steps": tuple(each for each in steps if each != COMPONENTS)},
            self.harmonisation,
            self.pca_variance if COMPONENTS in steps else None,
            number=self.pca_components,
            habitats=self.habitats,
        )

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
        self.habitats_ = path.habitats_
        self.names_ = [
            *self.features,
            *([] if path.habitats_ is None else path.habitats_.names),
        ]
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
        self.selected_ = [self.names_[position] for position in path.select.support_]
        self.remaining_ = {
            step: [self.names_[position] for position in left]
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
        """Patients × selected features: as they are in the table, or harmonised.

        A quotient whose denominator is near zero in a patient has the mean of the patients of the
        fit.
        """
        assert inputs.radiomics is not None
        if self.harmonise_ is None and self.habitats_ is None:
            return self.denominators_.filled(inputs.radiomics, self.selected_)
        return pd.DataFrame(
            self.offered_values(inputs)[:, self.fitted_.named_steps["select"].support_],
            index=inputs.patients,
            columns=self.selected_,
        )

    def offered_values(self, inputs: Inputs) -> np.ndarray:
        """Patients × `names_`, harmonised where the model is: what selection chose from."""
        assert inputs.radiomics is not None
        values = self.denominators_.filled(inputs.radiomics, self.features).to_numpy(dtype=float)
        if self.habitats_ is not None:
            assert inputs.voxels is not None
            values = np.hstack([values, self.habitats_.transform(inputs.voxels)])
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

    Raises ValueError where the models differ in anything else, and where no feature is left.
    """
    first = models[0]
    if any(model.shared != first.shared for model in models):
        raise ValueError(
            "models that are fitted together must share features, selection, folds and seed"
        )
    assert inputs.radiomics is not None
    denominators = Denominators.fit(inputs.radiomics, first.references)
    left_out = set(denominators.left_out)
    features = [name for name in first.offered if name not in left_out]
    if not features:
        raise ValueError(
            "radiomics: every feature is a quotient whose denominator is near zero in some patient;"
            " add differences or features of single phases"
        )
    data = TrainingData(
        inputs.radiomics[features].to_numpy(dtype=float),
        label.to_numpy(dtype=int),
        inputs.centres if first.harmonisation is not None else None,
        group,
        voxels=inputs.voxels if first.habitats is not None else None,
        covariates=covariates_of(first.harmonisation, inputs),
    )
    paths = first.feature_paths()
    names = [model.classifier for model in models]
    # One thread: the tables are small, threads cost more than they gain, and sums come out the same
    # on any number of cores.
    with one_blas_thread():
        found = tune(names, paths, data=data, folds=first.tuning_folds, seed=first.seed)
    for model in models:
        tuned = found[model.classifier]
        model.features, model.denominators_ = list(features), denominators
        model._take(paths[tuned.path], tuned)
    return list(models)
