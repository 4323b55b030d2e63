"""Features that compare two phases, from the features of both."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.study import Study
from analysis.study.delta import Delta, DeltaFeature, delta_features, parsed
from analysis.study.regions import blocks_of


def delta_values(table: pd.DataFrame, compared: Mapping[str, DeltaFeature]) -> pd.DataFrame:
    """Patients × the named features, from the columns that each of them compares.

    A difference has the feature's unit, a quotient none. A quotient by zero is NaN.
    """
    return pd.DataFrame(
        {name: _value(table, feature) for name, feature in compared.items()},
        index=table.index,
        columns=list(compared),
        dtype=float,
    )


def _value(table: pd.DataFrame, feature: DeltaFeature) -> np.ndarray:
    phase, reference = (
        table[each].to_numpy(dtype=float) for each in (feature.phase, feature.reference)
    )
    if feature.measure == "difference":
        return phase - reference
    divided = np.full(len(table), np.nan)
    numerator = {
        "ratio": phase,
        "relative_change": phase - reference,
        "wash_in": phase - reference,
        "washout": reference - phase,
    }[feature.measure]
    np.divide(numerator, reference, out=divided, where=reference != 0)
    return np.where(np.isfinite(divided), divided, np.nan)


def with_deltas(table: pd.DataFrame, compared: Mapping[str, DeltaFeature]) -> pd.DataFrame:
    """The table, and behind its columns those that compare two of them.

    Left out are those that a column is missing for, and those without a value in some patient.
    """
    there = {
        name: feature
        for name, feature in compared.items()
        if feature.phase in table and feature.reference in table
    }
    values = delta_values(table, there)
    whole = values.columns[np.isfinite(values.to_numpy()).all(axis=0)]
    return pd.concat([table, values[whole]], axis=1) if len(whole) else table


def compared_features(
    study: Study, table: pd.DataFrame, phases: list[str]
) -> dict[str, DeltaFeature]:
    """Name → what it compares, of the study's comparisons of phases.

    table: features of single phases; phases: of that table. Raises ValueError naming a comparison
    that no feature of both phases fits.
    """
    blocks = blocks_of(phases, study.regions)
    found: dict[str, DeltaFeature] = {}
    for delta in study.deltas:
        features = delta_features([delta], table.columns, blocks)
        if not features:
            raise ValueError(nothing_fits(delta))
        found |= features
    return found


def nothing_fits(delta: Delta) -> str:
    """Message on a comparison that has no feature."""
    return (
        f"radiomics.delta: no feature of both {delta.phase} and {delta.reference} is called"
        f" {' or '.join(delta.features)} ({delta.measure}); correct its features, or the features"
        " that are extracted of the two phases (shape is not compared)"
    )


def references_of(study: Study, names: list[str]) -> dict[str, str]:
    """Quotient → feature that is its denominator, of these features."""
    deltas, regions = study.deltas, study.regions
    found = {name: parsed(name, deltas, regions) for name in names} if deltas else {}
    return {
        name: feature.reference
        for name, feature in found.items()
        if feature is not None and feature.is_quotient
    }
