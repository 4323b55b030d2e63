"""Fitted radiomics model reduced to the features it uses, as plain values and one estimator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from models.habitats.fitted import FittedHabitats
from models.inputs import Inputs
from models.locked.estimators import estimator_bytes, estimator_of
from models.locked.folder import LockedModelError
from models.radiomics import RadiomicsModel
from models.radiomics.calibration import Sigmoid, estimated_probability
from models.radiomics.combat import ComBat
from models.radiomics.components import PrincipalComponents
from models.radiomics.denominators import Denominators

COMBAT_BY_FEATURE = ("mean_", "deviation_")
COMBAT_BY_CENTRE = ("location_", "scale_")


def _combat(
    reference: str | None,
    new_centre: Any,
    by_feature: Mapping[str, Any],
    by_centre: Mapping[str, Mapping[str, Any]],
) -> ComBat:
    """Fitted ComBat from what it learnt.

    Each feature is harmonised by itself, so that those in use are enough.
    """
    combat = ComBat(reference, new_centre)
    for name in COMBAT_BY_FEATURE:
        setattr(combat, name, np.asarray(by_feature[name], dtype=float))
    for name in COMBAT_BY_CENTRE:
        setattr(
            combat,
            name,
            {centre: np.asarray(values, dtype=float) for centre, values in by_centre[name].items()},
        )
    combat.centres_, combat.n_features_in_ = sorted(by_centre["location_"]), len(combat.mean_)
    return combat


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


def _used_habitats(model: RadiomicsModel) -> FittedHabitats | None:
    """The model's habitats; None where none of its features is of them."""
    used = model.habitats_ is not None and set(model.habitats_.names) & set(model.selected_)
    return model.habitats_ if used else None


@dataclass(frozen=True)
class LockedRadiomics:
    """Locked radiomics model.

    features: in the order that the classifier was given. mean, deviation: of each. sigmoid: of the
    calibration, or None. combat: of these features, None without harmonisation. components: that
    the classifier is given in the place of the features, None where it is given the features.
    denominators: of those features that are quotients of two phases'. habitats: that some of the
    features are of, None where none is.
    """

    classifier: str
    features: list[str]
    mean: np.ndarray
    deviation: np.ndarray
    estimator: Any
    sigmoid: Sigmoid | None
    combat: ComBat | None
    components: PrincipalComponents | None = None
    denominators: Denominators = field(default_factory=lambda: Denominators({}))
    habitats: FittedHabitats | None = None

    @property
    def _table_features(self) -> list[str]:
        own = set() if self.habitats is None else set(self.habitats.names)
        return [name for name in self.features if name not in own]

    @property
    def read_features(self) -> list[str]:
        """Features that are read from a table.

        They are all but those of habitats, and what quotients among them are divided by.
        """
        divide = [each.feature for each in self.denominators.of.values()]
        return list(dict.fromkeys([*self._table_features, *divide]))

    @classmethod
    def of(cls, model: RadiomicsModel) -> LockedRadiomics:
        """The part of a fitted radiomics model that predicts: selected features alone."""
        support, scaler, combat = (
            model.fitted_.named_steps["select"].support_,
            model.fitted_.named_steps["scale"],
            model.harmonise_,
        )
        if combat is not None:
            combat = _combat(
                combat.reference,
                combat.new_centre,
                {name: getattr(combat, name)[support] for name in COMBAT_BY_FEATURE},
                {
                    name: {
                        centre: values[support] for centre, values in getattr(combat, name).items()
                    }
                    for name in COMBAT_BY_CENTRE
                },
            )
        return cls(
            model.classifier,
            list(model.selected_),
            mean=scaler.mean_[support],
            deviation=scaler.scale_[support],
            estimator=model.fitted_.named_steps["classify"],
            sigmoid=model.sigmoid_,
            combat=combat,
            components=model.fitted_.named_steps.get("reduce"),
            denominators=model.denominators_.only(model.selected_),
            habitats=_used_habitats(model),
        )

    def description(self, name: str, files: dict[str, bytes]) -> dict[str, Any]:
        """Plain values; the estimator goes into `files` as `<name>.json` or `<name>.skops`."""
        ending, content = estimator_bytes(self.estimator)
        files[f"{name}.{ending}"] = content
        combat = (
            None
            if self.combat is None
            else {
                "reference": self.combat.reference,
                "new_centre": self.combat.new_centre,
                "by_feature": {
                    part: getattr(self.combat, part).tolist() for part in COMBAT_BY_FEATURE
                },
                "by_centre": {
                    part: {
                        centre: values.tolist()
                        for centre, values in getattr(self.combat, part).items()
                    }
                    for part in COMBAT_BY_CENTRE
                },
            }
        )
        return {
            "kind": "radiomics",
            "classifier": self.classifier,
            "features": self.features,
            "mean": self.mean.tolist(),
            "deviation": self.deviation.tolist(),
            "sigmoid": None if self.sigmoid is None else list(map(float, self.sigmoid)),
            "combat": combat,
            "estimator": f"{name}.{ending}",
            **({} if self.components is None else {"components": self._components()}),
            **({"denominators": self.denominators.description()} if self.denominators.of else {}),
            **({} if self.habitats is None else {"habitats": self.habitats.description()}),
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
        combat = None if description["combat"] is None else _combat(**description["combat"])
        return cls(
            description["classifier"],
            list(description["features"]),
            mean=np.array(description["mean"]),
            deviation=np.array(description["deviation"]),
            estimator=estimator,
            sigmoid=sigmoid,
            combat=combat,
            components=_principal_components(description.get("components")),
            denominators=Denominators.from_description(description.get("denominators", {})),
            habitats=(
                FittedHabitats.from_description(description["habitats"])
                if "habitats" in description
                else None
            ),
        )

    def predict(self, inputs: Inputs) -> pd.Series:
        """Probability of the event.

        Raises ValueError naming features that are not in the inputs, or a centre that ComBat does
        not know.
        """
        values = self._values(inputs)
        if self.combat is not None:
            values = self.combat.transform(values, inputs.centres)
        scaled = (values - self.mean) / self.deviation
        if self.components is not None:
            scaled = self.components.transform(scaled)
        return pd.Series(
            estimated_probability(self.estimator, self.sigmoid, scaled).astype(float),
            index=inputs.patients,
        )

    def _values(self, inputs: Inputs) -> np.ndarray:
        """Patients × `features`, as they are before harmonisation."""
        if self.habitats is None:
            return self._of_table(inputs)[self.features].to_numpy(dtype=float)
        if inputs.voxels is None:
            raise LockedModelError("the model has habitats, and the tumour's voxels are not there")
        found = pd.DataFrame(
            self.habitats.transform(inputs.voxels),
            index=inputs.patients,
            columns=self.habitats.names,
        )
        if self._table_features:
            found = found.join(self._of_table(inputs))
        return found[self.features].to_numpy(dtype=float)

    def _of_table(self, inputs: Inputs) -> pd.DataFrame:
        """Features that are read from a table; raises LockedModelError for those not there."""
        assert inputs.radiomics is not None
        absent = [name for name in self.read_features if name not in inputs.radiomics]
        if absent:
            raise LockedModelError(
                f"{len(absent)} of the model's features are not there, {absent[0]} first"
            )
        return self.denominators.filled(inputs.radiomics, self._table_features)
