"""Covariates whose effects on the features harmonisation keeps, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def covariate_design(
    table: pd.DataFrame, covariates: Mapping[str, Sequence[Any] | None]
) -> np.ndarray:
    """Patients × numbers: a covariate as it is, a factor as a column for each level but the first.

    covariates: name → levels of a factor, None for a number. Raises ValueError naming patients
    whose value is missing or no level.
    """
    columns = []
    for name, levels in covariates.items():
        values = table[name]
        if levels is None:
            numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
            absent = np.isnan(numbers)
            columns.append(numbers)
        else:
            texts = values.astype("string")
            absent = ~texts.isin([str(level) for level in levels]).to_numpy(dtype=bool)
            columns += [
                (texts == str(level)).fillna(False).to_numpy(dtype=float) for level in levels[1:]
            ]
        if absent.any():
            whom = ", ".join(map(str, table.index[absent][:5]))
            raise ValueError(
                f"harmonisation keeps the effect of {name}, which is missing for {whom}; give it"
            )
    return np.column_stack(columns)


def check_told_apart(centres: np.ndarray, covariates: np.ndarray) -> None:
    """Raise ValueError where effects of covariates can't be told from each other or the centres'.

    centres: patients × centres, 0 or 1. covariates: patients × numbers; one that is the same in all
    patients has no effect to tell.
    """
    varying = covariates[:, np.ptp(covariates, axis=0) > 0]
    spread = varying.std(axis=0)
    scaled = (varying - varying.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    design = np.column_stack([centres, scaled])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError(
            "the covariates of harmonisation can't be told from the centres, or from each other, in"
            " these patients: within the centres one of them does not vary, or follows from the"
            " others. Leave it out of radiomics.harmonisation.covariates"
        )
