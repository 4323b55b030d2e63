"""BCLC: Barcelona Clinic Liver Cancer stage, 0 to D."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from models.staging.child_pugh_score import LIVER, child_pugh_rank
from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import (
    EXTENT,
    extrahepatic_spread,
    few_small,
    single,
    vascular_invasion,
)

INPUTS = ("ecog", *LIVER, *EXTENT)
LEVELS = ("0", "A", "B", "C", "D")


def bclc_rank(
    table: pd.DataFrame,
    single_over_5_cm: Literal["A", "B"] = "A",
    stage_0_includes_2_cm: bool = True,
) -> pd.Series:
    """0, A, B, C, D → 0..4, from the top down: D, C, then number and size.

    D: tumour-related performance 3-4 or end-stage liver function (Child-Pugh C). C: vascular
    invasion, spread or performance 1-2. A single nodule up to 2 cm is 0, of any other size A; two
    or three up to 3 cm A; others B. The options are habits of some groups, not the published rule:
    single nodules over 5 cm as B, 0 below 2 cm only.
    """
    number_one, diameter = single(table), table["tumour_diameter"]
    very_early = (diameter <= 2) if stage_0_includes_2_cm else (diameter < 2)
    single_as_b = number_one & (diameter > 5) & (single_over_5_cm == "B")
    rank = np.select(
        [
            (table["ecog"] >= 3) | (child_pugh_rank(table) == 2),
            vascular_invasion(table) | extrahepatic_spread(table) | (table["ecog"] >= 1),
            number_one & very_early,
            single_as_b,
            number_one | few_small(table),
        ],
        [4, 3, 0, 2, 1],
        2,
    )
    return pd.Series(rank, index=table.index)


BCLC = (
    ScoreDefinition(
        "bclc_2022",
        "BCLC 2022",
        family="staging",
        inputs=INPUTS,
        higher_is_worse=True,
        levels=LEVELS,
        source="Reig et al., J Hepatol 2022;76:681",
        doi="10.1016/j.jhep.2021.11.018",
        status="confirmed",
        default=True,
        compute=bclc_rank,
        note=(
            "End-stage liver function is read as Child-Pugh C; treatment stage migration is not"
            " computable."
        ),
    ),
    ScoreDefinition(
        "bclc_2018",
        "BCLC 2018",
        family="staging",
        inputs=INPUTS,
        higher_is_worse=True,
        levels=LEVELS,
        source="EASL guideline, J Hepatol 2018;69:182; Llovet et al., Semin Liver Dis 1999;19:329",
        doi=None,
        status="confirmed",
        default=False,
        compute=bclc_rank,
        note="Number, size, invasion and performance have the same limits in 2018 and 2022.",
    ),
)
