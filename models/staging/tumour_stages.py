"""BCLC, CNLC and AJCC TNM: stages from performance, liver function and tumour extent on imaging."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.staging.child_pugh import INPUTS as LIVER
from models.staging.child_pugh import child_pugh_class
from models.staging.definition import ScoreDefinition

EXTENT = ("tumour_number", "tumour_diameter", "vascular_invasion", "lymph_node_metastasis", "distant_metastasis")
# Recalled reading of "major branch": main, right or left portal vein, or a hepatic vein.
MAJOR_BRANCHES = ("first_order", "main_trunk", "hepatic_vein", "inferior_vena_cava")


def _extent(table: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    number, diameter = table["tumour_number"].astype(float), table["tumour_diameter"].astype(float)
    spread = (table["lymph_node_metastasis"].astype(float) == 1) | (table["distant_metastasis"].astype(float) == 1)
    return number, diameter, table["vascular_invasion"] != "none", spread


def bclc_rank(table: pd.DataFrame) -> pd.Series:
    """0, A, B, C, D → 0..4. Top down: D, C, then number and size; a single nodule of any size over 2 cm is A."""
    number, diameter, invasion, spread = _extent(table)
    ecog = table["ecog"].astype(float)
    rank = np.select([
        (ecog >= 3) | (child_pugh_class(table) == "C"),
        invasion | spread | (ecog >= 1),
        (number <= 1) & (diameter <= 2),
        (number <= 1) | ((number <= 3) & (diameter <= 3)),
    ], [4, 3, 0, 1], 2)
    return pd.Series(rank, index=table.index)


def cnlc_rank(table: pd.DataFrame) -> pd.Series:
    """Ia, Ib, IIa, IIb, IIIa, IIIb, IV → 0..6. Performance 0-2 and Child-Pugh A or B are allowed in I to III."""
    number, diameter, invasion, spread = _extent(table)
    rank = np.select([
        (table["ecog"].astype(float) >= 3) | (child_pugh_class(table) == "C"),
        spread, invasion,
        (number <= 1) & (diameter <= 5),
        (number <= 1) | ((number <= 3) & (diameter <= 3)),
        number <= 3,
    ], [6, 5, 4, 0, 1, 2], 3)
    return pd.Series(rank, index=table.index)


def ajcc8_rank(table: pd.DataFrame) -> pd.Series:
    """Clinical stage groups IA, IB, II, IIIA, IIIB, IVA, IVB → 0..6; microvascular invasion is not known before surgery."""
    number, diameter, invasion, _ = _extent(table)
    nodes, distant = table["lymph_node_metastasis"].astype(float) == 1, table["distant_metastasis"].astype(float) == 1
    t4 = table["vascular_invasion"].isin(MAJOR_BRANCHES) | (table["adjacent_organ_invasion"].astype(float) == 1)
    single = number <= 1
    rank = np.select([
        distant, nodes, t4,
        single & (diameter <= 2), single & ~invasion, single,
        diameter <= 5,
    ], [6, 5, 4, 0, 1, 2, 2], 3)
    return pd.Series(rank, index=table.index)


BCLC = ScoreDefinition("bclc_2022", "BCLC", "staging", ("ecog", *LIVER, *EXTENT), True, ("0", "A", "B", "C", "D"),
                       "Reig et al., J Hepatol 2022;76:681", "10.1016/j.jhep.2021.11.018", "confirmed", True, bclc_rank)
CNLC = ScoreDefinition("cnlc", "CNLC", "staging", ("ecog", *LIVER, *EXTENT), True, ("Ia", "Ib", "IIa", "IIb", "IIIa", "IIIb", "IV"),
                       "Zhou et al., Liver Cancer 2020;9:682", "10.1159/000509424", "confirmed", True, cnlc_rank)
AJCC8 = ScoreDefinition("ajcc8", "AJCC TNM, 8th edition (clinical)", "staging", (*EXTENT, "adjacent_organ_invasion"), True,
                        ("IA", "IB", "II", "IIIA", "IIIB", "IVA", "IVB"), "AJCC Cancer Staging Manual, 8th edition, 2017", None, "confirmed", True, ajcc8_rank)
