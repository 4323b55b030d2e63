"""Numbers in national notations, read as numbers with a decimal point.

They are written in different ways in different countries: 1.210,5 and 1,210.5 and 1 210.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

from analysis.core.problems import Problems
from analysis.core.word_lists import plural
from analysis.study.layout import TableLayout

# A sign of a detection limit may stand before a number.
BEFORE = r"^(?P<before>\s*[<>≤≥＜＞]?=?\s*)"
BLANK = "[ \\u00a0\\u2009\\u202f'\\u2019]"
DECIMAL_COMMA = re.compile(BEFORE + r"(?P<number>[-+]?\d+,\d+)$")
# One comma with three digits behind it may as well separate thousands.
AMBIGUOUS_COMMA = re.compile(BEFORE + r"[-+]?[1-9]\d{0,2},\d{3}$")
AMBIGUOUS_POINT = re.compile(BEFORE + r"[-+]?[1-9]\d{0,2}\.\d{3}$")
COMMA_BEHIND_POINTS = re.compile(
    BEFORE + r"(?P<number>[-+]?\d{1,3}(\.\d{3})+,\d+|[-+]?\d{1,3}(\.\d{3}){2,})$"
)
POINT_BEHIND_COMMAS = re.compile(
    BEFORE + r"(?P<number>[-+]?\d{1,3}(,\d{3})+\.\d+|[-+]?\d{1,3}(,\d{3}){2,})$"
)
BLANK_THOUSANDS = re.compile(
    BEFORE + rf"(?P<number>[-+]?[1-9]\d{{0,2}}({BLANK}\d{{3}})+([.,]\d+)?)$"
)
NUMERAL = re.compile(BEFORE + r"[-+]?\d[\d.,]*" + rf"(?:{BLANK}[\d.,]+)*$")
SIGNS = re.compile(BLANK)
PLAIN = re.compile(BEFORE + r"[-+]?\d+\.\d+$")
# A column of texts that holds a number here and there is none of numbers.
MOSTLY = 0.5


def with_points(
    file: str,
    header: list[str],
    body: list[list[Any]],
    texts: Collection[str],
    layout: TableLayout,
    problems: Problems,
) -> None:
    """Rewrites the numbers of `body` in place; what can be read in two ways is an error.

    texts: columns that hold names, whose cells stay as they are. Signs that the layout names hold
    for every number.
    """
    named = layout.decimal is not None or layout.thousands is not None
    cells = {
        place: [row[place].strip() for row in body if isinstance(row[place], str) and row[place]]
        for place, name in enumerate(header)
        if name not in texts
    }
    columns = {
        place: values
        for place, values in cells.items()
        if values and (named or any(map(_signed, values))) and _numbers(values)
    }
    if not columns:
        return
    decimal: str | None = layout.decimal
    thousands = layout.thousands
    if not named:
        decimal = _sign(file, header, columns, problems)
    elif decimal is None:
        decimal = "," if thousands == "." else "."
    if decimal == "," and thousands is None:
        _check_points(file, header, cells=cells, columns=columns, problems=problems)
    blanks, commas = [], []
    for place, values in columns.items():
        if any(BLANK_THOUSANDS.match(value) for value in values):
            blanks.append(header[place])
        if decimal == "," and any("," in value and NUMERAL.match(value) for value in values):
            commas.append(header[place])
        for row in body:
            if isinstance(row[place], str):
                row[place] = _pointed(row[place], decimal, thousands)
    if commas and not named:
        problems.warning(
            "numbers are written with a decimal comma; read as a point",
            f"{file}, {plural(len(commas), 'column')} {_names(commas)}",
            "compare one value, or save with decimal points",
        )
    if blanks and not named:
        problems.warning(
            "thousands are set apart by blanks or apostrophes; these were taken out",
            f"{file}, {plural(len(blanks), 'column')} {_names(blanks)}",
            "compare one value",
        )


def _signed(value: str) -> bool:
    """True if a text has another sign than one point.

    The check is quick, since tables of features have millions of cells.
    """
    return "," in value or SIGNS.search(value) is not None or value.count(".") > 1


def _check_points(
    file: str,
    header: list[str],
    cells: dict[int, list[str]],
    columns: dict[int, list[str]],
    problems: Problems,
) -> None:
    """Report numbers whose point may separate thousands or decimals.

    This is 1.210 in a file of decimal commas, unless other numbers of its column show that the
    point is decimal there.
    """
    for place, values in cells.items():
        odd = [value for value in values if AMBIGUOUS_POINT.match(value)]
        if odd and (
            any("," in value for value in columns.get(place, ()))
            or not any(PLAIN.match(value) and not AMBIGUOUS_POINT.match(value) for value in values)
        ):
            problems.error(
                f"{odd[0]} can be a thousand or a decimal number, in a file with decimal commas",
                f"{file}, column '{header[place]}'",
                'set thousands: "." in the study file, beside the table\'s name, if it is a'
                " thousand; else write it with a comma",
            )


def _names(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _numbers(values: list[str]) -> bool:
    """True if most texts of a column are numerals, or one has a decimal comma beyond doubt."""
    return sum(bool(NUMERAL.match(value)) for value in values) >= MOSTLY * len(values) or any(
        DECIMAL_COMMA.match(value) for value in values
    )


def _has_decimal_comma(value: str) -> bool:
    """True if the comma of a numeral can be nothing but a decimal sign."""
    return bool(
        (DECIMAL_COMMA.match(value) and not AMBIGUOUS_COMMA.match(value))
        or COMMA_BEHIND_POINTS.match(value)
        or (BLANK_THOUSANDS.match(value) and "," in value)
    )


def _sign(
    file: str, header: list[str], columns: dict[int, list[str]], problems: Problems
) -> str | None:
    """Decimal sign that the numbers show.

    It is a comma, a point beside commas of thousands, or None where no comma is in any.
    """
    comma = {
        place: [value for value in values if _has_decimal_comma(value)]
        for place, values in columns.items()
    }
    point = {
        place: [value for value in values if POINT_BEHIND_COMMAS.match(value)]
        for place, values in columns.items()
    }
    unclear = {
        place: [value for value in values if AMBIGUOUS_COMMA.match(value)]
        for place, values in columns.items()
    }
    mend = (
        "set decimal: and thousands: in the study file, beside the table's name; or write numbers"
        " with a point and without separators of thousands"
    )
    if any(comma.values()) and any(point.values()):
        one, two = (
            next((header[place], values[0]) for place, values in found.items() if values)
            for found in (comma, point)
        )
        problems.error(
            f"numbers are written in two ways: {one[1]} in column '{one[0]}' and {two[1]} in column"
            f" '{two[0]}'",
            file,
            mend,
        )
        return None
    if any(comma.values()):
        return ","
    if any(point.values()):
        return "."
    for values in list(unclear.values()):
        if values:
            names = [header[place] for place, each in unclear.items() if each]
            problems.error(
                f"{values[0]} can be a thousand or a decimal number",
                f"{file}, {plural(len(names), 'column')} {_names(names)}",
                mend,
            )
            break
    return None


@cache
def _groups(decimal: str | None, thousands: str | None) -> tuple[str, ...]:
    """Patterns of the part of a number that has separators of thousands; 0.900 has none.

    In a file of decimal commas whose thousands are not named, 1.210 alone stays: where it was not
    refused, its column has decimal points.
    """
    end = rf"(?=$|{re.escape(decimal or '.')}\d+$)"
    first = r"^[-+]?[1-9]\d{0,2}"
    if thousands is not None:
        sign = BLANK if thousands in " '" else re.escape(thousands)
        return (rf"{first}({sign}\d{{3}})+{end}",)
    blanks = rf"{first}({BLANK}\d{{3}})+{end}"
    if decimal == ",":
        return blanks, rf"{first}(\.\d{{3}})+(?=,\d+$)", rf"{first}(\.\d{{3}}){{2,}}$"
    return (blanks,) if decimal is None else (blanks, rf"{first}(,\d{{3}})+{end}")


def _pointed(cell: str, decimal: str | None, thousands: str | None) -> str:
    """The cell with a point and without separators, where it is a numeral; else as it is."""
    text = cell.strip()
    match = NUMERAL.match(text)
    if match is None:
        return cell
    before, number = match["before"].strip(), text[match.end("before") :]
    grouped = next(
        (found for pattern in _groups(decimal, thousands) if (found := re.match(pattern, number))),
        None,
    )
    if grouped is not None:
        number = re.sub(r"[^\d+-]", "", number[: grouped.end()]) + number[grouped.end() :]
    if decimal == "," and re.fullmatch(r"[-+]?\d+,\d+", number):
        number = number.replace(",", ".")
    return before + number
