"""LI-RADS v2018 diagnostic table, from major features on CT or MRI; the table is recalled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import vascular_invasion

LEVELS = ("LR-3", "LR-4", "LR-5", "LR-M", "LR-TIV")


def li_rads_rank(table: pd.DataFrame) -> pd.Series:
    """LR-3, LR-4, LR-5, LR-M, LR-TIV → 0..4; names, not an order: LR-M is not more than LR-5.

    Tumour in vein first, then the targetoid traits that are recorded (rim enhancement, peripheral
    washout), then the table: nonrim arterial enhancement, size, and how many of washout, capsule
    and threshold growth are there. LR-1, LR-2 and LR-NC do not occur among resected carcinomas.
    """
    millimetres = (table["tumour_diameter"] * 10).round(9)
    washout, growth = table["washout"] == "nonperipheral", table["threshold_growth"] == 1
    capsule = table["capsule"] != "none"
    count = washout.astype(int) + capsule.astype(int) + growth.astype(int)
    without = np.where(millimetres < 20, count >= 2, count >= 1).astype(int)
    between = np.select([count == 0, (count == 1) & capsule], [0, 1], 2)
    with_enhancement = np.select(
        [millimetres < 10, millimetres < 20],
        [(count >= 1).astype(int), between],
        1 + (count >= 1).astype(int),
    )
    category = np.where(table["aphe"] == "nonrim", with_enhancement, without)
    targetoid = (table["aphe"] == "rim") | (table["washout"] == "peripheral")
    return pd.Series(
        np.select([vascular_invasion(table), targetoid], [4, 3], category), index=table.index
    )


LI_RADS = ScoreDefinition(
    "li_rads_2018",
    "LI-RADS v2018",
    family="imaging",
    inputs=(
        "aphe",
        "washout",
        "capsule",
        "threshold_growth",
        "tumour_diameter",
        "vascular_invasion",
    ),
    higher_is_worse=True,
    levels=LEVELS,
    source="Chernyak et al., Radiology 2018;289:816",
    doi="10.1148/radiol.2018181494",
    status="unconfirmed",
    default=False,
    compute=li_rads_rank,
    ordered=False,
    note=(
        "The diagnostic table is recalled. Categories are names without an order; they enter a"
        " model as a factor."
    ),
)
