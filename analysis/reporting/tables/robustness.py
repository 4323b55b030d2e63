"""Subgroups, fairness, other delineations, and what the models rest on."""

from __future__ import annotations

from typing import Any

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.intervals import with_interval
from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH, estimate_cell, printed_units
from analysis.reporting.tables.feature_names import in_one
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.wordings.result_ids import OTHER_ANALYSES
from analysis.results import keys
from analysis.study.phase_label import in_spaces
from models.declared import RADIOMICS

MOST_FEATURES = 15


def _estimate(row: Any, name: str, unit: str, low: str = "", high: str = "") -> str:
    value = getattr(row, name)
    if pd.isna(value):
        return "too few"
    ends = [
        float(getattr(row, end))
        for end in (low or f"{name}_low", high or f"{name}_high")
        if pd.notna(getattr(row, end))
    ]
    first, last = (ends[0], ends[1]) if len(ends) == 2 else (None, None)
    shown = with_interval(format_number(float(value), unit), first, last, unit)
    return shown.replace(" ", "\u00a0")


def _group(row: Any) -> str:
    analysis = getattr(row, "analysis", "subgroup")
    if analysis in OTHER_ANALYSES:
        return OTHER_ANALYSES[analysis].format(level=float(row.level))
    level = "" if pd.isna(row.level) else f": {row.level}"
    return literal(printed_units(f"{row.group}{level}"))


@table
def subgroups_markdown(results: Results) -> Markdown:
    """One row a group; patients, events and AUC for each way of judging."""
    frame = results.frame("tables/subgroups")
    ways = list(frame["how"].unique())
    header = [
        "Group",
        *[
            f"{results.text(keys.label(how))}: {what}"
            for how in ways
            for what in ("n (events)", "AUC")
        ],
    ]
    rows: dict[str, list[str]] = {}
    for row in frame.itertuples():
        rows.setdefault(_group(row), []).extend(
            [
                f"{row.n} ({row.events})",
                _estimate(row, "auc", unit="AUC", low="ci_low", high="ci_high"),
            ]
        )
    return pipe_table(header, [[name, *cells] for name, cells in rows.items()])


@table
def fairness_markdown(results: Results) -> Markdown:
    """Table of the best model's performance by group.

    Sensitivity, specificity and O:E of the best model at its cut-off, by group and way of judging.
    """
    frame = results.frame("tables/fairness")
    rows = [
        [
            _group(row),
            results.text(keys.label(row.how)),
            f"{row.n} ({row.events})",
            _estimate(row, "sensitivity", "proportion"),
            _estimate(row, "specificity", "proportion"),
            _estimate(row, "observed_expected", "ratio"),
        ]
        for row in frame.itertuples()
    ]
    return pipe_table(
        ["Group", "Judged on", "n (events)", "Sensitivity", "Specificity", "O:E"], rows, left=2
    )


@table
def delineations_markdown(results: Results, models: list[str]) -> Markdown:
    """ICC of the locked model's probability and share of flipped decisions, by delineation."""
    readers = results.names(keys.delineation_readers())
    rows = []
    for model in models:
        for reader in readers:
            key = keys.delineation_icc(reader, model)
            if key in results.records:
                rows.append(
                    [
                        results.text(keys.label(model)),
                        literal(in_spaces(reader)),
                        str(results.records[key].n),
                        estimate_cell(results, key, together=True),
                        estimate_cell(results, keys.delineation_flipped(reader, model)),
                    ]
                )
    return pipe_table(
        ["Model", "Delineation", "n", "ICC of the probability", "Decisions that flip"], rows, left=2
    )


@table
def importance_markdown(results: Results, model: str) -> Markdown:
    """Table of the importance of a model's variables.

    The variables of a model, those used in most folds and of the largest mean absolute SHAP value
    first.
    """
    frame = results.frame("tables/importance")
    rows = []
    for row in frame[frame["model"] == model].head(MOST_FEATURES).itertuples():
        name = literal(row.variable)
        if model == RADIOMICS.id:
            name = literal(in_one(results, row.variable))
        elif keys.label_term(row.variable) in results.records:
            name = results.text(keys.label_term(row.variable))
        rows.append(
            [
                name,
                f"{100 * row.folds:.0f}%",
                f"{row.auc_drop:.3f}".replace("-", "−"),
                f"{row.shap:.3f}",
            ]
        )
    return (
        pipe_table(["Variable", "Folds that use it", "Fall of AUC", "Mean absolute SHAP"], rows)
        if rows
        else Markdown(DASH)
    )
