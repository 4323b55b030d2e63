"""Tables of Word files on pages: no row breaks, headers and notes stay with their rows."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pypandoc
import pytest

from analysis.reporting.rendering.word_tables import (
    finish_tables,
    finished_body,
    with_finished_tables,
)
from tests.conftest import ROOT

TABLE = """
| Item | Words |
|:-----|:------|
| | **Methods** |
| 1 | one |
| 2 | two |

Table: Items.

"""
NOTE = '::: {custom-style="Table Note"}\nA note.\n:::\n'


def made(folder: Path, markdown: str) -> Path:
    path = folder / "made.docx"
    reference = ROOT / "report" / "reference.docx"
    pypandoc.convert_text(
        markdown,
        "docx",
        format="markdown",
        outputfile=str(path),
        extra_args=[f"--reference-doc={reference}"],
    )
    return path


def body_of(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        return parts.read("word/document.xml").decode()


def rows_of(body: str) -> list[str]:
    return re.findall(r"<w:tr(?:\s[^>]*)?>.*?</w:tr>", body, re.DOTALL)


@pytest.mark.parametrize("behind", [NOTE, "Text.\n"])
def test_rows_stay_whole_and_header_title_and_note_stay_with_theirs(tmp_path, behind):
    path = made(tmp_path, TABLE + behind)
    assert "cantSplit" not in body_of(path)
    finish_tables(path)
    body = body_of(path)
    rows = rows_of(body)
    assert len(rows) == 4
    assert all(row.count("<w:cantSplit/>") == 1 for row in rows)
    assert "<w:tblHeader" in rows[0]
    noted = behind == NOTE
    assert ["<w:keepNext" in row for row in rows] == [True, True, False, noted]
    assert ('<w:spacing w:before="240"/>' in body) is not noted
    # Word's order: a paragraph's style comes first.
    assert not re.search(r"<w:keepNext/>\s*<w:pStyle", body)


def test_a_finished_document_is_finished(tmp_path):
    once = with_finished_tables(made(tmp_path, TABLE + NOTE).read_bytes())
    assert with_finished_tables(once) == once


def test_what_a_row_has_already_stays():
    row = "<w:tr><w:trPr><w:ins w:id='1'/></w:trPr><w:tc><w:p><w:r/></w:p></w:tc></w:tr>"
    body = finished_body(f"<w:tbl>{row}</w:tbl>")
    # Marks of tracked changes come last in a row's properties.
    assert "<w:trPr><w:cantSplit/><w:ins w:id='1'/></w:trPr>" in body


def test_the_empty_line_between_two_floats_goes():
    caption = '<w:p><w:pPr><w:pStyle w:val="TableCaption" /></w:pPr></w:p>'
    empty = (
        '<w:p><w:pPr><w:pStyle w:val="BodyText" /></w:pPr><w:r><w:t xml:space="preserve">'
        "\N{NO-BREAK SPACE}</w:t></w:r></w:p>"
    )
    mark = '<w:bookmarkStart w:id="1" w:name="tbl-a" />'
    assert finished_body(f"{empty}{mark}{caption}") == f"{mark}{caption}"
    assert finished_body(f"{empty}<w:p/>") == f"{empty}<w:p/>"


@pytest.mark.whole
@pytest.mark.parametrize("document", ["index", "supplement", "checklists"])
def test_no_row_of_a_rendered_document_breaks(rendered_project, document):
    rows = rows_of(body_of(rendered_project[document, ".docx"]))
    assert len(rows) > 3
    assert all("<w:cantSplit/>" in row for row in rows)


def test_lines_are_numbered_and_pictures_are_not():
    with zipfile.ZipFile(ROOT / "report" / "reference.docx") as parts:
        styles, body = (parts.read(f"word/{name}.xml").decode() for name in ("styles", "document"))
    assert 'w:lnNumType w:countBy="1" w:restart="continuous"' in body
    code, picture = (
        re.search(rf'w:styleId="{name}".*?</w:style>', styles, re.DOTALL)[0]
        for name in ("VerbatimChar", "CaptionedFigure")
    )
    assert "w:sz " not in code
    assert "<w:suppressLineNumbers/>" in picture


def test_what_is_no_word_document_is_said():
    with pytest.raises(ValueError, match="no Word document"):
        with_finished_tables(b"text")
