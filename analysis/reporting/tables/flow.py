"""Patients of each cohort: with known outcome, with the event, and without a known outcome."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import estimate_cell
from analysis.reporting.tables.markdown import Table, pipe_table


def flow_markdown(results: Results) -> Table:
    """One row a cohort, and all together; patients of unknown outcome are in the survival analyses
    only."""
    event = results.text("study.event")
    header = [
        "Cohort",
        "Outcome known",
        results.text("study.event", "sentence"),
        f"No {event}",
        "Outcome unknown",
    ]
    rows = [
        [
            literal(label),
            *[
                estimate_cell(results, f"cohort.{name}.{part}")
                for part in ("n", "events", "non_events", "unknown")
            ],
        ]
        for name, label in results.study.cohorts.items()
    ]
    return pipe_table(
        header,
        [
            *rows,
            [
                "All",
                *[
                    estimate_cell(results, f"cohort.{part}")
                    for part in ("labelled.n", "events.n", "non_events.n", "unknown.n")
                ],
            ],
        ],
    )


def excluded_markdown(results: Results) -> Table:
    """Why patients of the clinical table are not in the cohort; each patient is counted once."""
    rows = [
        [
            literal(str(record.method)[:1].upper() + str(record.method)[1:]),
            estimate_cell(results, key),
        ]
        for key, record in results.records.items()
        if record.source == "reason_counts"
    ]
    return pipe_table(
        ["Reason", "Patients"], [*rows, ["All", estimate_cell(results, "excluded.n")]]
    )
