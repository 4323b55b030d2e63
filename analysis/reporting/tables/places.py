"""Results by centre and by validation cohort, and their mean over places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from IPython.display import Markdown

from analysis.reporting.intervals import with_interval
from analysis.reporting.manuscript import Results, format_number
from analysis.reporting.number_style import format_interval
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.cells import DASH, estimate_cell
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.reporting.wordings.result_ids import DIVISIONS
from analysis.results import keys
from analysis.results.place_names import COLUMNS, LEAST_OF_EITHER, STATISTICS

INTERVALS = {
    "hartung_knapp": "Hartung and Knapp's interval",
    "adhoc": "Hartung and Knapp's interval, never narrower than the plain error allows",
    "wald": "Wald's interval",
}
HEADERS = {"auc": "AUC", "observed_expected": "O:E", "calibration_slope": "Calibration slope"}


def place_frame(results: Results) -> pd.DataFrame:
    """The rows of `curves/places.csv`; none where the study is of one place."""
    results.reads("curves/places")
    path = results.folder / "curves" / "places.csv"
    return (
        pd.read_csv(path, dtype={"place": str}) if path.is_file() else pd.DataFrame(columns=COLUMNS)
    )


def place_divisions(results: Results) -> list[str]:
    """Divisions into places that the study has.

    They are centres left out in turn, centres of the validation cohort, and validation cohorts.
    """
    return list(dict.fromkeys(place_frame(results)["division"]))


def place_estimates(results: Results, model: str) -> bool:
    """Whether any place has an estimate of the model."""
    frame = place_frame(results)
    return bool(frame.loc[frame["model"] == model, list(STATISTICS)].notna().any(axis=None))


def _cell(row: Any, name: str) -> str:
    value = getattr(row, name)
    if pd.isna(value):
        return DASH
    unit = STATISTICS[name]
    low, high = float(getattr(row, f"{name}_low")), float(getattr(row, f"{name}_high"))
    return with_interval(format_number(float(value), unit), low, high, unit).replace(" ", "\u00a0")


@table
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


@table
def pooled_markdown(results: Results, models: Sequence[str]) -> Markdown:
    """Table of pooled results, a row a division, model and statistic.

    It has places, mean with interval, prediction interval, I² and tau².
    """
    rows = []
    for division in place_divisions(results):
        for model in models:
            for name in STATISTICS:
                parts = (name, model, division)
                if not results.has_value(keys.pooled(*parts)):
                    continue
                record, count = (
                    results.record(keys.pooled_prediction(*parts)),
                    results.record(keys.pooled_places(*parts)),
                )
                assert record.ci_low is not None
                assert record.ci_high is not None
                rows.append(
                    [
                        DIVISIONS[division][:1].upper() + DIVISIONS[division][1:],
                        results.text(keys.label(model)),
                        HEADERS[name],
                        f"{count.value} of {count.n}",
                        estimate_cell(results, keys.pooled(*parts), together=True),
                        results.linked(
                            format_interval(record.ci_low, record.ci_high, record.unit), record
                        ),
                        estimate_cell(results, keys.pooled_i_squared(*parts)),
                        estimate_cell(results, keys.pooled_tau_squared(*parts)),
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


def _left_out(results: Results, name: str, model: str, division: str) -> str:
    """How many places a mean is from, and which others are left out and why; empty where none."""
    record = results.record(keys.pooled_places(name, model, division))
    if record.value == record.n:
        return ""
    frame = place_frame(results)
    of_model = frame[(frame["division"] == division) & (frame["model"] == model)]
    reasons = [
        f"{row.place}: "
        + (
            f"fewer than {LEAST_OF_EITHER} patients of either outcome"
            if min(row.events, row.n - row.events) < LEAST_OF_EITHER
            else "not estimable"
        )
        for row in of_model[of_model[name].isna()].itertuples()
    ]
    return literal(
        f"{HEADERS[name]}, {record.value} of {record.n} {DIVISIONS[division]};"
        f" left out: {'; '.join(reasons)}"
    )


def places_words(results: Results) -> str:
    """Basis of the tables and plots of places, and what was left out of the pooling and why."""
    divisions = place_divisions(results)
    best = results.plain(keys.best_model())
    asked = [
        (name, best, division)
        for division in divisions
        for name in STATISTICS
        if keys.pooled_places(name, best, division) in results.records
    ]
    partly = [_left_out(results, *parts) for parts in asked]
    pooled = any(results.has_value(keys.pooled(*parts)) for parts in asked)
    label = results.text(keys.best_model_label())
    return (
        "Results are given by "
        + ", and by ".join(DIVISIONS[division] for division in divisions)
        + ". "
        + (
            "Means over places are from random effects by restricted maximum likelihood, with "
            + INTERVALS[results.study.statistics.pooling_interval]
            + ", of the AUC on the logit and of O:E on the log scale [@debray2017]; a prediction"
            " interval is where a new place is expected [@higgins2009]. "
            if pooled
            else "Too few places had enough patients of either outcome for a mean over places. "
        )
        + (
            f"Left out of the means of {label}: {'. '.join(filter(None, partly))}."
            if any(partly) and pooled
            else ""
        )
    )
