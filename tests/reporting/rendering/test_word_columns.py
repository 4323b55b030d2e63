"""Columns of Word tables have room for numbers, and an interval breaks nowhere."""

from __future__ import annotations

import html
import re

import pytest

from analysis.reporting.rendering.word_columns import CELL_MARGINS, PAGE, width_of, with_room
from analysis.reporting.rendering.word_tables import finished_body

PER_TWIP = PAGE / 7920


def made(widths, header, *rows, fixed=True):
    """A table of Word's XML."""

    def row(cells, more=""):
        text = '<w:tc><w:p><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p></w:tc>'
        made = "".join(text.format(html.escape(cell)) for cell in cells)
        return f"<w:tr>{more}{made}</w:tr>"

    layout = '<w:tblLayout w:type="fixed" />' if fixed else ""
    grid = "".join(f'<w:gridCol w:w="{width}" />' for width in widths)
    return (
        f"<w:tbl><w:tblPr>{layout}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        + row(header, '<w:trPr><w:tblHeader w:val="on" /></w:trPr>')
        + "".join(row(cells) for cells in rows)
        + "</w:tbl>"
    )


def columns(table):
    return [int(each) for each in re.findall(r'<w:gridCol w:w="(\d+)"', table)]


def lines(table):
    """Text of the cells, an own line as a newline."""
    return [
        html.unescape(re.sub(r"<[^>]+>", "", cell.replace("<w:br/>", "\n")))
        for cell in re.findall(r"<w:tc>.*?</w:tc>", table)
    ]


def test_a_narrow_cell_has_its_interval_on_a_line_of_its_own():
    table = with_room(
        made([7220, 700], ["Model", "AUC (95% CI)"], ["CR", "25/33, 0.720 (0.626–0.796)"])
    )
    assert lines(table)[-1] == "25/33, 0.720\n(0.626–0.796)"
    assert sum(columns(table)) == pytest.approx(7920, abs=2)
    room = columns(table)[1] * PER_TWIP - CELL_MARGINS
    assert room >= width_of("(0.626–0.796)") - 0.1


def test_a_wide_cell_stays_on_one_line_and_an_interval_together():
    table = with_room(made([3960, 3960], ["Model", "Gain"], ["CR", "0.236 (−0.003 to 0.475)"]))
    assert lines(table)[-1] == "0.236 (−0.003\u00a0to\u00a00.475)"
    assert columns(table) == [3960, 3960]


def test_a_page_too_narrow_for_intervals_lets_them_break_beside_to_but_no_number():
    cells = ["948 (186\u00a0to\u00a05,234)"] * 10
    table = with_room(made([792] * 10, ["Voxels"] * 10, cells))
    assert lines(table)[10:] == ["948 (186 to 5,234)"] * 10
    assert min(columns(table)) * PER_TWIP >= width_of("5,234)") + CELL_MARGINS - 0.1


@pytest.mark.parametrize(
    "table",
    [
        made([990] * 8, ["Model"] * 8, ["0.720 (0.626–0.796)"] * 8, fixed=False),
        made([660] * 12, ["Model"] * 12, ["a_name_that_is_longer_than_its_column"] * 12),
    ],
    ids=["columns that fit themselves", "words without room"],
)
def test_other_tables_keep_their_columns(table):
    assert with_room(table) == table


def test_a_finished_document_has_such_tables():
    narrow = made([7220, 700], ["Model", "AUC"], ["CR & more", "0.720 (0.626–0.796)"])
    body = finished_body(f"<w:body>{narrow}</w:body>")
    assert lines(body)[-2:] == ["CR & more", "0.720\n(0.626–0.796)"]
