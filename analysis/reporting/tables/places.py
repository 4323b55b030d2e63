"""Results by centre and by validation cohort, and their mean over places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.number_style import format_interval
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH, estimate_cell
from analysis.reporting.tables.markdown import pipe_table
from analysis.results.place_names import COLUMNS, DIVISIONS, STATISTICS

INTERVALS = {
    "hartung_knapp": "Hartung and Knapp's interval",
    "adhoc": "Hartung and Knapp's interval, never narrower than the plain error allows",
    "wald": "Wald's interval",
}
HEADERS = {"auc": "AUC", "observed_expected": "O:E", "calibration_slope": "Calibration slope"}


def place_frame(results: Results) -> pd.DataFrame:
    """The rows of `curves/places.csv`; none where the study is of one place."""
    path = results.folder / "curves" / "places.csv"
    return (
        pd.read_csv(path, dtype={"place": str}) if path.is_file() else pd.DataFrame(columns=COLUMNS)
    )


def place_divisions(results: Results) -> list[str]:
    """The divisions into places that the study has: centres left out in turn, centres of the
    validation cohort, validation cohorts."""
    return list(dict.fromkeys(place_frame(results)["division"]))


def _cell(row: Any, name: str) -> str:
    value = getattr(row, name)
    if pd.isna(value):
        return DASH
    unit = STATISTICS[name]
    low, high = float(getattr(row, f"{name}_low")), float(getattr(row, f"{name}_high"))
    shown = f"{format_number(float(value), unit)} ({format_interval(low, high, unit)})"
    return shown.replace(" ", "\u00a0")


def places_markdown(results: Results, model: str) -> Markdown:
    """One model: a row a place, patients with events, AUC, O:E and calibration slope."""
    frame = place_frame(results)
    rows = [
        [
            DIVISIONS[row.division][:1].upper() + DIVISIONS[row.division][1:],
            literal(row.place),
            f"{row.n} ({row.events})",
            *[_cell(row, name) for name in STATISTICS],
        ]
        for row in frame[frame["model"] == model].itertuples()
    ]
    return pipe_table(
        ["Division", "Place", "n (events)", *[HEADERS[name] for name in STATISTICS]], rows, left=2
    )


def pooled_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """A row a division, model and statistic: places, mean with interval, prediction interval, I²
    and tau²."""
    rows = []
    for division in place_divisions(results):
        for model in models:
            for name in STATISTICS:
                key = f"{name}.{model}.{division}"
                if not results.has_value(f"pooled.{key}"):
                    continue
                record, count = (
                    results.record(f"pooled_prediction.{key}"),
                    results.record(f"pooled_places.{key}"),
                )
                assert record.ci_low is not None
                assert record.ci_high is not None
                rows.append(
                    [
                        DIVISIONS[division][:1].upper() + DIVISIONS[division][1:],
                        results.text(f"label.{model}"),
                        HEADERS[name],
                        f"{count.value} of {count.n}",
                        estimate_cell(results, f"pooled.{key}", together=True),
                        results.linked(
                            format_interval(record.ci_low, record.ci_high, record.unit), record
                        ),
                        estimate_cell(results, f"pooled_i_squared.{key}"),
                        estimate_cell(results, f"pooled_tau_squared.{key}"),
                    ]
                )
    return pipe_table(
        [
            "Division",
            "Model",
            "Statistic",
            "Places",
            "Mean (CI)",
            "Prediction interval",
            "I²",
            "τ²",
        ],
        rows,
        left=3,
    )


def places_words(results: Results) -> str:
    """What the tables and plots of places stand on, and what was left out of the pooling and
    why."""
    divisions = place_divisions(results)
    best = results.plain("best.model")
    keys = [
        key
        for division in divisions
        for name in STATISTICS
        if (key := f"{name}.{best}.{division}") and f"pooled_places.{key}" in results.records
    ]
    left = [results.record(f"pooled_places.{key}") for key in keys]
    partly = [
        f"{HEADERS[record.key.split('.')[1]]}, {literal(record.method)}"
        for record in left
        if record.value != record.n
    ]
    pooled = any(results.has_value(f"pooled.{key}") for key in keys)
    return (
        "Patients were divided by "
        + ", and by ".join(DIVISIONS[division] for division in divisions)
        + ". "
        + (
            "The mean over places is of random effects with restricted maximum likelihood and "
            + INTERVALS[results.study.statistics.pooling_interval]
            + ", of the AUC on the logit and of O:E on the log scale [@debray2017]; a prediction"
            " interval is where a new place is expected [@higgins2009]. "
            if pooled
            else "There are too few places of enough patients to pool. "
        )
        + (
            f"Left out of the means of {results.text('best.model.label')}: {'. '.join(partly)}."
            if partly and pooled
            else ""
        )
    )
