"""AFP as four categories and as a logarithm; ng/mL."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.definition import ScoreDefinition


def afp_rank(table: pd.DataFrame) -> pd.Series:
    """Up to 20, 200, 400 ng/mL (each included), above → 0..3.

    CLIP has its own limit: 400 or more.
    """
    afp = table["afp"]
    return pd.Series(
        np.select([afp <= 20, afp <= 200, afp <= 400], [0, 1, 2], 3), index=table.index
    )


def afp_log10(table: pd.DataFrame) -> pd.Series:
    """log10 of AFP; of 0 there is none: enter the detection limit instead."""
    return np.log10(table["afp"])


AFP_LEVELS = (
    ScoreDefinition(
        "afp_category",
        "AFP category",
        family="index",
        inputs=("afp",),
        higher_is_worse=True,
        levels=("<=20", "20-200", "200-400", ">400"),
        source="limits 20, 200 and 400 ng/mL",
        doi=None,
        status="confirmed",
        default=False,
        compute=afp_rank,
    ),
    ScoreDefinition(
        "afp_log10",
        "log10 AFP",
        family="index",
        inputs=("afp",),
        higher_is_worse=True,
        levels=None,
        source="alpha-fetoprotein",
        doi=None,
        status="confirmed",
        default=False,
        compute=afp_log10,
    ),
)
