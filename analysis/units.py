"""Units: converted once, at the border, to the canonical one; impossible magnitudes are errors with the likely mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.checking.hints import close_to
from analysis.checking.problem import Problems
from analysis.dictionary import Dictionary, Variable
from analysis.quantities import PERCENTAGE, UNITS, Quantity, accepted_unit
from analysis.tabular.dates import dates_of
from analysis.tabular.detection_limits import LIMIT, Limited, with_limits
from analysis.tabular.missing_codes import USUAL_CODES, Replaced, number_of, without_codes

SHOWN_PER_VARIABLE = 8
# Fewer values than this say nothing about the scale of a column.
MINIMUM_FOR_MEDIAN = 8
TRUTH = ("yes", "no", "y", "n", "ja", "nein", "oui", "non", "是", "否", "有", "无")
# All of a centre's values are in another unit, from so many on.
LEAST_OF_GROUP = 3
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
        hint = _written(str(text).strip())
        faults.append(Fault(patients[position], name, f"{name}: {text!r} is not a number; {hint}", text))
    return numbers.mask(infinite)


def _written(text: str) -> str:
    """What to do about a text in a column of numbers."""
    match = LIMIT.match(text)
    if match is not None:
        return ("say under detection_limit of the variable whether it counts as half, limit or missing" if number_of(match["limit"]) is not None
                else "write the detection limit as a number (<2.0), and name the rule for it as detection_limit")
    if text.casefold() in TRUTH:
        return "give codes of the variable in the dictionary: {no: 0, yes: 1}"
    return "leave the cell empty if it is missing, or name the text under missing in the dictionary"


@dataclass(frozen=True)
class Measured:
    """One continuous column: values as reported and converted, each with its unit; groups: each patient's centre, where known."""

    name: str
    quantity: Quantity
    limits: tuple[float, float]
    values: np.ndarray
    converted: np.ndarray
    units: np.ndarray
    patients: list
    groups: pd.Series | None = None


def _check(column: Measured, faults: list[Fault]) -> None:
    """Values that are impossible, of a patient or of a whole centre, and medians that no cohort has."""
    low, high = column.limits
    slack = 1e-9 * max(abs(low), abs(high))
    outside = (column.converted < low - slack) | (column.converted > high + slack)
    told = np.zeros(len(outside), bool)
    for group, members in _members(column):
        if (fault := _other_unit(column, group, members & np.isfinite(column.converted), outside)) is not None:
            faults.append(fault)
            told |= members
    for position in np.flatnonzero(outside & ~told):
        faults.append(_impossible(column, int(position)))
    inside = np.isfinite(column.converted) & ~outside
    if outside.any() or not column.quantity.typical:
        return
    whole = _strange_median(column, inside, "", f"{inside.sum()} patients", "the whole column")
    if whole is not None:
        faults.append(whole)
        return
    for group, members in _members(column):
        fault = _strange_median(column, inside & members, group, f"{int((inside & members).sum())} patients of {group}", f"all of {group}")
        if fault is not None:
            faults.append(fault)


def _members(column: Measured) -> list[tuple[str, np.ndarray]]:
    if column.groups is None or column.groups.nunique() < 2:
        return []
    names = column.groups.astype("string")
    return [(str(name), (names == name).fillna(False).to_numpy(bool)) for name in sorted(names.dropna().unique())]


def _impossible(column: Measured, position: int) -> Fault:
    value, unit, (low, high) = column.values[position], str(column.units[position]), column.limits
    candidates = _plausible_units(column.quantity, value, unit, column.limits)
    likely = "a code for a missing value; if so, name it under missing in the dictionary" if value in USUAL_CODES and (value < 0 or not candidates) else _likely(column.quantity, candidates, unit)
    return Fault(column.patients[position], column.name, f"{column.name} {value:g} {unit} is impossible (plausible: {low:g} to {high:g} {column.quantity.canonical}); likely {likely}",
                 value, unit, next(iter(candidates), None))


def _other_unit(column: Measured, group: str, members: np.ndarray, outside: np.ndarray) -> Fault | None:
    """That no value of a centre is possible in the column's unit, and all are in another one."""
    if members.sum() < LEAST_OF_GROUP or not outside[members].all() or members.sum() == np.isfinite(column.converted).sum():
        return None
    unit = str(column.units[members][0])
    fits = [set(_plausible_units(column.quantity, value, unit, column.limits)) for value in column.values[members]]
    shared = [other for other in column.quantity.accepted if all(other in each for each in fits)]
    if not shared:
        return None
    return Fault(None, column.name, f"{column.name}: all {int(members.sum())} values of {group} are impossible in {unit} and possible in {shared[0]}; "
                 f"if the centres report in different units, give unit_by in the place of unit: {{column of centres: {{{group}: {shared[0]}, …}}}}", unit=unit)


def _strange_median(column: Measured, rows: np.ndarray, group: str, whose: str, where: str) -> Fault | None:
    typical = column.quantity.typical
    assert typical is not None
    if rows.sum() < MINIMUM_FOR_MEDIAN or typical[0] <= np.median(column.converted[rows]) <= typical[1]:
        return None
    unit, reported = str(column.units[rows][0]), float(np.median(column.values[rows]))
    candidates = _plausible_units(column.quantity, reported, unit, typical)
    mend = "give unit_by in the dictionary, with a unit for each centre" if group else "correct its unit in the dictionary"
    return Fault(None, column.name, f"{column.name}: the median of {whose}, {reported:g} {unit}, is impossible for a cohort "
                 f"(plausible: {typical[0]:g} to {typical[1]:g} {column.quantity.canonical}); {where} is likely "
                 f"{_likely(column.quantity, candidates, unit)}; {mend}", reported, unit, None if group else next(iter(candidates), None))


def _units_of(variable: Variable, table: pd.DataFrame) -> pd.Series | None:
    """Each patient's unit; None where the dictionary's holds for all. Raises KeyError with the column that is not there."""
    if variable.unit_by:
        column, units = next(iter(variable.unit_by.items()))
        known = {str(value): unit for value, unit in units.items()}
        return table[_clean(column)].map(lambda value: known.get(f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value).strip()), na_action="ignore")
    return None if variable.unit_column is None else table[_clean(variable.unit_column)]


def _converted(name: str, variable: Variable, values: pd.Series, units: pd.Series | None, patients: list, faults: list[Fault], groups: pd.Series | None) -> pd.Series:
    """values in the canonical unit; units: each patient's, or None where the dictionary's holds for all."""
    known = values.notna().to_numpy()
    if name not in UNITS:
        if units is not None:
            faults.append(Fault(None, name, f"{name}: {'unit_by' if variable.unit_by else 'unit_column'} can't be used, no canonical unit is known for it; give one unit for all"))
        return values
    quantity = UNITS[name]
    written = np.full(len(values), str(variable.unit), dtype=object) if units is None else units.map(lambda unit: str(unit).strip(), na_action="ignore").to_numpy(dtype=object)
    if units is not None:
        where = f"for it: unit_by names none for the value of '{next(iter(variable.unit_by))}'" if variable.unit_by else f"in column '{variable.unit_column}'"
        for position in np.flatnonzero(known & pd.isna(written)):
            faults.append(Fault(patients[position], name, f"{name} {values.iloc[position]:g} has no unit {where}", values.iloc[position]))
    for unit in dict.fromkeys(unit for unit in written if not pd.isna(unit) and accepted_unit(quantity, unit) is None):
        faults.append(Fault(None, name, f"{name}: unit '{unit}' is unknown for it; accepted are {', '.join(quantity.accepted)}", unit=unit))
    given = np.array([None if pd.isna(unit) else accepted_unit(quantity, unit) for unit in written], dtype=object)
    factors = np.array([quantity.accepted.get(unit, np.nan) for unit in given], dtype=float)
    # Ten digits: 30 mm must be 3 cm, not 3.0000000000000004, on the boundary of a stage.
    converted = np.round(values.to_numpy() * factors, 10)
    _check(Measured(name, quantity, variable.plausible or quantity.plausible, values.to_numpy(), converted, given, patients, groups), faults)
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
        faults.append(Fault(patients[position], name, f"{name} '{texts.iloc[position]}' is none of its levels {accepted}{date}{close_to(str(texts.iloc[position]), [*codes, *levels])}", texts.iloc[position]))
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
    found = examined(table, dictionary)
    if found.faults:
        raise UnitError(found.faults)
    return found.table


@dataclass
class Examined:
    """table: what to_canonical returns as far as it can be made, and all faults. replaced: declared codes of missing values.
    limited: variable → what its detection limits came to."""

    table: pd.DataFrame
    replaced: Replaced
    faults: list[Fault] = field(default_factory=list)
    limited: dict[str, Limited] = field(default_factory=dict)


def examined(table: pd.DataFrame, dictionary: Dictionary, centre: str | None = None) -> Examined:
    """centre: the column of centres, each of which can report in a unit of its own."""
    table = table.rename(columns=_clean)
    sources = {name: str(_clean(variable.column or name)) for name, variable in dictionary.variables.items()}
    of_column: dict[str, tuple] = {}
    for name, variable in dictionary.variables.items():
        if variable.missing:
            of_column[sources[name]] = (*of_column.get(sources[name], ()), *variable.missing)
    identifiers = {sources[name] for name, variable in dictionary.variables.items() if variable.role == "identifier"}
    table, replaced = without_codes(table, dictionary.missing, of_column, identifiers)
    identifier = dictionary.identifier
    patients = list(table.get(sources[identifier] if identifier else None, table.index))
    found = Examined(table.drop(columns=[source for name, source in sources.items() if source != name and source in table and source not in dictionary.variables]), replaced)
    groups = table[_clean(centre)] if centre is not None and _clean(centre) in table else None
    for name, variable in dictionary.variables.items():
        source = sources[name]
        if source == table.index.name or (variable.role == "identifier" and source not in table):
            continue
        if source not in table:
            shown = f" (column '{source}')" if source != name else ""
            found.faults.append(Fault(None, name, f"{name}: in the dictionary, but the table has no such column{shown}{close_to(source, table.columns)}"))
            continue
        values = table[source]
        if variable.type == "continuous":
            _measured(found, name, variable, table, values, patients, groups)
        elif variable.type == "binary":
            found.table[name] = _binary(values, name, variable, patients, found.faults)
        elif variable.type == "date":
            found.table[name] = _dates(values, name, variable, patients, found.faults)
        elif variable.type in ("ordinal", "categorical"):
            found.table[name] = _levels(values, name, variable, patients, found.faults)
        else:
            found.table[name] = values
    for name in found.table.columns:
        if name in UNITS and name not in dictionary.variables:
            found.faults.append(Fault(None, name, f"{name}: its values have no unit; declare it in the dictionary (accepted: {', '.join(UNITS[name].accepted)})"))
    return found


def _measured(found: Examined, name: str, variable: Variable, table: pd.DataFrame, values: pd.Series, patients: list, groups: pd.Series | None) -> None:
    """A continuous variable: its detection limits, its numbers, its unit."""
    try:
        units = _units_of(variable, table)
    except KeyError as error:
        found.faults.append(Fault(None, name, f"{name}: the column of its units, '{error.args[0]}', is not in the table"))
        return
    if variable.detection_limit is not None:
        values, limited = with_limits(values, variable.detection_limit, patients)
        if limited.below or limited.above:
            found.limited[name] = limited
    found.table[name] = _converted(name, variable, _numeric(values, name, patients, found.faults), units, patients, found.faults, groups)


def canonical_units() -> Mapping[str, str]:
    """Variable → the unit in which every score expects it."""
    return {name: quantity.canonical for name, quantity in UNITS.items()}


def canonical_dictionary(dictionary: Dictionary) -> Dictionary:
    """The dictionary of the converted table: the unit of each variable is the one that its values now have, and what was to be
    replaced in the file is replaced."""
    variables = {}
    for name, variable in dictionary.variables.items():
        done: dict[str, object] = {"missing": (), "detection_limit": None}
        if name in UNITS and variable.type == "continuous":
            done |= {"unit": UNITS[name].canonical, "unit_column": None, "unit_by": None}
        variables[name] = variable.model_copy(update=done)
    return dictionary.model_copy(update={"variables": variables, "missing": ()})
