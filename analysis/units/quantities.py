"""Quantities of a clinical table.

Of each: its canonical unit, the accepted ones, and what is possible in it.

A plain table: the units of a clinical laboratory need the substance's molar mass, which a unit
library does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Quantity(NamedTuple):
    """Quantity of a clinical table.

    It has the canonical unit; accepted unit → factor to it; lowest and highest possible value; the
    usual mistake beside a wrong unit.

    typical: range of a whole column's median. A column in another unit can stay inside the possible
    values of a single patient (25 mm read as 25 cm, 1.0 mg/dL of bilirubin read as umol/L), its
    median can't.
    """

    canonical: str
    accepted: dict[str, float]
    plausible: tuple[float, float]
    mistake: str
    typical: tuple[float, float] | None = None


_COUNT = {
    "10^9/L": 1.0,
    "10^3/uL": 1.0,
    "G/L": 1.0,
    "/nL": 1.0,
    "K/uL": 1.0,
    "10^6/mL": 1.0,
    "10^4/uL": 10.0,
    "/uL": 1e-3,
    "cells/uL": 1e-3,
    "/mm3": 1e-3,
    "cells/mm3": 1e-3,
}
_ENZYME = {"U/L": 1.0, "IU/L": 1.0, "ukat/L": 60.0}
_LENGTH = {"cm": 1.0, "mm": 0.1, "m": 100.0}
_TIME = {"months": 1.0, "days": 1 / 30.4375, "years": 12.0}
PERCENTAGE = "a percentage, which must be multiplied by the white cells"

UNITS: dict[str, Quantity] = {
    "age_years": Quantity(
        "years",
        {"years": 1.0, "months": 1 / 12},
        plausible=(0, 120),
        mistake="a date of birth",
        typical=(15, 95),
    ),
    "bilirubin": Quantity(
        "umol/L",
        {"umol/L": 1.0, "mg/dL": 17.104},
        plausible=(1, 800),
        mistake="direct instead of total bilirubin",
        typical=(3.5, 250),
    ),
    "albumin": Quantity(
        "g/L",
        {"g/L": 1.0, "g/dL": 10.0, "mg/dL": 0.01},
        (10, 60),
        "total protein or another analyte",
    ),
    "creatinine": Quantity(
        "umol/L", {"umol/L": 1.0, "mg/dL": 88.42}, (0.2 * 88.42, 15 * 88.42), "another analyte"
    ),
    "inr": Quantity("1", {"1": 1.0}, (0.7, 10), "prothrombin time in seconds or percent"),
    # Lower counts occur, but a cohort for resection that has them is more often in 10^4/uL.
    "platelets": Quantity(
        "10^9/L", _COUNT, plausible=(30, 1500), mistake="another count", typical=(50, 600)
    ),
    "white_cells": Quantity(
        "10^9/L", _COUNT, plausible=(0.5, 100), mistake="another count", typical=(2, 25)
    ),
    "neutrophils": Quantity(
        "10^9/L", _COUNT, plausible=(0.05, 40), mistake=PERCENTAGE, typical=(1, 15)
    ),
    "lymphocytes": Quantity(
        "10^9/L", _COUNT, plausible=(0.05, 20), mistake=PERCENTAGE, typical=(0.4, 6)
    ),
    "monocytes": Quantity(
        "10^9/L", _COUNT, plausible=(0.01, 10), mistake=PERCENTAGE, typical=(0.1, 2)
    ),
    "ast": Quantity("U/L", _ENZYME, (3, 5000), "another analyte"),
    "alt": Quantity("U/L", _ENZYME, (2, 5000), "another analyte"),
    "ggt": Quantity("U/L", _ENZYME, (2, 5000), "another analyte"),
    "alp": Quantity("U/L", _ENZYME, (5, 5000), "a multiple of the upper limit of normal"),
    "ast_uln": Quantity(
        "U/L", _ENZYME, (15, 80), "the patient's own value in the place of the limit"
    ),
    "alt_uln": Quantity(
        "U/L", _ENZYME, (15, 100), "the patient's own value in the place of the limit"
    ),
    "ggt_uln": Quantity(
        "U/L", _ENZYME, (20, 120), "the patient's own value in the place of the limit"
    ),
    "afp": Quantity(
        "ng/mL", {"ng/mL": 1.0, "ug/L": 1.0, "mg/L": 1000.0}, (0, 5e6), "a code for 'not measured'"
    ),
    "afp_maximum": Quantity(
        "ng/mL", {"ng/mL": 1.0, "ug/L": 1.0, "mg/L": 1000.0}, (0, 5e6), "a code for 'not measured'"
    ),
    # No conversion from ng/mL: it depends on the assay.
    "pivka": Quantity(
        "mAU/mL",
        {"mAU/mL": 1.0},
        (1, 1e6),
        "ng/mL, which can't be converted without knowing the assay",
    ),
    "sodium": Quantity("mmol/L", {"mmol/L": 1.0, "mEq/L": 1.0}, (100, 180), "another analyte"),
    "cholesterol": Quantity("mg/dL", {"mg/dL": 1.0, "mmol/L": 38.67}, (30, 700), "another analyte"),
    "crp": Quantity("mg/L", {"mg/L": 1.0, "mg/dL": 10.0}, (0, 600), "another analyte"),
    "fibrinogen": Quantity("g/L", {"g/L": 1.0, "mg/dL": 0.01}, (0.3, 15), "another analyte"),
    "tumour_diameter": Quantity(
        "cm", _LENGTH, plausible=(0.3, 30), mistake="another measurement", typical=(0.8, 15)
    ),
    "tumour_diameter_sum": Quantity(
        "cm", _LENGTH, plausible=(0.3, 90), mistake="another measurement", typical=(0.8, 25)
    ),
    "tumour_number": Quantity(
        "count", {"count": 1.0, "1": 1.0}, (1, 100), "a code for 'unknown', 'diffuse' or 'multiple'"
    ),
    "tumour_extent_percent": Quantity(
        "% of liver",
        {"% of liver": 1.0, "%": 1.0, "fraction of liver": 100.0},
        (0, 100),
        "a volume",
    ),
    "height": Quantity("cm", _LENGTH, (100, 230), "another measurement"),
    "weight": Quantity(
        "kg",
        {"kg": 1.0, "g": 1e-3, "lb": 0.45359237},
        plausible=(25, 300),
        mistake="another measurement",
        typical=(40, 130),
    ),
    "recurrence_free_months": Quantity("months", _TIME, (0, 600), "a date"),
}

# Signs that are typed in several ways: micro and mu, powers, a times sign before ten.
_SIGNS = str.maketrans(
    {
        "µ": "u",
        "μ": "u",
        "⁹": "^9",
        "³": "3",
        "⁴": "^4",
        "⁶": "^6",
        "×": "x",
        "／": "/",
        " ": None,
        "\xa0": None,
    }
)


def folded_unit(unit: str) -> str:
    """Unit without what people write in different ways.

    Such are `x10⁹/l` and `10^9/L`, `μmol/l` and `umol/L`, `ng/ml` and `ng/mL`.
    """
    text = unit.translate(_SIGNS).casefold()
    return re.sub(r"^[x*·]?10(?:\^|\*\*?|e|exp)?(?=[3-9]/)", "10^", text)


def accepted_unit(quantity: Quantity, unit: str) -> str | None:
    """The accepted unit that is meant; None for an unknown one.

    Within a quantity no two scales differ in capitals alone.
    """
    if unit in quantity.accepted:
        return unit
    return next(
        (each for each in quantity.accepted if folded_unit(each) == folded_unit(unit)), None
    )


def canonical_units() -> Mapping[str, str]:
    """Variable → the unit in which every score expects it."""
    return {name: quantity.canonical for name, quantity in UNITS.items()}
