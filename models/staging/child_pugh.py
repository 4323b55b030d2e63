"""Child-Pugh: five items of one to three points; A 5-6, B 7-9, C 10-15."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import ScoreDefinition

INPUTS = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")
MICROMOL_PER_MG_DL = 17.104


def child_pugh_points(table: pd.DataFrame) -> pd.Series:
    """Points 5-15. The boundaries are those of the conventional units: bilirubin 2 and 3 mg/dL, albumin 3.5 and 2.8 g/dL and INR 1.7 and 2.3 score 2."""
    # Rounded at the tenth digit: 2.0 mg/dL must not become 2.0000000001 on its way through umol/L.
    bilirubin = (table["bilirubin"].astype(float) / MICROMOL_PER_MG_DL).round(10)
    albumin, inr = (table["albumin"].astype(float) / 10).round(10), table["inr"].astype(float)
    points = np.select([bilirubin < 2, bilirubin <= 3], [1, 2], 3) + np.select([albumin > 3.5, albumin >= 2.8], [1, 2], 3) + np.select([inr < 1.7, inr <= 2.3], [1, 2], 3)
    ascites = table["ascites"].map({"none": 1, "slight": 2, "moderate_severe": 3})
    encephalopathy = table["encephalopathy"].map({"none": 1, "grade_1_2": 2, "grade_3_4": 3})
    return pd.Series(points, index=table.index) + ascites + encephalopathy


def child_pugh_class(table: pd.DataFrame) -> pd.Series:
    """A, B or C."""
    points = child_pugh_points(table)
    return pd.Series(np.select([points <= 6, points <= 9], ["A", "B"], "C"), index=table.index)


CHILD_PUGH = ScoreDefinition("child_pugh", "Child-Pugh score", "liver_function", INPUTS, True, None,
                             "Pugh et al., Br J Surg 1973;60:646", None, "confirmed", True, child_pugh_points)
