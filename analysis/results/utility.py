"""Clinical utility of every model that gives probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.results.performance import both_classes, evaluable, hows, with_probability
from analysis.results.record import Records
from analysis.statistics import interventions_avoided, net_benefit_interval, net_benefit_treat_all, standardized_net_benefit
from analysis.study import Statistics


def reported_thresholds(settings: Statistics) -> list[float]:
    """Five thresholds across the study's range, and the reported one."""
    return sorted({*np.round(np.linspace(*settings.thresholds, 5), 6).tolist(), settings.reported_threshold})


def add_utility(records: Records, predictions: pd.DataFrame, settings: Statistics, seed: int) -> None:
    """`net_benefit.<model>.<how>.<percent>` with bootstrap interval, its standardized form and the interventions avoided."""
    thresholds = reported_thresholds(settings)
    for model, how, learnt, label, probability in with_probability(predictions):
        intervals = net_benefit_interval(label, probability, thresholds, settings.bootstrap_resamples, seed, settings.confidence_level)
        standardized, avoided = (function(label, probability, thresholds) for function in (standardized_net_benefit, interventions_avoided))
        for place, threshold in enumerate(thresholds):
            key, words = f"{model}.{how}.{100 * threshold:g}", f"threshold probability {threshold:g}; {learnt}"
            records.add(f"net_benefit.{key}", intervals[place].value, estimate=intervals[place], unit="net benefit", method=f"bootstrap interval; {words}", source="net_benefit_interval")
            records.add(f"standardized_net_benefit.{key}", standardized[place], n=len(label), unit="net benefit", method=f"net benefit / prevalence; {words}", source="standardized_net_benefit")
            records.add(f"interventions_avoided.{key}", avoided[place], n=len(label), unit="per 100 patients", method=f"against treating all; {words}", source="interventions_avoided")
    for how in hows(predictions):
        rows = max((evaluable(predictions, model, how, "probability") for model in predictions["model"].unique()), key=len)
        if both_classes(rows):
            for threshold, value in zip(thresholds, net_benefit_treat_all(rows["label"].to_numpy(), thresholds), strict=True):
                records.add(f"net_benefit.treat_all.{how}.{100 * threshold:g}", value, n=len(rows), unit="net benefit", method=f"threshold probability {threshold:g}", source="net_benefit_treat_all")


def add_net_benefit_range(records: Records, points: pd.DataFrame, model: str) -> None:
    """`net_benefit_range.<model>.validation.low` and `.high`: the longest uninterrupted range of thresholds, of those of the
    curve, in which the model's net benefit exceeds those of treating all and of treating none; both undefined where there is none."""
    curves = points[points["how"] == "validation"].pivot(index="threshold", columns="model", values="net_benefit").sort_index()
    if model not in curves:
        return
    better = (curves[model] > curves[["treat_all", "treat_none"]].max(axis=1)).to_numpy()
    # Runs of consecutive thresholds: where the comparison changes, a new one starts.
    runs = [part for part in np.split(np.arange(len(better)), np.flatnonzero(np.diff(better)) + 1) if better[part[0]]]
    longest = max(runs, key=len) if runs else None
    for end, place in (("low", 0), ("high", -1)):
        records.add(f"net_benefit_range.{model}.validation.{end}", None if longest is None else round(float(curves.index[longest[place]]), 6), unit="probability",
                    method="estimated net benefit above those of treating all and of treating none", source="add_net_benefit_range")
