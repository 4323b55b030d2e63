"""MELD, MELD-Na and MELD 3.0: integers from 6 to 40, rounded half up.

In resectable patients the floors bind for most (MELD 6), so `meld_unrounded` is the better
predictor.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import Publication, ScoreDefinition
from models.staging.tumour_extent import albumin_g_dl, bilirubin_mg_dl, creatinine_mg_dl

MELD_INPUTS = ("bilirubin", "inr", "creatinine", "dialysis")
MELD_NA_INPUTS = (*MELD_INPUTS, "sodium")


def _whole(score: pd.Series) -> pd.Series:
    # Rounded at the tenth digit first, so that 17.5 is 17.5 and half goes up, not to even.
    return np.floor(score.round(10) + 0.5).clip(6, 40)


def _creatinine(table: pd.DataFrame, cap: float) -> pd.Series:
    """mg/dL between 1 and the cap, which dialysis (twice or more in the last week) stands for."""
    return creatinine_mg_dl(table).clip(1, cap).mask(table["dialysis"] == 1, cap)


def meld_unrounded(table: pd.DataFrame) -> pd.Series:
    """MELD before rounding.

    It is 9.57 ln(creatinine) + 3.78 ln(bilirubin) + 11.2 ln(INR) + 6.43; mg/dL, all at least 1,
    creatinine at most 4.
    """
    return (
        9.57 * np.log(_creatinine(table, 4.0))
        + 3.78 * np.log(bilirubin_mg_dl(table).clip(lower=1))
        + 11.2 * np.log(table["inr"].clip(lower=1))
        + 6.43
    )


def meld_score(table: pd.DataFrame) -> pd.Series:
    """MELD as an integer."""
    return _whole(meld_unrounded(table))


def meld_na_score(table: pd.DataFrame) -> pd.Series:
    """MELD-Na of OPTN 2016.

    Where MELD > 11, it is MELD + 1.32 (137 - Na) - 0.033 MELD (137 - Na); sodium is between 125 and
    137 mmol/L.
    """
    meld, deficit = meld_score(table), 137 - table["sodium"].clip(125, 137)
    return _whole(meld.where(meld <= 11, meld + 1.32 * deficit - 0.033 * meld * deficit))


def meld_na_2008_score(table: pd.DataFrame) -> pd.Series:
    """Kim 2008: MELD - Na - 0.025 MELD (140 - Na) + 140; sodium between 125 and 140 mmol/L."""
    meld, sodium = meld_score(table), table["sodium"].clip(125, 140)
    return meld - sodium - 0.025 * meld * (140 - sodium) + 140


def meld_3_unrounded(table: pd.DataFrame) -> pd.Series:
    """MELD 3.0 of adults before rounding.

    1.33 is added (not multiplied) for women; creatinine is at most 3.0 mg/dL, albumin 1.5 to 3.5
    g/dL.
    """
    log_bilirubin, log_inr = (
        np.log(bilirubin_mg_dl(table).clip(lower=1)),
        np.log(table["inr"].clip(lower=1)),
    )
    log_creatinine = np.log(_creatinine(table, 3.0))
    deficit, albumin = 137 - table["sodium"].clip(125, 137), albumin_g_dl(table).clip(1.5, 3.5)
    return (
        1.33 * (table["sex"] == "female")
        + 4.56 * log_bilirubin
        + 0.82 * deficit
        - 0.24 * deficit * log_bilirubin
        + 9.09 * log_inr
        + 11.14 * log_creatinine
        + 1.85 * (3.5 - albumin)
        - 1.83 * (3.5 - albumin) * log_creatinine
        + 6
    )


def meld_3_score(table: pd.DataFrame) -> pd.Series:
    """MELD 3.0 as an integer."""
    return _whole(meld_3_unrounded(table))


_MELD = Publication("Kamath et al., Hepatology 2001;33:464", None)

MELD_FAMILY = (
    ScoreDefinition(
        "meld",
        "MELD",
        family="liver_function",
        inputs=MELD_INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_MELD.source,
        doi=_MELD.doi,
        status="confirmed",
        default=False,
        compute=meld_score,
    ),
    ScoreDefinition(
        "meld_unrounded",
        "MELD, unrounded",
        family="liver_function",
        inputs=MELD_INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_MELD.source,
        doi=_MELD.doi,
        status="confirmed",
        default=False,
        compute=meld_unrounded,
    ),
    ScoreDefinition(
        "meld_na",
        "MELD-Na (OPTN 2016)",
        family="liver_function",
        inputs=MELD_NA_INPUTS,
        higher_is_worse=True,
        levels=None,
        source="OPTN policy 2016",
        doi=None,
        status="confirmed",
        default=False,
        compute=meld_na_score,
    ),
    ScoreDefinition(
        "meld_na_2008",
        "MELD-Na (Kim 2008)",
        family="liver_function",
        inputs=MELD_NA_INPUTS,
        higher_is_worse=True,
        levels=None,
        source="Kim et al., N Engl J Med 2008;359:1018",
        doi=None,
        status="unconfirmed",
        default=False,
        compute=meld_na_2008_score,
        note="The formula is recalled.",
    ),
    ScoreDefinition(
        "meld_3",
        "MELD 3.0",
        family="liver_function",
        inputs=(*MELD_NA_INPUTS, "albumin", "sex"),
        higher_is_worse=True,
        levels=None,
        source="Kim et al., Gastroenterology 2021;161:1887",
        doi="10.1053/j.gastro.2021.08.050",
        status="confirmed",
        default=False,
        compute=meld_3_score,
    ),
)
