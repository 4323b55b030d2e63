"""Best model in subgroups and under other choices of the analysis; small groups are suppressed."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.cohort.endpoint import label_at_horizon
from analysis.results import keys
from analysis.results.performance import evaluable, evaluable_repeats, hows, rows_of
from analysis.results.place_names import LEAST_OF_EITHER
from analysis.results.record import Records
from analysis.results.repeats import over_repeats, repeat_numbers
from analysis.statistics import (
    auc_interval,
    classification_metrics,
    level_order,
    observed_expected_ratio,
)
from analysis.study.level_label import level_label

HORIZONS = (12.0, 24.0)
COLUMNS = ["analysis", "group", "level", "how", "n", "events", "auc", "ci_low", "ci_high"]


def _levels(cohort: Cohort) -> Iterator[tuple[str, str, pd.Index, bool]]:
    """Subgroup's title, its level's, the patients in it, and whether it is a group of fairness."""
    dictionary = cohort.dictionary
    for subgroup in cohort.study.subgroups:
        values = cohort.clinical[subgroup.variable]
        variable = dictionary.variables.get(subgroup.variable) if dictionary else None
        title = variable.label if variable else subgroup.variable
        if subgroup.cut is not None:
            unit = (
                f" {variable.unit}"
                if variable and variable.unit not in (None, "1", "count")
                else ""
            )
            numbers = pd.to_numeric(values)
            yield (
                title,
                f"≤ {subgroup.cut:g}{unit}",
                numbers.index[numbers <= subgroup.cut],
                subgroup.fairness,
            )
            yield (
                title,
                f"> {subgroup.cut:g}{unit}",
                numbers.index[numbers > subgroup.cut],
                subgroup.fairness,
            )
        elif variable is not None and variable.type == "binary":
            for value, word in ((0, "no"), (1, "yes")):
                yield title, word, values.index[values == value], subgroup.fairness
        else:
            for level in level_order(
                values.dropna().astype(str), variable.levels if variable else None
            ):
                yield (
                    title,
                    level_label(level),
                    values.index[values.astype("string") == level],
                    subgroup.fairness,
                )


def _row(
    parts: list[pd.DataFrame],
    how: str,
    confidence: float,
    *,
    analysis: str = "subgroup",
    group: str = "",
    level: str = "",
) -> dict:
    """parts: the group's rows in each repeat of the folds."""
    rows = parts[0]
    events = int(rows["label"].sum())
    row = {
        "analysis": analysis,
        "group": group,
        "level": level,
        "how": how,
        "n": len(rows),
        "events": events,
        "auc": None,
        "ci_low": None,
        "ci_high": None,
    }
    if min(events, len(rows) - events) >= LEAST_OF_EITHER:
        found = over_repeats(
            parts,
            lambda part: auc_interval(
                part["label"].to_numpy(dtype=float),
                part["score"].to_numpy(dtype=float),
                level=confidence,
            ),
        )
        row |= {
            "auc": found.auc if hasattr(found, "auc") else found.value,
            "ci_low": found.ci_low,
            "ci_high": found.ci_high,
        }
    return row


def _of(parts: list[pd.DataFrame], patients: pd.Index) -> list[pd.DataFrame]:
    return [rows.loc[rows.index.intersection(patients)] for rows in parts]


def subgroup_table(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, model: str
) -> pd.DataFrame:
    """AUC of one model in subgroups, then at other horizons and in complete cases alone.

    Columns: analysis (all_patients, subgroup, complete_cases or other_horizon), group and level of
    a subgroup (level: the months of another horizon), how, n, events, auc with CI.

    Empty AUC: fewer than ten of either outcome. No test between groups: the study was not sized for
    one.
    """
    confidence, found = cohort.study.statistics.confidence_level, []
    ways = [how for how in hows(predictions)[1:] if len(evaluable(predictions, model, how))]
    for how in ways:
        parts = evaluable_repeats(predictions, model, how)
        found.append(_row(parts, how, confidence, analysis="all_patients"))
        found += [
            _row(_of(parts, patients), how, confidence, group=group, level=level)
            for group, level, patients, _ in _levels(cohort)
        ]
        if cohort.study.clinical is not None:
            complete = cohort.patients[
                cohort.clinical[list(cohort.study.clinical.candidates)].notna().all(axis=1)
            ]
            found.append(_row(_of(parts, complete), how, confidence, analysis="complete_cases"))
        if cohort.outcome["time_months"].notna().any():
            scored = [
                rows_of(predictions, model, how, repeat)
                .dropna(subset=["score"])
                .set_index("patient_id")
                for repeat in repeat_numbers(predictions, how)
            ]
            for horizon in HORIZONS:
                label = label_at_horizon(
                    cohort.outcome["time_months"],
                    cohort.outcome["event_type"],
                    horizon=horizon,
                    event=cohort.study.endpoint.event,
                    tolerated=cohort.outcome.get("tolerated_months"),
                )
                known = [
                    part.assign(label=label.reindex(part.index)).dropna(subset=["label"])
                    for part in scored
                ]
                found.append(
                    _row(known, how, confidence, analysis="other_horizon", level=f"{horizon:g}")
                )
    frame = pd.DataFrame(found, columns=COLUMNS)
    records.add(keys.subgroups_n(), len(frame), unit="groups", source=subgroup_table)
    records.add(
        keys.subgroups_suppressed_n(),
        int(frame["auc"].isna().sum()),
        n=len(frame),
        unit="groups",
        method=f"fewer than {LEAST_OF_EITHER} patients of either outcome",
        source=subgroup_table,
    )
    records.add(keys.subgroups_least(), LEAST_OF_EITHER, unit="patients", source=subgroup_table)
    return frame


def fairness_table(
    records: Records, cohort: Cohort, predictions: pd.DataFrame, model: str
) -> pd.DataFrame:
    """Table of a model's sensitivity, specificity and O:E by subgroup.

    group, level, how, n, events, sensitivity, specificity, observed_expected (with _low and _high)
    of one model at its cut-off.

    Empty where the group has fewer than ten patients of either outcome, or the model no cut-off.
    """
    settings, found = cohort.study.statistics, []
    cutoff = records.value(keys.cutoff(model)) if keys.cutoff(model) in records else None
    for how in hows(predictions)[1:]:
        repeats = evaluable_repeats(predictions, model, how, "probability")
        if repeats[0].empty:
            continue
        for group, level, patients, fairness in _levels(cohort):
            if not fairness:
                continue
            parts = _of(repeats, patients)
            size, events = len(parts[0]), int(parts[0]["label"].sum())
            row = {"group": group, "level": level, "how": how, "n": size, "events": events}
            if min(events, size - events) >= LEAST_OF_EITHER and cutoff is not None:
                metrics = [
                    classification_metrics(
                        part["label"].to_numpy(),
                        part["score"].to_numpy(),
                        cutoff=cutoff,
                        level=settings.confidence_level,
                        interval="exact",
                    )
                    for part in parts
                ]
                estimates = {
                    name: over_repeats(metrics, itemgetter(name))
                    for name in ("sensitivity", "specificity")
                }
                estimates["observed_expected"] = over_repeats(
                    parts,
                    lambda part: observed_expected_ratio(
                        part["label"].to_numpy(),
                        part["probability"].to_numpy(),
                        settings.confidence_level,
                    ),
                )
                for name, value in estimates.items():
                    row |= {
                        name: value.value,
                        f"{name}_low": value.ci_low,
                        f"{name}_high": value.ci_high,
                    }
            found.append(row)
    names = [
        f"{name}{end}"
        for name in ("sensitivity", "specificity", "observed_expected")
        for end in ("", "_low", "_high")
    ]
    return pd.DataFrame(found, columns=["group", "level", "how", "n", "events", *names])
