"""The scale of a nomogram: points of each variable so that their sum tells the linear predictor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit


@dataclass(frozen=True)
class NomogramAxis:
    """Axis of a nomogram.

    levels: tick values, or a factor's levels by name. contribution: coefficient × level, or the
    level's coefficient. points: 0 at the axis' least contribution.
    """

    levels: NDArray[np.float64]
    contribution: NDArray[np.float64]
    points: NDArray[np.float64]


@dataclass(frozen=True)
class Nomogram:
    """total_points, linear_predictor: ticks of these axes.

    Linear predictor = intercept + total points / points_per_unit.
    """

    axes: dict[str, NomogramAxis]
    total_points: NDArray[np.float64]
    linear_predictor: NDArray[np.float64]
    points_per_unit: float
    intercept: float

    def points_of(self, linear_predictor: Any) -> NDArray[np.float64]:
        """Total points at which the linear predictor has these values."""
        return (np.asarray(linear_predictor, dtype=float) - self.intercept) * self.points_per_unit

    def points_of_risk(self, risk: Any) -> NDArray[np.float64]:
        """Total points at which the risk, a probability, is reached."""
        return self.points_of(logit(np.asarray(risk, dtype=float)))


def pretty_ticks(low: float, high: float, count: int = 5) -> NDArray[np.float64]:
    """About `count` intervals of 1, 2 or 5 × 10^k that cover low to high: R's pretty().

    >>> pretty_ticks(56, 199, 10).tolist()
    [40.0, 60.0, 80.0, 100.0, 120.0, 140.0, 160.0, 180.0, 200.0]
    """
    if not low < high or count < 1:
        raise ValueError(f"low: a range from low to high is needed, got {low:g} to {high:g}")
    cell = (high - low) / count
    base = 10.0 ** np.floor(np.log10(cell))
    bias, bias_of_five = 1.5, 0.5 + 1.5 * 1.5
    unit = base
    for factor, lean in ((2, bias), (5, bias_of_five), (10, bias)):
        if factor * base - cell < lean * (cell - unit):
            unit = factor * base
        else:
            break
    first, last = np.floor(low / unit + 1e-7), np.ceil(high / unit - 1e-7)
    short = count // 3 - (last - first)
    if short > 0:
        first, last = first - short // 2, last + short // 2 + short % 2
    ticks: NDArray[np.float64] = np.round(np.arange(first, last + 1) * unit, 12)
    return ticks


def nomogram_scale(
    coefficients: Mapping[str, float],
    intercept: float,
    ranges: Mapping[str, tuple[float, float]],
    linear_predictor_range: tuple[float, float],
    ticks: int = 10,
    factors: Mapping[str, Mapping[str, float]] | None = None,
) -> Nomogram:
    """Points of each variable: the axis with the largest spread of contributions spans 0 to 100.

    Validated against rms::nomogram.

    coefficients, ranges: of numeric variables; ranges: smallest and largest value in the data, and
    axes run over pretty_ticks of it, so they end outside the data. factors: variable → level →
    coefficient, the reference among them with 0; all levels of a factor stand on one axis.
    linear_predictor_range: of the patients' linear predictors; the axis of total points ends where
    the largest tick of it does.

    >>> float(nomogram_scale({"x": 1.0}, 0.0, {"x": (0, 10)}, (0, 10)).axes["x"].points[-1])
    100.0
    """
    factors = factors or {}
    absent = [name for name in coefficients if name not in ranges]
    if absent or not (coefficients or factors):
        raise ValueError(f"ranges: none given for {', '.join(absent) or 'any variable'}")
    twice = set(coefficients) & set(factors)
    if twice or any(len(each) < 2 for each in factors.values()):
        named = f"{', '.join(sorted(twice))} is a numeric variable as well"
        raise ValueError(f"factors: {named if twice else 'each needs at least two levels'}")
    levels: dict[str, NDArray[np.float64]] = {
        name: pretty_ticks(float(ranges[name][0]), float(ranges[name][1]), ticks)
        for name in coefficients
    }
    contribution = {name: coefficients[name] * levels[name] for name in coefficients}
    levels |= {name: np.array(list(each), dtype=object) for name, each in factors.items()}
    contribution |= {
        name: np.array(list(each.values()), dtype=float) for name, each in factors.items()
    }
    spread = {name: float(np.ptp(values)) for name, values in contribution.items()}
    per_unit = 100 / max(spread.values())
    axes = {
        name: NomogramAxis(levels[name], values, (values - values.min()) * per_unit)
        for name, values in contribution.items()
    }
    start = intercept + float(sum(values.min() for values in contribution.values()))
    linear = pretty_ticks(float(linear_predictor_range[0]), float(linear_predictor_range[1]), ticks)
    return Nomogram(
        axes,
        pretty_ticks(0, float((linear[-1] - start) * per_unit), ticks),
        linear_predictor=linear,
        points_per_unit=per_unit,
        intercept=start,
    )
