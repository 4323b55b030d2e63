"""The rows of a text file: its encoding, its separator, its cells."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from analysis.cohort.tables.header_rows import Row
from analysis.core.problems import Problems
from analysis.study.layout import TableLayout

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MANY_ROWS = 20
# A row of its own behind the last one; within a cell, it says that a quotation mark is still open.
LAST = "end-of-table-f2c9"
# Excel's own way of naming the separator, in a first line that is no row.
SEPARATOR_LINE = re.compile(r'^"?sep=(?P<sign>.)"?[ ;,\t]*\r?\n', re.IGNORECASE)
# Most bytes beyond ASCII come in pairs in Chinese and Korean texts, and alone in western ones; the
# others of Big5 and Shift-JIS are signs in Windows-1252 that no table has.
MOSTLY, SOME = 0.8, 0.3
WESTERN_SIGNS = frozenset("µ²³°±½¼·–—‘’“”„…€™®§ \xa0")
EAST_ASIAN = ("gb18030", "big5", "shift_jis", "euc_kr")


def text_rows(path: Path, layout: TableLayout, problems: Problems) -> list[Row] | None:
    """Every row of the file; None where it can't be split into cells, and `problems` says why."""
    text = _decoded(path, layout.encoding, problems)
    if text is None:
        return None
    named = SEPARATOR_LINE.match(text)
    if named is not None:
        text = text[named.end() :]
        if named["sign"] not in SEPARATORS:
            problems.note(f"its first line names {named['sign']!r} as the separator", path.name)
    separator = named["sign"] if named is not None else _separator(path, text, problems)
    closed = text.rstrip("\r\n") + f"\n{LAST}\n"
    reader = csv.reader(io.StringIO(closed, newline=""), delimiter=separator, skipinitialspace=True)
    before = 1 if named is not None else 0
    try:
        found = [
            Row(number, reader.line_num + before, list(cells))
            for number, cells in enumerate(reader, start=1)
        ]
        if found.pop().cells == [LAST]:
            return found
        problems.error(
            "a quotation mark is opened and not closed, so that all rows behind it are one cell",
            f"{path.name}, line {(found[-1].line if found else before) + 1}",
            "close it, or take it out",
        )
        return None
    except csv.Error as error:
        problems.error(
            f"it can't be split into cells: {error}",
            f"{path.name}, line {reader.line_num + before}",
            "look for a quotation mark that is not closed",
        )
        return None


def groups_in_text(cells: list[Any], number: int) -> list[Any]:
    """A group's name over its columns: in a text file the cells behind it are empty."""
    filled, last = [], ""
    for cell in cells:
        last = str(cell).strip() or last
        filled.append(last)
    return filled


def _decoded(path: Path, encoding: str | None, problems: Problems) -> str | None:
    content = path.read_bytes()
    if not content.strip():
        problems.error("the file is empty", path.name, "export the table again")
        return None
    for mark, marked in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            problems.note(
                f"it begins with a byte order mark ({marked.removesuffix('-sig').upper()}), which"
                " was taken off",
                path.name,
            )
            try:
                return content.decode(marked)
            except UnicodeDecodeError:
                break
    if encoding is not None:
        return _as_named(path, content, encoding, problems)
    if b"\0" in content:
        problems.error(
            "this is no text file",
            path.name,
            "save the table as CSV (UTF-8) or .xlsx; name its encoding as `encoding:` in the study"
            " file if it is one",
        )
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(path, content, error.start, problems)


def _as_named(path: Path, content: bytes, encoding: str, problems: Problems) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.error(
            f"it is not {encoding}, which the study file names as its encoding",
            f"{path.name}, line {line}",
            "correct `encoding:`, or save the table as CSV UTF-8",
        )
        return None


def _not_utf8(path: Path, content: bytes, place: int, problems: Problems) -> str | None:
    """Text of a file that is not UTF-8.

    It is read as Windows-1252 with a warning; there is an error where the text may as well be
    Chinese, Japanese or Korean.
    """
    line = content[:place].count(b"\n") + 1
    runs = re.findall(rb"[\x80-\xff]+", content)
    paired = sum(len(run) for run in runs if len(run) >= 2) / sum(map(len, runs))
    readings = {name: text for name in EAST_ASIAN if (text := _or_none(content, name)) is not None}
    western = [sign for sign in content.decode("cp1252", errors="replace") if not sign.isascii()]
    strange = sum(not sign.isalpha() and sign not in WESTERN_SIGNS for sign in western) / len(
        western
    )
    if (paired >= MOSTLY or strange > SOME) and readings:
        first = rb"[^,;\t\r\n|]*[\x80-\xff][^,;\t\r\n|]*"
        match = re.search(first, content)
        assert match is not None
        words = {
            name: match[0].decode(name, errors="replace").strip()[:20]
            for name in (*readings, "cp1252")
        }
        problems.error(
            "it is not UTF-8, and its encoding can't be told: "
            + ", ".join(f"{text!r} as {name}" for name, text in words.items()),
            f"{path.name}, line {line}",
            f"set encoding: {next(iter(readings))} (or the one that reads right) in the study file,"
            " beside the table's name; or save the table as CSV UTF-8",
        )
        return None
    problems.warning(
        "it is not UTF-8; read as Windows-1252 (Latin-1), as an older Excel writes it; first at"
        f" line {line}",
        path.name,
        "look at its accents and units (µ, ²), name its encoding as `encoding:` in the study file,"
        " or save it as CSV UTF-8",
    )
    return content.decode("cp1252", errors="replace")


def _or_none(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _merit(lines: list[str], separator: str) -> tuple[int, int]:
    """Rows as wide as the first, and that width; rows of one cell say nothing."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator, skipinitialspace=True)]
    except csv.Error:  # a cell without end: not this separator, or nothing that can be split
        return 0, 0
    if not widths:
        return 0, 0
    # A title has one cell, and is above the rows that count.
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    return (widths.count(usual) if usual > 1 else 0, usual)


def _separator(path: Path, text: str, problems: Problems) -> str:
    """Separator of a text file.

    It is the one that splits the first lines into the most columns, the same number in each; the
    comma where none does.
    """
    lines = [line for line in text.splitlines() if line.strip()][:MANY_ROWS]
    merits = {separator: _merit(lines, separator) for separator in SEPARATORS}
    found = max(SEPARATORS, key=lambda each: (*merits[each], each == ","))
    if found != "," and path.suffix.lower() == ".csv":
        problems.note(f"its columns are separated by a {SEPARATORS[found]}", path.name)
    return found if merits[found][0] else ","
