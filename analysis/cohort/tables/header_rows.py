"""Header rows of a file: names of columns, units, and where the patients begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from analysis.cohort.tables.missing_codes import number_of
from analysis.core.problems import Problems
from analysis.core.word_lists import counted, plural
from analysis.study.layout import TableLayout

# A title, a date and a remark are above a table, seldom more.
SEARCHED_ROWS = 10
# REDCap's exports with labels have one such column a form.
REPEATED_STATES = {"complete?": ("complete", "incomplete", "unverified")}


class Row(NamedTuple):
    """Row of a table in a file.

    number: as a spreadsheet counts rows; line: of the file; cells: as they are written, merged ones
    filled where `spread` says so.
    """

    number: int
    line: int
    cells: list[Any]


@dataclass
class Rows:
    """Table in a file.

    lines: of each row of the body; units: column → what the row of units has for it.
    """

    header: list[str]
    body: list[list[Any]]
    lines: list[int]
    units: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """Rows of a file, as its format gives them.

    group: fills the names of groups over their columns. fixed: cells can't have slipped into
    another column, as they can in a text file.
    """

    file: str
    rows: Sequence[Row]
    group: Callable[[list[Any], int], list[Any]]
    fixed: bool = False


def table_of_rows(
    sheet: Sheet, layout: TableLayout, keys: tuple[str, ...], problems: Problems
) -> Rows | None:
    """The rows of a file as a table; None where its header can't be told, and `problems` says why.

    keys: columns that must be there, by which a header further below is found.
    """
    file = sheet.file
    filled = [row for row in sheet.rows if any(_text(cell) for cell in row.cells)]
    header_row = _header_row(file, filled, layout, keys, problems=problems)
    if header_row is None:
        return None
    names = _names(header_row, filled, layout, sheet.group)
    body = [row for row in filled if row.number > header_row.number]
    if not _sound_names(file, names, body, problems):
        return None
    units, body = _units(file, names, body, layout, keys=keys, problems=problems)
    beyond = [row for row in body if any(_text(cell) for cell in row.cells[len(names) :])]
    cells = [[*row.cells[: len(names)], *[""] * (len(names) - len(row.cells))] for row in body]
    found = Rows(
        names,
        [["" if not _text(cell) else cell for cell in row] for row in cells],
        [row.line for row in body],
        units,
    )
    if not sheet.fixed:
        _widths(file, beyond, body, len(names), problems=problems)
    elif beyond:
        problems.note(
            f"cells right of the last named column hold something in {counted(len(beyond), 'row')}"
            " and are not read",
            file,
            "name the column, if it matters",
        )
    return found


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _header_row(
    file: str, rows: Sequence[Row], layout: TableLayout, keys: tuple[str, ...], problems: Problems
) -> Row | None:
    if layout.header_rows:
        found = next((row for row in rows if row.number == layout.header_rows[-1]), None)
        if found is None:
            problems.error(
                f"its row {layout.header_rows[-1]}, which header_row names, is empty or not there",
                file,
                "correct header_row in the study file",
            )
        return found
    if not rows:
        if not problems.of("error"):
            problems.error(
                "no cell of the table holds anything", file, "name the file that holds the table"
            )
        return None
    first = rows[0]
    names = [_text(cell) for cell in first.cells]
    if keys and keys[0] not in names:
        below = next(
            (
                row
                for row in rows[1:SEARCHED_ROWS]
                if keys[0] in [_text(cell) for cell in row.cells]
            ),
            None,
        )
        if below is not None:
            shown = next(name for name in names if name)
            problems.error(
                f"its first row ({shown[:60]!r}) does not name the columns; row {below.number}"
                f" does, as it seems: it has '{keys[0]}'",
                file,
                f"set header_row: {below.number} in the study file, beside the table's name",
            )
            return None
    return first


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _under_group(over: str, name: str) -> str:
    """A column's name below that of its group; either may be absent."""
    return f"{over} {name}" if over and name and over != name else name or over


def _names(
    row: Row, rows: Sequence[Row], layout: TableLayout, group: Callable[[list[Any], int], list[Any]]
) -> list[str]:
    last = max((place for place, cell in enumerate(row.cells) if _text(cell)), default=-1) + 1
    names = [_text(cell) for cell in row.cells[:last]]
    if len(layout.header_rows) < 2:
        return names
    above = next((each for each in rows if each.number == layout.header_rows[0]), None)
    groups = [] if above is None else [_text(cell) for cell in group(above.cells, above.number)]
    width = max(last, len(groups))
    joined = [
        _under_group(over, name)
        for over, name in zip(_padded(groups, width), _padded(names, width), strict=True)
    ]
    while joined and not joined[-1]:
        joined.pop()
    return joined


def _are_form_states(name: str, places: list[int], body: Sequence[Row]) -> bool:
    """True if columns of one name hold the state of each form, as REDCap exports it."""
    if name.casefold() not in REPEATED_STATES:
        return False
    states = {
        _text(row.cells[place]).casefold()
        for row in body
        for place in places
        if place < len(row.cells)
    }
    return states <= {"", *REPEATED_STATES[name.casefold()]}


def _sound_names(file: str, names: list[str], body: Sequence[Row], problems: Problems) -> bool:
    """Names every column; whether none is there twice."""
    counts = Counter(name for name in names if name)
    doubles = []
    for name in [name for name, count in counts.items() if count > 1]:
        places = [place for place, each in enumerate(names) if each == name]
        if _are_form_states(name, places, body):
            for number, place in enumerate(places, start=1):
                names[place] = f"{name} {number}"
            problems.note(
                f"'{name}' is there {counted(len(places), 'time')}, as REDCap exports the state of"
                " each form; they are numbered",
                f"{file}, header",
            )
        else:
            doubles.append(name)
    if doubles:
        problems.error(
            f"these columns are there more than once: {', '.join(doubles)}",
            f"{file}, header",
            "rename or remove one of each, or name the row of their groups as well (header_row: [1,"
            " 2]); which one is meant can't be guessed",
        )
    empty = [place for place, name in enumerate(names, start=1) if not name]
    for place in empty:
        names[place - 1] = f"column {place}"
    if empty:
        problems.note(
            f"{plural(len(empty), 'column')} {', '.join(map(str, empty))}"
            f" {plural(len(empty), 'has', 'have')} no name",
            f"{file}, header",
            "name them, or take them out if they hold row numbers",
        )
    return not doubles


def _units(
    file: str,
    names: list[str],
    body: list[Row],
    layout: TableLayout,
    keys: tuple[str, ...],
    problems: Problems,
) -> tuple[dict[str, str], list[Row]]:
    """Row of units that the study file names.

    One that it does not name is an error, since it is no patient.
    """
    if layout.units_row is not None:
        row = next((row for row in body if row.number == layout.units_row), None)
        if row is None:
            problems.error(
                f"its row {layout.units_row}, which units_row names, is empty or not there",
                file,
                "correct units_row in the study file",
            )
            return {}, body
        return _by_name(names, row), [each for each in body if each is not row]
    if not body or not keys or keys[0] not in names:
        return {}, body
    found = _by_name(names, body[0])
    if keys[0] not in found and found and all(number_of(text) is None for text in found.values()):
        problems.error(
            f"row {body[0].number} has no {keys[0]} and no number, and may be a row of units"
            f" ({', '.join(list(found.values())[:4])})",
            file,
            f"set units_row: {body[0].number} in the study file, beside the table's name; or take"
            " the row out",
        )
        return {}, body[1:]
    return {}, body


def _by_name(names: list[str], row: Row) -> dict[str, str]:
    return {name: _text(cell) for name, cell in zip(names, row.cells, strict=False) if _text(cell)}


def _widths(
    file: str, beyond: Sequence[Row], body: Sequence[Row], width: int, problems: Problems
) -> None:
    """Rows of a text file that are longer or shorter than the header."""
    for row in beyond:
        problems.error(
            f"it has more cells than the header ({width})",
            f"{file}, line {row.line}",
            "put texts that hold the separator, or numbers with a decimal comma, in quotation"
            " marks; name the columns that have none",
        )
    for row in body:
        if len(row.cells) < width:
            problems.warning(
                f"it has fewer cells than the header ({width}); the missing ones count as empty",
                f"{file}, line {row.line}",
                "complete the row",
            )
