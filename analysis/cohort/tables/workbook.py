"""Rows of an Excel workbook.

They are what was last computed in each cell, and what a person who looks at the sheet does not see.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.cohort.tables.header_rows import Row
from analysis.core.problems import Problems
from analysis.core.short_lists import listed
from analysis.core.word_lists import counted
from analysis.study.layout import TableLayout


def workbook_rows(
    path: Path, layout: TableLayout, problems: Problems
) -> tuple[list[Row], Callable[[list[Any], int], list[Any]]] | None:
    """Every row of the sheet, and what fills a group's name over merged cells.

    The result is None where the sheet can't be read.

    Dates are YYYY-MM-DD. A formula whose value was never stored is an error.
    """
    import openpyxl  # heavy

    try:
        # Two readings: what Excel last computed, and where it would compute.
        values, formulas = (
            openpyxl.load_workbook(path, data_only=computed) for computed in (True, False)
        )
    except Exception as error:  # openpyxl raises whatever zip and XML raise
        problems.error(
            f"it can't be read as a workbook: {error}",
            path.name,
            "open it in Excel and save it as .xlsx without a password",
        )
        return None
    names = [each.title for each in values.worksheets]
    if layout.sheet is not None and layout.sheet not in names:
        problems.error(
            f"it has no sheet '{layout.sheet}'",
            path.name,
            f"its sheets are {', '.join(names)}; set sheet in the study file",
        )
        return None
    if layout.sheet is None and len(names) > 1:
        problems.note(
            f"it has {counted(len(names), 'sheet')}; the first, '{names[0]}', was read",
            path.name,
            "name another as sheet in the study file",
        )
    name = layout.sheet or names[0]
    page, written = values[name], formulas[name]
    _hidden(path, page, name, problems)
    merged = list(page.merged_cells.ranges)
    # A title over the whole table and names of groups are merged as a rule, and harmless.
    below = [
        each
        for each in merged
        if each.max_row > (layout.header_rows[0] if layout.header_rows else 0)
        and not (len(layout.header_rows) == 2 and each.max_row <= layout.header_rows[1])
    ]
    if below:
        problems.warning(
            f"cells are merged ({', '.join(str(each) for each in below[:3])}); only the first of"
            " each holds the value",
            f"{path.name}, sheet '{name}'",
            "unmerge them and fill each",
        )
    rows: list[Any] = []
    for number, (row, texts) in enumerate(
        zip(page.iter_rows(values_only=True), written.iter_rows(values_only=True), strict=True),
        start=1,
    ):
        for place, text in enumerate(texts):
            if isinstance(text, str) and text.startswith("=") and row[place] is None:
                shown = _column_name(
                    rows, place, layout.header_rows[-1] if layout.header_rows else 1
                )
                problems.error(
                    "the cell has a formula whose value was never stored",
                    f"{path.name}, row {number}, column '{shown}'",
                    "open the workbook in Excel and save it, or write the value",
                )
        rows.append(Row(number, number, [plain_cell(cell) for cell in row]))
    if not any(any(str(cell).strip() for cell in row.cells) for row in rows):
        problems.error(
            "the sheet is empty",
            f"{path.name}, sheet '{name}'",
            "name the sheet that holds the table",
        )
        return None
    return rows, _Groups(merged)


def _column_name(rows: list[Row], place: int, header: int) -> str:
    """Name of a column in the last row of names, else its letter in the workbook."""
    from openpyxl.utils import get_column_letter  # heavy

    cells = next((each.cells for each in rows if each.number == header), [])
    return (
        str(cells[place]) if place < len(cells) and cells[place] else get_column_letter(place + 1)
    )


class _Groups:
    """Fills the first value of merged cells over all of them."""

    def __init__(self, merged: list[Any]) -> None:
        self._merged = merged

    def __call__(self, cells: list[Any], number: int) -> list[Any]:
        filled = list(cells)
        for area in self._merged:
            if area.min_row <= number <= area.max_row:
                for place in range(area.min_col - 1, min(area.max_col, len(filled))):
                    filled[place] = cells[area.min_col - 1]
        return filled


def _hidden(path: Path, page: Any, name: str, problems: Problems) -> None:
    """Warn of a hidden sheet and of hidden rows, which are read all the same."""
    where = f"{path.name}, sheet '{name}'"
    if page.sheet_state != "visible":
        problems.warning(
            "the sheet is hidden in the workbook",
            where,
            "name another as sheet in the study file, if this is not the one",
        )
    rows = [
        str(line)
        for line in sorted(page.row_dimensions)
        if page.row_dimensions[line].hidden and line <= page.max_row
    ]
    if rows:
        by = "by a filter" if page.auto_filter.ref else "in the workbook"
        problems.warning(
            f"{counted(len(rows), 'row is', 'rows are')} hidden {by} and read as the others:"
            f" {listed(rows)}",
            where,
            "make sure that these patients belong to the cohort; delete their rows if they don't",
        )


def plain_cell(cell: Any) -> Any:
    """A cell of a workbook as a CSV would have it: a date as YYYY-MM-DD."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return ""
    if isinstance(cell, datetime.datetime):
        return (
            cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
        )
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell).upper() if isinstance(cell, bool) else cell
