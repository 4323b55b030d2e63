"""Tumour burden score: the length of the vector of largest diameter and number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import Publication, ScoreDefinition

INPUTS = ("tumour_number", "tumour_diameter")


def tumour_burden(table: pd.DataFrame) -> pd.Series:
    """√(largest diameter in cm² + number²)."""
    return np.sqrt(table["tumour_diameter"] ** 2 + table["tumour_number"] ** 2)


def tumour_burden_rank(table: pd.DataFrame) -> pd.Series:
    """Low below 3.36, medium up to 13.74, high above → 0, 1, 2."""
    burden = tumour_burden(table)
    return pd.Series(np.select([burden < 3.36, burden <= 13.74], [0, 1], 2), index=table.index)


_SOURCE = Publication(
    "Sasaki et al., Ann Surg 2018;267:132",
    "10.1097/SLA.0000000000002064",
)

TUMOUR_BURDEN = (
    ScoreDefinition(
        "tumour_burden_score",
        "Tumour burden score",
        family="staging",
        inputs=INPUTS,
        higher_is_worse=True,
        levels=None,
        source=_SOURCE.source,
        doi=_SOURCE.doi,
        status="confirmed",
        default=False,
        compute=tumour_burden,
        note="Developed for colorectal metastases.",
    ),
    ScoreDefinition(
        "tumour_burden_group",
        "Tumour burden group",
        family="staging",
        inputs=INPUTS,
        higher_is_worse=True,
        levels=("low", "medium", "high"),
        source=_SOURCE.source,
        doi=_SOURCE.doi,
        status="confirmed",
        default=False,
        compute=tumour_burden_rank,
        note="Cut-offs 3.36 and 13.74 are those of hepatocellular carcinoma series.",
    ),
)
