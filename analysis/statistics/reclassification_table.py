"""Reclassification table: patients of either outcome by the risk category of each model."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas as pd

from analysis.statistics.checks import as_label, as_probability, as_thresholds


def risk_categories(cutoffs: Any) -> list[str]:
    """Names of the categories that the cut-offs bound, lowest first.

    A probability equal to a cut-off is in the upper category.

    Cut-offs outside (0, 1) are a ValueError. Source: Pencina et al. 2008.

    >>> risk_categories([0.3, 0.1])
    ['< 0.1', '0.1 to < 0.3', '≥ 0.3']
    """
    limits = [f"{limit:g}" for limit in np.unique(as_thresholds(cutoffs))]
    return [
        f"< {limits[0]}",
        *[f"{low} to < {high}" for low, high in pairwise(limits)],
        f"≥ {limits[-1]}",
    ]


def reclassification_table(
    label: Any, probability_old: Any, probability_new: Any, cutoffs: Any
) -> pd.DataFrame:
    """Reclassification table: every pair of categories, empty ones with 0.

    Columns: outcome (event | non_event), old, new (names of the categories), n.

    The categorical NRI is what moves up less what moves down of the events, and the reverse of the
    others, each over its number. Missing values, probabilities outside [0, 1] or cut-offs outside
    (0, 1) are a ValueError. Source: Pencina et al. 2008; Cook & Ridker 2009.

    >>> reclassification_table([0, 1], [0.2, 0.2], [0.1, 0.6], [0.5])["n"].tolist()
    [0, 1, 0, 0, 1, 0, 0, 0]
    """
    label = as_label(label, both_classes=False)
    limits, names = np.unique(as_thresholds(cutoffs)), risk_categories(cutoffs)
    old, new = (
        np.searchsorted(limits, as_probability(each, label, name), side="right")
        for each, name in (
            (probability_old, "probability_old"),
            (probability_new, "probability_new"),
        )
    )
    outcomes, places = (("event", 1), ("non_event", 0)), range(len(names))
    rows = [
        {
            "outcome": outcome,
            "old": names[before],
            "new": names[after],
            "n": int(((label == value) & (old == before) & (new == after)).sum()),
        }
        for (outcome, value), before, after in product(outcomes, places, places)
    ]
    return pd.DataFrame(rows)
