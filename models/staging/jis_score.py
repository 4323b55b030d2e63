"""JIS: Japan Integrated Staging, Child-Pugh class plus LCSGJ stage, 0 to 5 points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.child_pugh_score import LIVER, child_pugh_rank
from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import EXTENT, extrahepatic_spread, single


def lcsgj_t_category(table: pd.DataFrame) -> pd.Series:
    """LCSGJ T category: T1 to T4 → 1..4.

    It is how many of single, up to 2 cm, and no vessel or bile duct invasion do not hold. It is not
    the AJCC T.
    """
    held = (
        single(table).astype(int)
        + (table["tumour_diameter"] <= 2).astype(int)
        + (table["vascular_invasion"] == "none").astype(int)
    )
    return 4 - held


def jis_points(table: pd.DataFrame) -> pd.Series:
    """Points of the Japan Integrated Staging (JIS) score.

    Child-Pugh A, B, C 0, 1, 2 plus LCSGJ stage I, II, III, IV 0, 1, 2, 3; any spread is stage IV.
    """
    stage = np.where(extrahepatic_spread(table), 3, lcsgj_t_category(table) - 1)
    return child_pugh_rank(table) + stage


JIS = ScoreDefinition(
    "jis",
    "JIS",
    family="staging",
    inputs=(*LIVER, *EXTENT),
    higher_is_worse=True,
    levels=None,
    source="Kudo et al., J Gastroenterol 2003;38:207",
    doi=None,
    status="confirmed",
    default=True,
    compute=jis_points,
)
