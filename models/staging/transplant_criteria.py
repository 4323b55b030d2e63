"""Milan, UCSF and up-to-seven: criteria of tumour burden for transplantation.

All need no macrovascular invasion and no extrahepatic spread. As predictors: within 0, beyond 1.
"""

from __future__ import annotations

import pandas as pd

from models.staging.definition import Publication, ScoreDefinition
from models.staging.tumour_extent import (
    EXTENT,
    extrahepatic_spread,
    few_small,
    single,
    vascular_invasion,
)

LEVELS = ("within", "beyond")


def _beyond(table: pd.DataFrame, burden_within: pd.Series) -> pd.Series:
    return (~burden_within | vascular_invasion(table) | extrahepatic_spread(table)).astype(int)


def milan_rank(table: pd.DataFrame) -> pd.Series:
    """Milan criteria: one nodule up to 5 cm, or two or three up to 3 cm each."""
    return _beyond(table, (single(table) & (table["tumour_diameter"] <= 5)) | few_small(table))


def ucsf_rank(table: pd.DataFrame) -> pd.Series:
    """Rank by the criteria of the University of California, San Francisco (UCSF).

    Within: one nodule up to 6.5 cm, or two or three up to 4.5 cm with a sum of all diameters up to
    8 cm.
    """
    # Rounded: 4.5 + 2 + 1.5 cm must be 8.
    few = few_small(table, 4.5) & (table["tumour_diameter_sum"].round(10) <= 8)
    return _beyond(table, (single(table) & (table["tumour_diameter"] <= 6.5)) | few)


def up_to_seven_sum(table: pd.DataFrame) -> pd.Series:
    """Largest diameter in cm plus number of nodules."""
    return (table["tumour_diameter"] + table["tumour_number"]).round(10)


def up_to_seven_rank(table: pd.DataFrame) -> pd.Series:
    """Up-to-seven criterion: largest diameter in cm plus number up to 7."""
    return _beyond(table, up_to_seven_sum(table) <= 7)


_UP_TO_SEVEN = Publication(
    "Mazzaferro et al., Lancet Oncol 2009;10:35",
    "10.1016/S1470-2045(08)70284-5",
)
_NOTE = (
    "The published criterion also asks for no microvascular invasion, which is not known before"
    " surgery and ignored here."
)

TRANSPLANT_CRITERIA = (
    ScoreDefinition(
        "milan",
        "Milan criteria",
        family="staging",
        inputs=EXTENT,
        higher_is_worse=True,
        levels=LEVELS,
        source="Mazzaferro et al., N Engl J Med 1996;334:693",
        doi=None,
        status="confirmed",
        default=False,
        compute=milan_rank,
    ),
    ScoreDefinition(
        "ucsf",
        "UCSF criteria",
        family="staging",
        inputs=(*EXTENT, "tumour_diameter_sum"),
        higher_is_worse=True,
        levels=LEVELS,
        source="Yao et al., Hepatology 2001;33:1394",
        doi=None,
        status="confirmed",
        default=False,
        compute=ucsf_rank,
        note="Derived on explants, applied here to preoperative imaging.",
    ),
    ScoreDefinition(
        "up_to_seven",
        "Up-to-seven criterion",
        family="staging",
        inputs=EXTENT,
        higher_is_worse=True,
        levels=LEVELS,
        source=_UP_TO_SEVEN.source,
        doi=_UP_TO_SEVEN.doi,
        status="confirmed",
        default=False,
        compute=up_to_seven_rank,
        note=_NOTE,
    ),
    ScoreDefinition(
        "up_to_seven_sum",
        "Up-to-seven sum",
        family="staging",
        inputs=("tumour_number", "tumour_diameter"),
        higher_is_worse=True,
        levels=None,
        source=_UP_TO_SEVEN.source,
        doi=_UP_TO_SEVEN.doi,
        status="confirmed",
        default=False,
        compute=up_to_seven_sum,
        note=_NOTE,
    ),
)
