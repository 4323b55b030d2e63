"""A new patient's features that compare two phases, as the model's study computed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.inputs.radiomics.delta import delta_values
from analysis.study.delta import DeltaFeature
from models.inputs import Inputs
from models.locked import LockedModel


def _compared(description: Mapping[str, Any]) -> dict[str, DeltaFeature]:
    return {name: DeltaFeature(**each) for name, each in description.get("delta", {}).items()}


def compared_names(description: Mapping[str, Any]) -> list[str]:
    """Features of single phases that those comparing two are computed from."""
    compared = _compared(description).values()
    return [name for each in compared for name in (each.phase, each.reference)]


def with_compared(description: Mapping[str, Any], features: pd.DataFrame) -> pd.DataFrame:
    """The features of single phases, and behind them those that compare two."""
    compared = _compared(description)
    if not compared:
        return features
    return pd.concat([features, delta_values(features, compared)], axis=1)


def near_zero_warnings(model: LockedModel, inputs: Inputs) -> list[str]:
    """Quotients of two phases whose denominator is near zero in the patient, in words."""
    if inputs.radiomics is None:
        return []
    found = dict.fromkeys(
        (name, denominator.feature, denominator.least)
        for denominators in model.denominators
        for name, denominator in denominators.of.items()
        if denominators.near_zero(inputs.radiomics, [name])[name][0]
    )
    return [
        f"{name} can't be computed, as its denominator {feature} is"
        f" {inputs.radiomics[feature].iloc[0]:.4g}, of the other sign than in training or less than"
        f" {least:.4g} from zero: the mean of the training patients was taken"
        for name, feature, least in found
    ]
