"""Table 1: the patients of each cohort."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.manuscript import Results, format_p
from analysis.reporting.number_style import p_heading
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.baseline_groups import in_groups, with_headings
from analysis.reporting.tables.cells import printed_units
from analysis.reporting.tables.decimals import same_decimals
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.tables.percentages import with_decimals
from analysis.results import keys
from analysis.study.level_label import level_label

# Columns that only a variable's first row has.
OF_VARIABLE = {"variable", "p", "p_by_outcome", "test", "smd", "smd_by_outcome", "missing"}


def _text(value: object, label: Callable[[str], str] = str) -> str:
    if isinstance(value, str):
        return literal(label(value))
    return "" if pd.isna(value) else f"{value:g}"


def _difference(value: float) -> str:
    """A standardised difference; infinite where the groups share no value that varies."""
    return f"{value:.2f}" if math.isfinite(value) else "∞"


def _columns(results: Results, by: str) -> dict[str, str]:
    """Column of the table → its header, with the number of patients."""
    if by == "cohort":
        return {
            name: f"{literal(label)} (n\u00a0=\u00a0{results.text(keys.n_of_cohort(name))})"
            for name, label in results.study.cohorts.items()
        }
    event = results.text(keys.study_event(), "sentence")
    return {
        "event": f"{event} (n\u00a0=\u00a0{results.text(keys.cohort_events_n())})",
        "no_event": (
            f"No {results.text(keys.study_event(), 'lower')}"
            f" (n\u00a0=\u00a0{results.text(keys.cohort_non_events_n())})"
        ),
    }


def _name(row: Any) -> tuple[str, bool]:
    """A variable, or a level indented under it, and whether it is the variable's first row."""
    variable, level = printed_units(_text(row.variable)), _text(row.level, level_label)
    if not variable:
        return f"\u2003{level}", False
    return (f"{variable}: {level}" if level else variable), True


def _statistics(by_cohort: str, by_outcome: str) -> str:
    """The statistic of a row; both, each with what it is of, where they differ."""
    if by_cohort and by_outcome and by_cohort != by_outcome:
        return f"{by_cohort} (cohort) or {by_outcome} (outcome)"
    return by_cohort or by_outcome


def _two_levels_in_one(frame: pd.DataFrame) -> pd.DataFrame:
    """Variables of two levels in one row, that of the second level; `of` names the variable."""
    kept = []
    for _, rows in frame.groupby("of", sort=False):
        if len(rows) != 2 or not rows["level"].notna().all():
            kept.append(rows)
            continue
        first, second = rows.iloc[0], rows.iloc[[1]].copy()
        for column in OF_VARIABLE & set(frame.columns):
            second[column] = first[column]
        kept.append(second)
    return pd.concat(kept, ignore_index=True) if kept else frame


def _patients(results: Results, column: str) -> int:
    """Patients of a column: of a cohort, or of an outcome."""
    of_outcome = {"event": keys.cohort_events_n(), "no_event": keys.cohort_non_events_n()}
    return int(results.record(of_outcome.get(column, keys.n_of_cohort(column))).number)


def _summaries(results: Results, frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The table with one number of decimals a variable; counts stay as they are."""
    most = {name: _patients(results, name) for name in columns}
    names, decimals = list(most), results.study.manuscript.percent_decimals
    frame = frame.copy()
    for index, row in frame.iterrows():
        texts = [str(row[name]) for name in names]
        frame.loc[index, names] = (
            same_decimals(texts)
            if pd.isna(row["level"])
            else [
                with_decimals(each, decimals, most[name])
                for each, name in zip(texts, names, strict=True)
            ]
        )
    return frame


def _read(results: Results, name: str) -> pd.DataFrame:
    """A table of the outputs; `of` has the variable in each of its rows."""
    frame = results.frame(f"tables/{name}")
    if results.compared is not None and name == "baseline":
        # One of two states that are compared may be of before a cohort came.
        came = [cohort for cohort in results.study.cohorts if cohort not in frame]
        frame = frame.assign(**dict.fromkeys(came, ""))
    return frame.assign(of=frame["variable"].replace("", None).ffill())


def _missing(value: float, first: bool) -> str:
    return f"{int(value)}" if first and pd.notna(value) else ""


def _smd(value: float, first: bool) -> str:
    return _difference(value) if first and pd.notna(value) else ""


def _p(p: float, first: bool) -> str:
    return format_p(p) if first and pd.notna(p) else ""


@table
def table_one_markdown(results: Results) -> Markdown:
    """Table of variables by cohort and by outcome side by side.

    A variable has one number of decimals, and one row where it has two levels. Tests are in the
    supplement, as are standardised differences unless the study file asks for them here.
    """
    cohorts, outcomes = _columns(results, "cohort"), _columns(results, "outcome")
    differences = results.study.manuscript.smd
    one, two = (_read(results, name) for name in ("baseline", "baseline_by_outcome"))
    both = one.merge(
        two[["of", "level", "statistic", *outcomes, "p", "smd"]],
        on=["of", "level"],
        how="left",
        suffixes=("", "_by_outcome"),
        sort=False,
    )
    both = _summaries(results, _two_levels_in_one(both), [*cohorts, *outcomes])
    both = in_groups(results, both)
    rows = []
    for row in both.itertuples():
        name, first = _name(row)
        statistic = _statistics(_text(row.statistic), _text(row.statistic_by_outcome))
        rows.append(
            [
                f"{name}, {statistic}" if first else name,
                *[_text(getattr(row, column)) for column in cohorts],
                _p(row.p, first),
                *([_smd(row.smd, first)] if differences else []),
                *[_text(getattr(row, column)) for column in outcomes],
                _p(row.p_by_outcome, first),
                *([_smd(row.smd_by_outcome, first)] if differences else []),
                _missing(row.missing, first),
            ]
        )
    return pipe_table(
        [
            "Variable",
            *[f"Cohort‖{words}" for words in cohorts.values()],
            f"Cohort‖{p_heading()}",
            *(["Cohort‖SMD"] if differences else []),
            *[f"Outcome‖{words}" for words in outcomes.values()],
            f"Outcome‖{p_heading()}",
            *(["Outcome‖SMD"] if differences else []),
            "Missing",
        ],
        with_headings(rows, list(both["group"])),
    )


@table
def baseline_markdown(results: Results, by: str = "cohort") -> Markdown:
    """Table of variables by cohort or by outcome.

    A variable's levels are indented under it, and its test is named beside its p.
    """
    columns, rows = _columns(results, by), []
    frame = _read(results, "baseline" if by == "cohort" else "baseline_by_outcome")
    frame = in_groups(results, _summaries(results, _two_levels_in_one(frame), columns))
    for row in frame.itertuples():
        name, first = _name(row)
        rows.append(
            [
                name,
                _text(row.statistic),
                *[_text(getattr(row, column)) for column in columns],
                _p(row.p, first),
                _text(row.test) if first else "",
                _smd(row.smd, first),
                _missing(row.missing, first),
            ]
        )
    return pipe_table(
        ["Variable", "Statistic", *columns.values(), p_heading(), "Test", "SMD", "Missing"],
        with_headings(rows, list(frame["group"])),
    )
