"""Indexes of fibrosis and injury from liver enzymes, platelets and blood counts.

Enzymes in U/L, counts in 10^9/L. The upper limits of normal are the laboratory's, never a constant
of this package.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import index_of


def apri(table: pd.DataFrame) -> pd.Series:
    """AST over its upper limit of normal, per platelets, times 100."""
    return 100 * table["ast"] / table["ast_uln"] / table["platelets"]


def fib4(table: pd.DataFrame) -> pd.Series:
    """Age in years × AST / (platelets × √ALT)."""
    return table["age_years"] * table["ast"] / (table["platelets"] * np.sqrt(table["alt"]))


def aar(table: pd.DataFrame) -> pd.Series:
    """AST over ALT (De Ritis ratio)."""
    return table["ast"] / table["alt"]


def alri(table: pd.DataFrame) -> pd.Series:
    """AST over lymphocytes."""
    return table["ast"] / table["lymphocytes"]


def anri(table: pd.DataFrame) -> pd.Series:
    """AST over neutrophils."""
    return table["ast"] / table["neutrophils"]


def gpr(table: pd.DataFrame) -> pd.Series:
    """GGT over its upper limit of normal, per platelets, times 100."""
    return 100 * table["ggt"] / table["ggt_uln"] / table["platelets"]


def gpr_raw(table: pd.DataFrame) -> pd.Series:
    """GGT over platelets, as some HCC papers use it."""
    return table["ggt"] / table["platelets"]


def glr(table: pd.DataFrame) -> pd.Series:
    """GGT over lymphocytes."""
    return table["ggt"] / table["lymphocytes"]


def aglr(table: pd.DataFrame) -> pd.Series:
    """(ALP + GGT) over lymphocytes."""
    return (table["alp"] + table["ggt"]) / table["lymphocytes"]


def aapr(table: pd.DataFrame) -> pd.Series:
    """Albumin in g/L over ALP; higher is better."""
    return table["albumin"] / table["alp"]


ENZYME_INDEXES = (
    index_of(
        "apri",
        "APRI",
        inputs=("ast", "ast_uln", "platelets"),
        compute=apri,
        source="Wai et al., Hepatology 2003",
        doi="10.1053/jhep.2003.50346",
        default=True,
    ),
    index_of(
        "fib4",
        "FIB-4",
        inputs=("age_years", "ast", "alt", "platelets"),
        compute=fib4,
        source="Sterling et al., Hepatology 2006",
        doi="10.1002/hep.21178",
        default=True,
    ),
    index_of("aar", "AST/ALT ratio", inputs=("ast", "alt"), compute=aar, source="De Ritis ratio"),
    index_of(
        "alri",
        "AST-to-lymphocyte ratio (ALRI)",
        inputs=("ast", "lymphocytes"),
        compute=alri,
        source="Jin et al., Oncotarget 2015",
    ),
    index_of(
        "anri",
        "AST-to-neutrophil ratio (ANRI)",
        inputs=("ast", "neutrophils"),
        compute=anri,
        source="AST-to-neutrophil ratio index",
    ),
    index_of(
        "gpr",
        "GGT-to-platelet ratio (GPR)",
        inputs=("ggt", "ggt_uln", "platelets"),
        compute=gpr,
        source="Lemoine et al., Gut 2016",
        status="unconfirmed",
        note="The formula is recalled.",
    ),
    index_of(
        "gpr_raw",
        "GGT-to-platelet ratio without limit of normal",
        inputs=("ggt", "platelets"),
        compute=gpr_raw,
        source="plain ratio of HCC papers",
        status="unconfirmed",
        note="Which variant the published cut-offs belong to is not confirmed.",
    ),
    index_of(
        "glr",
        "GGT-to-lymphocyte ratio (GLR)",
        inputs=("ggt", "lymphocytes"),
        compute=glr,
        source="Li et al., J Hepatocell Carcinoma 2021",
        doi="10.2147/JHC.S286213",
    ),
    index_of(
        "aglr",
        "(ALP + GGT)-to-lymphocyte ratio (AGLR)",
        inputs=("alp", "ggt", "lymphocytes"),
        compute=aglr,
        source="BMC Surg",
        doi="10.1186/s12893-020-01037-7",
    ),
    index_of(
        "aapr",
        "Albumin-to-ALP ratio (AAPR)",
        inputs=("albumin", "alp"),
        compute=aapr,
        source="Chan et al., 2015",
        status="unconfirmed",
        higher_is_worse=False,
        note="The ratio is recalled.",
    ),
)
