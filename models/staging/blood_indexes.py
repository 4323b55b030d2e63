"""Indexes of liver function, fibrosis and inflammation from routine blood tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import ScoreDefinition


def albi(table: pd.DataFrame) -> pd.Series:
    """0.66 log10(bilirubin, umol/L) - 0.085 albumin, g/L; grade 1 up to -2.60, 3 above -1.39."""
    return 0.66 * np.log10(table["bilirubin"].astype(float)) - 0.085 * table["albumin"].astype(float)


def apri(table: pd.DataFrame) -> pd.Series:
    """AST over its upper limit of normal, per platelets in 10^9/L, times 100."""
    return 100 * table["ast"].astype(float) / table["ast_uln"].astype(float) / table["platelets"].astype(float)


def fib4(table: pd.DataFrame) -> pd.Series:
    """Age × AST / (platelets × √ALT); years, U/L, 10^9/L."""
    return table["age_years"].astype(float) * table["ast"].astype(float) / (table["platelets"].astype(float) * np.sqrt(table["alt"].astype(float)))


def nlr(table: pd.DataFrame) -> pd.Series:
    """Neutrophils over lymphocytes."""
    return table["neutrophils"].astype(float) / table["lymphocytes"].astype(float).replace(0, np.nan)


def plr(table: pd.DataFrame) -> pd.Series:
    """Platelets over lymphocytes."""
    return table["platelets"].astype(float) / table["lymphocytes"].astype(float).replace(0, np.nan)


def _index(identifier: str, label: str, family: str, inputs: tuple[str, ...], source: str, doi: str | None, compute) -> ScoreDefinition:
    return ScoreDefinition(identifier, label, family, inputs, True, None, source, doi, "confirmed", True, compute)


BLOOD_INDEXES = (
    _index("albi", "ALBI", "liver_function", ("bilirubin", "albumin"), "Johnson et al., J Clin Oncol 2015;33:550", "10.1200/JCO.2014.57.9151", albi),
    _index("apri", "APRI", "index", ("ast", "ast_uln", "platelets"), "Wai et al., Hepatology 2003", "10.1053/jhep.2003.50346", apri),
    _index("fib4", "FIB-4", "index", ("age_years", "ast", "alt", "platelets"), "Sterling et al., Hepatology 2006", "10.1002/hep.21178", fib4),
    _index("nlr", "NLR", "index", ("neutrophils", "lymphocytes"), "neutrophil-to-lymphocyte ratio", None, nlr),
    _index("plr", "PLR", "index", ("platelets", "lymphocytes"), "platelet-to-lymphocyte ratio", None, plr),
)
