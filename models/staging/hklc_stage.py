"""HKLC: Hong Kong Liver Cancer stage, I to Vb; its inputs are confirmed, its tree is recalled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.bclc_stage import INPUTS
from models.staging.child_pugh_score import child_pugh_rank
from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import extrahepatic_spread, extrahepatic_vascular_invasion


def hklc_tumour_status(table: pd.DataFrame) -> pd.Series:
    """Early 0, intermediate 1, locally advanced 2."""
    small, many = table["tumour_diameter"] <= 5, table["tumour_number"] > 3
    invasion = table["vascular_invasion"].isin(("segmental", "first_order", "hepatic_vein"))
    adverse = many.astype(int) + invasion.astype(int)
    status = np.where(table["diffuse"] == 1, 2, np.select([small, adverse == 0], [adverse, 1], 2))
    return pd.Series(status, index=table.index)


def hklc_rank(table: pd.DataFrame) -> pd.Series:
    """I, IIa, IIb, IIIa, IIIb, IVa, IVb, Va, Vb → 1..9."""
    status, liver = hklc_tumour_status(table), child_pugh_rank(table)
    outside = extrahepatic_spread(table) | extrahepatic_vascular_invasion(table)
    without_spread = np.select([status == 0, status == 1], [1 + liver, 3 + liver], 5)
    late = (table["ecog"] >= 2) | (liver == 2)
    rank = np.select(
        [late & (status == 0) & ~outside, late, outside], [8, 9, 6 + liver], without_spread
    )
    return pd.Series(rank, index=table.index)


HKLC = ScoreDefinition(
    "hklc",
    "HKLC",
    family="staging",
    inputs=(*INPUTS, "diffuse"),
    higher_is_worse=True,
    levels=("I", "IIa", "IIb", "IIIa", "IIIb", "IVa", "IVb", "Va", "Vb"),
    source="Yau et al., Gastroenterology 2014;146:1691",
    doi="10.1053/j.gastro.2014.02.032",
    status="unconfirmed",
    default=False,
    compute=hklc_rank,
    first_rank=1,
    note=(
        "The tree and the definition of extrahepatic vascular invasion are recalled, not read in"
        " the source."
    ),
)
