"""Fitted harmonisation as plain values, and back."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from models.radiomics.combat import ComBat
from models.radiomics.covbat import CovBat
from models.radiomics.harmonisation import METHODS

BY_FEATURE = ("mean_", "deviation_")
BY_CENTRE = ("location_", "scale_")
# Of CovBat, beside ComBat's.
OF_RESIDUALS = ("residual_mean_", "residual_deviation_", "components_", "score_deviation_")
OF_SCORES = ("score_location_", "score_stretch_")


def of_features(combat: ComBat, support: np.ndarray) -> ComBat:
    """Fitted ComBat of these features alone: each is harmonised by itself."""
    found = copy.copy(combat)
    for name in BY_FEATURE:
        setattr(found, name, getattr(combat, name)[support])
    found.effects_ = combat.effects_[:, support]
    for name in BY_CENTRE:
        of_centres = getattr(combat, name)
        setattr(found, name, {centre: values[support] for centre, values in of_centres.items()})
    found.n_features_in_ = len(support)
    return found


def _of_centres(combat: ComBat, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: {centre: values.tolist() for centre, values in getattr(combat, name).items()}
        for name in names
    }


def combat_description(combat: ComBat | None) -> dict[str, Any] | None:
    """Plain values of fitted harmonisation; what came later where it is used alone."""
    if combat is None:
        return None
    found: dict[str, Any] = {
        "reference": combat.reference,
        "new_centre": combat.new_centre,
        "by_feature": {name: getattr(combat, name).tolist() for name in BY_FEATURE},
        "by_centre": _of_centres(combat, BY_CENTRE),
    }
    if len(combat.effects_):
        found["effects"] = combat.effects_.tolist()
    if combat.new_centre == "estimate":
        varies = getattr(combat, "varies_", np.zeros(len(combat.mean_), dtype=bool))
        found["estimate"] = {"least_patients": combat.least_patients, "varies": varies.tolist()}
    if isinstance(combat, CovBat):
        found["covbat"] = {
            "by_residual": {name: getattr(combat, name).tolist() for name in OF_RESIDUALS},
            "by_centre": _of_centres(combat, OF_SCORES),
        }
    return found


def _arrays(of_centres: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {centre: np.asarray(values, dtype=float) for centre, values in of_centres.items()}


def combat_of(description: Mapping[str, Any] | None) -> ComBat | None:
    """Fitted harmonisation from its plain values; None where there is none."""
    if description is None:
        return None
    covbat, estimate = description.get("covbat"), description.get("estimate")
    combat = METHODS["combat" if covbat is None else "covbat"](
        description["reference"], description["new_centre"]
    )
    for name in BY_FEATURE:
        setattr(combat, name, np.asarray(description["by_feature"][name], dtype=float))
    for name in BY_CENTRE:
        setattr(combat, name, _arrays(description["by_centre"][name]))
    combat.centres_ = sorted(description["by_centre"]["location_"])
    combat.n_features_in_ = len(combat.mean_)
    effects = np.asarray(description.get("effects", ()), dtype=float)
    combat.effects_ = effects.reshape(-1, len(combat.mean_))
    if estimate is not None:
        combat.least_patients = estimate["least_patients"]
        if any(estimate["varies"]):
            combat.varies_ = np.asarray(estimate["varies"], dtype=bool)
    if covbat is not None:
        for name in OF_RESIDUALS:
            setattr(combat, name, np.asarray(covbat["by_residual"][name], dtype=float))
        combat.components_ = combat.components_.reshape(-1, len(combat.mean_))
        for name in OF_SCORES:
            setattr(combat, name, _arrays(covbat["by_centre"][name]))
    return combat
