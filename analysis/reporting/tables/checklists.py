"""Reporting checklists: each item with its status, its answer and where the documents say it."""

from __future__ import annotations

import json
from collections.abc import Container
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.checklists.open_items import open_fields, status_counts
from analysis.reporting.manuscript import Results, Shown
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.study.checklists.items import load_checklist, load_places

# Who answers signalling questions that the results do not.
REVIEWER = "a reviewer"
SHORT = {"not applicable": "n/a"}


def _links(places: str, moved: Container[str]) -> str:
    """Links to places; moved: figures and tables of the article that stand in the supplement."""
    names = [load_places()[name] for name in json.loads(places or "[]")]
    found = [place.where({"supplement": moved}) for place in names]
    return "; ".join(f"[{place.label}]({place.document}.html#{place.anchor})" for place in found)


def _answer(row: Any, moved: Container[str]) -> str:
    where = "; ".join(filter(None, [_links(row.places, moved), literal(row.page)]))
    if row.status == "open":
        return _open(row, moved)
    words = " ".join(
        filter(None, [literal(row.text), f"({where})" if where and row.text else where])
    )
    return words or DASH


def _open(row: Any, moved: Container[str]) -> str:
    """What there is of an open item of a checklist, and what to do.

    What to do is the link to the mark where its answer would be printed, or what the documents do
    not show.
    """
    so_far = f"So far: {literal(row.text)} " if row.text else ""
    if row.field == REVIEWER:
        where = _links(row.places, moved)
        return f"{so_far}For a reviewer to judge{f' ({where})' if where else ''}."
    if row.field.startswith("report/"):
        return f"{so_far}{literal(row.ask)} To be mended in `{row.field}`."
    document, _, anchor = row.empty.partition("#")
    place = f"; [its place]({document}.html#{anchor}) is empty" if anchor else ""
    return f"{so_far}To be answered under `{row.field}`{place}."


def checklist_style() -> Markdown:
    """The checklists' own style sheet, for the html page alone."""
    style = (
        Path(__file__)
        .parents[1]
        .joinpath("rendering", "style", "checklists.css")
        .read_text(encoding="utf-8")
    )
    return Shown(f"```{{=html}}\n<style>\n{style}</style>\n```\n")


@table
def checklist_markdown(results: Results, name: str, moved: Container[str] = ()) -> Markdown:
    """Table of one checklist, one row an item, in its order.

    moved: figures and tables of the article that stand in the supplement.

    A row with the section's name stands before its first item.
    """
    checklist = load_checklist(name)
    frame = results.frame("tables/checklists").fillna(
        dict.fromkeys(("text", "field", "ask", "places", "page", "empty", "stage"), "")
    )
    frame = frame[frame["checklist"] == checklist.name]
    weighted, rows, section = bool(frame["weight"].notna().any()), [], None
    for row in frame.itertuples():
        if row.section != section:
            section = row.section
            rows.append(["", f"**{section}**", "", *([""] if weighted else []), ""])
        stage = f" ({row.stage})" if row.stage else ""
        status = (
            f"**{row.status}**"
            if row.status in ("open", "no")
            else SHORT.get(row.status, row.status)
        )
        rows.append(
            [
                row.id,
                literal(row.topic) + stage,
                *([f"{row.weight:.4f}"] if weighted else []),
                status,
                _answer(row, moved),
            ]
        )
    return pipe_table(
        ["Item", "Topic", *(["Weight"] if weighted else []), "Status", "Answer and place"],
        rows,
        left=5,
    )


@table
def checklist_summary_markdown(results: Results) -> Markdown:
    """One row a checklist: how many items have each status."""
    counts = status_counts(results.frame("tables/checklists"))
    return pipe_table(
        ["Checklist", "Items", "Yes", "No", "Open", "Not applicable"],
        [
            [name, *[str(each) for each in (int(row.sum()), *row)]]
            for name, row in counts.iterrows()
        ],
    )


@table
def open_fields_markdown(results: Results) -> Markdown:
    """One row a field of study.yml that is open: what it asks and which items it would answer."""
    found: pd.DataFrame = open_fields(results.frame("tables/checklists"))
    return pipe_table(
        ["Field of study.yml", "What it asks", "Items"],
        [[f"`{row.field}`", literal(row.ask), row.items] for row in found.itertuples()],
        left=3,
    )
