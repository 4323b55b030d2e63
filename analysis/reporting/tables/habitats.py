"""Habitats of the final model: their centres, and their share of the tumours by outcome."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.study.phase_label import phase_label, phase_labels

OUTCOMES = {"event": "With", "no_event": "Without"}


def _share(row: pd.Series, outcome: str) -> str:
    numbers = [f"{100 * row[f'{outcome}_{what}']:.0f}" for what in ("median", "low", "high")]
    return f"{numbers[0]}% ({numbers[1]} to {numbers[2]})".replace(" ", "\u00a0")


@table
def habitats_markdown(results: Results) -> Markdown:
    """One row a habitat: centre of each phase, share of the volume by outcome, repeatability."""
    frame, labels = results.frame("tables/habitats"), phase_labels(results.study)
    event = literal(results.study.study.event)
    phases = [name for name in results.study.phases if f"centre_{name}" in frame]
    repeated = "icc" in frame
    rows = [
        [
            f"{row['habitat']:.0f}",
            *(f"{row[f'centre_{name}']:.2f}" for name in phases),
            *(_share(row, outcome) for outcome in OUTCOMES),
            f"{row['event_absent'] + row['no_event_absent']:.0f}",
            *([f"{row['icc']:.2f}" if pd.notna(row["icc"]) else "–"] if repeated else []),
        ]
        for _, row in frame.iterrows()
    ]
    centres = [literal(phase_label(name, labels)) for name in phases]
    header = [
        "Habitat",
        *(f"{each[:1].upper()}{each[1:]}" for each in centres),
        *(f"{words} {event}" for words in OUTCOMES.values()),
        "Patients without it",
    ]
    return pipe_table([*header, *(["ICC"] if repeated else [])], rows)
