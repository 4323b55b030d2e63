"""What a staging system or index declares of itself, and how it is evaluated where inputs are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class ScoreDefinition:
    """inputs: canonical column names. compute: complete rows → rank of the level, or the continuous value.

    levels: from best to worst, so that rank i is levels[i]; None for a continuous score. status: `unconfirmed`
    definitions rest on recalled statements. default: part of the main table. aggregate: levels of `score`.
    """

    id: str
    label: str
    family: str
    inputs: tuple[str, ...]
    higher_is_worse: bool
    levels: tuple[str, ...] | None
    source: str
    doi: str | None
    status: str
    default: bool
    compute: Callable[[pd.DataFrame], pd.Series]


def evaluate(definition: ScoreDefinition, table: pd.DataFrame, assume: Mapping[str, float | str] | None = None) -> pd.DataFrame:
    """value (rank or number), level (text), score (higher = worse), missing (inputs, comma-joined), on the table's index.

    A patient with any missing input has no value, never a "normal" one; a missing column is missing for everyone.
    assume: variable → value taken where it is missing, to be reported with the number of patients it was taken for.
    """
    inputs = pd.DataFrame({name: table[name] if name in table else pd.Series(np.nan, index=table.index, dtype=object) for name in definition.inputs}, index=table.index)
    for name, value in (assume or {}).items():
        if name in inputs:
            inputs[name] = inputs[name].where(inputs[name].notna(), value)
    absent = inputs.isna()
    complete = ~absent.any(axis=1)
    value = pd.Series(np.nan, index=table.index)
    if complete.any():
        computed = definition.compute(inputs[complete].infer_objects()).astype(float)
        value[complete] = computed.where(np.isfinite(computed))
    level = pd.Series(pd.NA, index=table.index, dtype="string")
    if definition.levels is not None:
        known = value.notna()
        level[known] = value[known].astype(int).map(dict(enumerate(definition.levels)))
    missing = absent.apply(lambda row: ", ".join(row.index[row]), axis=1) if absent.to_numpy().any() else pd.Series("", index=table.index)
    return pd.DataFrame({"value": value, "level": level, "score": value if definition.higher_is_worse else -value, "missing": missing})
