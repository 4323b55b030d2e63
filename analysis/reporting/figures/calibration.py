"""Calibration curves with the confidence band of one model, over the number of its patients at each
probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.reporting.figures.style import PAGE, REFERENCE, SETTINGS, colour, line

WITHOUT = "#AEB6C1"


@dataclass(frozen=True)
class Histogram:
    """Patients with and without the event at each of the model's probabilities. counts: how, low,
    high, event, patients."""

    model: str
    counts: pd.DataFrame
    event: str = "the event"


def draw_calibration(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    band_of: str,
    histogram: Histogram | None = None,
) -> Figure:
    """points: model, how, predicted, observed, ci_low, ci_high. band_of: the model whose confidence
    band is shaded. histogram: below the curves.
    """
    width = min((PAGE - 1.1) / len(hows), 2.9)
    rows = 1 if histogram is None else 2
    height = width + (0.3 if histogram is None else 0.95)
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            rows,
            len(hows),
            figsize=(width * len(hows) + 1.1, height),
            squeeze=False,
            layout="constrained",
            height_ratios=[4, 1][:rows],
            sharex=True,
            sharey="row",
        )
        for place, how in enumerate(hows):
            axis = grid[0, place]
            curves = {
                model: points[(points["model"] == model) & (points["how"] == how)]
                for model in models
            }
            _draw_curves(axis, curves, labels, band_of)
            ylabel = "Observed proportion" if place == 0 else ""
            axis.set(xlim=(0, 1), ylim=(0, 1), title=labels[how], ylabel=ylabel)
            if histogram is not None:
                _draw_histogram(grid[1, place], histogram, how)
            grid[-1, place].set_xlabel("Predicted probability")
        if histogram is not None:
            grid[1, 0].set_ylabel("Patients")
        drawn = {
            label: handle
            for axis in grid[0]
            for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
        }
        if histogram is not None:
            drawn |= _bars_explained(histogram, labels)
        if drawn:
            figure.legend(
                list(drawn.values()), list(drawn), loc="outside right center", handlelength=2.0
            )
    return figure


def _draw_curves(
    axis: Axes, curves: Mapping[str, pd.DataFrame], labels: Mapping[str, str], band_of: str
) -> None:
    """curves: model → its points; one without any is left out."""
    for model, curve in curves.items():
        if not len(curve):
            continue
        axis.plot(curve["predicted"], curve["observed"], **line(model), label=labels[model])
        if model == band_of:
            axis.fill_between(
                curve["predicted"],
                curve["ci_low"],
                curve["ci_high"],
                color=colour(model),
                alpha=0.15,
                linewidth=0,
            )
    axis.plot([0, 1], [0, 1], **REFERENCE)


def _draw_histogram(axis: Axes, histogram: Histogram, how: str) -> None:
    """Patients with the event above the axis, those without below it."""
    counts = histogram.counts
    part = counts[counts["how"] == how]
    for value, sign, fill in ((1, 1, colour(histogram.model)), (0, -1, WITHOUT)):
        bars = part[part["event"] == value]
        axis.bar(
            bars["low"],
            sign * bars["patients"],
            width=bars["high"] - bars["low"],
            align="edge",
            color=fill,
            edgecolor="white",
            linewidth=0.4,
        )
    axis.axhline(0, color="#333333", linewidth=0.6)
    most = max(int(counts["patients"].max()), 1)
    axis.set(
        ylim=(-1.15 * most, 1.15 * most),
        yticks=[-most, 0, most],
        yticklabels=[str(most), "0", str(most)],
    )


def _bars_explained(histogram: Histogram, labels: Mapping[str, str]) -> dict[str, Rectangle]:
    """The legend's entries for the bars."""
    label, event = labels[histogram.model], histogram.event
    return {
        f"{label}:\n{event}": Rectangle((0, 0), 1, 1, color=colour(histogram.model)),
        f"{label}:\nno {event}": Rectangle((0, 0), 1, 1, color=WITHOUT),
    }
