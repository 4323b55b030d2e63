"""Conversion of units to the canonical one, once, at the border.

Impossible magnitudes are errors with the likely mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.tables.column_types import binary_of, days_of, levels_of, numbers_of
from analysis.cohort.tables.detection_limits import Limited, with_limits
from analysis.cohort.tables.impossible_values import Measured, check_measured
from analysis.cohort.tables.missing_codes import Replaced, without_codes
from analysis.core.spelling_hints import close_to
from analysis.study.dictionary import Dictionary, Variable
from analysis.units.quantities import UNITS, accepted_unit
from analysis.units.unit_errors import Fault, UnitError

__all__ = ["Examined", "canonical_dictionary", "examined", "to_canonical"]


def _spelled(value: object) -> str:
    """A value as the dictionary spells it: 1 and 1.0 are one."""
    return f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value).strip()


def _units_of(
    variable: Variable, table: pd.DataFrame, sources: Mapping[str, str]
) -> pd.Series | None:
    """Each patient's unit; None where the dictionary's holds for all.

    The column of the units, or of what they go by, has its name of the table or of the dictionary
    (sources: variable → its column). Raises KeyError with the column that is not there.
    """

    def named(column: str) -> pd.Series:
        own = _clean(column)
        return table[own if own in table else sources.get(column, own)]

    if variable.unit_by:
        column, units = next(iter(variable.unit_by.items()))
        known = {str(value): unit for value, unit in units.items()}
        return named(column).map(lambda value: known.get(_spelled(value)), na_action="ignore")
    return None if variable.unit_column is None else named(variable.unit_column)


@dataclass(frozen=True)
class _Column:
    """Variable of a table as it is written.

    units: each patient's, or None where the dictionary's holds for all; groups: each patient's
    centre, where centres are told apart.
    """

    name: str
    variable: Variable
    values: pd.Series
    units: pd.Series | None
    patients: list
    groups: pd.Series | None

    def fault(self, words: str, position: Any) -> Fault:
        """Fault of one patient; words: what is wrong with the value."""
        value = self.values.iloc[position]
        return Fault(self.patients[position], self.name, f"{self.name} {value:g} {words}", value)


def _converted(column: _Column, faults: list[Fault]) -> pd.Series:
    """The column's numbers in the canonical unit."""
    name, variable, values = column.name, column.variable, column.values
    if name not in UNITS:
        if column.units is not None:
            key = "unit_by" if variable.unit_by else "unit_column"
            words = (
                f"{name}: {key} can't be used, no canonical unit is known for it; give one unit for"
                " all"
            )
            faults.append(Fault(None, name, words))
        return values
    quantity = UNITS[name]
    written = _written_units(column)
    faults += _unit_faults(column, written)
    given = np.array(
        [None if pd.isna(unit) else accepted_unit(quantity, unit) for unit in written], dtype=object
    )
    factors = np.array([quantity.accepted.get(unit, np.nan) for unit in given], dtype=float)
    # Ten digits: 30 mm must be 3 cm, not 3.0000000000000004, on the boundary of a stage.
    converted = np.round(values.to_numpy() * factors, 10)
    measured = Measured(
        name,
        quantity,
        variable.plausible or quantity.plausible,
        values=values.to_numpy(),
        converted=converted,
        units=given,
        patients=column.patients,
        groups=column.groups,
    )
    check_measured(measured, faults)
    if quantity.canonical == "count":
        broken = np.isfinite(converted) & (converted != np.floor(converted))
        faults += [column.fault("is not a whole number", at) for at in np.flatnonzero(broken)]
    return pd.Series(converted, index=values.index)


def _written_units(column: _Column) -> np.ndarray:
    """Each patient's unit as it is written, missing where there is none."""
    if column.units is None:
        return np.full(len(column.values), str(column.variable.unit), dtype=object)
    stripped = column.units.map(lambda unit: str(unit).strip(), na_action="ignore")
    return stripped.to_numpy(dtype=object)


def _unit_faults(column: _Column, written: np.ndarray) -> list[Fault]:
    """Values without a unit, and units that are unknown for the variable."""
    name, variable, quantity = column.name, column.variable, UNITS[column.name]
    faults = []
    if column.units is not None:
        where = f"in column '{variable.unit_column}'"
        if variable.unit_by:
            by = next(iter(variable.unit_by))
            where = f"for it: unit_by names none for the value of '{by}'"
        without = column.values.notna().to_numpy() & pd.isna(written)
        faults += [column.fault(f"has no unit {where}", at) for at in np.flatnonzero(without)]
    known = [unit for unit in dict.fromkeys(written) if not pd.isna(unit)]
    accepted = ", ".join(quantity.accepted)
    for unit in known:
        if accepted_unit(quantity, unit) is None:
            words = f"{name}: unit '{unit}' is unknown for it; accepted are {accepted}"
            faults.append(Fault(None, name, words, unit=unit))
    return faults


def _clean(header: object) -> object:
    """A header without tabs, line breaks and doubled spaces, which nobody sees in a spreadsheet."""
    return " ".join(header.split()) if isinstance(header, str) else header


def to_canonical(table: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """Table of the dictionary's variables in canonical units, types and levels.

    Every variable of the dictionary stands under its own name, in its canonical unit, type and
    levels.

    table: one row a patient, identified by the dictionary's identifier column, or by the index if
    there is none. Columns that the dictionary does not name are kept as they are, unless they have
    a name that needs a unit. Raises UnitError with all faults: a variable that is not in the table,
    bad numbers, unknown levels and units, values without a unit, impossible values, and columns
    whose median is impossible for their unit.
    """
    found = examined(table, dictionary)
    if found.faults:
        raise UnitError(found.faults)
    return found.table


@dataclass
class Examined:
    """Result of examining a table, with all of its faults.

    table: what to_canonical returns as far as it can be made, and all faults. replaced: declared
    codes of missing values. limited: variable → what its detection limits came to.
    """

    table: pd.DataFrame
    replaced: Replaced
    faults: list[Fault] = field(default_factory=list)
    limited: dict[str, Limited] = field(default_factory=dict)


def _without_declared_codes(
    table: pd.DataFrame, dictionary: Dictionary, sources: Mapping[str, str]
) -> tuple[pd.DataFrame, Replaced]:
    """Table without the dictionary's codes for missing values.

    Identifiers have no such codes. sources: variable → its column.
    """
    of_column: dict[str, tuple] = {}
    for name, variable in dictionary.variables.items():
        if variable.missing:
            of_column[sources[name]] = (*of_column.get(sources[name], ()), *variable.missing)
    identifiers = {
        sources[name]
        for name, variable in dictionary.variables.items()
        if variable.role == "identifier"
    }
    return without_codes(table, dictionary.missing, of_column, identifiers)


def _without_unit(name: str) -> Fault:
    accepted = ", ".join(UNITS[name].accepted)
    words = f"{name}: its values have no unit; declare it in the dictionary (accepted: {accepted})"
    return Fault(None, name, words)


def _add_measured(
    found: Examined, table: pd.DataFrame, column: _Column, sources: Mapping[str, str]
) -> None:
    """A continuous variable: its detection limits, its numbers, its unit.

    sources: variable → its column.
    """
    name, variable, values = column.name, column.variable, column.values
    try:
        units = _units_of(variable, table, sources)
    except KeyError as error:
        close = close_to(str(error.args[0]), [*table.columns, *sources])
        words = f"{name}: the column of its units, '{error.args[0]}', is not in the table{close}"
        found.faults.append(Fault(None, name, words))
        return
    if variable.detection_limit is not None:
        values, limited = with_limits(values, variable.detection_limit, column.patients)
        if limited.below or limited.above:
            found.limited[name] = limited
    numbers = numbers_of(values, name, column.patients, found.faults)
    found.table[name] = _converted(replace(column, values=numbers, units=units), found.faults)


def _text_of(
    values: pd.Series, name: str, variable: Variable, patients: list, faults: list[Fault]
) -> pd.Series:
    return values


READERS = {
    "binary": binary_of,
    "date": days_of,
    "ordinal": levels_of,
    "categorical": levels_of,
    "text": _text_of,
}


def examined(table: pd.DataFrame, dictionary: Dictionary, centre: str | None = None) -> Examined:
    """centre: the column of centres, each of which can report in a unit of its own."""
    table = table.rename(columns=_clean)
    sources = {
        name: str(_clean(variable.column or name))
        for name, variable in dictionary.variables.items()
    }
    table, replaced = _without_declared_codes(table, dictionary, sources)
    identifier = dictionary.identifier
    patients = list(table.get(sources[identifier] if identifier else None, table.index))
    renamed = [
        source
        for name, source in sources.items()
        if source != name and source in table and source not in dictionary.variables
    ]
    found = Examined(table.drop(columns=renamed), replaced)
    groups = table[_clean(centre)] if centre is not None and _clean(centre) in table else None
    for name, variable in dictionary.variables.items():
        source = sources[name]
        if source == table.index.name or (variable.role == "identifier" and source not in table):
            continue
        values = table.get(source)
        if values is None:
            shown = f" (column '{source}')" if source != name else ""
            close = close_to(source, table.columns)
            words = f"{name}: in the dictionary, but the table has no such column{shown}{close}"
            found.faults.append(Fault(None, name, words))
        elif variable.type == "continuous":
            column = _Column(name, variable, values, None, patients=patients, groups=groups)
            _add_measured(found, table, column, sources)
        else:
            found.table[name] = READERS[variable.type](
                values, name, variable, patients, faults=found.faults
            )
    found.faults += [
        _without_unit(name)
        for name in found.table.columns
        if name in UNITS and name not in dictionary.variables
    ]
    return found


def canonical_units() -> Mapping[str, str]:
    """Variable → the unit in which every score expects it."""
    return {name: quantity.canonical for name, quantity in UNITS.items()}


def canonical_dictionary(dictionary: Dictionary) -> Dictionary:
    """Dictionary of the converted table.

    The unit of each variable is the one that its values now have, and what was to be replaced in
    the file is replaced.
    """
    variables = {}
    for name, variable in dictionary.variables.items():
        done: dict[str, object] = {"missing": (), "detection_limit": None}
        if name in UNITS and variable.type == "continuous":
            done |= {"unit": UNITS[name].canonical, "unit_column": None, "unit_by": None}
        variables[name] = variable.model_copy(update=done)
    return dictionary.model_copy(update={"variables": variables, "missing": ()})
