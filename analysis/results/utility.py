"""Clinical utility of every model that gives probabilities."""

from __future__ import annotations

from operator import itemgetter

import numpy as np
import pandas as pd

from analysis.results import keys
from analysis.results.performance import (
    ON_TRAINING,
    both_classes,
    evaluable,
    hows,
    with_probability,
)
from analysis.results.record import Records
from analysis.results.repeats import over_repeats
from analysis.statistics import (
    interventions_avoided,
    net_benefit_at_prevalence,
    net_benefit_gain,
    net_benefit_interval,
    net_benefit_treat_all,
    standardized_net_benefit,
)
from analysis.study import Statistics


def reported_thresholds(settings: Statistics) -> list[float]:
    """Five thresholds across the study's range, and the reported one."""
    return sorted(
        {*np.round(np.linspace(*settings.thresholds, 5), 6).tolist(), settings.reported_threshold}
    )


def add_utility(
    records: Records, predictions: pd.DataFrame, settings: Statistics, seed: int
) -> None:
    """Add the net benefit of the models at the reported thresholds.

    `net_benefit.<model>.<how>.<percent>` with bootstrap interval, its standardized form, the
    interventions avoided and, where the study file names a target prevalence,
    `net_benefit_target.…` there.
    """
    thresholds = reported_thresholds(settings)
    for model, how, learnt, parts in with_probability(predictions):
        label = parts[0][0]
        each = [
            net_benefit_interval(
                *part, thresholds, settings.bootstrap_resamples, seed, settings.confidence_level
            )
            for part in parts
        ]
        intervals = [over_repeats(each, itemgetter(place)) for place in range(len(thresholds))]
        standardized, avoided = (
            np.mean([function(*part, thresholds) for part in parts], axis=0)
            for function in (standardized_net_benefit, interventions_avoided)
        )
        at_target = (
            [
                net_benefit_at_prevalence(
                    *part, thresholds, settings.target_prevalence, settings.confidence_level
                )
                for part in parts
            ]
            if settings.target_prevalence
            else []
        )
        target = (
            [over_repeats(at_target, itemgetter(place)) for place in range(len(thresholds))]
            if at_target
            else []
        )
        for place, threshold in enumerate(thresholds):
            parts_of = (model, how, f"{100 * threshold:g}")
            method = f"threshold probability {threshold:g}; {learnt}"
            records.add(
                keys.net_benefit(*parts_of),
                intervals[place].value,
                estimate=intervals[place],
                unit="net benefit",
                method=f"bootstrap interval; {method}",
                source=net_benefit_interval,
            )
            records.add(
                keys.standardized_net_benefit(*parts_of),
                standardized[place],
                n=len(label),
                unit="net benefit",
                method=f"net benefit / prevalence; {method}",
                source=standardized_net_benefit,
            )
            if target:
                records.add(
                    keys.net_benefit_target(*parts_of),
                    target[place].value,
                    estimate=target[place],
                    unit="net benefit",
                    method=(
                        f"prevalence of {settings.target_prevalence:g}, hybrid score interval of"
                        f" sensitivity and specificity; {method}"
                    ),
                    source=net_benefit_at_prevalence,
                )
            records.add(
                keys.interventions_avoided(*parts_of),
                avoided[place],
                n=len(label),
                unit="per 100 patients",
                method=f"against treating all; {method}",
                source=interventions_avoided,
            )
    for how in hows(predictions):
        rows = max(
            (
                evaluable(predictions, model, how, "probability")
                for model in predictions["model"].unique()
            ),
            key=len,
        )
        if both_classes(rows):
            for threshold, value in zip(
                thresholds, net_benefit_treat_all(rows["label"].to_numpy(), thresholds), strict=True
            ):
                records.add(
                    keys.net_benefit(keys.TREAT_ALL, how, f"{100 * threshold:g}"),
                    value,
                    n=len(rows),
                    unit="net benefit",
                    method=f"threshold probability {threshold:g}",
                    source=net_benefit_treat_all,
                )


def claimed_thresholds(settings: Statistics) -> list[float]:
    """Threshold probabilities at which a claim of net benefit has to stand.

    The thresholds are a hundredth apart and both ends are among them; the claim has to stand at all
    of them.
    """
    low, high = settings.claimed_thresholds
    return sorted(
        {low, *[round(each / 100, 2) for each in range(1, 100) if low < each / 100 < high], high}
    )


def add_net_benefit_gain(
    records: Records, predictions: pd.DataFrame, model: str, settings: Statistics
) -> None:
    """Add the gain in net benefit over the better of treating all and none.

    `net_benefit_gain.<model>.<how>`: the gain over the better of treating all and treating none, in
    validation and in each cohort beyond it: value and both limits are the smallest over the range
    that the study file names, so that a lower limit above zero stands at each of its thresholds.
    """
    thresholds = claimed_thresholds(settings)
    for name, how, learnt, parts in with_probability(predictions):
        if name == model and how not in ON_TRAINING:
            label, probability = parts[0]
            gains = [
                net_benefit_gain(label, probability, threshold, settings.confidence_level)
                for threshold in thresholds
            ]
            low, high = min(each.ci_low for each in gains), min(each.ci_high for each in gains)
            method = (
                f"threshold probability {thresholds[0]:g}"
                if len(thresholds) == 1
                else (
                    f"smallest over threshold probabilities {thresholds[0]:g} to {thresholds[-1]:g}"
                )
            )
            records.add(
                keys.net_benefit_gain(model, how),
                min(each.value for each in gains),
                ci_low=low,
                ci_high=high,
                n=len(label),
                unit="net benefit difference",
                method=(
                    "gain over treating all and treating none, exact conditional limits;"
                    f" {method}; {learnt}"
                ),
                source=net_benefit_gain,
            )
