"""Reporting checklists of a submission: each item with page and line of the place that says it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.core.safe_csv import csv_text
from analysis.reporting.rendering.escaping import literal
from analysis.study.checklists.items import load_places
from analysis.workflow.submission.documents import Place

COLUMNS = ("checklist", "id", "topic", "status", "answer", "where")


Places = Mapping[str, Mapping[str, Place]]
LAID_OUT = """Pages and lines of a Word file are those of LibreOffice, which laid it out; another \
program may break a line or a page elsewhere."""


def _where(row: Any, places: Places, files: dict[str, str]) -> str:
    """Places of an item of a checklist, as text.

    Each is its label, with page and line of the file where the document is in the set and has the
    place.
    """
    said = []
    for name in json.loads(row.places or "[]"):
        place = load_places()[name].where(places)
        found = places.get(place.document, {}).get(place.anchor)
        if found is None:
            said.append(place.label)
        else:
            file = f"{files[place.document]}{found.suffix}"
            said.append(f"{file}, page {found.page}, line {found.line} ({place.label})")
    return "; ".join([*said, *filter(None, [row.page])])


def with_places(table: pd.DataFrame, places: Places, files: dict[str, str]) -> pd.DataFrame:
    """Every item of the checklists, with COLUMNS.

    table: tables/checklists of the results; places: document → label → place; files: document →
    name of its files, without a suffix.
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
    """A table for each checklist, and who laid out the Word file whose pages they name."""
    blocks = [LAID_OUT] if items["where"].str.contains(".docx, page ", regex=False).any() else []
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
