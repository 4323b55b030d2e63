"""Published recurrence scores with fixed points.

They are ERS (after surgery), pre-MORAL and MoRAL (transplantation).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.blood_count_indexes import nlr
from models.staging.definition import Publication, ScoreDefinition

ERS_INPUTS = (
    "afp",
    "tumour_diameter",
    "tumour_number",
    "satellite",
    "vascular_invasion_pathology",
    "resection_margin_r1",
)
PRE_MORAL_INPUTS = ("neutrophils", "lymphocytes", "afp_maximum", "tumour_diameter")


def ers_points(table: pd.DataFrame) -> pd.Series:
    """ERS points.

    AFP below 10 ng/mL 0, to 100 2, above 3; largest from 4 cm 1; several nodules 2; satellites 2;
    vascular invasion 1; R1 2.
    """
    afp = table["afp"]
    return (
        np.select([afp < 10, afp <= 100], [0, 2], 3)
        + (table["tumour_diameter"] >= 4).astype(int)
        + 2 * (table["tumour_number"] > 1).astype(int)
        + 2 * (table["satellite"] == 1).astype(int)
        + (table["vascular_invasion_pathology"] == 1).astype(int)
        + 2 * (table["resection_margin_r1"] == 1).astype(int)
    )


def pre_moral_points(table: pd.DataFrame) -> pd.Series:
    """NLR from 5 6; highest AFP ever above 200 ng/mL 4; largest above 3 cm 3."""
    return (
        6 * (nlr(table).round(10) >= 5).astype(int)
        + 4 * (table["afp_maximum"] > 200).astype(int)
        + 3 * (table["tumour_diameter"] > 3).astype(int)
    )


def pre_moral_rank(table: pd.DataFrame) -> pd.Series:
    """Low 0-2, medium 3-6, high 7-10, very high above → 0..3."""
    points = pre_moral_points(table)
    return pd.Series(
        np.select([points <= 2, points <= 6, points <= 10], [0, 1, 2], 3), index=table.index
    )


def moral_ldlt(table: pd.DataFrame) -> pd.Series:
    """11 √PIVKA-II (mAU/mL) + 2 √AFP (ng/mL)."""
    return 11 * np.sqrt(table["pivka"]) + 2 * np.sqrt(table["afp"])


_MORAL = Publication("Halazun et al., Ann Surg 2017;265:557", None)

RECURRENCE_SCORES = (
    ScoreDefinition(
        "ers",
        "Early recurrence score (postoperative)",
        family="recurrence",
        inputs=ERS_INPUTS,
        higher_is_worse=True,
        levels=None,
        source="Early Recurrence Score, abstract",
        doi=None,
        status="confirmed",
        default=False,
        compute=ers_points,
        note=(
            "Uses histology and resection margin: comparable with postoperative models only. Its"
            " risk bands are not confirmed and left out."
        ),
    ),
    ScoreDefinition(
        "pre_moral",
        "pre-MORAL",
        family="recurrence",
        inputs=PRE_MORAL_INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_MORAL.source,
        doi=_MORAL.doi,
        status="confirmed",
        default=False,
        compute=pre_moral_points,
        note=(
            "Derived for transplantation; exploratory after resection. It needs the highest AFP"
            " ever, not the last."
        ),
    ),
    ScoreDefinition(
        "pre_moral_group",
        "pre-MORAL risk group",
        family="recurrence",
        inputs=PRE_MORAL_INPUTS,
        higher_is_worse=True,
        levels=("low", "medium", "high", "very_high"),
        source=_MORAL.source,
        doi=_MORAL.doi,
        status="unconfirmed",
        default=False,
        compute=pre_moral_rank,
        note="The limits of the groups are recalled.",
    ),
    ScoreDefinition(
        "moral_ldlt",
        "MoRAL (living donor)",
        family="recurrence",
        inputs=("pivka", "afp"),
        higher_is_worse=True,
        levels=None,
        source="MoRAL, living donor liver transplantation",
        doi=None,
        status="confirmed",
        default=False,
        compute=moral_ldlt,
        note="Derived for transplantation; exploratory after resection.",
    ),
)
