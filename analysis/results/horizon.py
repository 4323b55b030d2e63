"""Analyses at a horizon that leave out neither unknown labels nor deaths before the event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.endpoint import label_at_horizon
from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.hazards import add_hazards
from analysis.results.performance import hows, interval_method, rows_of
from analysis.results.record import Records
from analysis.results.repeats import over_repeats, repeat_numbers, repeats_method
from analysis.statistics import (
    auc_interval,
    concordance_index,
    cumulative_incidence,
    death_as_event,
    ipcw_brier_score,
    ipcw_net_benefit,
    time_dependent_auc,
)
from analysis.statistics.auc_interval import METHOD_WORDS

INCIDENCE = ["group", "event", "time_months", "incidence", "ci_low", "ci_high", "at_risk"]


def followed(cohort: Cohort) -> pd.DataFrame:
    """Follow-up time and event of every patient with a follow-up.

    time_months and event (0 censored, 1 the event of the study, 2 one that came before it).

    seen_months: the same time, for analyses at the horizon: who was last seen event-free on the day
    of the horizon, or within its tolerance, counts as seen beyond it, as their label is known.
    timeROC counts only those whose time is longer, so that a study whose follow-up ends at the
    horizon would have nobody without the event.
    """
    outcome = cohort.outcome.dropna(subset=["time_months", "event_type"])
    codes = {"censored": 0, cohort.study.endpoint.event: 1}
    event = outcome["event_type"].map(lambda kind: codes.get(kind, 2)).astype(int)
    time, horizon = outcome["time_months"], cohort.study.endpoint.horizon_months
    through = (outcome["label"] == 0) & (event == 0) & (time <= (horizon or 0))
    return pd.DataFrame(
        {
            "time_months": time,
            "seen_months": time.mask(through, np.nextafter(horizon or 0, np.inf)),
            "event": event,
        }
    )


def _in_each(
    compute: Callable[..., Any], column: str, parts: list[pd.DataFrame], time: str = "seen_months"
) -> Callable[[], Any]:
    """compute(time, event, column) in each repeat of the folds, to be called later."""
    return lambda: over_repeats(
        parts, lambda rows: compute(*(rows[name].to_numpy() for name in (time, "event", column)))
    )


@dataclass(frozen=True)
class _Judged:
    """Model judged in one way on followed patients.

    parts: score, probability and follow-up in each repeat of the folds; means: term for what its
    numbers are means over.
    """

    model: str
    how: str
    parts: list[pd.DataFrame]
    horizon: float
    level: float
    means: str

    @property
    def weighted_method(self) -> str:
        return (
            f"cases: recurrence at or before {counted(f'{self.horizon:g}', 'month')}, weights by"
            f" Kaplan-Meier of censoring; {self.means}"
        )

    @property
    def with_probability(self) -> list[pd.DataFrame]:
        return [rows.dropna(subset=["probability"]) for rows in self.parts]


def _followed_parts(
    predictions: pd.DataFrame, outcome: pd.DataFrame, model: str, how: str
) -> list[pd.DataFrame]:
    return [
        rows_of(predictions, model, how, repeat)
        .dropna(subset=["score"])
        .set_index("patient_id")
        .drop(columns=["time_months"], errors="ignore")
        .join(outcome, how="inner")
        for repeat in repeat_numbers(predictions, how)
    ]


def add_horizon(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, models: list[str]
) -> None:
    """Add performance at the horizon, by inverse probability of censoring.

    It adds AUC, Brier score and net benefit at the horizon; the C-index; and the AUC that counts a
    death without recurrence by the horizon as an event. All are out of fold and in validation;
    there are no p-values.
    """
    outcome, settings = followed(cohort), cohort.study.statistics
    horizon = float(cohort.study.endpoint.horizon_months or 0)
    level = settings.confidence_level
    any_event = label_at_horizon(
        outcome["seen_months"],
        outcome["event"].gt(0).map({True: "event", False: "censored"}),
        horizon,
        "event",
    )
    for model in models:
        for how in hows(predictions)[1:]:
            parts = _followed_parts(predictions, outcome, model, how)
            if parts[0].empty:
                continue
            means = interval_method(how) + repeats_method(parts)
            judged = _Judged(model, how, parts=parts, horizon=horizon, level=level, means=means)
            _add_order(records, judged)
            _add_death_as_event(records, judged, any_event)
            if len(judged.with_probability[0]):
                _add_probability(records, judged, settings.reported_threshold)


def _add_order(records: Records, judged: _Judged) -> None:
    """Add discrimination of the score: by the horizon, and over the whole follow-up."""
    horizon, level = judged.horizon, judged.level
    records.attempt(
        keys.auc_horizon(judged.model, judged.how),
        _in_each(
            lambda t, e, s: time_dependent_auc(t, e, s, horizon, level=level), "score", judged.parts
        ),
        n=len(judged.parts[0]),
        unit="AUC",
        method=f"{METHOD_WORDS}; {judged.weighted_method}",
        source=time_dependent_auc,
    )
    records.attempt(
        keys.concordance(judged.model, judged.how),
        _in_each(
            lambda t, e, s: concordance_index(t, death_as_event(e), s, level),
            "score",
            judged.parts,
            time="time_months",
        ),
        n=len(judged.parts[0]),
        unit="AUC",
        method=f"Harrell's C, recurrence or death, interval on the logit scale; {judged.means}",
        source=concordance_index,
    )


def _add_death_as_event(records: Records, judged: _Judged, any_event: pd.Series) -> None:
    """any_event: recurrence or death by the horizon, of each patient for whom it is known."""
    label = any_event.reindex(judged.parts[0].index).dropna()
    records.attempt(
        keys.auc_death_as_event(judged.model, judged.how),
        partial(
            over_repeats,
            [part["score"].reindex(label.index) for part in judged.parts],
            partial(auc_interval, label, level=judged.level),
        ),
        n=len(label),
        unit="AUC",
        method=(
            f"{METHOD_WORDS}; death without recurrence by the horizon as an event; {judged.means}"
        ),
        source=auc_interval,
    )


def _add_probability(records: Records, judged: _Judged, threshold: float) -> None:
    """Brier score and net benefit of the probability of the event by the horizon."""
    parts, horizon, level = judged.with_probability, judged.horizon, judged.level
    records.attempt(
        keys.brier_horizon(judged.model, judged.how),
        _in_each(
            lambda t, e, p: ipcw_brier_score(t, e, p, horizon, level=level), "probability", parts
        ),
        n=len(parts[0]),
        unit="Brier score",
        method=judged.weighted_method,
        source=ipcw_brier_score,
    )
    records.attempt(
        keys.net_benefit_horizon(judged.model, judged.how, f"{100 * threshold:g}"),
        _in_each(
            lambda t, e, p: float(ipcw_net_benefit(t, e, p, horizon, thresholds=[threshold])[0]),
            "probability",
            parts,
        ),
        n=len(parts[0]),
        unit="net benefit",
        method=f"threshold probability {threshold:g}; {judged.weighted_method}",
        source=ipcw_net_benefit,
    )


def add_risk_groups(records: Records, cohort: Cohort, group: pd.Series) -> pd.DataFrame:
    """Add hazard ratios and cumulative incidence by risk group.

    The hazard ratios are of high against low risk; the cumulative incidence is of recurrence with
    death as a competing event.

    group: `<cohort>: <high|low> risk`, by patient. Training groups come from out-of-fold scores and
    carry no p-value. Returns the curves' points: group, time_months, recurrence and death with
    their intervals.
    """
    outcome, level = followed(cohort), cohort.study.statistics.confidence_level
    group = group.reindex(outcome.index).dropna().astype(str)
    frames = []
    for name in ("training", "validation"):
        if not group.str.startswith(f"{name}:").any():
            continue
        members = outcome.loc[group.index[group.str.startswith(f"{name}:")]]
        add_hazards(
            records,
            members,
            high=group[members.index].str.contains("high"),
            cohort=name,
            level=level,
        )
        for risk in sorted(group[members.index].unique()):
            part = members[group[members.index] == risk]
            frames.append(_incidence(part, risk, level))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=INCIDENCE)


def _incidence(part: pd.DataFrame, risk: str, level: float) -> pd.DataFrame:
    frames = []
    for code, word in ((1, "recurrence"), (2, "death")):
        curve = cumulative_incidence(part["time_months"], part["event"], code, level)
        frames.append(
            pd.DataFrame(
                {
                    "group": risk,
                    "event": word,
                    "time_months": curve.time,
                    "incidence": curve.incidence,
                    "ci_low": curve.ci_low,
                    "ci_high": curve.ci_high,
                    "at_risk": curve.at_risk,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
