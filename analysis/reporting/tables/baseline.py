"""Table 1: the patients of each cohort."""

from __future__ import annotations

import math

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.manuscript import Results, format_p
from analysis.reporting.number_style import p_heading
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import printed_units
from analysis.reporting.tables.markdown import pipe_table


def _text(value: object) -> str:
    return literal(value) if isinstance(value, str) else "" if pd.isna(value) else f"{value:g}"


def _difference(value: float) -> str:
    """A standardised difference; infinite where the groups share no value that varies."""
    return f"{value:.2f}" if math.isfinite(value) else "∞"


def _columns(results: Results, by: str) -> dict[str, str]:
    """Column of the table → its header, with the number of patients."""
    if by == "cohort":
        return {
            name: f"{literal(label)} (n\u00a0=\u00a0{results.text(f'cohort.{name}.n')})"
            for name, label in results.study.cohorts.items()
        }
    event = results.text("study.event", "sentence")
    return {
        "event": f"{event} (n\u00a0=\u00a0{results.text('cohort.events.n')})",
        "no_event": (
            f"No {results.text('study.event', 'lower')}"
            f" (n\u00a0=\u00a0{results.text('cohort.non_events.n')})"
        ),
    }


def table_one_markdown(results: Results) -> Markdown:
    """Variables by cohort and by outcome side by side; tests, standardised differences and missing
    values are in the supplement."""
    cohorts, outcomes = _columns(results, "cohort"), _columns(results, "outcome")
    one, two = (results.frame(f"tables/{name}") for name in ("baseline", "baseline_by_outcome"))
    for frame in (one, two):
        frame["of"] = frame["variable"].replace("", None).ffill()
    both = one.merge(
        two[["of", "level", "statistic", *outcomes, "p"]],
        on=["of", "level"],
        how="left",
        suffixes=("", "_by_outcome"),
        sort=False,
    )
    rows = []
    for row in both.itertuples():
        variable, level = printed_units(_text(row.variable)), _text(row.level).replace("_", " ")
        name = f"{variable}: {level}" if variable and level else variable or f"\u2003{level}"
        statistics = list(
            dict.fromkeys(filter(None, [_text(row.statistic), _text(row.statistic_by_outcome)]))
        )
        shown = " (cohort) or ".join(statistics) + (" (outcome)" if len(statistics) > 1 else "")
        rows.append(
            [
                f"{name}, {shown}" if variable else name,
                *[_text(getattr(row, column)) for column in cohorts],
                format_p(row.p) if variable and pd.notna(row.p) else "",
                *[_text(getattr(row, column)) for column in outcomes],
                format_p(row.p_by_outcome) if variable and pd.notna(row.p_by_outcome) else "",
            ]
        )
    return pipe_table(
        [
            "Variable",
            *[f"Cohort‖{words}" for words in cohorts.values()],
            f"Cohort‖{p_heading()}",
            *[f"Outcome‖{words}" for words in outcomes.values()],
            f"Outcome‖{p_heading()}",
        ],
        rows,
    )


def baseline_markdown(results: Results, by: str = "cohort") -> Markdown:
    """Variables by cohort or by outcome; a variable's levels are indented under it, and its test is
    named beside its p."""
    columns, rows = _columns(results, by), []
    for row in results.frame(
        "tables/baseline" if by == "cohort" else "tables/baseline_by_outcome"
    ).itertuples():
        variable, level = printed_units(_text(row.variable)), _text(row.level).replace("_", " ")
        first = bool(variable)
        name = f"{variable}: {level}" if variable and level else variable or f"\u2003{level}"
        rows.append(
            [
                name,
                _text(row.statistic),
                *[_text(getattr(row, column)) for column in columns],
                format_p(row.p) if first and pd.notna(row.p) else "",
                _text(row.test) if first else "",
                _difference(row.smd) if first and pd.notna(row.smd) else "",
                f"{int(row.missing)}" if first and pd.notna(row.missing) and row.missing else "",
            ]
        )
    return pipe_table(
        ["Variable", "Statistic", *columns.values(), p_heading(), "Test", "SMD", "Missing"], rows
    )
