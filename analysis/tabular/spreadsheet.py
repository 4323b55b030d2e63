"""Tables as people keep them, CSV of any flavour or Excel, as one DataFrame; what is odd about the file becomes a problem."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.checking.problem import Problems

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
WORKBOOKS = (".xlsx", ".xlsm")
DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+$")
# One comma with three digits behind it may as well separate thousands.
AMBIGUOUS_COMMA = re.compile(r"^[-+]?[1-9]\d{0,2},\d{3}$")
EXCEL_FAULTS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
# Plain and not overly long; all else goes the slow way.
NUMBER = re.compile(r"^[-+]?\d{1,15}(\.\d{0,17})?([eE][-+]?\d{1,3})?$", re.ASCII)
MANY_ROWS = 20


def read_spreadsheet(path: Path, problems: Problems, sheet: str | None = None, text: tuple[str, ...] = ()) -> pd.DataFrame | None:
    """The table in a .csv, .tsv, .txt or .xlsx file; None where it can't be read, and `problems` says why.

    text: columns kept as they are written (identifiers: 007 stays 007). Only an empty cell is missing. Dates of a workbook become
    YYYY-MM-DD. Column names lose blanks at their ends. Nothing of the file is evaluated.
    """
    if not path.is_file():
        problems.error("no such table", path.name, f"put it into {path.parent.name}/, or correct its name in the study file")
        return None
    if path.suffix.lower() == ".xls":
        problems.error("the old Excel format can't be read", path.name, "save it as .xlsx or .csv")
        return None
    rows = _workbook(path, problems, sheet) if path.suffix.lower() in WORKBOOKS else _text_file(path, problems)
    if rows is None:
        return None
    header, body, lines = rows
    if not _sound_header(path, header, problems):
        return None
    if not body:
        problems.error("the table has a header and no rows", path.name, "add one row a patient")
        return None
    body = _with_decimal_points(path, header, body, problems)
    _formulas(path, header, body, lines, problems)
    frame = pd.DataFrame({name: _typed([row[place] for row in body], name in text) for place, name in enumerate(header)})
    frame.attrs["lines"] = lines
    return frame


def _typed(values: list[Any], as_text: bool) -> pd.Series | np.ndarray:
    """Numbers where every known value is one, and where every one is true or false: 1 and 0."""
    if as_text:
        return pd.Series([None if value in ("", None) else _as_written(value) for value in values], dtype="string")
    plain = _plain_numbers(values)
    if plain is not None:
        return plain
    column = pd.Series([None if value == "" else value for value in values], dtype=object)
    words = column.dropna().map(lambda value: str(value).strip().lower())
    if len(words) and words.isin(["true", "false"]).all():
        return (words == "true").astype(float).reindex(column.index)
    numbers = pd.to_numeric(column, errors="coerce")
    # pandas takes the words nan and inf for numbers; in a table they are texts that somebody wrote.
    spelled = words.isin(["nan", "inf", "-inf", "infinity", "-infinity"])
    return numbers if (numbers.notna() | column.isna()).all() and not spelled.any() else column.where(column.notna(), float("nan"))


def _plain_numbers(values: list[Any]) -> np.ndarray | None:
    """What pandas makes of a column of numbers written plainly, at a hundredth of the cost: tables of features have many."""
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
    # A column without any number is decided on elsewhere, and so are whole numbers that a float can't hold.
    if all(number != number for number in found) or (whole and max(map(abs, found)) > 2**53):
        return None
    return np.array(found, np.int64 if whole else np.float64)


def _as_written(value: Any) -> str:
    """A number that a workbook keeps as 7.0 is the patient 7."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _sound_header(path: Path, header: list[str], problems: Problems) -> bool:
    doubles = [name for name, count in Counter(name for name in header if name).items() if count > 1]
    if doubles:
        problems.error(f"these columns are there more than once: {', '.join(doubles)}", f"{path.name}, header", "rename or remove one of each; which one is meant can't be guessed")
    empty = [place for place, name in enumerate(header, start=1) if not name]
    for place in empty:
        header[place - 1] = f"column {place}"
    if empty:
        problems.note(f"column(s) {', '.join(map(str, empty))} have no name", f"{path.name}, header", "name them, or take them out if they hold row numbers")
    return not doubles


# ---- text files


def _decoded(path: Path, problems: Problems) -> str | None:
    content = path.read_bytes()
    if not content.strip():
        problems.error("the file is empty", path.name, "export the table again")
        return None
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            problems.note(f"it begins with a byte order mark ({encoding.removesuffix('-sig').upper()}), which was taken off", path.name)
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                break
    if b"\0" in content:
        problems.error("this is no text file", path.name, "save the table as CSV (UTF-8) or .xlsx")
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[:error.start].count(b"\n") + 1
        problems.warning(f"it is not UTF-8; read as Windows-1252 (Latin-1), as an older Excel writes it; first at line {line}", path.name,
                         "look at its accents and units (µ, ²), or save it as CSV UTF-8")
        return content.decode("cp1252", errors="replace")


def _separator(path: Path, text: str, problems: Problems) -> str:
    """The separator that splits the first lines into the most columns, the same number in each; the comma where none does."""
    lines = [line for line in text.splitlines() if line.strip()][:MANY_ROWS]

    def merit(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=separator, skipinitialspace=True)]
        except csv.Error:  # a cell without end: not this separator, or nothing that can be split
            return 0, 0
        if not widths:
            return 0, 0
        return (sum(width == widths[0] for width in widths) if widths[0] > 1 else 0, widths[0])

    found = max(SEPARATORS, key=lambda each: (merit(each)[0], merit(each)[1], each == ","))
    if found != "," and path.suffix.lower() == ".csv":
        problems.note(f"its columns are separated by a {SEPARATORS[found]}", path.name)
    return found if merit(found)[0] else ","


def _text_file(path: Path, problems: Problems) -> tuple[list[str], list[list[Any]], list[int]] | None:
    text = _decoded(path, problems)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(path, text, problems), skipinitialspace=True)
    header: list[str] = []
    body, lines, long, short = [], [], [], []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip() for cell in row]
                continue
            if len(row) > len(header) and any(cell.strip() for cell in row[len(header):]):
                long.append(reader.line_num)
            elif len(row) < len(header):
                short.append(reader.line_num)
            body.append([cell if cell.strip() else "" for cell in row[:len(header)]] + [""] * (len(header) - len(row)))
            lines.append(reader.line_num)
    except csv.Error as error:
        problems.error(f"it can't be split into cells: {error}", f"{path.name}, line {reader.line_num}", "look for a quotation mark that is not closed")
        return None
    for line in long:
        problems.error(f"it has more cells than the header ({len(header)})", f"{path.name}, line {line}", "put texts that hold the separator, or numbers with a decimal comma, in quotation marks")
    for line in short:
        problems.warning(f"it has fewer cells than the header ({len(header)}); the missing ones count as empty", f"{path.name}, line {line}", "complete the row")
    return header, body, lines


def _with_decimal_points(path: Path, header: list[str], body: list[list[Any]], problems: Problems) -> list[list[Any]]:
    """3,5 → 3.5, where a value such as 3,5 shows that the comma is decimal; 1,234 alone can be either and is an error."""
    columns = {place: [str(row[place]).strip() for row in body if isinstance(row[place], str) and "," in row[place] and DECIMAL_COMMA.match(row[place].strip())] for place in range(len(header))}
    columns = {place: values for place, values in columns.items() if values}
    if not columns:
        return body
    names = ", ".join(header[place] for place in list(columns)[:8]) + (f" and {len(columns) - 8} more" if len(columns) > 8 else "")
    if all(AMBIGUOUS_COMMA.match(value) for values in columns.values() for value in values):
        problems.error(f"{next(iter(columns.values()))[0]} can be a thousand or a decimal number", f"{path.name}, column(s) {names}", "write numbers with a point and without separators of thousands")
        return body
    problems.warning("numbers are written with a decimal comma; read as a point", f"{path.name}, column(s) {names}", "compare one value, or save with decimal points")
    return [[cell.strip().replace(",", ".") if place in columns and isinstance(cell, str) and DECIMAL_COMMA.match(cell.strip()) else cell for place, cell in enumerate(row)] for row in body]


def _formulas(path: Path, header: list[str], body: list[list[Any]], lines: list[int], problems: Problems) -> None:
    """Cells that a spreadsheet would execute, and faults that it has left; nothing here executes them."""
    for row, line in zip(body, lines, strict=True):
        for name, cell in zip(header, row, strict=True):
            if not isinstance(cell, str) or not cell or "0" <= cell[0] <= "9":
                continue
            value = cell.strip()
            if value[:1] in ("=", "@") or (value[:1] in ("+", "-") and len(value) > 1 and not re.match(r"^[-+][\d.,]", value)) or cell[:1] in ("\t", "\r"):
                problems.warning(f"the cell begins as a formula: {value[:40]!r}; it is taken as text", f"{path.name}, line {line}, column '{name}'", "write the value itself")
            elif value in EXCEL_FAULTS:
                problems.error(f"Excel left a fault there: {value}", f"{path.name}, line {line}, column '{name}'", "mend the formula in the workbook, or leave the cell empty")


# ---- workbooks


def _workbook(path: Path, problems: Problems, sheet: str | None) -> tuple[list[str], list[list[Any]], list[int]] | None:
    try:
        import openpyxl
    except ModuleNotFoundError:
        problems.error("reading Excel needs openpyxl, which is not installed", path.name, "pip install openpyxl, or save the table as CSV")
        return None
    try:
        # Two readings: what Excel last computed, and where it would compute.
        values, formulas = (openpyxl.load_workbook(path, data_only=computed) for computed in (True, False))
    except Exception as error:  # openpyxl raises whatever zip and XML raise
        problems.error(f"it can't be read as a workbook: {error}", path.name, "open it in Excel and save it as .xlsx without a password")
        return None
    names = [each.title for each in values.worksheets]
    if sheet is not None and sheet not in names:
        problems.error(f"it has no sheet '{sheet}'", path.name, f"its sheets are {', '.join(names)}; set sheet in the study file")
        return None
    if sheet is None and len(names) > 1:
        problems.note(f"it has {len(names)} sheets; the first, '{names[0]}', was read", path.name, "name another as sheet in the study file")
    name = sheet or names[0]
    page, written = values[name], formulas[name]
    if page.merged_cells.ranges:
        problems.warning(f"cells are merged ({', '.join(str(each) for each in list(page.merged_cells.ranges)[:3])}); only the first of each holds the value", f"{path.name}, sheet '{name}'", "unmerge them and fill each")
    _hidden(path, page, name, problems)
    header: list[str] = []
    body, lines, never = [], [], []
    for line, (row, texts) in enumerate(zip(page.iter_rows(values_only=True), written.iter_rows(values_only=True), strict=True), start=1):
        if all(cell is None or str(cell).strip() == "" for cell in texts):
            continue
        if not header:
            last = max(place for place, cell in enumerate(row) if cell is not None) + 1 if any(cell is not None for cell in row) else 0
            header = ["" if cell is None else str(cell).strip() for cell in row[:last]]
            continue
        never += [(line, place) for place, cell in enumerate(texts[:len(header)]) if isinstance(cell, str) and cell.startswith("=") and row[place] is None]
        body.append([_plain(cell) for cell in row[:len(header)]])
        lines.append(line)
    for line, place in never:
        problems.error("the cell has a formula whose value was never stored", f"{path.name}, row {line}, column '{header[place]}'", "open the workbook in Excel and save it, or write the value")
    if not header:
        problems.error("the sheet is empty", f"{path.name}, sheet '{name}'", "name the sheet that holds the table")
        return None
    return header, body, lines


def _hidden(path: Path, page: Any, name: str, problems: Problems) -> None:
    """What a person who looks at the sheet does not see, and is read all the same."""
    where = f"{path.name}, sheet '{name}'"
    if page.sheet_state != "visible":
        problems.warning("the sheet is hidden in the workbook", where, "name another as sheet in the study file, if this is not the one")
    rows = [str(line) for line in sorted(page.row_dimensions) if page.row_dimensions[line].hidden and line <= page.max_row]
    if rows:
        by = "by a filter" if page.auto_filter.ref else "in the workbook"
        problems.warning(f"{len(rows)} row(s) are hidden {by} and are read as the others: {', '.join(rows[:12])}{f' and {len(rows) - 12} more' if len(rows) > 12 else ''}", where,
                         "make sure that these patients belong to the cohort; delete their rows if they don't")


def _plain(cell: Any) -> Any:
    """A cell of a workbook as a CSV would have it: a date as YYYY-MM-DD."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell).upper() if isinstance(cell, bool) else cell
