"""Units: converted once, at the border, to the canonical one; impossible magnitudes are errors with the likely mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.checking.hints import close_to
from analysis.checking.problem import Problems
from analysis.dictionary import Dictionary, Variable
from analysis.quantities import PERCENTAGE, UNITS, Quantity
from analysis.tabular.dates import dates_of

SHOWN_PER_VARIABLE = 8
# Fewer values than this say nothing about the scale of a column.
MINIMUM_FOR_MEDIAN = 8
DATE_LIKE = re.compile(r"^(\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{2}|\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Fault:
    """One place where the table and its dictionary disagree; patient None: the whole column. likely_unit: in which the value is possible."""

    patient: object | None
    variable: str
    message: str
    value: object | None = None
    unit: str | None = None
    likely_unit: str | None = None

    def __str__(self) -> str:
        return self.message if self.patient is None else f"patient {self.patient}: {self.message}"


class UnitError(ValueError):
    """Values that can't be what their unit says; the message lists patient, variable, value, unit and likely mistake.

    faults: all of them, as data; the message shows the first few of each variable.
    """

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        lines = []
        for variable in dict.fromkeys(fault.variable for fault in faults):
            of_variable = [fault for fault in faults if fault.variable == variable]
            lines += [f"  {fault}" for fault in of_variable[:SHOWN_PER_VARIABLE]]
            if len(of_variable) > SHOWN_PER_VARIABLE:
                lines.append(f"  … and {len(of_variable) - SHOWN_PER_VARIABLE} more of {variable}")
        super().__init__(f"the clinical table and its dictionary disagree in {len(faults)} place(s):\n" + "\n".join(lines))


def _plausible_units(quantity: Quantity, value: float, unit: str, limits: tuple[float, float]) -> list[str]:
    """Units, one for each scale, in which the value would be possible."""
    scales: dict[float, str] = {}
    for other, factor in quantity.accepted.items():
        if factor != quantity.accepted[unit] and limits[0] <= value * factor <= limits[1]:
            scales.setdefault(factor, other)
    return list(scales.values())


def _likely(quantity: Quantity, units: list[str], unit: str) -> str:
    guesses = [f"{other} where {unit} was meant" for other in units]
    # A percentage passes for /uL or 10^4/uL on no scale that a count can have, so it stays in the list beside them.
    return " or ".join(guesses if guesses and quantity.mistake != PERCENTAGE else [*guesses, quantity.mistake])


def _numeric(values: pd.Series, name: str, patients: list, faults: list[Fault]) -> pd.Series:
    if not pd.api.types.is_numeric_dtype(values):
        texts = values.map(lambda value: value.strip() if isinstance(value, str) else value)
        values = texts.mask(texts.isin([""]))
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    infinite = np.isinf(numbers)
    for position in np.flatnonzero(values.notna().to_numpy() & (numbers.isna() | infinite).to_numpy()):
        text = values.iloc[position]
        hint = "for a detection limit enter the limit itself" if str(text).strip()[:1] in "<>" else "leave the cell empty if it is missing"
        faults.append(Fault(patients[position], name, f"{name}: {text!r} is not a number; {hint}", text))
    return numbers.mask(infinite)


def _check(name: str, quantity: Quantity, limits: tuple[float, float], values: np.ndarray, converted: np.ndarray, units: np.ndarray, patients: list, faults: list[Fault]) -> None:
    low, high = limits
    slack = 1e-9 * max(abs(low), abs(high))
    outside = (converted < low - slack) | (converted > high + slack)
    for position in np.flatnonzero(outside):
        value, unit = values[position], str(units[position])
        candidates = _plausible_units(quantity, value, unit, limits)
        faults.append(Fault(patients[position], name, f"{name} {value:g} {unit} is impossible (plausible: {low:g} to {high:g} {quantity.canonical}); "
                            f"likely {_likely(quantity, candidates, unit)}", value, unit, next(iter(candidates), None)))
    inside = np.isfinite(converted) & ~outside
    if quantity.typical and not outside.any() and inside.sum() >= MINIMUM_FOR_MEDIAN:
        median = float(np.median(converted[inside]))
        if not quantity.typical[0] <= median <= quantity.typical[1]:
            unit, reported = str(units[inside][0]), float(np.median(values[inside]))
            candidates = _plausible_units(quantity, reported, unit, quantity.typical)
            faults.append(Fault(None, name, f"{name}: the median of {inside.sum()} patients, {reported:g} {unit}, is impossible for a cohort "
                                f"(plausible: {quantity.typical[0]:g} to {quantity.typical[1]:g} {quantity.canonical}); the whole column is likely "
                                f"{_likely(quantity, candidates, unit)}; correct its unit in the dictionary", reported, unit, next(iter(candidates), None)))


def _converted(name: str, variable: Variable, values: pd.Series, units: pd.Series | None, patients: list, faults: list[Fault]) -> pd.Series:
    """values in the canonical unit; units: each patient's, or None where the dictionary's holds for all."""
    known = values.notna().to_numpy()
    if name not in UNITS:
        if units is not None:
            faults.append(Fault(None, name, f"{name}: unit_column can't be used, no canonical unit is known for it; give one unit for all"))
        return values
    quantity = UNITS[name]
    given = np.full(len(values), str(variable.unit), dtype=object) if units is None else units.map(lambda unit: str(unit).strip(), na_action="ignore").to_numpy(dtype=object)
    if units is not None:
        for position in np.flatnonzero(known & pd.isna(given)):
            faults.append(Fault(patients[position], name, f"{name} {values.iloc[position]:g} has no unit in column '{variable.unit_column}'", values.iloc[position]))
    for unit in dict.fromkeys(unit for unit in given if not pd.isna(unit) and unit not in quantity.accepted):
        faults.append(Fault(None, name, f"{name}: unit '{unit}' is unknown for it; accepted are {', '.join(quantity.accepted)}", unit=unit))
    factors = np.array([quantity.accepted.get(unit, np.nan) for unit in given], dtype=float)
    # Ten digits: 30 mm must be 3 cm, not 3.0000000000000004, on the boundary of a stage.
    converted = np.round(values.to_numpy() * factors, 10)
    _check(name, quantity, variable.plausible or quantity.plausible, values.to_numpy(), converted, given, patients, faults)
    if quantity.canonical == "count":
        for position in np.flatnonzero(np.isfinite(converted) & (converted != np.floor(converted))):
            faults.append(Fault(patients[position], name, f"{name} {values.iloc[position]:g} is not a whole number", values.iloc[position]))
    return pd.Series(converted, index=values.index)


def _levels(values: pd.Series, name: str, variable: Variable, patients: list, faults: list[Fault]) -> pd.Series:
    levels = [str(level) for level in variable.levels or []]
    codes = {str(code): str(level) for code, level in (variable.codes or {}).items()}
    # 1, 1.0 and "1" are one code: a column with an empty cell is read as decimal numbers.
    texts = values.map(lambda value: f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value).strip(), na_action="ignore").astype(object)
    texts = texts.mask(texts.isin([""]))
    texts = texts.map(lambda text: codes.get(text, text), na_action="ignore")
    for position in np.flatnonzero((texts.notna() & ~texts.isin(levels)).to_numpy()):
        accepted = ", ".join([*codes, *levels])
        date = "; Excel makes a date of a level such as 1-2, so format the column as text" if DATE_LIKE.match(str(texts.iloc[position])) else ""
        faults.append(Fault(patients[position], name, f"{name} '{texts.iloc[position]}' is none of its levels {accepted}{date}", texts.iloc[position]))
    if all(isinstance(level, int) for level in variable.levels or []):
        return pd.to_numeric(texts, errors="coerce").astype(float)
    return texts.where(texts.notna(), np.nan)


def _binary(values: pd.Series, name: str, variable: Variable, patients: list, faults: list[Fault]) -> pd.Series:
    if variable.codes:
        codes = {str(code): level for code, level in variable.codes.items()}
        texts = values.map(lambda value: f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value).strip(), na_action="ignore").astype(object)
        values = texts.map(lambda text: codes.get(text, text), na_action="ignore")
    numbers = _numeric(values, name, patients, faults)
    for position in np.flatnonzero((numbers.notna() & ~numbers.isin((0, 1))).to_numpy()):
        faults.append(Fault(patients[position], name, f"{name} {numbers.iloc[position]:g} must be 0 or 1", numbers.iloc[position]))
    return numbers


def _dates(values: pd.Series, name: str, variable: Variable, patients: list, faults: list[Fault]) -> pd.Series:
    """Days as YYYY-MM-DD."""
    found = Problems()
    dates = dates_of(pd.Series(values.to_numpy(), index=patients), name, "", found, variable.date_format)
    faults += [Fault(problem.patient, name, f"{name}: {problem.what}; {problem.mend}") for problem in found]
    return pd.Series(dates.dt.strftime("%Y-%m-%d").to_numpy(), index=values.index)


def _clean(header: object) -> object:
    """A header without tabs, line breaks and doubled spaces, which nobody sees in a spreadsheet."""
    return " ".join(header.split()) if isinstance(header, str) else header


def to_canonical(table: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """The table with every variable of the dictionary under its own name, in its canonical unit, type and levels.

    table: one row a patient, identified by the dictionary's identifier column, or by the index if there is none.
    Columns that the dictionary does not name are kept as they are, unless they have a name that needs a unit.
    Raises UnitError with all faults: a variable that is not in the table, bad numbers, unknown levels and units,
    values without a unit, impossible values, and columns whose median is impossible for their unit.
    """
    result, faults = examined(table, dictionary)
    if faults:
        raise UnitError(faults)
    return result


def examined(table: pd.DataFrame, dictionary: Dictionary) -> tuple[pd.DataFrame, list[Fault]]:
    """What to_canonical returns as far as it can be made, and all faults."""
    faults: list[Fault] = []
    table = table.rename(columns=_clean)
    if dictionary.missing:
        stripped = table.apply(lambda column: column.map(lambda value: value.strip() if isinstance(value, str) else value) if column.dtype == object else column)
        table = table.mask(stripped.isin(dictionary.missing))
    identifier = dictionary.identifier
    key = _clean(dictionary.variables[identifier].column or identifier) if identifier else None
    patients = list(table.get(key, table.index))
    sources = {name: _clean(variable.column or name) for name, variable in dictionary.variables.items()}
    result = table.drop(columns=[source for name, source in sources.items() if source != name and source in table and source not in dictionary.variables])
    for name, variable in dictionary.variables.items():
        source = sources[name]
        if source == table.index.name or (variable.role == "identifier" and source not in table):
            continue
        if source not in table:
            shown = f" (column '{source}')" if source != name else ""
            faults.append(Fault(None, name, f"{name}: in the dictionary, but the table has no such column{shown}{close_to(str(source), table.columns)}"))
            continue
        values = table[source]
        if variable.type == "continuous":
            units = None
            if variable.unit_column is not None:
                if _clean(variable.unit_column) not in table:
                    faults.append(Fault(None, name, f"{name}: its unit_column '{variable.unit_column}' is not in the table"))
                    continue
                units = table[_clean(variable.unit_column)]
            result[name] = _converted(name, variable, _numeric(values, name, patients, faults), units, patients, faults)
        elif variable.type == "binary":
            result[name] = _binary(values, name, variable, patients, faults)
        elif variable.type == "date":
            result[name] = _dates(values, name, variable, patients, faults)
        elif variable.type in ("ordinal", "categorical"):
            result[name] = _levels(values, name, variable, patients, faults)
        else:
            result[name] = values
    for name in result.columns:
        if name in UNITS and name not in dictionary.variables:
            faults.append(Fault(None, name, f"{name}: its values have no unit; declare it in the dictionary (accepted: {', '.join(UNITS[name].accepted)})"))
    return result, faults


def canonical_units() -> Mapping[str, str]:
    """Variable → the unit in which every score expects it."""
    return {name: quantity.canonical for name, quantity in UNITS.items()}


def canonical_dictionary(dictionary: Dictionary) -> Dictionary:
    """The dictionary of the converted table: the unit of each variable is the one that its values now have."""
    variables = {name: variable.model_copy(update={"unit": UNITS[name].canonical, "unit_column": None}) if name in UNITS and variable.type == "continuous" else variable
                 for name, variable in dictionary.variables.items()}
    return dictionary.model_copy(update={"variables": variables})
