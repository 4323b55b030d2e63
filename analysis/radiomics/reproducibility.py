"""Which features survive another delineation: intraclass correlation of each, which sees no outcome."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from analysis.radiomics.table import RadiomicsTable
from analysis.statistics import icc_2_1


def feature_reproducibility(table: RadiomicsTable, patients: Collection[str] | None = None) -> pd.DataFrame:
    """ICC(2,1) (two-way random effects, absolute agreement, single rater) between the first delineation and each repeat.

    patients: whose repeats count, all by default; training patients where features are chosen by it.
    Returns features × repeats plus `smallest`, the least of them; no columns but `smallest` (NaN) without repeats.
    A feature that is constant over patients has no ICC and counts as not reproducible.
    """
    result = pd.DataFrame(index=table.features.columns)
    for name, repeat in table.repeats.items():
        if patients is not None:
            repeat = repeat.loc[repeat.index.isin(list(patients))]
        first = table.features.loc[repeat.index, repeat.columns]
        ratings = np.stack([first.to_numpy().T, repeat.to_numpy().T], axis=-1)
        result[name] = pd.Series(icc_2_1(ratings).icc, index=repeat.columns)
    result["smallest"] = result.min(axis=1, skipna=False) if table.repeats else np.nan
    return result


def reproducible_features(table: RadiomicsTable, threshold: float, patients: Collection[str] | None = None) -> list[str]:
    """Features whose smallest ICC among `patients` reaches `threshold`; all features where no delineation was repeated."""
    if not table.repeats:
        return list(table.features.columns)
    smallest = feature_reproducibility(table, patients)["smallest"]
    return list(smallest.index[smallest >= threshold])
