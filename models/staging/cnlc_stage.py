"""CNLC: China Liver Cancer stage, Ia to IV."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.bclc_stage import INPUTS
from models.staging.child_pugh_score import child_pugh_rank
from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import extrahepatic_spread, few_small, single, vascular_invasion


def cnlc_rank(table: pd.DataFrame) -> pd.Series:
    """Ia, Ib, IIa, IIb, IIIa, IIIb, IV → 1..7.

    Performance 0-2 and Child-Pugh A or B are allowed in I to III.
    """
    rank = np.select(
        [
            (table["ecog"] >= 3) | (child_pugh_rank(table) == 2),
            extrahepatic_spread(table),
            vascular_invasion(table),
            single(table) & (table["tumour_diameter"] <= 5),
            single(table) | few_small(table),
            table["tumour_number"] <= 3,
        ],
        [7, 6, 5, 1, 2, 3],
        4,
    )
    return pd.Series(rank, index=table.index)


CNLC = ScoreDefinition(
    "cnlc",
    "CNLC",
    family="staging",
    inputs=INPUTS,
    higher_is_worse=True,
    levels=("Ia", "Ib", "IIa", "IIb", "IIIa", "IIIb", "IV"),
    source="Zhou et al., Liver Cancer 2020;9:682",
    doi="10.1159/000509424",
    status="confirmed",
    default=True,
    compute=cnlc_rank,
    first_rank=1,
    note="Tumour thrombus of a bile duct alone is not IIIa.",
)
