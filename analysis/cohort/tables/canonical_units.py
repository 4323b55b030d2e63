"""Units: converted once, at the border, to the canonical one; impossible magnitudes are errors with
the likely mistake."""

from __future__ import annotations

from dataclasses import dataclass, field

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


def _units_of(variable: Variable, table: pd.DataFrame) -> pd.Series | None:
    """Each patient's unit; None where the dictionary's holds for all. Raises KeyError with the
    column that is not there."""
    if variable.unit_by:
        column, units = next(iter(variable.unit_by.items()))
        known = {str(value): unit for value, unit in units.items()}
        return table[_clean(column)].map(
            lambda value: known.get(
                f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value).strip()
            ),
            na_action="ignore",
        )
    return None if variable.unit_column is None else table[_clean(variable.unit_column)]


def _converted(
    name: str,
    variable: Variable,
    values: pd.Series,
    units: pd.Series | None,
    patients: list,
    faults: list[Fault],
    groups: pd.Series | None,
) -> pd.Series:
    """values in the canonical unit; units: each patient's, or None where the dictionary's holds for
    all."""
    known = values.notna().to_numpy()
    if name not in UNITS:
        if units is not None:
            faults.append(
                Fault(
                    None,
                    name,
                    f"{name}: {'unit_by' if variable.unit_by else 'unit_column'} can't be used, no"
                    " canonical unit is known for it; give one unit for all",
                )
            )
        return values
    quantity = UNITS[name]
    written = (
        np.full(len(values), str(variable.unit), dtype=object)
        if units is None
        else units.map(lambda unit: str(unit).strip(), na_action="ignore").to_numpy(dtype=object)
    )
    if units is not None:
        where = (
            f"for it: unit_by names none for the value of '{next(iter(variable.unit_by))}'"
            if variable.unit_by
            else f"in column '{variable.unit_column}'"
        )
        faults.extend(
            Fault(
                patients[position],
                name,
                f"{name} {values.iloc[position]:g} has no unit {where}",
                values.iloc[position],
            )
            for position in np.flatnonzero(known & pd.isna(written))
        )
    faults.extend(
        Fault(
            None,
            name,
            f"{name}: unit '{unit}' is unknown for it; accepted are {', '.join(quantity.accepted)}",
            unit=unit,
        )
        for unit in dict.fromkeys(
            unit for unit in written if not pd.isna(unit) and accepted_unit(quantity, unit) is None
        )
    )
    given = np.array(
        [None if pd.isna(unit) else accepted_unit(quantity, unit) for unit in written], dtype=object
    )
    factors = np.array([quantity.accepted.get(unit, np.nan) for unit in given], dtype=float)
    # Ten digits: 30 mm must be 3 cm, not 3.0000000000000004, on the boundary of a stage.
    converted = np.round(values.to_numpy() * factors, 10)
    check_measured(
        Measured(
            name,
            quantity,
            variable.plausible or quantity.plausible,
            values.to_numpy(),
            converted,
            given,
            patients,
            groups,
        ),
        faults,
    )
    if quantity.canonical == "count":
        faults.extend(
            Fault(
                patients[position],
                name,
                f"{name} {values.iloc[position]:g} is not a whole number",
                values.iloc[position],
            )
            for position in np.flatnonzero(
                np.isfinite(converted) & (converted != np.floor(converted))
            )
        )
    return pd.Series(converted, index=values.index)


def _clean(header: object) -> object:
    """A header without tabs, line breaks and doubled spaces, which nobody sees in a spreadsheet."""
    return " ".join(header.split()) if isinstance(header, str) else header


def to_canonical(table: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """The table with every variable of the dictionary under its own name, in its canonical unit,
    type and levels.

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
    """table: what to_canonical returns as far as it can be made, and all faults. replaced: declared
    codes of missing values.
    limited: variable → what its detection limits came to."""

    table: pd.DataFrame
    replaced: Replaced
    faults: list[Fault] = field(default_factory=list)
    limited: dict[str, Limited] = field(default_factory=dict)


def examined(table: pd.DataFrame, dictionary: Dictionary, centre: str | None = None) -> Examined:
    """centre: the column of centres, each of which can report in a unit of its own."""
    table = table.rename(columns=_clean)
    sources = {
        name: str(_clean(variable.column or name))
        for name, variable in dictionary.variables.items()
    }
    of_column: dict[str, tuple] = {}
    for name, variable in dictionary.variables.items():
        if variable.missing:
            of_column[sources[name]] = (*of_column.get(sources[name], ()), *variable.missing)
    identifiers = {
        sources[name]
        for name, variable in dictionary.variables.items()
        if variable.role == "identifier"
    }
    table, replaced = without_codes(table, dictionary.missing, of_column, identifiers)
    identifier = dictionary.identifier
    patients = list(table.get(sources[identifier] if identifier else None, table.index))
    found = Examined(
        table.drop(
            columns=[
                source
                for name, source in sources.items()
                if source != name and source in table and source not in dictionary.variables
            ]
        ),
        replaced,
    )
    groups = table[_clean(centre)] if centre is not None and _clean(centre) in table else None
    for name, variable in dictionary.variables.items():
        source = sources[name]
        if source == table.index.name or (variable.role == "identifier" and source not in table):
            continue
        if source not in table:
            shown = f" (column '{source}')" if source != name else ""
            found.faults.append(
                Fault(
                    None,
                    name,
                    f"{name}: in the dictionary, but the table has no such"
                    f" column{shown}{close_to(source, table.columns)}",
                )
            )
            continue
        values = table[source]
        if variable.type == "continuous":
            _measured(found, name, variable, table, values, patients, groups)
        elif variable.type == "binary":
            found.table[name] = binary_of(values, name, variable, patients, found.faults)
        elif variable.type == "date":
            found.table[name] = days_of(values, name, variable, patients, found.faults)
        elif variable.type in ("ordinal", "categorical"):
            found.table[name] = levels_of(values, name, variable, patients, found.faults)
        else:
            found.table[name] = values
    for name in found.table.columns:
        if name in UNITS and name not in dictionary.variables:
            found.faults.append(
                Fault(
                    None,
                    name,
                    f"{name}: its values have no unit; declare it in the dictionary (accepted:"
                    f" {', '.join(UNITS[name].accepted)})",
                )
            )
    return found


def _measured(
    found: Examined,
    name: str,
    variable: Variable,
    table: pd.DataFrame,
    values: pd.Series,
    patients: list,
    groups: pd.Series | None,
) -> None:
    """A continuous variable: its detection limits, its numbers, its unit."""
    try:
        units = _units_of(variable, table)
    except KeyError as error:
        found.faults.append(
            Fault(
                None,
                name,
                f"{name}: the column of its units, '{error.args[0]}', is not in the table",
            )
        )
        return
    if variable.detection_limit is not None:
        values, limited = with_limits(values, variable.detection_limit, patients)
        if limited.below or limited.above:
            found.limited[name] = limited
    found.table[name] = _converted(
        name,
        variable,
        numbers_of(values, name, patients, found.faults),
        units,
        patients,
        found.faults,
        groups,
    )


def canonical_dictionary(dictionary: Dictionary) -> Dictionary:
    """The dictionary of the converted table: the unit of each variable is the one that its values
    now have, and what was to be replaced in the file is replaced."""
    variables = {}
    for name, variable in dictionary.variables.items():
        done: dict[str, object] = {"missing": (), "detection_limit": None}
        if name in UNITS and variable.type == "continuous":
            done |= {"unit": UNITS[name].canonical, "unit_column": None, "unit_by": None}
        variables[name] = variable.model_copy(update=done)
    return dictionary.model_copy(update={"variables": variables, "missing": ()})
