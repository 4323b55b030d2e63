"""Table of the changes, for the response letter.

It says where the article changed, was, is, why; the most important change comes first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypandoc

from analysis.core.cache import write_atomically
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.rendering.word_tables import with_finished_tables
from analysis.reporting.tables.markdown import pipe_table
from analysis.workflow.redline.explain import Explanation
from analysis.workflow.redline.tracking import REDRAWN, Change
from analysis.workflow.redline.uncompared import Uncompared

HEADER = ("Place in the article", "Result", "Was", "Is", "Why")
AS_ABOVE = "As above"


@dataclass(frozen=True)
class Row:
    """places: every one where the article has it. result: in words; key: empty for text."""

    places: tuple[str, ...]
    result: str
    key: str
    was: str
    is_: str
    why: str

    @property
    def cells(self) -> list[str]:
        """As they are printed; what only one state has is a dash in the other."""
        named = f"{self.result} ({self.key})" if self.key else self.result
        return ["; ".join(self.places), named, self.was or "–", self.is_ or "–", self.why]


def _stands(change: Change) -> tuple[str, str, str]:
    """Was, is, and where: of a table the whole cell, as `35 [26, 50]` is one finding."""
    if change.cell is None:
        return change.was, change.is_, ""
    return change.cell.was, change.cell.is_, change.cell.name


def _called(change: Change) -> str:
    return "text" if change.cell is None else change.cell.name


def response_rows(changes: Sequence[Change], explain: Explanation) -> list[Row]:
    """One row for each result that changed, with all its places."""
    grouped: dict[tuple[str, ...], list[Change]] = {}
    for each in changes:
        key = explain.key_of(each)
        # What has no key is known by its words and, in a table, by its row and column.
        named = (key,) if key else ("", *_stands(each))
        grouped.setdefault(named, []).append(each)
        # A row that moved within its table is struck here and written there.
        for among in () if each.was and each.is_ else each.keys:
            if explain.estimates(among) is not None:
                grouped.setdefault((among,), []).append(replace(each, key=among))
    ordered = sorted(grouped.items(), key=lambda item: explain.importance(item[1]), reverse=True)
    rows = []
    for (key, *_), group in ordered:
        first, claim = group[0], explain.claim_of(group[0])
        result = "picture" if first.is_ == REDRAWN else _called(first)
        if key:
            result = explain.called(key)
        elif claim is not None:
            result = claim.said
        was, is_ = explain.estimates(key) or _stands(first)[:2]
        places = tuple(dict.fromkeys(each.place for each in group))
        rows.append(Row(places, result, key=key, was=was, is_=is_, why=explain.reason(first)))
    return rows


def uncompared_rows(found: Sequence[Uncompared]) -> list[Row]:
    """One row for each table and figure that a state can't give."""
    return [
        Row((each.place,), each.caption or each.what, key="", was="", is_="", why=each.why)
        for each in dict.fromkeys(found)
    ]


def as_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV with a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(row.cells for row in rows)
    return text.getvalue()


def write_response(
    rows: Sequence[Row], why: str, remarks: Sequence[str], folder: Path, reference: Path | None
) -> list[Path]:
    """Write the table for the response letter: response.docx and response.csv in `folder`.

    remarks: which states, and what could not be compared; why: the reason that they say, which the
    Word table does not say again.
    """
    table = pipe_table(
        HEADER,
        [[literal(AS_ABOVE if cell == why else cell) for cell in row.cells] for row in rows],
        left=5,
    )
    words = "\n\n".join(literal(each) for each in remarks)
    styles = [] if reference is None else [f"--reference-doc={reference}"]
    draft = folder / ".response.docx"
    pypandoc.convert_text(
        f"# Changes of the article\n\n{words}\n\n{table.data}\n",
        "docx",
        format="markdown",
        outputfile=str(draft),
        extra_args=styles,
    )
    made = write_atomically(folder / "response.docx", with_finished_tables(draft.read_bytes()))
    draft.unlink()
    return [made, write_atomically(folder / "response.csv", as_csv(rows))]
