"""ROC curves, one panel a group of models and way of judging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from analysis.reporting.figures.names_in_lines import name_in_lines
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

# Inches: of a panel that is not square, its title and axis; and of a line of a legend below it.
AROUND, ENTRY = 0.3, 0.115
# Inches from a panel down to a legend below it: the axis's numbers and name.
AXIS = 0.36
# Of a panel's column, what a legend below the panel may take.
OF_COLUMN = 0.85
NO_BREAK = "\N{NO-BREAK SPACE}"
# Panels side by side.
ACROSS = 3


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


class Panel(NamedTuple):
    """Models whose curves are drawn together, for one way of judging."""

    title: str
    models: Sequence[str]
    how: str


class Band(NamedTuple):
    """Confidence band of one model's curve.

    points: how, false_positive_rate, ci_low, ci_high.
    """

    model: str
    points: pd.DataFrame


class Marks(NamedTuple):
    """Dots on the curves at the models' cut-offs, and the band of one model's curve."""

    operating_points: Sequence[OperatingPoint] = ()
    band: Band | None = None


def _entry(label: str, area: Area) -> str:
    """A curve's line in the legend; no line break may part the AUC from its interval."""
    interval = (
        ""
        if area.ci_low is None or area.ci_high is None
        else f" ({format_interval(area.ci_low, area.ci_high, 'AUC')})"
    )
    value = f"{format_number(area.value, 'AUC')}{interval}"
    return f"{label}, {value.replace(' ', NO_BREAK)}"


def draw_roc(
    points: pd.DataFrame,
    drawn: Sequence[Panel],
    labels: Mapping[str, str],
    areas: Mapping[tuple[str, str], Area],
    marks: Marks | None = None,
    across: int = ACROSS,
) -> Figure:
    """Figure of the ROC curves.

    points: model, how, false_positive_rate, true_positive_rate. labels: of models. areas: (model,
    how) → AUC. across: panels in a row.
    """
    marks = marks or Marks()
    across = min(across, len(drawn))
    width = SINGLE if len(drawn) == 1 else DOUBLE
    figure, axes = panels(len(drawn), height=width / across + AROUND, width=width, across=across)
    with plt.rc_context(SETTINGS):
        for axis, panel in zip(axes, drawn, strict=True):
            if marks.band is not None and marks.band.model in panel.models:
                _draw_band(axis, marks.band, panel.how)
            for model in panel.models:
                curve = points[(points["model"] == model) & (points["how"] == panel.how)]
                if len(curve):
                    axis.plot(
                        curve["false_positive_rate"],
                        curve["true_positive_rate"],
                        **line(model),
                        clip_on=False,
                        label=_entry(labels[model], areas[model, panel.how]),
                    )
            for point in marks.operating_points:
                if point.how == panel.how and point.model in panel.models:
                    _draw_point(axis, point)
            axis.plot([0, 1], [0, 1], **REFERENCE)
            axis.set(
                xlim=(0, 1),
                ylim=(0, 1),
                aspect="equal",
                xlabel="1 − specificity",
                ylabel="Sensitivity" if starts_row(axis) else "",
                title=panel.title,
            )
        letter_panels(axes)
        level = next((area.level for area in areas.values()), 0.95)
        _draw_legends(figure, axes, f"AUC ({100 * level:g}% CI)", -(-len(drawn) // across))
    return figure


def _draw_band(axis: Axes, band: Band, how: str) -> None:
    part = band.points[band.points["how"] == how]
    axis.fill_between(
        part["false_positive_rate"],
        part["ci_low"],
        part["ci_high"],
        color=colour(band.model),
        alpha=0.13,
        linewidth=0,
    )


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


def _draw_legends(figure: Figure, axes: Sequence[Axes], title: str, rows: int) -> None:
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
        legend.get_window_extent().width <= 0.94 * legend.axes.get_window_extent().width
        and legend.get_window_extent().height <= 0.45 * legend.axes.get_window_extent().height
        for legend in legends
    ):
        return
    columns = -(-len(axes) // rows)
    column = figure.bbox.width / columns
    widest = max(legend.get_window_extent().width for legend in legends)
    lines = [_break_labels(axis, OF_COLUMN * column / widest) for axis in axes]
    below = ScaledTranslation(0, -AXIS, figure.dpi_scale_trans)
    for axis in axes:
        axis.legend(
            loc="upper center",
            bbox_to_anchor=(0.5, 0),
            bbox_transform=axis.transAxes + below,
            borderaxespad=0,
            **style,
        )
    figure.set_figheight(figure.get_figheight() + rows * (ENTRY * (max(lines) + 1) + 0.1))


def _break_labels(axis: Axes, share: float) -> int:
    """Break the curves' labels into lines of this share of the longest; returns the lines of all.

    A share of 1 or more leaves them whole.
    """
    curves, labels = axis.get_legend_handles_labels()
    longest = int(share * max((len(label) for label in labels), default=0))
    if share < 1:
        labels = [name_in_lines(label, longest) for label in labels]
        for curve, label in zip(curves, labels, strict=True):
            curve.set_label(label)
    return sum(label.count("\n") + 1 for label in labels)
