"""Models compared on the whole follow-up: C-index, Brier score, competing-event decision curve."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.horizon import followed
from analysis.results.performance import hows, interval_method, probability_method, rows_of
from analysis.results.record import Records
from analysis.results.repeats import FIRST, over_repeats, repeat_numbers, repeats_method
from analysis.results.utility import reported_thresholds
from analysis.statistics import (
    concordance_difference,
    death_as_event,
    ipcw_brier_difference,
    net_benefit_competing,
)


def _rows(
    predictions: pd.DataFrame,
    outcome: pd.DataFrame,
    model: str,
    how: str,
    column: str,
    repeat: int = FIRST,
) -> pd.DataFrame:
    """Patients of one repeat with score or probability and follow-up, unknown labels included."""
    found = rows_of(predictions, model, how, repeat).dropna(subset=[column])
    return found.set_index("patient_id")[[column]].join(outcome, how="inner")


def add_followed_comparisons(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, models: list[str]
) -> None:
    """Add the differences in concordance and in Brier score between models.

    `concordance_difference.<model>_vs_<other>.validation` and `brier_horizon_difference.…`, the
    contrasts' model minus each other one on validation patients whom both score; exploratory, so
    with intervals and no p-values.
    """
    outcome, settings = followed(cohort), cohort.study.statistics
    horizon, level = float(cohort.study.endpoint.horizon_months or 0), settings.confidence_level
    model = str(records.value(keys.contrasts_model()))
    for other in models:
        if other == model:
            continue
        for name, column in (("concordance", "score"), ("brier_horizon", "probability")):
            mine, theirs = (
                _rows(predictions, outcome, model=each, how="validation", column=column)
                for each in (model, other)
            )
            both = mine.join(theirs[column].rename("other"), how="inner")
            if both.empty:
                continue
            seen = "time_months" if name == "concordance" else "seen_months"
            time, event, a, b = (both[each].to_numpy() for each in (seen, "event", column, "other"))
            key = keys.named(f"{name}_difference")(model, other, "validation")
            if name == "concordance":
                records.attempt(
                    key,
                    partial(concordance_difference, time, death_as_event(event), a, b, level),
                    n=len(both),
                    unit="AUC difference",
                    method="Harrell's C, recurrence or death, paired; exploratory, no p-value",
                    source=concordance_difference,
                )
            else:
                records.attempt(
                    key,
                    partial(ipcw_brier_difference, time, event, a, b, horizon, level),
                    n=len(both),
                    unit="Brier score difference",
                    method=(
                        f"weighted for censoring, at {counted(f'{horizon:g}', 'month')}, paired;"
                        " exploratory, no p-value"
                    ),
                    source=ipcw_brier_difference,
                )


def add_competing_net_benefit(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, models: list[str]
) -> None:
    """Add net benefit with competing events.

    It is `net_benefit_competing.<model>.<how>.<percent>`, and of treat_all: out of fold and in
    validation, patients of unknown outcome included; only where somebody had the competing event.
    """
    outcome, settings = followed(cohort), cohort.study.statistics
    if not (outcome["event"] == 2).any():
        return
    horizon, thresholds = (
        float(cohort.study.endpoint.horizon_months or 0),
        reported_thresholds(settings),
    )
    families = predictions.groupby("model")["family"].first()
    for how in hows(predictions)[1:]:
        repeats = repeat_numbers(predictions, how)
        whole = {
            model: [
                _rows(predictions, outcome, model=model, how=how, column="probability", repeat=each)
                for each in repeats
            ]
            for model in models
        }
        strategies = {model: parts for model, parts in whole.items() if len(parts[0])}
        if not strategies:
            continue
        largest = max((parts[0] for parts in strategies.values()), key=len)
        strategies["treat_all"] = [largest.assign(probability=1.0)]
        for model, parts in strategies.items():
            found = []
            for rows in parts:
                time, event, probability = (
                    rows[name].to_numpy() for name in ("time_months", "event", "probability")
                )
                found.append(
                    net_benefit_competing(
                        time,
                        event,
                        probability=probability,
                        horizon=horizon,
                        thresholds=thresholds,
                        level=settings.confidence_level,
                    )
                )
            learnt_method = (
                "all treated" if model == "treat_all" else probability_method(families[model])
            )
            for place, threshold in enumerate(thresholds):
                estimate = over_repeats([each[place] for each in found], lambda each: each)
                records.add(
                    keys.net_benefit_competing(model, how, f"{100 * threshold:g}"),
                    estimate.value if np.isfinite(estimate.value) else None,
                    estimate=estimate,
                    unit="net benefit",
                    method=(
                        f"Aalen-Johansen incidence by {counted(f'{horizon:g}', 'month')}, death"
                        f" before recurrence competing; threshold probability {threshold:g};"
                        f" {learnt_method}; {interval_method(how)}{repeats_method(parts)}"
                    ),
                    source=net_benefit_competing,
                )
