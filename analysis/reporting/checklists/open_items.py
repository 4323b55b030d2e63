"""Open items of the checklists, and counts of items by status.

What is open is listed by the field of study.yml that would answer it. The counts tell how many
items each checklist has of each status.
"""

from __future__ import annotations

import shutil
import textwrap

import pandas as pd

from analysis.core.word_lists import counted, plural
from analysis.reporting.checklists.score import metrics_score


def status_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Checklists in their order × yes, no, open, not applicable."""
    counts = table.groupby(["checklist", "status"], sort=False).size().unstack(fill_value=0)
    return counts.reindex(table["checklist"].unique()).reindex(
        columns=["yes", "no", "open", "not applicable"], fill_value=0
    )


def open_fields(table: pd.DataFrame) -> pd.DataFrame:
    """Open items by the field that answers them; the field that answers most items first.

    The columns are field, ask, items (`TRIPOD+AI 3a, CLEAR 4`), n and draft of everything that is
    open.
    """
    rows = table[table["status"] == "open"].fillna("")
    found = [
        {
            "field": field,
            "ask": next(filter(None, part["ask"]), "; ".join(part["topic"].unique())),
            "items": ", ".join(f"{row.checklist} {row.id}" for row in part.itertuples()),
            "n": len(part),
            "draft": " ".join(dict.fromkeys(filter(None, part["text"]))),
        }
        for field, part in rows.groupby("field", sort=False)
    ]
    return (
        pd.DataFrame(found, columns=["field", "ask", "items", "n", "draft"])
        .sort_values("n", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


def open_text(table: pd.DataFrame) -> str:
    """The open fields for a terminal, then the counts and the METRICS score."""
    width = max(60, min(shutil.get_terminal_size((110, 24)).columns, 140))

    def folded(text: str, indent: int = 2) -> str:
        return textwrap.fill(
            text, width, initial_indent=" " * indent, subsequent_indent=" " * indent
        )

    lines = []
    for row in open_fields(table).itertuples():
        lines += [row.field, folded(row.ask), folded(f"answers {row.items}")]
        if row.draft:
            lines.append(folded(f"so far: {row.draft}"))
    for name, row in status_counts(table).iterrows():
        lines.append(
            f"{name:<12}{int(row.sum()):>3} {plural(int(row.sum()), 'item')}: {row['yes']} yes,"
            f" {row['no']} no, {row['open']} open, {row['not applicable']} not applicable"
        )
    score = metrics_score(table[table["checklist"] == "METRICS"])
    lines.append(
        "METRICS score: not applicable"
        if score is None
        else (
            f"METRICS score: {score.value:.1f}% ({score.band}), {counted(score.open, 'item')} open"
            f" and counted as not met; {score.at_most:.1f}% if all of them were met"
        )
    )
    return "\n".join(lines)
