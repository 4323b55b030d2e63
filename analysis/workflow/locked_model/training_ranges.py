"""What a model was trained on, as ranges, and how far from it a new patient is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
import SimpleITK as sitk

from analysis.cohort.cohort import Cohort
from analysis.core.progress import in_parallel
from analysis.imaging.reading import ImageSource, MaskSource, read_image, read_mask

Place = Literal["inside", "outside", "far"]
Range = Sequence[float]


def place_of(value: float, limits: Range) -> Place:
    """Place of a value in the range seen in training.

    inside: within the range. far: away from it by more than its own width, or than half of its
    larger end where it is narrow. outside: between the two.
    """
    low, high = limits
    width = max(high - low, 0.5 * max(abs(low), abs(high)))
    if low <= value <= high:
        return "inside"
    return "far" if value < low - width or value > high + width else "outside"


def image_traits(image: sitk.Image, mask: sitk.Image) -> dict[str, list[float]]:
    """Traits of an image and its mask.

    spacing_mm along x, y, z; tumour_median: the median value inside the mask; tumour_ml: its
    volume.
    """
    inside = sitk.GetArrayViewFromImage(mask) > 0
    values = sitk.GetArrayViewFromImage(image)[inside]
    return {
        "spacing_mm": list(image.GetSpacing()),
        "tumour_median": [float(np.median(values))],
        "tumour_ml": [float(inside.sum() * np.prod(image.GetSpacing()) / 1000)],
    }


def _one(image: ImageSource, mask: MaskSource) -> dict[str, list[float]]:
    volume = read_image(image, sitk.sitkFloat64)
    return image_traits(volume, read_mask(mask, volume))


def phase_ranges(
    cohort: Cohort, patients: Sequence[str], phases: Sequence[str]
) -> dict[str, dict[str, list[list[float]]]]:
    """phase → trait → [lowest, highest] of each of its numbers among the patients."""
    work = [(phase, patient) for phase in phases for patient in patients]
    found = in_parallel(
        _one,
        [
            (cohort.image_source(patient, phase), cohort.mask_source(patient, phase))
            for phase, patient in work
        ],
        "ranges of the images",
        cohort.study.jobs,
    )
    ranges: dict[str, dict[str, list[list[float]]]] = {}
    for phase in phases:
        rows = [traits for (of, _), traits in zip(work, found, strict=True) if of == phase]
        ranges[phase] = {name: _ranges_of([row[name] for row in rows]) for name in rows[0]}
    return ranges


def _ranges_of(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Lowest and highest value of each column."""
    return [[min(column), max(column)] for column in zip(*rows, strict=True)]


def table_ranges(table: pd.DataFrame) -> dict[str, list[float]]:
    """column → [lowest, highest] of its numbers; columns that hold none are left out."""
    numbers = table.apply(pd.to_numeric, errors="coerce")
    return {
        str(name): [float(column.min()), float(column.max())]
        for name, column in numbers.items()
        if column.notna().any()
    }


def strange_traits(
    traits: dict[str, list[float]], limits: dict[str, list[list[float]]], words: str
) -> tuple[list[str], list[str]]:
    """What is outside, and what is far outside, of the ranges, in words."""
    names = {
        "spacing_mm": "spacing (mm)",
        "tumour_median": "median value inside the tumour",
        "tumour_ml": "tumour volume (ml)",
    }
    outside: list[str] = []
    far: list[str] = []
    for name, values in traits.items():
        for value, limit in zip(values, limits[name], strict=True):
            place = place_of(value, limit)
            if place != "inside":
                (far if place == "far" else outside).append(
                    f"{words}: {names[name]} {value:.4g}, in training {limit[0]:.4g} to"
                    f" {limit[1]:.4g}"
                )
    return outside, far


def strange_values(
    values: pd.Series,
    limits: dict[str, Any],
    labels: dict[str, str],
    logarithmic: Collection[str] = (),
) -> tuple[list[str], list[str]]:
    """Numbers that are outside, and those that are far outside, of the ranges, in words.

    logarithmic: what the model reads as a logarithm, whose distances are judged on that scale.
    """
    outside: list[str] = []
    far: list[str] = []
    for key, value in values.items():
        name = str(key)
        if name not in limits or not np.isfinite(value):
            continue
        low, high = limits[name]
        place = place_of(float(value), (low, high))
        if place == "far" and name in logarithmic and min(low, float(value)) > 0:
            place = place_of(float(np.log2(value)), (float(np.log2(low)), float(np.log2(high))))
        if place != "inside":
            (far if place == "far" else outside).append(
                f"{labels.get(name, name)} {value:.4g}, in training {low:.4g} to {high:.4g}"
            )
    return outside, far
