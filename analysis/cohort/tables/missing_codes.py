"""Codes that stand for an empty cell: those the dictionary declares, and lone ones it does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

# What statistics programs and questionnaires write for "not measured"; seldom a measurement where
# no other value is near.
USUAL_CODES = frozenset(
    (99, 888, 999, 9999, 99999, -1, -7, -8, -9, -88, -99, -888, -999, -9999, -99999)
)
FEW_VALUES = 3
# A column with so large a share of numbers is one of numbers.
MOSTLY_NUMBERS = 0.5


@dataclass
class Replaced:
    """Codes of missing values that were replaced.

    counts: column → code → cells that became empty. unused: declared codes that no cell holds,
    `code` or `column: code`. among: (column, code, how many cells, lowest, highest) of codes that
    lie among the column's other numbers.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    among: list[tuple[str, str, int, float, float]] = field(default_factory=list)


def number_of(value: Any) -> float | None:
    """The finite number that a cell or a code is, written or stored; None for any other text."""
    if isinstance(value, bool | np.bool_) or value is None:
        return None
    try:
        number = float(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None


def equals_code(values: pd.Series, code: str | int | float) -> pd.Series:
    """Mask of the cells of a column that hold the code.

    Cell and code are compared as numbers if both are numbers (-99, "-99" and -99.0 are one), else
    as texts without blanks at their ends.
    """
    number = number_of(code)
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return (
            (values == number).fillna(False).astype(bool)
            if number is not None
            else pd.Series(False, index=values.index)
        )
    if number is not None:
        return values.map(lambda value: number_of(value) == number).astype(bool)
    return values.map(
        lambda value: isinstance(value, str) and value.strip() == str(code).strip()
    ).astype(bool)


def without_codes(
    table: pd.DataFrame,
    everywhere: Sequence[str | int | float],
    of_column: Mapping[str, Sequence[str | int | float]],
    spared: Collection[str] = (),
) -> tuple[pd.DataFrame, Replaced]:
    """The table with an empty cell where a code stood, and what was replaced.

    everywhere: codes of all columns but those of `spared`; of_column: further codes of one column.
    """
    result, replaced, seen = table.copy(), Replaced(), set()
    for name in table.columns:
        if name in spared:
            continue
        for code in dict.fromkeys([*everywhere, *of_column.get(name, ())]):
            found = equals_code(table[name], code)
            if not found.any():
                continue
            seen |= {(None, str(code)), (name, str(code))}
            result[name] = result[name].mask(found)
            replaced.counts.setdefault(str(name), {})[str(code)] = int(found.sum())
        # A column is only taken out where it holds a code: a table can have 100,000 of them.
        if str(name) in replaced.counts:
            _among_others(str(name), table[name], result[name], replaced)
    replaced.unused = [str(code) for code in everywhere if (None, str(code)) not in seen]
    replaced.unused += [
        f"{name}: {code}"
        for name, codes in of_column.items()
        for code in codes
        if name in table and (name, str(code)) not in seen
    ]
    return result, replaced


def _among_others(name: str, before: pd.Series, after: pd.Series, replaced: Replaced) -> None:
    """A code 9 in a column of 1 to 12 is more likely the number nine."""
    # One `<2.0` among them, or a remark, takes nothing from what the numbers show.
    found = [number for value in after.dropna() if (number := number_of(value)) is not None]
    if len(found) < MOSTLY_NUMBERS * after.notna().sum() or not found:
        return
    others = np.array(found, float)
    for code, count in replaced.counts[name].items():
        number = number_of(code)
        if (
            number is not None
            and others.min() <= number <= others.max()
            and others.max() > others.min()
        ):
            replaced.among.append((name, code, count, float(others.min()), float(others.max())))


def _numbers(values: pd.Series) -> np.ndarray:
    """The numbers of a column, where all of its known values are some; empty otherwise."""
    known = values.dropna()
    known = known[known.map(lambda value: not isinstance(value, str) or bool(value.strip()))]
    found = [number_of(value) for value in known]
    return np.array([], float) if any(each is None for each in found) else np.array(found, float)


def lone_codes(values: pd.Series) -> dict[float, int]:
    """Frequencies of likely undeclared codes for missing values in a column.

    Usual codes among the numbers of a column that are far from all others → how many cells hold
    them.

    Far: below zero where no other number is, or further from the nearest other number than these
    spread. Age 99 beside 85 is an age, a waist of 999 beside 110 is none.
    """
    numbers = _numbers(values)
    suspects = np.isin(numbers, list(USUAL_CODES))
    others = numbers[~suspects]
    if len(others) < FEW_VALUES or len(np.unique(others)) < 2:
        return {}
    low, high = others.min(), others.max()
    lone = {}
    for value in np.unique(numbers[suspects]):
        if (
            (value < 0 <= low)
            or (value > high and value - high > high - low)
            or (value < low and low - value > high - low)
        ):
            lone[float(value)] = int((numbers == value).sum())
    return lone
