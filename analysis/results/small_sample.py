"""Sampling variation of the measures in a validation cohort of this size.

It is the yardstick beside the tables that print the measures.
"""

from __future__ import annotations

import math

import pandas as pd

from analysis.results import keys
from analysis.results.performance import evaluable
from analysis.results.record import Records
from analysis.statistics import chance_range
from analysis.study import Statistics

# Of the model that is simulated: one that discriminates as papers of this kind report. It is an
# example, and no estimate of the study's.
AREA = 0.8
SAMPLES = 1000
# Above so many patients chance is no explanation that a reader needs, and the simulation would take
# long.
MOST = 2000
UNITS = {
    "auc": "AUC",
    "observed_expected": "ratio",
    "calibration_slope": "slope",
    "brier": "Brier score",
    "sensitivity": "proportion",
    "specificity": "proportion",
    "net_benefit": "net benefit",
}


def add_small_sample(
    records: Records, predictions: pd.DataFrame, model: str, settings: Statistics, seed: int
) -> None:
    """Add the range of a calibrated model's measures in small samples.

    `small_sample.<measure>`: the truth of a simulated, perfectly calibrated model, and between
    which values its measure falls in samples of as many patients, at the validation cohort's
    prevalence; cut at the reported threshold. Nothing without both outcomes, or in a large cohort.
    """
    rows = evaluable(predictions, model, "validation")
    if rows["label"].nunique() < 2 or len(rows) > MOST:
        return
    n, prevalence = len(rows), float(rows["label"].mean())
    found = chance_range(
        n,
        prevalence,
        area=AREA,
        threshold=settings.reported_threshold,
        level=settings.confidence_level,
        samples=SAMPLES,
        seed=seed,
    )
    records.add(
        keys.small_sample_area(),
        AREA,
        unit="AUC",
        method="simulated model, perfectly calibrated",
        source=chance_range,
    )
    for name, unit in UNITS.items():
        row = found.loc[name]
        # A separated sample has an infinite slope, which no table can hold: the end is then open.
        high = None if math.isinf(row["high"]) else row["high"]
        records.add(
            keys.small_sample(name),
            row["truth"],
            ci_low=row["low"],
            ci_high=high,
            n=n,
            unit=unit,
            source=chance_range,
            method=(
                f"{settings.confidence_level:.0%} range of {SAMPLES} samples, perfectly calibrated"
                f" model, AUC {AREA:g}, cut at {settings.reported_threshold:g}"
            ),
        )
