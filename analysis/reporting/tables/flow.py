"""Patients of each cohort: with known outcome, with the event, and without a known outcome."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import estimate_cell
from analysis.reporting.tables.markdown import Table, pipe_table, table
from analysis.reporting.wordings.result_ids import EXCLUSIONS, in_words
from analysis.results import keys


@table
def flow_markdown(results: Results) -> Table:
    """Table of the flow of patients, one row a cohort, and all together.

    Patients of unknown outcome are in the survival analyses only.
    """
    event = results.text(keys.study_event())
    header = [
        "Cohort",
        "Outcome known",
        results.text(keys.study_event(), "sentence"),
        f"No {event}",
        "Outcome unknown",
    ]
    rows = [
        [
            literal(label),
            *[
                estimate_cell(results, quantity(name))
                for quantity in (
                    keys.n_of_cohort,
                    keys.events_of_cohort,
                    keys.non_events_of_cohort,
                    keys.unknown_of_cohort,
                )
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
                    estimate_cell(results, quantity())
                    for quantity in (
                        keys.cohort_labelled_n,
                        keys.cohort_events_n,
                        keys.cohort_non_events_n,
                        keys.cohort_unknown_n,
                    )
                ],
            ],
        ],
    )


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


@table
def excluded_markdown(results: Results) -> Table:
    """Why patients of the clinical table are not in the cohort; each patient is counted once."""
    rows = [
        [
            literal(_sentence_case(in_words(EXCLUSIONS, parts["reason"]))),
            estimate_cell(results, record.key),
        ]
        for parts, record in keys.excluded.of(results.records)
    ]
    return pipe_table(
        ["Reason", "Patients"], [*rows, ["All", estimate_cell(results, keys.excluded_n())]]
    )
