"""Nutrition and systemic inflammation: PNI, CONUT, GNRI, GPS, mGPS, LCR, FAR."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import Publication, ScoreDefinition
from models.staging.tumour_extent import albumin_g_dl


def pni(table: pd.DataFrame) -> pd.Series:
    """Onodera's index: albumin in g/L + 5 × lymphocytes in 10^9/L; higher is better."""
    return table["albumin"] + 5 * table["lymphocytes"]


def conut_points(table: pd.DataFrame) -> pd.Series:
    """Points of the CONUT score, 0-12.

    Albumin from 3.5, 3.0, 2.5 g/dL or below 0, 2, 4, 6; lymphocytes from 1600, 1200, 800 /mm³ 0-3;
    cholesterol from 180, 140, 100 mg/dL 0-3.
    """
    albumin, lymphocytes, cholesterol = (
        albumin_g_dl(table),
        (table["lymphocytes"] * 1000).round(7),
        table["cholesterol"].round(10),
    )
    return (
        np.select([albumin >= 3.5, albumin >= 3.0, albumin >= 2.5], [0, 2, 4], 6)
        + np.select([lymphocytes >= 1600, lymphocytes >= 1200, lymphocytes >= 800], [0, 1, 2], 3)
        + pd.Series(
            np.select([cholesterol >= 180, cholesterol >= 140, cholesterol >= 100], [0, 1, 2], 3),
            index=table.index,
        )
    )


def conut_rank(table: pd.DataFrame) -> pd.Series:
    """Normal 0-1, light 2-4, moderate 5-8, severe 9-12 → 0..3."""
    points = conut_points(table)
    return pd.Series(
        np.select([points <= 1, points <= 4, points <= 8], [0, 1, 2], 3), index=table.index
    )


def lorentz_ideal_weight(table: pd.DataFrame) -> pd.Series:
    """Lorentz's ideal weight in kg.

    It is height - 100 - (height - 150) / 4 of men, / 2.5 of women, height in cm.
    """
    height = table["height"]
    return height - 100 - (height - 150) / np.where(table["sex"] == "male", 4, 2.5)


def gnri(table: pd.DataFrame, ideal_weight: pd.Series | None = None) -> pd.Series:
    """1.489 × albumin in g/L + 41.7 × weight / ideal weight (at most 1); higher is better.

    ideal_weight: kg; Lorentz's formula by default, many HCC papers take 22 × height in m squared.
    """
    ideal = lorentz_ideal_weight(table) if ideal_weight is None else ideal_weight
    return 1.489 * table["albumin"] + 41.7 * (table["weight"] / ideal).clip(upper=1)


def gnri_rank(table: pd.DataFrame) -> pd.Series:
    """Nutrition risk: none above 98, low from 92, moderate from 82, major below → 0..3."""
    index = gnri(table).round(10)
    return pd.Series(
        np.select([index > 98, index >= 92, index >= 82], [0, 1, 2], 3), index=table.index
    )


def gps(table: pd.DataFrame) -> pd.Series:
    """Glasgow prognostic score: CRP above 10 mg/L 1, albumin below 35 g/L 1."""
    return (table["crp"] > 10).astype(int) + (table["albumin"] < 35).astype(int)


def mgps(table: pd.DataFrame) -> pd.Series:
    """Modified Glasgow prognostic score (mGPS).

    It is 0 with CRP up to 10 mg/L, low albumin alone included; above that it is 1, with albumin
    below 35 g/L 2.
    """
    return (table["crp"] > 10).astype(int) * (1 + (table["albumin"] < 35).astype(int))


def lcr(table: pd.DataFrame) -> pd.Series:
    """10^4 × lymphocytes in 10^9/L / CRP in mg/L (= per uL over mg/dL); higher is better."""
    return 1e4 * table["lymphocytes"] / table["crp"]


def far(table: pd.DataFrame) -> pd.Series:
    """Fibrinogen over albumin, both in g/L (1000 times smaller than mg/dL over g/dL)."""
    return table["fibrinogen"] / table["albumin"]


_GNRI_INPUTS = ("albumin", "weight", "height", "sex")
_CONUT_INPUTS = ("albumin", "lymphocytes", "cholesterol")
_GNRI = Publication("Bouillanne et al., Am J Clin Nutr 2005", "10.1093/ajcn/82.4.777")
_CONUT = Publication("PMID 15762418", None)
_CRP = ("crp", "albumin")

NUTRITION_INDEXES = (
    ScoreDefinition(
        "pni",
        "Prognostic nutritional index (PNI)",
        family="index",
        inputs=("albumin", "lymphocytes"),
        higher_is_worse=False,
        levels=None,
        source="Onodera (PMID 6438478)",
        doi=None,
        status="confirmed",
        default=True,
        compute=pni,
    ),
    ScoreDefinition(
        "conut",
        "CONUT score",
        family="index",
        inputs=_CONUT_INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_CONUT.source,
        doi=_CONUT.doi,
        status="confirmed",
        default=False,
        compute=conut_points,
    ),
    ScoreDefinition(
        "conut_category",
        "CONUT category",
        family="index",
        inputs=_CONUT_INPUTS,
        higher_is_worse=True,
        levels=("normal", "light", "moderate", "severe"),
        source=_CONUT.source,
        doi=_CONUT.doi,
        status="confirmed",
        default=False,
        compute=conut_rank,
    ),
    ScoreDefinition(
        "gnri",
        "Geriatric nutritional risk index (GNRI)",
        family="index",
        inputs=_GNRI_INPUTS,
        higher_is_worse=False,
        levels=None,
        source=_GNRI.source,
        doi=_GNRI.doi,
        status="confirmed",
        default=False,
        compute=gnri,
    ),
    ScoreDefinition(
        "gnri_category",
        "GNRI category",
        family="index",
        inputs=_GNRI_INPUTS,
        higher_is_worse=True,
        levels=("none", "low", "moderate", "major"),
        source=_GNRI.source,
        doi=_GNRI.doi,
        status="confirmed",
        default=False,
        compute=gnri_rank,
    ),
    ScoreDefinition(
        "gps",
        "Glasgow prognostic score (GPS)",
        family="index",
        inputs=_CRP,
        higher_is_worse=True,
        levels=("0", "1", "2"),
        source="Glasgow prognostic score",
        doi=None,
        status="confirmed",
        default=False,
        compute=gps,
    ),
    ScoreDefinition(
        "mgps",
        "Modified Glasgow prognostic score (mGPS)",
        family="index",
        inputs=_CRP,
        higher_is_worse=True,
        levels=("0", "1", "2"),
        source="McMillan, Cancer Treat Rev 2013",
        doi="10.1016/j.ctrv.2012.08.003",
        status="confirmed",
        default=False,
        compute=mgps,
    ),
    ScoreDefinition(
        "lcr",
        "Lymphocyte-to-CRP ratio (LCR)",
        family="index",
        inputs=("lymphocytes", "crp"),
        higher_is_worse=False,
        levels=None,
        source="Okugawa et al., 2020",
        doi=None,
        status="unconfirmed",
        default=False,
        compute=lcr,
        note="The units of the published cut-off are not confirmed.",
    ),
    ScoreDefinition(
        "far",
        "Fibrinogen-to-albumin ratio (FAR)",
        family="index",
        inputs=("fibrinogen", "albumin"),
        higher_is_worse=True,
        levels=None,
        source="fibrinogen-to-albumin ratio",
        doi=None,
        status="confirmed",
        default=False,
        compute=far,
    ),
)
