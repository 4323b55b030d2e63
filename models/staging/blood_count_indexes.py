"""Inflammation indexes from the differential blood count.

All counts are in 10^9/L; percentages are not accepted.
"""

from __future__ import annotations

import pandas as pd

from models.staging.definition import index_of


def nlr(table: pd.DataFrame) -> pd.Series:
    """Neutrophils over lymphocytes."""
    return table["neutrophils"] / table["lymphocytes"]


def dnlr(table: pd.DataFrame) -> pd.Series:
    """Neutrophils over white cells that are no neutrophils (dNLR).

    There is no value where neutrophils exceed the white cells.
    """
    others = table["white_cells"] - table["neutrophils"]
    return table["neutrophils"] / others.where(others > 0)


def plr(table: pd.DataFrame) -> pd.Series:
    """Platelets over lymphocytes."""
    return table["platelets"] / table["lymphocytes"]


def lmr(table: pd.DataFrame) -> pd.Series:
    """Lymphocytes over monocytes; higher is better."""
    return table["lymphocytes"] / table["monocytes"]


def mlr(table: pd.DataFrame) -> pd.Series:
    """Monocytes over lymphocytes, the inverse of LMR."""
    return table["monocytes"] / table["lymphocytes"]


def sii(table: pd.DataFrame) -> pd.Series:
    """Platelets × neutrophils / lymphocytes."""
    return table["platelets"] * table["neutrophils"] / table["lymphocytes"]


def siri(table: pd.DataFrame) -> pd.Series:
    """Neutrophils × monocytes / lymphocytes."""
    return table["neutrophils"] * table["monocytes"] / table["lymphocytes"]


def piv(table: pd.DataFrame) -> pd.Series:
    """Neutrophils × platelets × monocytes / lymphocytes."""
    return table["neutrophils"] * table["platelets"] * table["monocytes"] / table["lymphocytes"]


BLOOD_COUNT_INDEXES = (
    index_of(
        "nlr",
        "Neutrophil-to-lymphocyte ratio (NLR)",
        inputs=("neutrophils", "lymphocytes"),
        compute=nlr,
        source="neutrophil-to-lymphocyte ratio",
        default=True,
    ),
    index_of(
        "dnlr",
        "Derived NLR (dNLR)",
        inputs=("neutrophils", "white_cells"),
        compute=dnlr,
        source="Proctor et al., Br J Cancer 2012",
    ),
    index_of(
        "plr",
        "Platelet-to-lymphocyte ratio (PLR)",
        inputs=("platelets", "lymphocytes"),
        compute=plr,
        source="platelet-to-lymphocyte ratio",
        default=True,
    ),
    index_of(
        "lmr",
        "Lymphocyte-to-monocyte ratio (LMR)",
        inputs=("lymphocytes", "monocytes"),
        compute=lmr,
        source="lymphocyte-to-monocyte ratio",
        higher_is_worse=False,
    ),
    index_of(
        "mlr",
        "Monocyte-to-lymphocyte ratio (MLR)",
        inputs=("monocytes", "lymphocytes"),
        compute=mlr,
        source="monocyte-to-lymphocyte ratio",
    ),
    index_of(
        "sii",
        "Systemic immune-inflammation index (SII)",
        inputs=("platelets", "neutrophils", "lymphocytes"),
        compute=sii,
        source="Hu et al., Clin Cancer Res 2014",
        doi="10.1158/1078-0432.CCR-14-0442",
        default=True,
    ),
    index_of(
        "siri",
        "Systemic inflammation response index (SIRI)",
        inputs=("neutrophils", "monocytes", "lymphocytes"),
        compute=siri,
        source="Qi et al., Cancer 2016;122:2158",
    ),
    index_of(
        "piv",
        "Pan-immune-inflammation value (PIV)",
        inputs=("neutrophils", "platelets", "monocytes", "lymphocytes"),
        compute=piv,
        source="Fucà et al., Br J Cancer 2020",
        doi="10.1038/s41416-020-0894-7",
    ),
)
