"""Tables of a Word file as they should lie on pages, which neither pandoc nor Quarto sees to.

A row stays whole at the foot of a page; the header stays with the first row, the title of a group
of rows with its first one, and the note below with the last one; text behind a table stands apart
from it; columns have room for their numbers (word_columns.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.reporting.rendering.word_columns import with_room

DOCUMENT = "word/document.xml"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
# Text is edited and not a tree: writing a tree anew would drop names of namespaces that Word needs.
TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
WHOLE_ROW = re.compile(r"<w:tr(?:\s[^>]*)?>.*?</w:tr>", re.DOTALL)
# A row's start, with the exceptions to its table's properties that stand before its own properties,
# and those properties where it has any.
ROW_START = re.compile(
    r"(<w:tr(?:\s[^>]*)?>\s*(?:<w:tblPrEx\b.*?</w:tblPrEx>\s*)?)"
    r"(<w:trPr\s*/>|<w:trPr>(.*?)</w:trPr>)?",
    re.DOTALL,
)
PARAGRAPH = re.compile(
    r"<w:p(?P<more>\s[^>]*)?>(?:\s*<w:pPr>(?P<style>\s*<w:pStyle [^>]*/>)?(?P<rest>.*?)</w:pPr>)?",
    re.DOTALL,
)
BOOKMARKS = r"(?:\s*<w:bookmark(?:Start|End) [^>]*/>)*\s*"
NOTE_BEHIND = re.compile(rf'{BOOKMARKS}<w:p>\s*<w:pPr>\s*<w:pStyle w:val="TableNote"')
TEXT_BEHIND = re.compile(
    rf'(</w:tbl>{BOOKMARKS}<w:p>\s*<w:pPr>\s*<w:pStyle w:val="(?:BodyText|FirstParagraph)"\s*/>)'
    r"(?!\s*<w:spacing)"
)
# Quarto puts an empty line between two floats, which Word would number.
EMPTY_LINE = re.compile(
    r"<w:p>(?:\s*<w:pPr>\s*<w:pStyle [^>]*/>\s*</w:pPr>)?\s*<w:r>\s*<w:t[^>]*>[\s\u00a0]*</w:t>\s*"
    rf'</w:r>\s*</w:p>(?={BOOKMARKS}<w:p>\s*<w:pPr>\s*<w:pStyle w:val="(?:TableCaption|Captioned))'
)
CELL = re.compile(r"<w:tc>.*?</w:tc>", re.DOTALL)
WORDS = re.compile(r"<w:t(?:\s[^>]*)?>[^<]*[^<\s][^<]*</w:t>")
SPACE = '<w:spacing w:before="240"/>'


def _whole(row: re.Match[str]) -> str:
    own = row[3] or ""
    if "<w:cantSplit" in own:
        return row[0]
    return f"{row[1]}<w:trPr><w:cantSplit/>{own}</w:trPr>"


def _with_next(row: str) -> str:
    """A row that stays on the page of what follows."""

    def kept(found: re.Match[str]) -> str:
        rest = found["rest"] or ""
        if "<w:keepNext" in rest:
            return found[0]
        style = found["style"] or ""
        return f"<w:p{found['more'] or ''}><w:pPr>{style}<w:keepNext/>{rest}</w:pPr>"

    return PARAGRAPH.sub(kept, row)


def _is_title(row: str) -> bool:
    """Whether a row has words in one cell alone, in bold: the title of those below."""
    cells = CELL.findall(row)
    told = [cell for cell in cells if WORDS.search(cell)]
    return len(cells) > 1 and len(told) == 1 and "<w:b />" in told[0].replace("<w:b/>", "<w:b />")


def _finished(table: str, note: bool) -> str:
    """note: whether a note of the table follows."""
    last = len(WHOLE_ROW.findall(table)) - 1
    number = -1

    def finished(row: re.Match[str]) -> str:
        nonlocal number
        number += 1
        text = ROW_START.sub(_whole, row[0], count=1)
        stays = "<w:tblHeader" in row[0] or _is_title(row[0]) or (note and number == last)
        return _with_next(text) if stays else text

    return WHOLE_ROW.sub(finished, table)


def finished_body(body: str) -> str:
    """word/document.xml with its tables finished."""
    parts, end = [], 0
    for table in TABLE.finditer(body):
        note = NOTE_BEHIND.match(body, table.end()) is not None
        nested = table[0].count("<w:tbl>") > 1  # of an author's own; its rows are not told apart
        made = table[0] if nested else _finished(with_room(table[0]), note)
        parts += [body[end : table.start()], made]
        end = table.end()
    body = "".join([*parts, body[end:]])
    return TEXT_BEHIND.sub(rf"\1{SPACE}", EMPTY_LINE.sub("", body))


def with_finished_tables(document: bytes) -> bytes:
    """The .docx with its tables finished; the same input, the same bytes.

    Raises ValueError where it is no Word document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as source:
            parts = [(name, source.read(name)) for name in source.namelist()]
    except zipfile.BadZipFile:
        raise ValueError("it is no Word document (.docx)") from None
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts:
            content = finished_body(part.decode()).encode() if name == DOCUMENT else part
            target.writestr(zipfile.ZipInfo(name, FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def finish_tables(path: Path) -> None:
    """The same of a file, in its place."""
    write_atomically(path, with_finished_tables(path.read_bytes()))
