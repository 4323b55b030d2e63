"""Forest plot of one model's results by centre or cohort, with mean and prediction interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from analysis.reporting.figures.style import DOUBLE, REFERENCE, SETTINGS, SMALLEST, colour
from analysis.reporting.number_style import format_interval, format_number

# statistic → axis label, unit of the numbers beside it, and the reference line.
PANELS = {
    "auc": ("AUC", "AUC", 0.5),
    "observed_expected": ("O:E (log scale)", "ratio", 1.0),
    "calibration_slope": ("Calibration slope", "slope", 1.0),
}
GREY = "#5b6675"


def _limits(name: str, ends: Sequence[float]) -> tuple[float, float]:
    """Limits of the axis: what all intervals need, within reason.

    A small place's interval must not flatten the others.
    """
    low, high = min(ends), max(ends)
    if name == "auc":
        return max(0.0, min(low, 0.45) - 0.02), 1.0
    return (
        (max(low, 0.1) / 1.1, min(high, 10) * 1.1)
        if name == "observed_expected"
        else (max(low, -3) - 0.1, min(high, 5) + 0.1)
    )


def draw_places(
    rows: pd.DataFrame, pooled: Mapping[str, Mapping[str, float]], model: str, level: float
) -> Figure:
    """Forest plot of a model's statistics by place.

    rows: place, n, events, and each statistic with _low and _high (NaN: too few patients). pooled:
    statistic → value, ci_low, ci_high, prediction_low, prediction_high, for those that were pooled.
    model: id, for its colour. level: of the intervals.
    """
    names = [name for name in PANELS if rows[name].notna().any()]
    count = len(rows) + (2 if pooled else 0)
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            1,
            len(names),
            figsize=(DOUBLE, 0.9 + 0.24 * count),
            sharey=True,
            squeeze=False,
            layout="constrained",
        )
        for axis, name in zip(grid.flat, names, strict=True):
            label, unit, reference = PANELS[name]
            drawn = pooled.get(name)
            ends = [
                *rows[[f"{name}_low", f"{name}_high"]].to_numpy().ravel(),
                *([drawn["prediction_low"], drawn["prediction_high"]] if drawn else []),
            ]
            low, high = _limits(name, [float(each) for each in ends if np.isfinite(each)])
            across = axis.get_yaxis_transform()
            for position, row in enumerate(rows.to_dict("records")):
                if not np.isfinite(row[name]):
                    axis.text(
                        1.02,
                        position,
                        "not estimated",
                        transform=across,
                        va="center",
                        fontsize=SMALLEST,
                        color=GREY,
                    )
                    continue
                axis.plot(
                    [max(row[f"{name}_low"], low), min(row[f"{name}_high"], high)],
                    [position, position],
                    color=GREY,
                    linewidth=1.3,
                    solid_capstyle="butt",
                )
                axis.plot(
                    np.clip(row[name], low, high),
                    position,
                    "s",
                    color=colour(model),
                    markersize=4 + 3 * np.sqrt(row["n"] / rows["n"].max()) / 2,
                )
                axis.text(
                    1.02,
                    position,
                    f"{format_number(row[name], unit)}"
                    f" ({format_interval(row[f'{name}_low'], row[f'{name}_high'], unit)})",
                    transform=across,
                    va="center",
                    fontsize=SMALLEST,
                )
            if drawn:
                at = len(rows)
                axis.add_patch(
                    Polygon(
                        [
                            (drawn["ci_low"], at),
                            (drawn["value"], at - 0.3),
                            (drawn["ci_high"], at),
                            (drawn["value"], at + 0.3),
                        ],
                        closed=True,
                        color=colour(model),
                    )
                )
                axis.text(
                    1.02,
                    at,
                    f"{format_number(drawn['value'], unit)}"
                    f" ({format_interval(drawn['ci_low'], drawn['ci_high'], unit)})",
                    transform=across,
                    va="center",
                    fontsize=SMALLEST,
                    fontweight="bold",
                )
                axis.plot(
                    [max(drawn["prediction_low"], low), min(drawn["prediction_high"], high)],
                    [at + 1, at + 1],
                    color=colour(model),
                    linewidth=2.2,
                    solid_capstyle="butt",
                )
                axis.text(
                    1.02,
                    at + 1,
                    format_interval(drawn["prediction_low"], drawn["prediction_high"], unit),
                    transform=across,
                    va="center",
                    fontsize=SMALLEST,
                )
            axis.axvline(reference, **REFERENCE)
            if name == "observed_expected":
                axis.set_xscale("log")
                ticks = [
                    tick for tick in (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4, 10) if low <= tick <= high
                ]
                axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
                axis.set_xticks([], minor=True)
            axis.set(xlim=(low, high), ylim=(count - 0.5, -0.5), xlabel=label)
            axis.tick_params(axis="y", length=0)
            axis.spines["left"].set_visible(False)
        words = [f"{row.place}, {row.n} ({row.events})" for row in rows.itertuples()] + (
            ["Mean", f"{100 * level:g}% prediction"] if pooled else []
        )
        grid[0, 0].set_yticks(range(count), words)
    return figure
