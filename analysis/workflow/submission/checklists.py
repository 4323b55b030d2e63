"""Reporting checklists of a submission: each item with page and line where the PDF says it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from analysis.core.safe_csv import csv_text
from analysis.reporting.rendering.escaping import literal
from analysis.study.checklists.items import load_places

COLUMNS = ("checklist", "id", "topic", "status", "answer", "where")


Places = dict[str, dict[str, tuple[int, int]]]


def _where(row: Any, places: Places, files: dict[str, str]) -> str:
    """Places of an item of a checklist, as text.

    Each is its label, with page and line of the file where the document is in the set and has the
    place.
    """
    said = []
    for name in json.loads(row.places or "[]"):
        place = load_places()[name]
        found = places.get(place.document, {}).get(place.anchor)
        if found is None:
            said.append(place.label)
        else:
            page, line = found
            said.append(f"{files[place.document]}, page {page}, line {line} ({place.label})")
    return "; ".join([*said, *filter(None, [row.page])])


def with_places(table: pd.DataFrame, places: Places, files: dict[str, str]) -> pd.DataFrame:
    """Every item of the checklists, with COLUMNS.

    table: tables/checklists of the results; places: document → label → (page, line); files:
    document → name of its PDF.
    """
    table = table.fillna({"text": "", "field": "", "places": "", "page": ""})
    rows = [
        {
            "checklist": row.checklist,
            "id": row.id,
            "topic": row.topic,
            "status": row.status,
            "answer": row.text if row.status != "open" else f"To be answered under {row.field}.",
            "where": _where(row, places, files),
        }
        for row in table.itertuples()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def checklists_csv(items: pd.DataFrame) -> str:
    """The items as CSV that a spreadsheet opens as text."""
    return csv_text(items.set_index("checklist"))


def checklists_markdown(items: pd.DataFrame) -> str:
    """A table for each checklist."""
    blocks = []
    for name, rows in items.groupby("checklist", sort=False):
        blocks.append(f"# {literal(name)}")
        lines = ["| Item | Topic | Status | Answer | Where |", "|---|-----|---|----------|------|"]
        lines += [
            f"| {literal(row.id)} | {literal(row.topic)} | {row.status} | {literal(row.answer)} |"
            f" {literal(row.where)} |"
            for row in rows.itertuples()
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"
