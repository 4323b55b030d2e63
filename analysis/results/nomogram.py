"""The nomogram of the fused model: each term's points, and the risk at their sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.results import keys
from analysis.results.record import Records
from analysis.statistics import NomogramAxis, nomogram_scale
from analysis.study.level_label import level_label
from models.clinical import variable_of
from models.fusion import CLIP, Formula, FusionModel, as_score, nomogram_terms

RISKS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
TICKS = 6
# Leading digits of the ticks of a logarithmic axis.
DIGITS = (1, 2, 3, 4, 5, 6, 8)
COLUMNS = ["axis", "label", "tick", "points", "total_points"]


def _tick(level: float | str) -> str:
    return level_label(level) if isinstance(level, str) else f"{level:.3g}"


def _logarithmic_ticks(axis: NomogramAxis) -> list[tuple[str, float]]:
    """Round values of a variable that enters by its base-2 logarithm, and their points.

    The ends of the axis are there too.
    """
    first, last = float(axis.levels[0]), float(axis.levels[-1])
    decades = range(int(np.floor(first * np.log10(2))), int(np.ceil(last * np.log10(2))) + 1)
    values = [digit * 10.0**decade for decade in decades for digit in DIGITS]
    inside = [value for value in values if first <= np.log2(value) <= last]
    points = np.interp(np.log2(inside), [first, last], [axis.points[0], axis.points[-1]])
    ticks = {float(point): f"{value:.3g}" for value, point in zip(inside, points, strict=True)}
    ends = {float(axis.points[end]): f"{2 ** float(axis.levels[end]):.3g}" for end in (0, -1)}
    return [(number, point) for point, number in sorted((ends | ticks).items())]


def _ticks(term: str, axis: NomogramAxis, formula: Formula) -> list[tuple[str, float]]:
    if term in formula.logarithmic:
        return _logarithmic_ticks(axis)
    return [
        (_tick(level), float(point)) for level, point in zip(axis.levels, axis.points, strict=True)
    ]


def add_nomogram(
    records: Records,
    model: str,
    formula: Formula,
    labels: dict[str, str],
    levels: Mapping[str, Sequence[str | int]],
) -> pd.DataFrame:
    """Add `nomogram.*` of a fusion, and return the axes' ticks.

    labels: name of each term; levels: of each factor, the reference first. The ticks
    have axis, label (of a term), tick, points and total_points.

    A factor is one axis with all its levels. Axes run over pretty values of the learning patients'
    range. A term of a spline has no straight axis: then there are no ticks, and
    `nomogram.not_drawn` says why.
    """
    records.add(keys.nomogram_model(), model, source=FusionModel)
    records.add(keys.nomogram_intercept(), formula.intercept, unit="log odds", source=FusionModel)
    records.add(
        keys.nomogram_clip(),
        CLIP,
        unit="probability",
        source=as_score,
    )
    for term, slope in formula.slopes.items():
        factor, _, level = term.partition("=")
        if term in formula.logarithmic:
            per = "doubling"
        else:
            per = "level" if level else "unit"
        records.add(keys.nomogram_slope(term), slope, unit="log odds", source=FusionModel)
        records.add(keys.nomogram_scale(term), per, source=FusionModel)
        if level:
            records.add(keys.nomogram_reference(term), str(levels[factor][0]), source=FusionModel)
    curved = sorted(
        {labels.get(variable_of(term), term) for term in formula.slopes if term.endswith("'")}
    )
    if curved:
        records.add(keys.nomogram_not_drawn(), curved, source=add_nomogram)
        return pd.DataFrame(columns=COLUMNS)
    numeric, factors, constant = nomogram_terms(formula, levels)
    scale = nomogram_scale(
        numeric,
        formula.intercept + constant,
        ranges=formula.ranges,
        linear_predictor_range=formula.linear_range,
        ticks=TICKS,
        factors=factors,
    )
    rows = [
        {"axis": "points", "tick": f"{value:g}", "points": value} for value in np.arange(0, 101, 10)
    ]
    for term, axis in scale.axes.items():
        name = labels.get(term, term)
        rows += [
            {"axis": term, "label": name, "tick": tick, "points": points}
            for tick, points in _ticks(term, axis, formula)
        ]
    rows += [
        {"axis": "total", "tick": f"{value:g}", "total_points": value}
        for value in scale.total_points
    ]
    low, high = expit(scale.linear_predictor[0]), expit(scale.linear_predictor[-1])
    rows += [
        {
            "axis": "risk",
            "tick": f"{risk:g}",
            "total_points": float(scale.points_of_risk(risk)),
        }
        for risk in RISKS
        if low <= risk <= high
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def add_worked_patient(records: Records, ticks: pd.DataFrame) -> pd.DataFrame:
    """A made-up patient read off the nomogram: axis, tick, points; empty where there is no risk.

    The value is the tick in the middle of each axis. `nomogram.example.points` and `.risk`: the sum
    of the points, and the risk there; log odds are a line over total points, so two ticks of the
    risk tell it.
    """
    terms = ticks[~ticks["axis"].isin(["points", "total", "risk"])]
    risk = ticks[ticks["axis"] == "risk"]
    if terms.empty or len(risk) < 2:
        return pd.DataFrame(columns=["axis", "tick", "points"])
    middle = pd.DataFrame(
        [
            rows.sort_values("points").iloc[len(rows) // 2][["axis", "tick", "points"]]
            for _, rows in terms.groupby("axis", sort=False)
        ]
    ).reset_index(drop=True)
    total = float(middle["points"].sum())
    ends = risk.iloc[[0, -1]]
    slope, intercept = np.polyfit(
        ends["total_points"].astype(float), logit(ends["tick"].astype(float)), 1
    )
    method = "middle tick of each axis"
    records.add(
        keys.nomogram_example_points(),
        total,
        unit="points",
        method=method,
        source=add_worked_patient,
    )
    records.add(
        keys.nomogram_example_risk(),
        float(expit(intercept + slope * total)),
        unit="probability",
        method=method,
        source=add_worked_patient,
    )
    return middle
