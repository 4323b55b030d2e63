"""Units: converted once, at the border, to the canonical one; impossible magnitudes are errors with the likely mistake.

A plain table: the units of a clinical laboratory need the substance's molar mass, which a unit library does not know.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.dictionary import Dictionary

_COUNT = {"10^9/L": 1.0, "10^3/uL": 1.0, "G/L": 1.0, "10^4/uL": 10.0, "/uL": 1e-3, "cells/uL": 1e-3, "/mm3": 1e-3}
_ENZYME = {"U/L": 1.0, "IU/L": 1.0, "ukat/L": 60.0}
_LENGTH = {"cm": 1.0, "mm": 0.1, "m": 100.0}

# variable → (canonical unit, {accepted unit: factor to it}, plausible range in the canonical unit, likely mistake)
UNITS: dict[str, tuple[str, dict[str, float], tuple[float, float], str]] = {
    "age_years": ("years", {"years": 1.0}, (0, 120), "a date of birth, or months"),
    "bilirubin": ("umol/L", {"umol/L": 1.0, "mg/dL": 17.104}, (1, 800), "mg/dL where umol/L was meant"),
    "albumin": ("g/L", {"g/L": 1.0, "g/dL": 10.0}, (10, 60), "g/dL where g/L was meant, or the reverse"),
    "creatinine": ("umol/L", {"umol/L": 1.0, "mg/dL": 88.42}, (0.2 * 88.42, 15 * 88.42), "mg/dL where umol/L was meant"),
    "inr": ("1", {"1": 1.0}, (0.7, 10), "prothrombin time in seconds or percent"),
    "platelets": ("10^9/L", _COUNT, (5, 1500), "10^4/uL or /uL where 10^9/L was meant"),
    "white_cells": ("10^9/L", _COUNT, (0.2, 100), "/uL where 10^9/L was meant"),
    "neutrophils": ("10^9/L", _COUNT, (0.05, 80), "a percentage, which must be multiplied by the white cells, or /uL"),
    "lymphocytes": ("10^9/L", _COUNT, (0.05, 20), "a percentage, which must be multiplied by the white cells, or /uL"),
    "monocytes": ("10^9/L", _COUNT, (0.01, 10), "a percentage, which must be multiplied by the white cells, or /uL"),
    "ast": ("U/L", _ENZYME, (3, 5000), "ukat/L where U/L was meant"),
    "alt": ("U/L", _ENZYME, (2, 5000), "ukat/L where U/L was meant"),
    "ggt": ("U/L", _ENZYME, (2, 5000), "ukat/L where U/L was meant"),
    "alp": ("U/L", _ENZYME, (5, 5000), "ukat/L where U/L was meant"),
    "ast_uln": ("U/L", _ENZYME, (15, 80), "the patient's own value in the place of the limit"),
    "alt_uln": ("U/L", _ENZYME, (15, 100), "the patient's own value in the place of the limit"),
    "ggt_uln": ("U/L", _ENZYME, (20, 120), "the patient's own value in the place of the limit"),
    "afp": ("ng/mL", {"ng/mL": 1.0, "ug/L": 1.0}, (0, 5e6), "a text for a detection limit"),
    "sodium": ("mmol/L", {"mmol/L": 1.0, "mEq/L": 1.0}, (100, 180), "another analyte"),
    "cholesterol": ("mg/dL", {"mg/dL": 1.0, "mmol/L": 38.67}, (30, 700), "mmol/L where mg/dL was meant"),
    "crp": ("mg/L", {"mg/L": 1.0, "mg/dL": 10.0}, (0, 600), "another analyte"),
    "fibrinogen": ("g/L", {"g/L": 1.0, "mg/dL": 0.01}, (0.3, 15), "mg/dL where g/L was meant"),
    "tumour_diameter": ("cm", _LENGTH, (0.3, 30), "mm where cm was meant"),
    "tumour_diameter_sum": ("cm", _LENGTH, (0.3, 90), "mm where cm was meant"),
    "tumour_number": ("count", {"count": 1.0, "1": 1.0}, (0, 100), "a code for 'multiple'"),
    "tumour_extent_percent": ("% of liver", {"% of liver": 1.0, "%": 1.0}, (0, 100), "a fraction"),
    "height": ("cm", _LENGTH, (100, 230), "m where cm was meant"),
    "weight": ("kg", {"kg": 1.0}, (25, 300), "pounds where kg was meant"),
}


class UnitError(ValueError):
    """Values that can't be what their unit says; the message lists patient, variable, value, unit and likely mistake."""


def _numeric(table: pd.DataFrame, column: str, name: str, faults: list[str]) -> pd.Series:
    values = pd.to_numeric(table[column], errors="coerce")
    for patient in table.index[table[column].notna() & values.isna()]:
        faults.append(f"patient {patient}: {name}: {table.at[patient, column]!r} is not a number; leave the cell empty if it is missing")
    return values.astype(float)


def _converted(name: str, unit: str, values: pd.Series, faults: list[str]) -> pd.Series:
    if name not in UNITS:
        return values
    canonical, accepted, (low, high), mistake = UNITS[name]
    if unit not in accepted:
        faults.append(f"{name}: unit '{unit}' is unknown for it; accepted are {', '.join(accepted)}")
        return values
    converted = values * accepted[unit]
    outside = (converted < low * (1 - 1e-9)) | (converted > high * (1 + 1e-9))
    for patient in values.index[outside]:
        faults.append(f"patient {patient}: {name} {values[patient]:g} {unit} is impossible (plausible: {low:g} to {high:g} {canonical}); likely {mistake}")
    return converted


def to_canonical(table: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """The table with every variable of the dictionary under its own name, in its canonical unit, type and levels.

    table: indexed by patient. Columns that the dictionary does not name are kept as they are; a variable of the
    dictionary that is not in the table is an error, as are bad numbers, unknown levels and impossible values, all
    of them listed in one UnitError.
    """
    faults: list[str] = []
    renamed = {variable.column: name for name, variable in dictionary.variables.items() if variable.column}
    result = table.rename(columns=renamed).copy()
    for name, variable in dictionary.variables.items():
        if name == table.index.name or variable.role == "identifier":
            continue
        if name not in result:
            faults.append(f"{name}: in the dictionary, but the table has no such column")
        elif variable.type == "continuous":
            result[name] = _converted(name, str(variable.unit), _numeric(result, name, name, faults), faults)
        elif variable.type == "binary":
            values = _numeric(result, name, name, faults)
            for patient in values.index[values.notna() & ~values.isin((0, 1))]:
                faults.append(f"patient {patient}: {name} {values[patient]:g} must be 0 or 1")
            result[name] = values
        elif variable.type in ("ordinal", "categorical"):
            levels = [str(level) for level in variable.levels or []]
            numeric = all(isinstance(level, int) for level in variable.levels or [])
            values = _numeric(result, name, name, faults) if numeric else result[name].astype("object").where(result[name].notna(), np.nan)
            texts = values.map(lambda value: f"{value:g}" if isinstance(value, float) else str(value).strip(), na_action="ignore")
            for patient in texts.index[texts.notna() & ~texts.isin(levels)]:
                faults.append(f"patient {patient}: {name} '{texts[patient]}' is none of its levels {', '.join(levels)}")
            result[name] = values if numeric else texts
    if faults:
        shown = "\n".join(f"  {fault}" for fault in faults[:40]) + (f"\n  … and {len(faults) - 40} more" if len(faults) > 40 else "")
        raise UnitError(f"the clinical table and its dictionary disagree in {len(faults)} place(s):\n{shown}")
    return result
