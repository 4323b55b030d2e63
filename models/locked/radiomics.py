"""Fitted radiomics model reduced to the features it uses, as plain values and one estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from models.inputs import Inputs
from models.locked.estimators import estimator_bytes, estimator_of
from models.locked.folder import LockedModelError
from models.locked.harmonisation import combat_description, combat_of, of_features
from models.radiomics import RadiomicsModel
from models.radiomics.calibration import Sigmoid, estimated_probability
from models.radiomics.combat import ComBat
from models.radiomics.components import PrincipalComponents
from models.radiomics.harmonisation import covariates_of, reads_all_features


def _principal_components(description: Mapping[str, Any] | None) -> PrincipalComponents | None:
    """Fitted components from their description; None where there is none."""
    if description is None:
        return None
    found = PrincipalComponents()
    found.centre_, found.weights_ = (
        np.array(description["centre"], dtype=float),
        np.array(description["weights"], dtype=float),
    )
    found.n_features_in_ = len(found.centre_)
    return found


@dataclass(frozen=True)
class LockedRadiomics:
    """Locked radiomics model.

    features: in the order that the classifier was given. mean, deviation: of each. sigmoid: of the
    calibration, or None. combat: of these features, None without harmonisation. components: that
    the classifier is given in the place of the features, None where it is given the features.
    covariates: name → levels, None for a number, whose effects harmonisation keeps. harmonised: all
    features that harmonisation reads, where the classifier's do not tell enough.
    """

    classifier: str
    features: list[str]
    mean: np.ndarray
    deviation: np.ndarray
    estimator: Any
    sigmoid: Sigmoid | None
    combat: ComBat | None
    components: PrincipalComponents | None = None
    covariates: Mapping[str, Sequence[Any] | None] | None = None
    harmonised: tuple[str, ...] = ()

    @property
    def read_features(self) -> list[str]:
        """Features that it reads."""
        return list(self.harmonised) or self.features

    def knowing(self, inputs: Inputs) -> LockedRadiomics:
        """The model, which has learnt what a new centre does from its patients in `inputs`.

        It does so where the study asked for it (new_centre: estimate). Raises ValueError where they
        are too few.
        """
        if self.combat is None or self.combat.new_centre != "estimate":
            return self
        found = self.combat.with_new_centres(
            self._values(inputs), inputs.centres, self._covariates(inputs)
        )
        return replace(self, combat=found)

    @classmethod
    def of(cls, model: RadiomicsModel) -> LockedRadiomics:
        """The part of a fitted radiomics model that predicts: selected features alone."""
        support, scaler, combat = (
            model.fitted_.named_steps["select"].support_,
            model.fitted_.named_steps["scale"],
            model.harmonise_,
        )
        whole = reads_all_features(combat)
        if combat is not None and not whole:
            combat = of_features(combat, support)
        return cls(
            model.classifier,
            list(model.selected_),
            mean=scaler.mean_[support],
            deviation=scaler.scale_[support],
            estimator=model.fitted_.named_steps["classify"],
            sigmoid=model.sigmoid_,
            combat=combat,
            components=model.fitted_.named_steps.get("reduce"),
            covariates=(model.harmonisation or {}).get("covariates") or None,
            harmonised=tuple(model.features) if whole else (),
        )

    def description(self, name: str, files: dict[str, bytes]) -> dict[str, Any]:
        """Plain values; the estimator goes into `files` as `<name>.json` or `<name>.skops`."""
        ending, content = estimator_bytes(self.estimator)
        files[f"{name}.{ending}"] = content
        return {
            "kind": "radiomics",
            "classifier": self.classifier,
            "features": self.features,
            "mean": self.mean.tolist(),
            "deviation": self.deviation.tolist(),
            "sigmoid": None if self.sigmoid is None else list(map(float, self.sigmoid)),
            "combat": combat_description(self.combat),
            "estimator": f"{name}.{ending}",
            **({} if self.components is None else {"components": self._components()}),
            **({} if self.covariates is None else {"covariates": dict(self.covariates)}),
            **({"harmonised": list(self.harmonised)} if self.harmonised else {}),
        }

    def _components(self) -> dict[str, Any]:
        assert self.components is not None
        return {
            "centre": self.components.centre_.tolist(),
            "weights": self.components.weights_.tolist(),
        }

    @classmethod
    def from_description(
        cls, description: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> LockedRadiomics:
        """The model that `description` describes; files: its estimator by file name."""
        estimator = estimator_of(description["estimator"], files[description["estimator"]])
        sigmoid = None if description["sigmoid"] is None else Sigmoid(*description["sigmoid"])
        return cls(
            description["classifier"],
            list(description["features"]),
            mean=np.array(description["mean"]),
            deviation=np.array(description["deviation"]),
            estimator=estimator,
            sigmoid=sigmoid,
            combat=combat_of(description["combat"]),
            components=_principal_components(description.get("components")),
            covariates=description.get("covariates"),
            harmonised=tuple(description.get("harmonised", ())),
        )

    def _values(self, inputs: Inputs) -> np.ndarray:
        """Patients × features that it reads."""
        assert inputs.radiomics is not None
        absent = [name for name in self.read_features if name not in inputs.radiomics]
        if absent:
            raise LockedModelError(
                f"{len(absent)} of the model's features are not there, {absent[0]} first"
            )
        return inputs.radiomics[self.read_features].to_numpy(dtype=float)

    def _covariates(self, inputs: Inputs) -> np.ndarray | None:
        return covariates_of({"covariates": self.covariates}, inputs)

    def predict(self, inputs: Inputs) -> pd.Series:
        """Probability of the event.

        Raises ValueError naming features that are not in the inputs, or a centre that ComBat does
        not know.
        """
        values = self._values(inputs)
        if self.combat is not None:
            values = self.combat.transform(values, inputs.centres, self._covariates(inputs))
        if self.harmonised:
            values = values[:, [self.harmonised.index(name) for name in self.features]]
        scaled = (values - self.mean) / self.deviation
        if self.components is not None:
            scaled = self.components.transform(scaled)
        return pd.Series(
            estimated_probability(self.estimator, self.sigmoid, scaled).astype(float),
            index=inputs.patients,
        )
