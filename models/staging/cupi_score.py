"""CUPI: Chinese University Prognostic Index, -7 to 12 points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.ajcc_stage import AJCC8, ajcc8_rank
from models.staging.definition import Publication, ScoreDefinition

INPUTS = (*AJCC8.inputs, "asymptomatic", "ascites", "afp", "bilirubin", "alp")


def cupi_points(table: pd.DataFrame) -> pd.Series:
    """Points of the Chinese University Prognostic Index (CUPI).

    TNM I-II -3, III -1, IV 0; asymptomatic -4; ascites 3; AFP from 500 ng/mL 2; bilirubin 34-51
    umol/L 3, above 4; ALP from 200 U/L 3.
    """
    stage, bilirubin = ajcc8_rank(table), table["bilirubin"]
    return (
        np.select([stage <= 3, stage <= 5], [-3, -1], 0)
        + np.where(table["asymptomatic"] == 1, -4, 0)
        + np.where(table["ascites"] != "none", 3, 0)
        + np.where(table["afp"] >= 500, 2, 0)
        + np.select([bilirubin < 34, bilirubin < 52], [0, 3], 4)
        + pd.Series(np.where(table["alp"] >= 200, 3, 0), index=table.index)
    )


def cupi_rank(table: pd.DataFrame) -> pd.Series:
    """Low up to 1, intermediate up to 7, high above → 0, 1, 2."""
    points = cupi_points(table)
    return pd.Series(np.select([points <= 1, points <= 7], [0, 1], 2), index=table.index)


_SOURCE = Publication("Leung et al., Cancer 2002;94:1760", None)

CUPI = (
    ScoreDefinition(
        "cupi",
        "CUPI",
        family="staging",
        inputs=INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_SOURCE.source,
        doi=_SOURCE.doi,
        status="confirmed",
        default=False,
        compute=cupi_points,
        note="The original uses TNM of the 5th edition; the 8th is used here.",
    ),
    ScoreDefinition(
        "cupi_group",
        "CUPI risk group",
        family="staging",
        inputs=INPUTS,
        higher_is_worse=True,
        levels=("low", "intermediate", "high"),
        source=_SOURCE.source,
        doi=_SOURCE.doi,
        status="unconfirmed",
        default=False,
        compute=cupi_rank,
        note="The limits of the groups are recalled.",
    ),
)
