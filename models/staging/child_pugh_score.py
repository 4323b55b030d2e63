"""Child-Pugh: five items of one to three points; A 5-6, B 7-9, C 10-15."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import albumin_g_dl, bilirubin_mg_dl

LIVER = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")
SOURCE = "Pugh et al., Br J Surg 1973;60:646"


def child_pugh_points(
    table: pd.DataFrame, bilirubin_limits: Literal["conventional", "si"] = "conventional"
) -> pd.Series:
    """Child-Pugh points, 5-15.

    Bilirubin 2 and 3 mg/dL, albumin 3.5 and 2.8 g/dL and INR 1.7 and 2.3 score 2 each.

    bilirubin_limits: `conventional` 2 and 3 mg/dL, or `si` 34 and 51 umol/L, which are not quite
    the same: 34.0 umol/L is 1.988 mg/dL.
    """
    bilirubin, low, high = (
        (bilirubin_mg_dl(table), 2, 3)
        if bilirubin_limits == "conventional"
        else (table["bilirubin"], 34, 51)
    )
    albumin, inr = albumin_g_dl(table), table["inr"]
    laboratory = (
        np.select([bilirubin < low, bilirubin <= high], [1, 2], 3)
        + np.select([albumin > 3.5, albumin >= 2.8], [1, 2], 3)
        + np.select([inr < 1.7, inr <= 2.3], [1, 2], 3)
    )
    ascites = table["ascites"].map({"none": 1, "slight": 2, "moderate_severe": 3})
    encephalopathy = table["encephalopathy"].map({"none": 1, "grade_1_2": 2, "grade_3_4": 3})
    return pd.Series(laboratory, index=table.index) + ascites + encephalopathy


def child_pugh_rank(table: pd.DataFrame) -> pd.Series:
    """Class A, B, C → 0, 1, 2."""
    points = child_pugh_points(table)
    return pd.Series(np.select([points <= 6, points <= 9], [0, 1], 2), index=table.index)


CHILD_PUGH = (
    ScoreDefinition(
        "child_pugh",
        "Child-Pugh score",
        family="liver_function",
        inputs=LIVER,
        higher_is_worse=True,
        levels=None,
        source=SOURCE,
        doi=None,
        status="confirmed",
        default=True,
        compute=child_pugh_points,
    ),
    ScoreDefinition(
        "child_pugh_class",
        "Child-Pugh class",
        family="liver_function",
        inputs=LIVER,
        higher_is_worse=True,
        levels=("A", "B", "C"),
        source=SOURCE,
        doi=None,
        status="confirmed",
        default=False,
        compute=child_pugh_rank,
    ),
)
