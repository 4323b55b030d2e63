"""ROC curves, one panel for each way of judging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SINGLE,
    SMALLEST,
    colour,
    letter_panels,
    line,
    panels,
    starts_row,
)
from analysis.reporting.number_style import format_interval, format_number


class Area(NamedTuple):
    """AUC with its confidence interval; None where there is none.

    level: of the interval, between 0 and 1.
    """

    value: float
    ci_low: float | None = None
    ci_high: float | None = None
    level: float = 0.95


class OperatingPoint(NamedTuple):
    """A model's sensitivity and specificity at its cut-off, for one way of judging."""

    model: str
    how: str
    sensitivity: float
    specificity: float


def _entry(label: str, area: Area) -> str:
    """A curve's line in the legend."""
    interval = (
        ""
        if area.ci_low is None or area.ci_high is None
        else f" ({format_interval(area.ci_low, area.ci_high, 'AUC')})"
    )
    return f"{label}, {format_number(area.value, 'AUC')}{interval}"


def draw_roc(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    areas: Mapping[tuple[str, str], Area],
    operating_points: Sequence[OperatingPoint] = (),
) -> Figure:
    """Figure of the ROC curves.

    points: model, how, false_positive_rate, true_positive_rate. labels: of models and hows. areas:
    (model, how) → AUC. operating_points: dots on the curves, at the models' cut-offs.
    """
    width = SINGLE if len(hows) == 1 else DOUBLE
    figure, axes = panels(len(hows), height=width / min(len(hows), 3) + 0.15, width=width)
    with plt.rc_context(SETTINGS):
        for axis, how in zip(axes, hows, strict=True):
            for model in models:
                curve = points[(points["model"] == model) & (points["how"] == how)]
                if len(curve):
                    axis.plot(
                        curve["false_positive_rate"],
                        curve["true_positive_rate"],
                        **line(model),
                        clip_on=False,
                        label=_entry(labels[model], areas[model, how]),
                    )
            for point in operating_points:
                if point.how == how:
                    _draw_point(axis, point)
            axis.plot([0, 1], [0, 1], **REFERENCE)
            axis.set(
                xlim=(0, 1),
                ylim=(0, 1),
                aspect="equal",
                xlabel="1 − specificity",
                ylabel="Sensitivity" if starts_row(axis) else "",
                title=labels[how],
            )
        letter_panels(axes)
        level = next((area.level for area in areas.values()), 0.95)
        _draw_legends(figure, axes, f"AUC ({100 * level:g}% CI)")
    return figure


def _draw_point(axis: Axes, point: OperatingPoint) -> None:
    axis.plot(
        1 - point.specificity,
        point.sensitivity,
        marker="o",
        markersize=4.5,
        markerfacecolor="white",
        markeredgecolor=colour(point.model),
        markeredgewidth=1.3,
        linestyle="",
        clip_on=False,
        zorder=5,
    )


def _draw_legends(figure: Figure, axes: Sequence[Axes], title: str) -> None:
    """Draw the legends below the diagonal of each panel.

    No model that is better than chance has its curve there. They stand below the panels where long
    names need more room.
    """
    style = {
        "title": title,
        "title_fontsize": SMALLEST,
        "alignment": "left",
        "handlelength": 1.6,
        "handletextpad": 0.5,
        "labelspacing": 0.2,
        "frameon": True,
        "framealpha": 0.8,
        "edgecolor": "none",
        "borderpad": 0.1,
    }
    legends = [
        axis.legend(loc="lower right", **style)
        for axis in axes
        if axis.get_legend_handles_labels()[0]
    ]
    figure.draw_without_rendering()
    if all(
        legend.get_window_extent().width <= legend.axes.get_window_extent().width
        for legend in legends
    ):
        return
    for axis in axes:
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), borderaxespad=0, **style)
    figure.set_figheight(figure.get_figheight() + 0.9)
