"""ITA.LI.CA: tumour stage, Child-Pugh points, performance and AFP, 0 to 13 points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.bclc_stage import INPUTS
from models.staging.child_pugh_score import child_pugh_points
from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import (
    extrahepatic_spread,
    extrahepatic_vascular_invasion,
    single,
    vascular_invasion,
)

STAGES = ("0", "A", "B1", "B2", "B3", "C")


def italica_stage_rank(table: pd.DataFrame) -> pd.Series:
    """Tumour stage 0, A, B1, B2, B3, C → 0..5."""
    diameter, number_one, few = table["tumour_diameter"], single(table), table["tumour_number"] <= 3
    rank = np.select(
        [
            extrahepatic_spread(table) | extrahepatic_vascular_invasion(table),
            vascular_invasion(table),
            number_one,
            few,
        ],
        [
            5,
            4,
            np.select([diameter <= 2, diameter <= 5], [0, 1], 2),
            np.select([diameter <= 3, diameter <= 5], [1, 2], 3),
        ],
        np.where(diameter <= 5, 3, 4),
    )
    return pd.Series(rank, index=table.index)


def italica_points(table: pd.DataFrame) -> pd.Series:
    """Points of the ITA.LI.CA score.

    Stage 0-5; Child-Pugh points 5: 0, 6-7: 1, 8-9: 2, from 10: 3; ECOG 0: 0, 1-2: 1, 3-4: 3; AFP
    above 1000 ng/mL: 2.
    """
    points, ecog = child_pugh_points(table), table["ecog"]
    return (
        italica_stage_rank(table)
        + np.select([points <= 5, points <= 7, points <= 9], [0, 1, 2], 3)
        + np.select([ecog <= 0, ecog <= 2], [0, 1], 3)
        + np.where(table["afp"] > 1000, 2, 0)
    )


ITALICA = ScoreDefinition(
    "italica",
    "ITA.LI.CA",
    family="staging",
    inputs=(*INPUTS, "afp"),
    higher_is_worse=True,
    levels=None,
    source="Farinati et al., PLoS Med 2016;13:e1002006",
    doi="10.1371/journal.pmed.1002006",
    status="confirmed",
    default=True,
    compute=italica_points,
    note=(
        "Tumour in the main portal trunk or the vena cava is read as extrahepatic vascular"
        " invasion; ten Child-Pugh points score 3."
    ),
)
