"""AJCC/UICC TNM, 8th edition, clinical: IA to IVB from imaging."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import EXTENT, single, vascular_invasion

T_CATEGORIES = ("T1a", "T1b", "T2", "T3", "T4")
# Recalled reading of "major branch": main, right or left portal vein, or a hepatic vein.
MAJOR_BRANCHES = ("first_order", "main_trunk", "hepatic_vein", "inferior_vena_cava")


def ajcc8_t_category(table: pd.DataFrame) -> pd.Series:
    """AJCC T category (8th edition): T1a, T1b, T2, T3 or T4.

    A single nodule up to 2 cm is T1a with or without vascular invasion that is not of a major
    branch.
    """
    number_one, diameter = single(table), table["tumour_diameter"]
    category = np.select(
        [
            table["vascular_invasion"].isin(MAJOR_BRANCHES)
            | (table["adjacent_organ_invasion"] == 1),
            number_one & (diameter <= 2),
            number_one & ~vascular_invasion(table),
            number_one | (diameter <= 5),
        ],
        ["T4", "T1a", "T1b", "T2"],
        "T3",
    )
    return pd.Series(category, index=table.index)


def ajcc8_rank(table: pd.DataFrame) -> pd.Series:
    """AJCC stage (8th edition) as a rank: IA, IB, II, IIIA, IIIB, IVA, IVB → 1..7.

    Microvascular invasion is not known before surgery.
    """
    without_spread = ajcc8_t_category(table).map(
        {name: rank for rank, name in enumerate(T_CATEGORIES, start=1)}
    )
    rank = np.select(
        [table["distant_metastasis"] == 1, table["lymph_node_metastasis"] == 1],
        [7, 6],
        without_spread,
    )
    return pd.Series(rank, index=table.index)


AJCC8 = ScoreDefinition(
    "ajcc8",
    "AJCC TNM, 8th edition (clinical)",
    family="staging",
    inputs=(*EXTENT, "adjacent_organ_invasion"),
    higher_is_worse=True,
    levels=("IA", "IB", "II", "IIIA", "IIIB", "IVA", "IVB"),
    source="AJCC Cancer Staging Manual, 8th edition, 2017",
    doi=None,
    status="confirmed",
    default=True,
    compute=ajcc8_rank,
    first_rank=1,
    note=(
        "Major branches are read as main, right or left portal vein, hepatic veins and vena cava;"
        " this reading is not confirmed."
    ),
)
