"""Fitted radiomics model reduced to the features it uses, as plain values and one estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from models.habitats.fitted import FittedHabitats
from models.inputs import Inputs
from models.locked.estimators import estimator_bytes, estimator_of
from models.locked.folder import LockedModelError
from models.locked.harmonisation import combat_description, combat_of, of_features
from models.radiomics import RadiomicsModel
from models.radiomics.calibration import Sigmoid, estimated_probability
from models.radiomics.combat import ComBat
from models.radiomics.components import PrincipalComponents
from models.radiomics.denominators import Denominators
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


def _used_habitats(model: RadiomicsModel, given: Sequence[str]) -> FittedHabitats | None:
    """The model's habitats; None where none of the features that it is given is of them."""
    used = model.habitats_ is not None and set(model.habitats_.names) & set(given)
    return model.habitats_ if used else None


@dataclass(frozen=True)
class LockedRadiomics:
    """Locked radiomics model.

    features: in the order that the classifier was given. mean, deviation: of each. sigmoid: of the
    calibration, or None. combat: of these features, None without harmonisation. components: that
    the classifier is given in the place of the features, None where it is given the features.
    covariates: name → levels, None for a number, whose effects harmonisation keeps. harmonised: all
    features that harmonisation reads, where the classifier's do not tell enough. denominators: of
    those features that are quotients of two phases'. habitats: that some of the features are of,
    None where none is.
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
    denominators: Denominators = field(default_factory=lambda: Denominators({}))
    habitats: FittedHabitats | None = None

    @property
    def _given(self) -> list[str]:
        """Features that harmonisation or, without it, the classifier is given."""
        return list(self.harmonised) or self.features

    @property
    def _table_features(self) -> list[str]:
        own = set() if self.habitats is None else set(self.habitats.names)
        return [name for name in self._given if name not in own]

    @property
    def read_features(self) -> list[str]:
        """Features that are read from a table.

        They are all but those of habitats, and what quotients among them are divided by.
        """
        divide = [each.feature for each in self.denominators.of.values()]
        return list(dict.fromkeys([*self._table_features, *divide]))

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
        given = model.names_ if whole else model.selected_
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
            harmonised=tuple(model.names_) if whole else (),
            denominators=model.denominators_.only(given),
            habitats=_used_habitats(model, given),
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
            **({"denominators": self.denominators.description()} if self.denominators.of else {}),
            **({} if self.habitats is None else {"habitats": self.habitats.description()}),
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
            denominators=Denominators.from_description(description.get("denominators", {})),
            habitats=(
                FittedHabitats.from_description(description["habitats"])
                if "habitats" in description
                else None
            ),
            covariates=description.get("covariates"),
            harmonised=tuple(description.get("harmonised", ())),
        )

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

    def _values(self, inputs: Inputs) -> np.ndarray:
        """Patients × features that harmonisation or, without it, the classifier is given."""
        if self.habitats is None:
            return self._of_table(inputs)[self._given].to_numpy(dtype=float)
        if inputs.voxels is None:
            raise LockedModelError("the model has habitats, and the tumour's voxels are not there")
        found = pd.DataFrame(
            self.habitats.transform(inputs.voxels),
            index=inputs.patients,
            columns=self.habitats.names,
        )
        if self._table_features:
            found = found.join(self._of_table(inputs))
        return found[self._given].to_numpy(dtype=float)

    def _of_table(self, inputs: Inputs) -> pd.DataFrame:
        """Features that are read from a table; raises LockedModelError for those not there."""
        assert inputs.radiomics is not None
        absent = [name for name in self.read_features if name not in inputs.radiomics]
        if absent:
            raise LockedModelError(
                f"{len(absent)} of the model's features are not there, {absent[0]} first"
            )
        return self.denominators.filled(inputs.radiomics, self._table_features)
