"""Cuts of the tumour's extent on imaging, and conversions of units.

The staging systems share the cuts; the conversions are to their conventional units.

Vascular invasion is macrovascular: seen on imaging. Microvascular invasion is histology and no
input of a preoperative stage. A thrombus in a bile duct is recorded in the same variable but is no
vascular invasion.
"""

from __future__ import annotations

import pandas as pd

EXTENT = (
    "tumour_number",
    "tumour_diameter",
    "vascular_invasion",
    "lymph_node_metastasis",
    "distant_metastasis",
)
PORTAL_BRANCHES = ("segmental", "first_order", "main_trunk")

MICROMOL_BILIRUBIN_PER_MG_DL = 17.104
MICROMOL_CREATININE_PER_MG_DL = 88.42


def bilirubin_mg_dl(table: pd.DataFrame) -> pd.Series:
    """Bilirubin in mg/dL, rounded at the tenth digit.

    2.0 mg/dL must not become 2.0000000000000004 on its way through umol/L.
    """
    return (table["bilirubin"] / MICROMOL_BILIRUBIN_PER_MG_DL).round(10)


def creatinine_mg_dl(table: pd.DataFrame) -> pd.Series:
    """Creatinine in mg/dL, rounded at the tenth digit."""
    return (table["creatinine"] / MICROMOL_CREATININE_PER_MG_DL).round(10)


def albumin_g_dl(table: pd.DataFrame) -> pd.Series:
    """Albumin in g/dL, rounded at the tenth digit."""
    return (table["albumin"] / 10).round(10)


def single(table: pd.DataFrame) -> pd.Series:
    """One nodule."""
    return table["tumour_number"] <= 1


def few_small(table: pd.DataFrame, diameter: float = 3.0) -> pd.Series:
    """Two or three nodules, the largest up to `diameter` cm."""
    return table["tumour_number"].between(2, 3) & (table["tumour_diameter"] <= diameter)


def vascular_invasion(table: pd.DataFrame) -> pd.Series:
    """Tumour in a portal or hepatic vein or the inferior vena cava, of any order."""
    return ~table["vascular_invasion"].isin(("none", "bile_duct"))


def extrahepatic_vascular_invasion(table: pd.DataFrame) -> pd.Series:
    """Tumour in the main portal trunk or the inferior vena cava."""
    return table["vascular_invasion"].isin(("main_trunk", "inferior_vena_cava"))


def extrahepatic_spread(table: pd.DataFrame) -> pd.Series:
    """Lymph node or distant metastasis."""
    return (table["lymph_node_metastasis"] == 1) | (table["distant_metastasis"] == 1)
