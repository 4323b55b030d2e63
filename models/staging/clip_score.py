"""CLIP: Cancer of the Liver Italian Program, 0 to 6 points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.child_pugh_score import LIVER, child_pugh_rank
from models.staging.definition import ScoreDefinition
from models.staging.tumour_extent import PORTAL_BRANCHES, single


def clip_points(table: pd.DataFrame) -> pd.Series:
    """Child-Pugh class 0-2, morphology 0-2, AFP of 400 ng/mL or more 1, portal vein thrombosis 1.

    Morphology: massive (diffuse, or more than half of the liver) 2, several nodules 1, one nodule
    0.
    """
    massive = (table["diffuse"] == 1) | (table["tumour_extent_percent"] > 50)
    morphology = np.select([massive, ~single(table)], [2, 1], 0)
    thrombosis = table["vascular_invasion"].isin(PORTAL_BRANCHES)
    return (
        child_pugh_rank(table)
        + morphology
        + (table["afp"] >= 400).astype(int)
        + thrombosis.astype(int)
    )


CLIP = ScoreDefinition(
    "clip",
    "CLIP",
    family="staging",
    inputs=(
        *LIVER,
        "afp",
        "tumour_number",
        "tumour_extent_percent",
        "diffuse",
        "vascular_invasion",
    ),
    higher_is_worse=True,
    levels=None,
    source="CLIP investigators, Hepatology 1998;28:751",
    doi="10.1002/hep.510280322",
    status="confirmed",
    default=True,
    compute=clip_points,
    note="Portal vein thrombosis is tumour thrombosis on imaging.",
)
