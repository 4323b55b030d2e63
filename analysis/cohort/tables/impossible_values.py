"""Values that can't be what their unit says.

They are those of a patient, of all patients of a centre, or of a column as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.tables.missing_codes import USUAL_CODES
from analysis.core.word_lists import counted
from analysis.units.quantities import PERCENTAGE, Quantity
from analysis.units.unit_errors import Fault

# Fewer values than this say nothing about the scale of a column.
MINIMUM_FOR_MEDIAN = 8
# All of a centre's values are in another unit, from so many on.
LEAST_OF_GROUP = 3


@dataclass(frozen=True)
class Measured:
    """Continuous column with its values as reported and converted, each with its unit.

    groups: each patient's centre, where known.
    """

    name: str
    quantity: Quantity
    limits: tuple[float, float]
    values: np.ndarray
    converted: np.ndarray
    units: np.ndarray
    patients: list
    groups: pd.Series | None = None


def check_measured(column: Measured, faults: list[Fault]) -> None:
    """Report impossible values and impossible medians of a measured variable.

    The values are impossible for a patient or for a whole centre; the medians are such as no cohort
    has.
    """
    low, high = column.limits
    slack = 1e-9 * max(abs(low), abs(high))
    outside = (column.converted < low - slack) | (column.converted > high + slack)
    told = np.zeros(len(outside), bool)
    for group, members in _members(column):
        if (
            fault := _other_unit(column, group, members & np.isfinite(column.converted), outside)
        ) is not None:
            faults.append(fault)
            told |= members
    faults.extend(
        _impossible(column, int(position)) for position in np.flatnonzero(outside & ~told)
    )
    inside = np.isfinite(column.converted) & ~outside
    if outside.any() or not column.quantity.typical:
        return
    whole = _strange_median(
        column,
        inside,
        group="",
        whose=f"{counted(inside.sum(), 'patient')}",
        where="the whole column",
    )
    if whole is not None:
        faults.append(whole)
        return
    for group, members in _members(column):
        fault = _strange_median(
            column,
            inside & members,
            group=group,
            whose=f"{counted(int((inside & members).sum()), 'patient')} of {group}",
            where=f"all of {group}",
        )
        if fault is not None:
            faults.append(fault)


def _members(column: Measured) -> list[tuple[str, np.ndarray]]:
    if column.groups is None or column.groups.nunique() < 2:
        return []
    names = column.groups.astype("string")
    return [
        (str(name), (names == name).fillna(False).to_numpy(bool))
        for name in sorted(names.dropna().unique())
    ]


def _impossible(column: Measured, position: int) -> Fault:
    value, unit, (low, high) = column.values[position], str(column.units[position]), column.limits
    candidates = _plausible_units(column.quantity, value, unit, column.limits)
    likely = (
        "a code for a missing value; if so, name it under missing in the dictionary"
        if value in USUAL_CODES and (value < 0 or not candidates)
        else _likely(column.quantity, candidates, unit)
    )
    return Fault(
        column.patients[position],
        column.name,
        message=f"{column.name} {value:g} {unit} is impossible (plausible: {low:g} to {high:g}"
        f" {column.quantity.canonical}); likely {likely}",
        value=value,
        unit=unit,
        likely_unit=next(iter(candidates), None),
    )


def _other_unit(
    column: Measured, group: str, members: np.ndarray, outside: np.ndarray
) -> Fault | None:
    """Fault of a centre whose values all fit another unit, and none the column's."""
    if (
        members.sum() < LEAST_OF_GROUP
        or not outside[members].all()
        or members.sum() == np.isfinite(column.converted).sum()
    ):
        return None
    unit = str(column.units[members][0])
    fits = [
        set(_plausible_units(column.quantity, value, unit, column.limits))
        for value in column.values[members]
    ]
    shared = [other for other in column.quantity.accepted if all(other in each for each in fits)]
    if not shared:
        return None
    return Fault(
        None,
        column.name,
        f"{column.name}: all {counted(int(members.sum()), 'value')} of {group} are impossible in"
        f" {unit} and possible in {shared[0]}; if the centres report in different units, give"
        f" unit_by in the place of unit: {{column of centres: {{{group}: {shared[0]}, …}}}}",
        unit=unit,
    )


def _strange_median(
    column: Measured, rows: np.ndarray, group: str, whose: str, where: str
) -> Fault | None:
    typical = column.quantity.typical
    assert typical is not None
    if (
        rows.sum() < MINIMUM_FOR_MEDIAN
        or typical[0] <= np.median(column.converted[rows]) <= typical[1]
    ):
        return None
    unit, reported = str(column.units[rows][0]), float(np.median(column.values[rows]))
    candidates = _plausible_units(column.quantity, reported, unit, typical)
    mend = (
        "give unit_by in the dictionary, with a unit for each centre"
        if group
        else "correct its unit in the dictionary"
    )
    return Fault(
        None,
        column.name,
        message=f"{column.name}: the median of {whose}, {reported:g} {unit}, is impossible for a"
        f" cohort"
        f" (plausible: {typical[0]:g} to {typical[1]:g} {column.quantity.canonical}); {where} is"
        f" likely {_likely(column.quantity, candidates, unit)}; {mend}",
        value=reported,
        unit=unit,
        likely_unit=None if group else next(iter(candidates), None),
    )


def _plausible_units(
    quantity: Quantity, value: float, unit: str, limits: tuple[float, float]
) -> list[str]:
    """Units, one for each scale, in which the value would be possible."""
    scales: dict[float, str] = {}
    for other, factor in quantity.accepted.items():
        if factor != quantity.accepted[unit] and limits[0] <= value * factor <= limits[1]:
            scales.setdefault(factor, other)
    return list(scales.values())


def _likely(quantity: Quantity, units: list[str], unit: str) -> str:
    guesses = [f"{other} where {unit} was meant" for other in units]
    # A percentage passes for /uL or 10^4/uL on no scale that a count can have, so it stays in the
    # list beside them.
    return " or ".join(
        guesses if guesses and quantity.mistake != PERCENTAGE else [*guesses, quantity.mistake]
    )
