"""Tables as people keep them, as one DataFrame.

They are text of any flavour, Excel, Stata or SPSS. What is odd about the file becomes a problem.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.tables.header_rows import Rows, Sheet, table_of_rows
from analysis.cohort.tables.numerals import with_points
from analysis.cohort.tables.statistics_file import STATISTICS_FILES, statistics_rows
from analysis.cohort.tables.text_file import groups_in_text, text_rows
from analysis.cohort.tables.workbook import workbook_rows
from analysis.core.problems import Problems
from analysis.study.layout import TableLayout

WORKBOOKS = (".xlsx", ".xlsm")
EXCEL_FAULTS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
# Plain and not overly long; all else goes the slow way.
NUMBER = re.compile(r"^[-+]?\d{1,15}(\.\d{0,17})?([eE][-+]?\d{1,3})?$", re.ASCII)
# Words of yes-or-no columns: of spreadsheets, and of check boxes in REDCap's exports with labels.
TRUTHS = (("true", "false"), ("checked", "unchecked"))


def read_spreadsheet(
    path: Path, problems: Problems, layout: TableLayout | None = None, text: tuple[str, ...] = ()
) -> pd.DataFrame | None:
    """Table in a .csv, .tsv, .txt, .xlsx, .dta or .sav file.

    It is None where it can't be read, and `problems` says why.

    layout: how the table lies in its file. text: columns kept as they are written (identifiers: 007
    stays 007), the patients' first. Only an empty cell is missing. Dates of a workbook become
    YYYY-MM-DD. Column names lose blanks at their ends. Nothing of the file is evaluated. attrs:
    `lines` of the rows, `units` of the row of units.
    """
    layout = layout or TableLayout()
    if not path.is_file():
        problems.error(
            "no such table",
            path.name,
            f"put it into {path.parent.name or path.parent}/, or correct its name in the study"
            " file",
        )
        return None
    suffix = path.suffix.lower()
    if suffix == ".xls":
        problems.error("the old Excel format can't be read", path.name, "save it as .xlsx or .csv")
        return None
    if suffix in STATISTICS_FILES:
        found = statistics_rows(path, problems)
    else:
        sheet = _sheet(path, layout, problems)
        found = None if sheet is None else table_of_rows(sheet, layout, text, problems)
    if found is None:
        return None
    if not found.body:
        problems.error("the table has a header and no rows", path.name, "add one row a patient")
        return None
    with_points(path.name, found.header, found.body, text, layout=layout, problems=problems)
    _formulas(path, found, problems)
    frame = pd.DataFrame(
        {
            name: _typed([row[place] for row in found.body], name in text)
            for place, name in enumerate(found.header)
        }
    )
    frame.attrs |= {"lines": found.lines, "units": found.units}
    return frame


def _sheet(path: Path, layout: TableLayout, problems: Problems) -> Sheet | None:
    """The rows of a workbook or of a text file; None where it can't be read."""
    if path.suffix.lower() in WORKBOOKS:
        book = workbook_rows(path, layout, problems)
        return None if book is None else Sheet(path.name, book[0], book[1], fixed=True)
    rows = text_rows(path, layout, problems)
    return None if rows is None else Sheet(path.name, rows, groups_in_text)


def _typed(values: list[Any], as_text: bool) -> pd.Series | np.ndarray:
    """Numbers where every known value is one, and where every one is true or false: 1 and 0."""
    if as_text:
        return pd.Series(
            [None if value in ("", None) else _as_written(value) for value in values],
            dtype="string",
        )
    plain = _plain_numbers(values)
    if plain is not None:
        return plain
    column = pd.Series([None if value == "" else value for value in values], dtype=object)
    words = column.dropna().map(lambda value: str(value).strip().lower())
    for truth in TRUTHS:
        if len(words) and words.isin(truth).all():
            return (words == truth[0]).astype(float).reindex(column.index)
    numbers = pd.to_numeric(column, errors="coerce")
    # pandas takes the words nan and inf for numbers; in a table they are texts that somebody wrote.
    spelled = words.isin(["nan", "inf", "-inf", "infinity", "-infinity"])
    if (numbers.notna() | column.isna()).all() and not spelled.any():
        return numbers
    return column.where(column.notna(), float("nan"))


def _plain_numbers(values: list[Any]) -> np.ndarray | None:
    """Values of a column of numbers that are written plainly.

    They are what pandas makes of them, at a hundredth of the cost: tables of features have many.
    """
    found: list[float] = []
    whole = True
    for value in values:
        if isinstance(value, str) and NUMBER.match(value):
            whole = whole and value.lstrip("+-").isdigit()
            found.append(float(value))
        elif value in ("", None):
            whole = False
            found.append(float("nan"))
        else:
            return None
    # A column without any number is decided on elsewhere, and so are whole numbers that a float
    # can't hold.
    if all(map(math.isnan, found)) or (whole and max(map(abs, found)) > 2**53):
        return None
    return np.array(found, np.int64 if whole else np.float64)


def _as_written(value: Any) -> str:
    """A number that a workbook keeps as 7.0 is the patient 7."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _begins_as_formula(cell: str) -> bool:
    """True if a spreadsheet would execute it; -5 and +1,2 are numbers."""
    value = cell.strip()
    if value.startswith(("=", "@")) or cell.startswith(("\t", "\r")):
        return True
    signed = value.startswith(("+", "-")) and len(value) > 1
    return signed and not re.match(r"^[-+][\d.,]", value)


def _formulas(path: Path, table: Rows, problems: Problems) -> None:
    """Report of formulas and faults in cells.

    They are cells that a spreadsheet would execute, and faults that it has left; nothing here
    executes them.
    """
    for row, line in zip(table.body, table.lines, strict=True):
        for name, cell in zip(table.header, row, strict=True):
            # Most cells are numbers, and are passed over at once.
            if not isinstance(cell, str) or not cell or "0" <= cell[0] <= "9":
                continue
            value, place = cell.strip(), f"{path.name}, line {line}, column '{name}'"
            if _begins_as_formula(cell):
                problems.warning(
                    f"the cell begins as a formula: {value[:40]!r}; it is taken as text",
                    place,
                    "write the value itself",
                )
            elif value in EXCEL_FAULTS:
                problems.error(
                    f"Excel left a fault there: {value}",
                    place,
                    "mend the formula in the workbook, or leave the cell empty",
                )
