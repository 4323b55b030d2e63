"""Two tables as one with tracked changes: cells compared, rows that came or went marked whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analysis.workflow.redline.pairing import pairs
from analysis.workflow.redline.running_text import Node, plain_text

Merge = Callable[[list[Node], list[Node]], list[Node]]
Whole = Callable[[list[list[Node]], str], list[list[Node]]]


@dataclass(frozen=True)
class Cell:
    """Cell of a table: its row and column in words, and what it says in both states."""

    name: str
    was: str
    is_: str


Enter = Callable[[Cell | None], None]
# Places in the content of a table, of a cell, a row, a body.
CAPTION, COLUMNS, HEAD, BODIES, FOOT = 1, 2, 3, 4, 5
CELLS, IN_CELL = 1, 4
HEAD_ROWS, BODY_ROWS = 2, 3
INSERTED, DELETED = "insertion", "deletion"


def _row_text(row: Any) -> str:
    """Words by which a row is known: those of its first cell, as one, are its kind.

    A row of AST became no row of creatinine, however alike their numbers are.
    """
    first, *others = [plain_text(cell[IN_CELL]) for cell in row[CELLS]]
    return " ".join(["row:" + "_".join(first.split()), *others])


def _shape(rows: list[Any]) -> list[list[tuple[int, int]]]:
    return [[(cell[2], cell[3]) for cell in row[CELLS]] for row in rows]


def has_same_columns(old: Node, new: Node) -> bool:
    """Whether rows of two tables can be compared cell by cell.

    They can where both have as many columns, the same spans in the header and as many bodies, and
    no cell of a body is over several.
    """
    one, two = old["c"], new["c"]
    bodies = [*one[BODIES], *two[BODIES]]
    rows = [row for body in bodies for row in _shape(body[BODY_ROWS])]
    plain = all(span == (1, 1) for row in rows for span in row)
    return (
        len(one[COLUMNS]) == len(two[COLUMNS])
        and _shape(one[HEAD][1]) == _shape(two[HEAD][1])
        and [_shape(body[HEAD_ROWS]) for body in one[BODIES]]
        == [_shape(body[HEAD_ROWS]) for body in two[BODIES]]
        and _shape(one[FOOT][1]) == _shape(two[FOOT][1])
        and plain
    )


def with_rows_of(block: Any, other: Node) -> Any:
    """The blocks with the rows of their table as in `other`, its caption and notes as they are."""
    if isinstance(block, list):
        return [with_rows_of(each, other) for each in block]
    if not isinstance(block, dict):
        return block
    if block["t"] == "Table":
        return {**block, "c": [*block["c"][: CAPTION + 1], *other["c"][COLUMNS:]]}
    return {**block, "c": with_rows_of(block["c"], other)} if "c" in block else block


def _cells(row: Any, contents: list[list[Node]]) -> Any:
    cells = [[*cell[:IN_CELL], blocks] for cell, blocks in zip(row[CELLS], contents, strict=True)]
    return [row[0], cells]


def _compared(old: Any, new: Any, merge: Merge) -> Any:
    both = zip(old[CELLS], new[CELLS], strict=True)
    return _cells(new, [merge(one[IN_CELL], two[IN_CELL]) for one, two in both])


def _texts(cells: Any) -> list[str]:
    return [" ".join(plain_text(cell[IN_CELL]).split()) for cell in cells]


def _columns(table: Any) -> list[str]:
    """Heading of each column, the lowest one where a heading is over several."""
    count = len(table[COLUMNS])
    names, taken = [""] * count, [0] * count  # by column; rows that a heading above still takes
    for row in table[HEAD][1]:
        free = [place for place in range(count) if not taken[place]]
        taken = [max(rows - 1, 0) for rows in taken]
        for cell, words in zip(row[CELLS], _texts(row[CELLS]), strict=True):
            own, free = free[: cell[3]], free[cell[3] :]
            for place in own:
                names[place], taken[place] = words, cell[2] - 1
    return names


def _compared_row(old: Any, new: Any, merge: Merge, *, enter: Enter, columns: list[str]) -> Any:
    """Row whose cells are known by its first cell and their column."""
    row, *_ = _texts(new[CELLS])
    contents = []
    for place, (one, two) in enumerate(zip(old[CELLS], new[CELLS], strict=True)):
        # The first cell is the row's name itself.
        name = ", ".join(each for each in (row, columns[place]) if each)
        was, is_ = (_texts([each])[0] for each in (one, two))
        enter(Cell(name, was, is_) if place else None)
        contents.append(merge(one[IN_CELL], two[IN_CELL]))
    return _cells(new, contents)


def _one_row(
    pair: tuple[Any, Any], merge: Merge, whole: Whole, *, enter: Enter, columns: list[str]
) -> Any:
    old, new = pair
    enter(None)
    if old is not None and new is not None:
        return _compared_row(old, new, merge, enter=enter, columns=columns)
    row, name = (new, INSERTED) if old is None else (old, DELETED)
    return _cells(row, whole([cell[IN_CELL] for cell in row[CELLS]], name))


def _side_by_side(old: list[Any], new: list[Any], merge: Merge) -> list[Any]:
    return [_compared(one, two, merge) for one, two in zip(old, new, strict=True)]


def merged_table(old: Node, new: Node, merge: Merge, whole: Whole, *, enter: Enter) -> Node:
    """One table, merged from two with the same columns.

    merge: of the blocks of two cells; whole: of the cells of a row that one of them has alone, with
    the mark's name; enter: called before each cell.
    """
    one, two = old["c"], new["c"]
    caption = [two[CAPTION][0], merge(one[CAPTION][1], two[CAPTION][1])]
    head = [two[HEAD][0], _side_by_side(one[HEAD][1], two[HEAD][1], merge)]
    bodies, columns = [], _columns(two)
    for before, after in zip(one[BODIES], two[BODIES], strict=True):
        rows = pairs(before[BODY_ROWS], after[BODY_ROWS], _row_text)
        heads = _side_by_side(before[HEAD_ROWS], after[HEAD_ROWS], merge)
        body = [_one_row(pair, merge, whole, enter=enter, columns=columns) for pair in rows]
        enter(None)
        bodies.append([*after[:HEAD_ROWS], heads, body])
    foot = [two[FOOT][0], _side_by_side(one[FOOT][1], two[FOOT][1], merge)]
    return {**new, "c": [two[0], caption, two[COLUMNS], head, bodies, foot]}
