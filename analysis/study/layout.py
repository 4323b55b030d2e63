"""Layout of a table in its file.

It is the same for the clinical table, for features and for predictions.
"""

from __future__ import annotations

import codecs
from typing import Literal

from pydantic import field_validator, model_validator

from analysis.study.section import Count, Section


class TableLayout(Section):
    """Layout of a table in its file.

    sheet: of a workbook, the first by default. encoding: of a text file that is not UTF-8 (gb18030,
    big5, cp1252). header_row: the row that names the columns, as a spreadsheet numbers it, where a
    title is above it; two rows in a list where groups of columns are named above their columns:
    `Before` over `AST` is then the column `Before AST`. units_row: a row of units below the names,
    which is no patient and is held against the dictionary. decimal, thousands: the signs in its
    numbers, where they can't be told by themselves.
    """

    sheet: str | None = None
    encoding: str | None = None
    header_row: Count | tuple[Count, Count] | None = None
    units_row: Count | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal[".", ",", " ", "'"] | None = None

    @field_validator("encoding")
    @classmethod
    def _known(cls, encoding: str | None) -> str | None:
        try:
            return encoding if encoding is None else codecs.lookup(encoding).name
        except LookupError:
            raise ValueError(
                "no such encoding; usual ones are utf-8, gb18030, big5, shift_jis, euc_kr and"
                " cp1252"
            ) from None

    @model_validator(mode="after")
    def _apart(self) -> TableLayout:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("decimal and thousands can't be the same sign")
        rows = self.header_rows
        if len(rows) == 2 and rows[1] != rows[0] + 1:
            raise ValueError(
                "header_row: two rows must follow each other, the one of the groups first"
            )
        if self.units_row is not None and self.units_row <= (rows[-1] if rows else 1):
            raise ValueError("units_row must be below the row that names the columns")
        return self

    @property
    def header_rows(self) -> tuple[int, ...]:
        """None, one or two rows that name the columns."""
        if self.header_row is None:
            return ()
        return (self.header_row,) if isinstance(self.header_row, int) else self.header_row
