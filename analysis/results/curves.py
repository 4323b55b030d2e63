"""Points of the curves that the figures draw."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import write_atomically
from analysis.core.safe_csv import csv_text
from analysis.results.performance import both_classes, evaluable, evaluable_repeats, hows
from analysis.results.repeats import over_repeats
from analysis.statistics import (
    calibration_curve,
    calibration_groups,
    kaplan_meier,
    level_order,
    net_benefit,
    net_benefit_interval,
    net_benefit_treat_all,
    proportion,
    roc_band,
    roc_curve,
    threshold_grid,
)
from analysis.study import Statistics

# Patients in each group of a calibration plot, and the most groups.
GROUP_SIZE, MOST_GROUPS = 10, 10


def roc_points(predictions: pd.DataFrame) -> pd.DataFrame:
    """ROC curve of every model and way of judging.

    With repeated folds it is the mean of the curves, whose area is the mean of theirs.
    """
    frames = []
    for model in predictions["model"].unique():
        for how in hows(predictions):
            parts = evaluable_repeats(predictions, model, how)
            if all(both_classes(rows) for rows in parts):
                curves = [
                    roc_curve(rows["label"].to_numpy(), rows["score"].to_numpy()) for rows in parts
                ]
                false_positive, true_positive = mean_curve(
                    [(curve.false_positive_rate, curve.true_positive_rate) for curve in curves]
                )
                frames.append(
                    pd.DataFrame(
                        {
                            "model": model,
                            "how": how,
                            "false_positive_rate": false_positive,
                            "true_positive_rate": true_positive,
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True)


def roc_band_points(
    predictions: pd.DataFrame, model: str, settings: Statistics, seed: int
) -> pd.DataFrame:
    """Pointwise bootstrap band of a model's ROC curve: how, false_positive_rate, ci_low, ci_high.

    With repeated folds either limit is the mean over the repeats, as that of an AUC.
    """
    columns = ["how", "false_positive_rate", "ci_low", "ci_high"]
    frames = []
    for how in hows(predictions):
        parts = evaluable_repeats(predictions, model, how)
        if not all(both_classes(rows) for rows in parts):
            continue
        bands = [
            roc_band(
                rows["label"].to_numpy(),
                rows["score"].to_numpy(),
                resamples=settings.bootstrap_resamples,
                seed=seed,
                level=settings.confidence_level,
            )
            for rows in parts
        ]
        frames.append(
            pd.DataFrame(
                {
                    "how": how,
                    "false_positive_rate": bands[0].false_positive_rate,
                    "ci_low": np.mean([band.ci_low for band in bands], axis=0),
                    "ci_high": np.mean([band.ci_high for band in bands], axis=0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def mean_curve(curves: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Mean height of rising curves (x, y) that may rise vertically at an x; one curve is itself."""
    if len(curves) == 1:
        return curves[0]
    places = np.unique(np.concatenate([x for x, _ in curves]))
    heights = []
    for x, y in curves:
        distinct, first = np.unique(x, return_index=True)
        last = np.r_[first[1:] - 1, len(x) - 1]
        # At a place of its own a curve goes from its lowest to its highest point there; between two
        # it is a line.
        low, high = y[first], y[last]
        after = np.searchsorted(distinct, places)
        before = np.maximum(after - 1, 0)
        own = distinct[after] == places
        share = np.where(
            own,
            0.0,
            (places - distinct[before]) / np.where(own, 1.0, distinct[after] - distinct[before]),
        )
        line = high[before] + share * (low[after] - high[before])
        heights.append((np.where(own, low[after], line), np.where(own, high[after], line)))
    low, high = (np.mean([pair[end] for pair in heights], axis=0) for end in (0, 1))
    return np.repeat(places, 2), np.column_stack([low, high]).ravel()


def calibration_points(predictions: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """Flexible calibration curves of the models.

    They are of the models whose probabilities vary enough for loess; of repeated folds that of the
    first.
    """
    frames = []
    for model in models:
        for how in hows(predictions)[1:]:
            rows = evaluable(predictions, model, how, "probability")
            if not both_classes(rows):
                continue
            try:
                curve = calibration_curve(rows["label"].to_numpy(), rows["probability"].to_numpy())
            except ValueError:
                # Too few distinct probabilities: the table's intercept and slope carry the
                # statement.
                continue
            frames.append(
                pd.DataFrame(
                    {
                        "model": model,
                        "how": how,
                        "predicted": curve.predicted,
                        "observed": curve.observed,
                        "ci_low": curve.ci_low,
                        "ci_high": curve.ci_high,
                    }
                )
            )
    columns = ["model", "how", "predicted", "observed", "ci_low", "ci_high"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def calibration_group_points(
    predictions: pd.DataFrame, model: str, settings: Statistics
) -> pd.DataFrame:
    """Observed proportions of grouped patients for the calibration plot.

    Observed proportion in groups of a model's patients of nearly equal size, by its probability
    (first repeat of the folds): how, predicted (mean of the group), observed, ci_low, ci_high, n.

    At most MOST_GROUPS groups, and no more than one for GROUP_SIZE patients; the intervals are
    those of the study's proportions.
    """
    columns = ["how", "predicted", "observed", "ci_low", "ci_high", "n"]
    # A bootstrap of so few patients is no interval; Wilson's stands in.
    method = "exact" if settings.proportion_interval == "exact" else "wilson"
    rows = []
    for how in hows(predictions)[1:]:
        patients = evaluable(predictions, model, how, "probability")
        count = min(MOST_GROUPS, len(patients) // GROUP_SIZE)
        if count < 2:
            continue
        groups = calibration_groups(
            patients["label"].to_numpy(), patients["probability"].to_numpy(), count
        )
        for size, predicted, observed in zip(
            groups.n, groups.mean_probability, groups.observed, strict=True
        ):
            estimate = proportion(
                round(observed * size), int(size), settings.confidence_level, method
            )
            rows.append(
                {
                    "how": how,
                    "predicted": predicted,
                    "observed": estimate.value,
                    "ci_low": estimate.ci_low,
                    "ci_high": estimate.ci_high,
                    "n": int(size),
                }
            )
    return pd.DataFrame(rows, columns=columns)


def probability_counts(predictions: pd.DataFrame, model: str, bins: int = 20) -> pd.DataFrame:
    """Histogram of a model's probabilities by outcome.

    How many patients with and without the event have a probability of the model in each of `bins`
    equal parts of 0 to 1 (first repeat of the folds): how, low, high, event, patients. It stands
    under the calibration curve, which says nothing where there are no patients.
    """
    edges = (
        np.arange(bins + 1) / bins
    )  # linspace has .15 a rounding higher, and a probability of .15 below it
    frames = []
    for how in hows(predictions)[1:]:
        rows = evaluable(predictions, model, how, "probability")
        for event in (0, 1):
            counts = np.histogram(rows.loc[rows["label"] == event, "probability"], bins=edges)[0]
            frames.append(
                pd.DataFrame(
                    {
                        "how": how,
                        "low": edges[:-1],
                        "high": edges[1:],
                        "event": event,
                        "patients": counts,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def decision_points(
    predictions: pd.DataFrame, settings: Statistics, band_of: str, seed: int
) -> pd.DataFrame:
    """Net benefit over the study's thresholds.

    The columns are model, how, threshold, net_benefit, and the interval of one model.
    """
    thresholds = threshold_grid(*settings.thresholds)
    frames = []
    for how in hows(predictions):
        drawn = None
        for model in predictions["model"].unique():
            parts = evaluable_repeats(predictions, model, how, "probability")
            if all(both_classes(rows) for rows in parts):
                rows, pairs = (
                    parts[0],
                    [(part["label"].to_numpy(), part["probability"].to_numpy()) for part in parts],
                )
                points = pd.DataFrame(
                    {
                        "model": model,
                        "how": how,
                        "threshold": thresholds,
                        "net_benefit": np.mean(
                            [net_benefit(*pair, thresholds) for pair in pairs], axis=0
                        ),
                    }
                )
                if model == band_of:
                    each = [
                        net_benefit_interval(
                            *pair,
                            thresholds,
                            settings.bootstrap_resamples,
                            seed,
                            settings.confidence_level,
                        )
                        for pair in pairs
                    ]
                    band = [
                        over_repeats(each, itemgetter(place)) for place in range(len(thresholds))
                    ]
                    points = points.assign(
                        ci_low=[each.ci_low for each in band],
                        ci_high=[each.ci_high for each in band],
                    )
                frames.append(points)
                drawn = rows if drawn is None or len(rows) > len(drawn) else drawn
        if drawn is not None:
            frames.append(
                pd.DataFrame(
                    {
                        "model": "treat_all",
                        "how": how,
                        "threshold": thresholds,
                        "net_benefit": net_benefit_treat_all(drawn["label"].to_numpy(), thresholds),
                    }
                )
            )
            frames.append(
                pd.DataFrame(
                    {"model": "treat_none", "how": how, "threshold": thresholds, "net_benefit": 0.0}
                )
            )
    # Scores without probabilities have no net benefit.
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=["model", "how", "threshold", "net_benefit"])
    )


def survival_points(time: pd.Series, event: pd.Series, group: pd.Series) -> pd.DataFrame:
    """Kaplan-Meier curve of each group: time_months, survival, ci_low, ci_high, at_risk.

    In the order of the group's categories, or by name where it has none.
    """
    frames, present = [], set(group.dropna())
    for name in (
        [each for each in group.cat.categories if each in present]
        if isinstance(group.dtype, pd.CategoricalDtype)
        else level_order(present)
    ):
        members = group.index[(group == name) & time.notna()]
        curve = kaplan_meier(time[members].to_numpy(), event[members].to_numpy())
        frames.append(
            pd.DataFrame(
                {
                    "group": name,
                    "time_months": curve.time,
                    "survival": curve.survival,
                    "ci_low": curve.ci_low,
                    "ci_high": curve.ci_high,
                    "at_risk": curve.at_risk,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def stage_points(cohort: Cohort, levels: pd.DataFrame) -> pd.DataFrame:
    """Kaplan-Meier curve of every level of each system: group `<system>: <level>`.

    A system is a column of levels, an ordered categorical.

    Levels stand from the best to the worst, as the figure's colours do; their names have no such
    order (Ia, IIIa, Ib; 10, 2).
    """
    outcome = cohort.outcome.loc[levels.index]
    event = (outcome["event_type"] != "censored").astype(int)
    frames = [
        survival_points(
            outcome["time_months"],
            event,
            levels[name].cat.rename_categories(lambda level, name=name: f"{name}: {level}"),
        )
        for name in levels
    ]
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(
            columns=["group", "time_months", "survival", "ci_low", "ci_high", "at_risk"]
        )
    )


def write_curves(folder: Path, curves: dict[str, pd.DataFrame]) -> None:
    """Writes the points of each curve to `<name>.csv` in the folder."""
    for name, points in curves.items():
        write_atomically(
            folder / f"{name}.csv", csv_text(points, index=False, float_format="%.10g")
        )
