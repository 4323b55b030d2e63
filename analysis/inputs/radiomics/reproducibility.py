"""Reproducibility of features: which of them survive another delineation.

It is the intraclass correlation of each, which sees no outcome.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import pandas as pd

from analysis.inputs.radiomics.table import RadiomicsTable
from analysis.statistics import icc_2_1

FORM = "ICC(2,1): two-way random effects, absolute agreement, single rater"
# Fewer patients have an ICC whose interval says nothing.
LEAST_PATIENTS = 3


def feature_iccs(
    table: RadiomicsTable, patients: Collection[str] | None = None, level: float = 0.95
) -> pd.DataFrame:
    """ICC(2,1) between the first delineation and each other one, drawn or perturbed.

    All repeats of a perturbation are raters beside the first delineation.

    It has the columns feature, delineation, icc, ci_low, ci_high and n.

    patients: whose delineations count, all by default; training patients where features are chosen
    by it. level: of the two-sided interval. A feature that is constant over patients has no ICC
    (NaN).
    """
    frames = []
    for name, other in table.delineations.items():
        if patients is not None:
            other = other.loc[other.index.isin(list(patients))]
        if len(other) < LEAST_PATIENTS:
            continue
        repeats = table.further.get(name, ())
        # A quotient may have no value in one repeat alone: then it has no ICC.
        names = [each for each in other if all(each in repeat for repeat in repeats)]
        other, first = other[names], table.features.loc[other.index, names]
        others = [
            other.to_numpy(),
            *(each.loc[other.index, names].to_numpy() for each in repeats),
        ]
        found = icc_2_1(
            np.stack([first.to_numpy().T, *(each.T for each in others)], axis=-1), level
        )
        # Equal but for rounding is perfect agreement, whose interval the formula leaves undefined.
        spread = np.ptp(first.to_numpy(), axis=0)
        farthest = np.max([np.abs(first.to_numpy() - each).max(axis=0) for each in others], axis=0)
        equal = (farthest <= 1e-9 * spread) & (spread > 0)
        icc, low, high = (
            np.where(equal, 1.0, each) for each in (found.icc, found.ci_low, found.ci_high)
        )
        frames.append(
            pd.DataFrame(
                {
                    "feature": other.columns,
                    "delineation": name,
                    "icc": icc,
                    "ci_low": low,
                    "ci_high": high,
                    "n": len(other),
                }
            )
        )
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=["feature", "delineation", "icc", "ci_low", "ci_high", "n"])
    )


def feature_reproducibility(
    table: RadiomicsTable,
    patients: Collection[str] | None = None,
    by: Literal["estimate", "lower_bound"] = "estimate",
    level: float = 0.95,
) -> pd.DataFrame:
    """Reproducibility of features × delineations.

    It is the ICC or its lower bound, plus `smallest`, the least of them; NaN without other
    delineations.

    A feature that is constant over patients has no ICC and counts as not reproducible. A quotient
    of two phases' features is not more reproducible than its denominator.
    """
    iccs = feature_iccs(table, patients, level)
    result = (
        iccs.pivot(
            index="feature", columns="delineation", values="icc" if by == "estimate" else "ci_low"
        )
        .reindex(table.features.columns)
        .rename_axis(columns=None)
    )
    result = result[[name for name in table.delineations if name in result]]
    result["smallest"] = result.min(axis=1, skipna=False) if len(result.columns) else np.nan
    divided = [name for name in table.references if name in result.index]
    if divided:
        of_reference = result.loc[[table.references[name] for name in divided], "smallest"]
        own = result.loc[divided, "smallest"].to_numpy()
        result.loc[divided, "smallest"] = np.minimum(own, of_reference.to_numpy())
    return result


def reproducible_features(
    table: RadiomicsTable,
    threshold: float,
    patients: Collection[str] | None = None,
    by: Literal["estimate", "lower_bound"] = "estimate",
    level: float = 0.95,
) -> list[str]:
    """Reproducible features.

    They are those whose smallest ICC among `patients`, or its lower bound, reaches `threshold`; all
    where nothing was delineated again.
    """
    if not table.delineations:
        return list(table.features.columns)
    smallest = feature_reproducibility(table, patients, by, level)["smallest"]
    return list(smallest.index[smallest >= threshold])
