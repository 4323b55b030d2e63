"""Figure of calibration curves over the distribution of probabilities.

The curves have the confidence band of one model, its grouped patients and its measures. They stand
over the number of its patients at each probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SINGLE,
    SMALLEST,
    colour,
    letter_panels,
    line,
    starts_row,
)

WITHOUT = "#AEB6C1"
# Of the square that curves are drawn in: the room of the histogram below, and of axes and legend.
BELOW, AROUND = 0.75, 0.75
# Ways of judging side by side.
ACROSS = 3


@dataclass(frozen=True)
class Histogram:
    """Patients with and without the event at each of the model's probabilities.

    counts: how, low, high, event, patients.
    """

    model: str
    counts: pd.DataFrame
    event: str = "the event"


@dataclass(frozen=True)
class Detail:
    """What is shown of one model beside its curve.

    groups: how, predicted, observed, ci_low, ci_high of groups of patients. measures: way of
    judging → lines of text. histogram: below the curves.
    """

    groups: pd.DataFrame | None = None
    measures: Mapping[str, Sequence[str]] = field(default_factory=dict)
    histogram: Histogram | None = None


def draw_calibration(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    band_of: str,
    detail: Detail | None = None,
) -> Figure:
    """Figure of the calibration curves.

    points: model, how, predicted, observed, ci_low, ci_high. band_of: the model whose confidence
    band is shaded, and that `detail` is of.
    """
    detail = detail or Detail()
    histogram = detail.histogram
    figure, pairs = _empty_panels(len(hows), histogram is not None)
    upper = [curves for curves, _ in pairs]
    with plt.rc_context(SETTINGS):
        for how, (axis, counts) in zip(hows, pairs, strict=True):
            curves = {
                model: points[(points["model"] == model) & (points["how"] == how)]
                for model in models
            }
            _draw_curves(axis, curves, labels, band_of)
            _draw_detail(axis, detail, how, band_of)
            ylabel = "Observed proportion" if starts_row(axis) else ""
            axis.set(xlim=(0, 1), ylim=(0, 1), title=labels[how], ylabel=ylabel)
            if histogram is not None and counts is not None:
                _draw_histogram(counts, histogram, how)
                counts.set_ylabel("Patients" if starts_row(counts) else "")
            lowest = counts or axis
            lowest.set_xlabel("Predicted probability")
            lowest.tick_params(labelbottom=True)
        letter_panels(upper)
        drawn: dict[str, Artist] = {**_explained(upper)}
        if detail.groups is not None and len(detail.groups):
            drawn["Groups of patients (CI)"] = _group_sign(band_of)
        if histogram is not None:
            drawn |= _bars_explained(histogram)
        if drawn:
            figure.legend(
                list(drawn.values()),
                list(drawn),
                loc="outside lower center",
                ncols=4 if len(hows) > 1 else 2,
                handlelength=2.0,
                columnspacing=1.4,
            )
    return figure


def _empty_panels(count: int, counted: bool) -> tuple[Figure, list[tuple[Axes, Axes | None]]]:
    """A pair of panels for each way of judging: the curves, and below them the patients.

    At most three stand side by side, as in the figures beside this one.
    """
    width = SINGLE if count == 1 else DOUBLE
    columns = min(count, ACROSS)
    rows = -(-count // ACROSS)
    row = width / columns + AROUND + (BELOW if counted else 0)
    heights = [4.2, 1] if counted else [1]
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            rows * len(heights),
            columns,
            figsize=(width, row * rows),
            squeeze=False,
            layout="constrained",
            height_ratios=heights * rows,
            sharex=True,
            sharey="row",
        )
    upper, lower = list(grid[:: len(heights)].flat), list(grid[1::2].flat) if counted else []
    for empty in [*upper[count:], *lower[count:]]:
        empty.set_axis_off()
    return figure, [
        (axis, lower[place] if counted else None) for place, axis in enumerate(upper[:count])
    ]


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


def _draw_detail(axis: Axes, detail: Detail, how: str, model: str) -> None:
    """Draw the grouped patients and the measures of calibration.

    The groups have their intervals. The measures stand in the upper left corner, where no good
    model has its curve.
    """
    groups = detail.groups
    if groups is not None:
        groups = groups[groups["how"] == how]
    # An empty series would lie at the figure's corner, and the layout make room for it.
    if groups is not None and len(groups):
        observed = groups["observed"].to_numpy()
        axis.errorbar(
            groups["predicted"].to_numpy(),
            observed,
            yerr=[observed - groups["ci_low"].to_numpy(), groups["ci_high"].to_numpy() - observed],
            fmt="s",
            markersize=3.5,
            color=colour(model),
            markerfacecolor="white",
            markeredgewidth=1,
            elinewidth=0.8,
            zorder=4,
            clip_on=False,
        )
    if detail.measures.get(how):
        said = axis.text(
            0.03,
            0.98,
            "\n".join(detail.measures[how]),
            transform=axis.transAxes,
            va="top",
            fontsize=SMALLEST,
            linespacing=1.3,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1},
            zorder=6,
        )
        # Room that a narrow panel made for them would make it narrower still.
        said.set_in_layout(False)


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


def _explained(axes: Sequence[Axes]) -> dict[str, Artist]:
    """The legend's entries for the curves of all panels."""
    return {
        label: handle
        for axis in axes
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
    }


def _group_sign(model: str) -> Line2D:
    return Line2D(
        [],
        [],
        color=colour(model),
        marker="s",
        markersize=3.5,
        markerfacecolor="white",
        linewidth=0.8,
    )


def _bars_explained(histogram: Histogram) -> dict[str, Rectangle]:
    """The legend's entries for the bars."""
    event = histogram.event
    return {
        f"{event[:1].upper()}{event[1:]}": Rectangle((0, 0), 1, 1, color=colour(histogram.model)),
        f"No {event}": Rectangle((0, 0), 1, 1, color=WITHOUT),
    }
