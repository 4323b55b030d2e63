"""ALBI and its relatives: liver function from bilirubin and albumin, PALBI with platelets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import Publication, ScoreDefinition
from models.staging.tumour_extent import albumin_g_dl, bilirubin_mg_dl

ALBI_INPUTS = ("bilirubin", "albumin")
PALBI_INPUTS = (*ALBI_INPUTS, "platelets")


def albi_score(table: pd.DataFrame, albumin_coefficient: float = 0.085) -> pd.Series:
    """ALBI score: 0.66 log10(bilirubin, umol/L) - 0.085 albumin, g/L.

    The coefficient is also printed as 0.0852, which moves some grades.
    """
    return 0.66 * np.log10(table["bilirubin"]) - albumin_coefficient * table["albumin"]


def grade(score: pd.Series, *upper: float) -> pd.Series:
    """Grade: 1 up to the first limit (inclusive), 2 up to the second, and so on."""
    return pd.Series(1 + np.searchsorted(upper, score.to_numpy(), side="left"), index=score.index)


def albi_grade(table: pd.DataFrame, albumin_coefficient: float = 0.085) -> pd.Series:
    """1 up to -2.60, 2 up to -1.39, 3 above."""
    return grade(albi_score(table, albumin_coefficient), -2.60, -1.39)


def malbi_grade(table: pd.DataFrame) -> pd.Series:
    """1, 2a (up to -2.27), 2b, 3 → 1..4."""
    return grade(albi_score(table), -2.60, -2.27, -1.39)


def ez_albi_score(table: pd.DataFrame) -> pd.Series:
    """Bilirubin in mg/dL minus 9 × albumin in g/dL."""
    return bilirubin_mg_dl(table) - 9 * albumin_g_dl(table)


def ez_albi_grade(table: pd.DataFrame) -> pd.Series:
    """1 up to -34.4, 2 up to -22.2, 3 above."""
    return grade(ez_albi_score(table).round(10), -34.4, -22.2)


def palbi_score(table: pd.DataFrame) -> pd.Series:
    """Platelet-albumin-bilirubin (PALBI) score.

    2.02 L - 0.37 L² - 0.04 albumin (g/L) - 3.48 P + 1.01 P², L and P = log10 of bilirubin (umol/L)
    and platelets (10^9/L).

    Above 53 × 10^9/L more platelets make it worse; that is the published formula.
    """
    bilirubin, platelets = np.log10(table["bilirubin"]), np.log10(table["platelets"])
    return (
        2.02 * bilirubin
        - 0.37 * bilirubin**2
        - 0.04 * table["albumin"]
        - 3.48 * platelets
        + 1.01 * platelets**2
    )


def palbi_grade(table: pd.DataFrame) -> pd.Series:
    """1 up to -2.53, 2 up to -2.09, 3 above; these are not the limits of ALBI."""
    return grade(palbi_score(table), -2.53, -2.09)


_GRADES = ("1", "2", "3")
_ALBI = Publication("Johnson et al., J Clin Oncol 2015;33:550", "10.1200/JCO.2014.57.9151")
_EZ = Publication("Kariyama et al., Liver Cancer 2020;9:734", None)
_PALBI = Publication(
    "Roayaie et al., Hepatology 2015;62:440; Liu et al., J Gastroenterol Hepatol 2017;32:879",
    "10.1111/jgh.13608",
)

ALBI_FAMILY = (
    ScoreDefinition(
        "albi",
        "ALBI",
        family="liver_function",
        inputs=ALBI_INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_ALBI.source,
        doi=_ALBI.doi,
        status="confirmed",
        default=True,
        compute=albi_score,
    ),
    ScoreDefinition(
        "albi_grade",
        "ALBI grade",
        family="liver_function",
        inputs=ALBI_INPUTS,
        higher_is_worse=True,
        levels=_GRADES,
        source=_ALBI.source,
        doi=_ALBI.doi,
        status="confirmed",
        default=False,
        compute=albi_grade,
        first_rank=1,
    ),
    ScoreDefinition(
        "malbi",
        "mALBI grade",
        family="liver_function",
        inputs=ALBI_INPUTS,
        higher_is_worse=True,
        levels=("1", "2a", "2b", "3"),
        source="Hiraoka et al., Liver Cancer 2017;6:325",
        doi="10.1159/000479984",
        status="unconfirmed",
        default=False,
        compute=malbi_grade,
        first_rank=1,
        note="The limit of -2.270 between 2a and 2b and its side are recalled.",
    ),
    ScoreDefinition(
        "ez_albi",
        "EZ-ALBI",
        family="liver_function",
        inputs=ALBI_INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_EZ.source,
        doi=_EZ.doi,
        status="confirmed",
        default=False,
        compute=ez_albi_score,
    ),
    ScoreDefinition(
        "ez_albi_grade",
        "EZ-ALBI grade",
        family="liver_function",
        inputs=ALBI_INPUTS,
        higher_is_worse=True,
        levels=_GRADES,
        source=_EZ.source,
        doi=_EZ.doi,
        status="unconfirmed",
        default=False,
        compute=ez_albi_grade,
        first_rank=1,
        note="The limits -34.4 and -22.2 are recalled.",
    ),
    ScoreDefinition(
        "palbi",
        "PALBI",
        family="liver_function",
        inputs=PALBI_INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_PALBI.source,
        doi=_PALBI.doi,
        status="confirmed",
        default=False,
        compute=palbi_score,
    ),
    ScoreDefinition(
        "palbi_grade",
        "PALBI grade",
        family="liver_function",
        inputs=PALBI_INPUTS,
        higher_is_worse=True,
        levels=_GRADES,
        source=_PALBI.source,
        doi=_PALBI.doi,
        status="confirmed",
        default=False,
        compute=palbi_grade,
        first_rank=1,
    ),
)
