"""Tables of a rendered page as files: one Excel workbook, a sheet a table, and a CSV file each."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from analysis.core.cache import write_atomically

VOID = {"img", "br", "hr", "input", "meta", "link", "col", "source", "wbr"}


@dataclass
class PageTable:
    """Table of a rendered page.

    label: `tbl-…`; caption: its text; header, body: rows of cells as (text, column span, row span).
    """

    label: str
    caption: str = ""
    header: list[list[tuple[str, int, int]]] = field(default_factory=list)
    body: list[list[tuple[str, int, int]]] = field(default_factory=list)

    def rows(self) -> list[list[str]]:
        """A rectangle: a cell over several columns or rows stands in the first of them."""
        return self._rectangle([*self.header, *self.body])

    def column_names(self) -> list[str]:
        """A name for each column: header cells above it from top to bottom, after colons."""
        header = self._rectangle(self.header, repeated=True)
        return [
            ": ".join(dict.fromkeys(filter(None, cells))) for cells in zip(*header, strict=True)
        ]

    @staticmethod
    def _rectangle(
        rows: list[list[tuple[str, int, int]]], repeated: bool = False
    ) -> list[list[str]]:
        """Texts of cells by row and column.

        repeated: a cell's text stands in all of its columns and rows, not in the first alone.
        """
        grid: dict[tuple[int, int], str] = {}
        for y, cells in enumerate(rows):
            x = 0
            for text, columns, depth in cells:
                while (y, x) in grid:
                    x += 1
                grid |= {
                    (y + down, x + right): text if repeated or down == right == 0 else ""
                    for down in range(depth)
                    for right in range(columns)
                }
                x += columns
        width = max((x for _, x in grid), default=-1) + 1
        return [[grid.get((y, x), "") for x in range(width)] for y in range(len(rows))]


class _Reader(HTMLParser):
    """Reader of tables inside an element whose id begins with tbl-.

    Marks that are no part of the text (buttons, `source`) are left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[PageTable] = []
        self._open: list[tuple[str, dict]] = []
        self._text: list[str] | None = None
        self._spans = (1, 1)

    def _inside(self, *names: str) -> bool:
        return any(name in names for name, _ in self._open)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = dict(attributes)
        label = str(values.get("id") or "")
        # Quarto's captions have an identifier of their own, tbl-…-caption-….
        named = label.startswith("tbl-") and tag != "figcaption"
        if named and not any(each.label == label for each in self.tables):
            self.tables.append(PageTable(label))
        if self.tables:
            if tag == "tr" and self._inside("table"):
                (self.tables[-1].header if self._inside("thead") else self.tables[-1].body).append(
                    []
                )
            if tag in ("td", "th", "figcaption"):
                self._text, self._spans = (
                    [],
                    (int(values.get("colspan") or 1), int(values.get("rowspan") or 1)),
                )
        if tag not in VOID:
            self._open.append((tag, values))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:  # of <br/>; it was not opened
            return
        while self._open and self._open.pop()[0] != tag:
            pass
        if self._text is None or tag not in ("td", "th", "figcaption"):
            return
        text, self._text = re.sub(r"\s+", " ", "".join(self._text)).strip(), None
        self._keep(tag, text)

    def _keep(self, tag: str, text: str) -> None:
        table, inside = (
            self.tables[-1],
            any(str(values.get("id") or "") == self.tables[-1].label for _, values in self._open),
        )
        if not inside:
            return
        if tag == "figcaption":
            table.caption = text
        else:
            rows = table.header if self._inside("thead") else table.body
            rows[-1].append((text, *self._spans))

    def handle_data(self, data: str) -> None:
        if self._text is not None and not any(
            "made-by" in str(values.get("class") or "") for _, values in self._open
        ):
            self._text.append(data)


def tables_of(page: Path) -> list[PageTable]:
    """Tables of a rendered html page that have a label and rows, in order."""
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return [table for table in reader.tables if table.body]


def write_spreadsheets(page: Path) -> list[Path]:
    """Write the tables of a page as files beside it, and return their paths.

    They are `<stem>_tables.xlsx` and a folder of the same name with CSV files.

    Cells are text as printed, an estimate with its interval in one cell; a plain number is a number
    in Excel.
    """
    tables = tables_of(page)
    if not tables:
        return []
    book = Workbook()
    book.remove(book.active)
    folder = page.with_name(f"{page.stem}_tables")
    paths = []
    for table in tables:
        sheet, rows = book.create_sheet(table.label.removeprefix("tbl-")[:31]), table.rows()
        sheet.append([table.caption])
        for row in rows:
            sheet.append(
                [
                    (
                        float(cell.replace("−", "-"))
                        if re.fullmatch(r"[−-]?\d+(\.\d+)?", cell)
                        else cell
                    )
                    for cell in row
                ]
            )
        for number in range(2, 2 + len(table.header)):
            for cell in sheet[number]:
                cell.font = Font(bold=True)
        sheet["A1"].alignment = Alignment(wrap_text=False)
        for place in range(len(rows[0])):
            sheet.column_dimensions[get_column_letter(place + 1)].width = min(
                max(len(row[place]) for row in rows) + 2, 48
            )
        sheet.freeze_panes = sheet.cell(row=2 + len(table.header), column=2)
        text = io.StringIO()
        # One line of names, as programs that read CSV expect.
        content = [table.column_names(), *rows[len(table.header) :]] if table.header else rows
        csv.writer(text, lineterminator="\n").writerows(content)
        paths.append(write_atomically(folder / f"{table.label}.csv", "\ufeff" + text.getvalue()))
    for old in folder.glob("tbl-*.csv"):
        if old not in paths:
            old.unlink()
    workbook = io.BytesIO()
    book.save(workbook)
    return [
        write_atomically(page.with_name(f"{page.stem}_tables.xlsx"), workbook.getvalue()),
        *paths,
    ]
