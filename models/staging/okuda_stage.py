"""Okuda: stage I to III from tumour extent, ascites, albumin and bilirubin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import albumin_g_dl, bilirubin_mg_dl


def okuda_positives(table: pd.DataFrame) -> pd.Series:
    """Number of Okuda's criteria that hold.

    One each: more than half of the liver, ascites, albumin below 3.0 g/dL, bilirubin above 3.0
    mg/dL.
    """
    return (
        (table["tumour_extent_percent"] > 50).astype(int)
        + (table["ascites"] != "none").astype(int)
        + (albumin_g_dl(table) < 3).astype(int)
        + (bilirubin_mg_dl(table) > 3).astype(int)
    )


def okuda_rank(table: pd.DataFrame) -> pd.Series:
    """I (none), II (one or two), III (three or four) → 1, 2, 3."""
    positives = okuda_positives(table)
    return pd.Series(np.select([positives == 0, positives <= 2], [1, 2], 3), index=table.index)


OKUDA = ScoreDefinition(
    "okuda",
    "Okuda",
    family="staging",
    inputs=("tumour_extent_percent", "ascites", "albumin", "bilirubin"),
    higher_is_worse=True,
    levels=("I", "II", "III"),
    source="Okuda et al., Cancer 1985;56:918",
    doi=None,
    status="confirmed",
    default=True,
    compute=okuda_rank,
    first_rank=1,
    note="Renderings differ at exactly 3.0 g/dL and 3.0 mg/dL; both are negative here.",
)
