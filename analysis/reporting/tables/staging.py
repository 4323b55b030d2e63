"""Staging systems and indexes: what the model adds to each, and what each is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.intervals import with_interval
from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import format_number, p_heading, with_minus_signs
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sentences.sources import cited
from analysis.reporting.tables.cells import (
    DASH,
    estimate_cell,
    p_cell,
    p_with_role,
    printed_units,
    size_cell,
)
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.variable_labels import variable_labels
from analysis.results import keys

BETWEEN = re.compile(r"(?<=\d)-(?=\d)")


def _seen(results: Results, comparator: str) -> str:
    """Range of a score among the patients; one level where all have it."""
    key = keys.added_value_seen(comparator)
    return results.stated(literal(with_minus_signs(" to ".join(results.names(key)))), key)


HOLM = " (Holm)"


def _p_column(results: Results, names: Sequence[str]) -> tuple[str, list[str]]:
    """Header and cells of P; the header alone says Holm where all that were tested have it."""
    cells = [p_with_role(results, name, results.record(keys.added_value(name))) for name in names]
    tested = [cell for cell in cells if cell != DASH]
    if tested and all(cell.endswith(HOLM) for cell in tested):
        return p_heading(HOLM.strip(" ()")), [cell.removesuffix(HOLM) for cell in cells]
    return p_heading(), cells


@table
def added_value_markdown(results: Results) -> Markdown:
    """Table of the value that the model adds to each comparator.

    Each comparator alone and with the model, refitted in training and judged on the same validation
    patients.
    """
    rows, names = [], results.names(keys.added_value_scores())
    tested, p_values = _p_column(results, names)
    for name, p_value in zip(names, p_values, strict=True):
        rows.append(
            [
                results.text(keys.label(name)),
                (
                    f"{_seen(results, name)}"
                    f" ({results.text(keys.added_value_tied_pairs(name), 'percent')})"
                ),
                estimate_cell(results, keys.added_value_auc_alone(name)),
                estimate_cell(results, keys.added_value_auc_together(name)),
                estimate_cell(results, keys.added_value(name), together=True),
                p_value,
                estimate_cell(results, keys.added_value_net_benefit(name), together=True),
                estimate_cell(results, keys.added_value_likelihood_ratio(name)),
            ]
        )
    model = results.text(keys.label(results.plain(keys.contrasts_model())))
    level = results.plain(keys.settings_confidence_level(), "level")
    return pipe_table(
        [
            "Comparator",
            "Range (ties)",
            f"AUC ({level} CI)‖Alone",
            f"AUC ({level} CI)‖With {model}",
            f"AUC ({level} CI)‖Gain",
            tested,
            "Gain in net benefit",
            "χ²",
        ],
        rows,
    )


def _distribution(text: str) -> str:
    """`0: 16, A: 87` for `0 16, A 87`; a median stays as it is but for its signs."""
    text = text.replace("_", " ")
    if not text or text.startswith("median "):
        return with_minus_signs(text)
    pairs = (pair.rpartition(" ") for pair in text.split(", "))
    return ", ".join(f"{_level(level)}:\u00a0{count}" for level, _, count in pairs)


def _level(name: str) -> str:
    """`≤ 20`, `20–200` for `<=20`, `20-200`."""
    return re.sub(r"^(≤|>)(?=\d)", r"\1 ", BETWEEN.sub("–", name.replace("<=", "≤")))


def _source(row: Any) -> str:
    """The citation of a score, whose reference has the rest; else the source in words."""
    place = f", doi:{row.doi}" if row.doi else ""
    doubt = " (unconfirmed)" if row.status == "unconfirmed" else ""
    return (cited(row.id).strip() or f"{row.source}{place}") + doubt


def _inputs(listed: str) -> list[str]:
    return listed.split(", ") if listed else []


@table
def scores_markdown(results: Results) -> Markdown:
    """Every score that grades a patient: inputs, worse end, patients graded, and source."""
    scores = results.frame("tables/scores").fillna("")
    scores = scores[scores["n_evaluable"] > 0]
    names = list(dict.fromkeys(each for row in scores["inputs"] for each in _inputs(row)))
    labels = dict(zip(names, variable_labels(results, names), strict=True))
    rows = [
        [
            literal(row.label),
            "; ".join(printed_units(literal(labels[each])) for each in _inputs(row.inputs)),
            row.worse,
            str(row.n_evaluable),
            literal(printed_units(_distribution(row.distribution))) or DASH,
            _source(row),
        ]
        for row in scores.itertuples()
    ]
    return pipe_table(["Score", "Inputs", "Worse", "n", "Distribution", "Source"], rows, left=2)


def ungraded(results: Results) -> list[str]:
    """Labels of the scores that grade nobody, for lack of an input; their numerals are names."""
    scores = results.frame("tables/scores")
    labels = scores.loc[scores["n_evaluable"] == 0, "label"]
    return [results.stated(literal(each), "tables/scores.csv") for each in labels]


@table
def agreement_markdown(results: Results, among: Sequence[str]) -> Markdown:
    """Weighted kappa of each pair of these staging systems.

    It is a triangle: the row's with the column's.
    """
    table = results.frame("tables/score_agreement")
    table = table[table["first"].isin(among) & table["second"].isin(among)]
    names = list(dict.fromkeys([*table["first"], *table["second"]]))
    values = {(row.first, row.second): row for row in table.itertuples()}

    def cell(first: str, second: str) -> str:
        row = values.get((second, first))
        if row is None:
            return ""
        if pd.isna(row.kappa):
            return DASH
        kappa = format_number(row.kappa, "ratio")
        return with_interval(kappa, row.ci_low, row.ci_high, "ratio").replace(" ", "\u00a0")

    labels = [results.text(keys.label(name)) for name in names]
    return pipe_table(
        ["System", *labels[:-1]],
        [
            [labels[row], *[cell(names[row], other) for other in names[:-1]]]
            for row in range(1, len(names))
        ],
    )


def _graded(results: Results, name: str) -> bool:
    """Whether a score grades a validation patient of known outcome."""
    record = results.records.get(keys.n_evaluable(name, "validation"))
    return record is None or record.value is None or record.number > 0


@table
def direct_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Table of scores as published, in validation.

    It has patients graded, AUC, and the best model's minus it; exploratory.
    """
    best = results.plain(keys.best_model())
    rows = [
        [
            results.text(keys.label(name)),
            size_cell(results, name, "validation")
            or results.text(keys.n_evaluable(name, "validation")),
            estimate_cell(results, keys.auc(name, "validation"), together=True),
            estimate_cell(results, keys.delong(best, name, "validation"), together=True),
        ]
        for name in models
        if _graded(results, name)
    ]
    level = results.plain(keys.settings_confidence_level(), "level")
    return pipe_table(
        [
            "Score",
            "n (events)",
            f"AUC ({level} CI)",
            f"AUC of {results.text(keys.best_model_label())} minus that of the score",
        ],
        rows,
    )


@table
def trends_markdown(results: Results) -> Markdown:
    """Log-rank test for trend over the levels of each staging system."""
    names = [parts["comparator"] for parts, _ in keys.log_rank_trend.of(results.records)]
    rows = [
        [
            results.text(keys.label(name)),
            str(results.record(keys.log_rank_trend(name)).n),
            estimate_cell(results, keys.log_rank_trend(name)),
            p_cell(results, results.record(keys.log_rank_trend(name))),
        ]
        for name in names
    ]
    return pipe_table(["System", "n", "χ² for trend", p_heading()], rows)
