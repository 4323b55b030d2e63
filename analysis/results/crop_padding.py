"""How much of the crops lies beyond the images, and whether that goes with the outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.inputs.crops import (
    PhasePadding,
    crop_padding,
    is_worth_telling,
    padding_by_phase,
)
from analysis.results import keys
from analysis.results.quality_measures import CROP_BEYOND, CROP_OVER_HALF, CROP_OVER_TENTH
from analysis.results.record import Records
from analysis.training.leakage.crop_padding import judged_padding, padding_outcome


@dataclass(frozen=True)
class CropPadding:
    """Padding of the crops, for tables.

    rows: of the table of quality by phase; tables: `tables/crop_padding`, patients × phases. Both
    are empty where padding is rare and small, or no network sees a crop.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def _add_phase(records: Records, each: PhasePadding) -> list[dict[str, Any]]:
    records.add(
        keys.crop_beyond(each.phase),
        each.median,
        ci_low=each.lowest,
        ci_high=each.highest,
        n=each.patients,
        unit="proportion",
        method="median, lowest and highest over patients",
        source=crop_padding,
    )
    for quantity, count in (
        (keys.crop_over_tenth_n, each.over_tenth),
        (keys.crop_over_half_n, each.over_half),
    ):
        records.add(
            quantity(each.phase),
            count,
            n=each.patients,
            unit="patients",
            source=crop_padding,
        )
    return [
        {"phase": each.phase, "measure": measure, "median": value, "low": low, "high": high}
        for measure, value, low, high in (
            (CROP_BEYOND, each.median, each.lowest, each.highest),
            (CROP_OVER_TENTH, each.over_tenth, 0, 0),
            (CROP_OVER_HALF, each.over_half, 0, 0),
        )
    ]


def add_crop_padding(records: Records, cohort: Cohort) -> CropPadding:
    """Add `crop.beyond`, `crop.over_tenth` and `crop.over_half` by phase, and `crop.padding.auc`.

    Nothing where padding is rare and small. The AUC is reported and nothing is fitted to it.
    """
    if cohort.study.deep_learning is None:
        return CropPadding()
    shares = crop_padding(cohort)
    if not is_worth_telling(shares):
        return CropPadding()
    rows = [row for each in padding_by_phase(shares) for row in _add_phase(records, each)]
    found = judged_padding(cohort, shares)
    if found is not None:
        records.add(
            keys.crop_padding_auc(),
            found.area,
            ci_low=found.low,
            ci_high=found.high,
            p=found.p,
            n=found.patients,
            unit="AUC",
            method="training patients; mean share over phases; P by the Mann-Whitney test",
            source=padding_outcome,
        )
        records.add(
            keys.crop_padding_direction(),
            "larger" if found.more_with_event else "smaller",
            source=padding_outcome,
        )
    table = shares.reset_index()
    table.insert(1, "cohort", cohort.cohort[shares.index].to_numpy())
    return CropPadding(rows, {"tables/crop_padding": table})
