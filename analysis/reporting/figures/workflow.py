"""Workflow of a study: what was really done, from patients to evaluation, as boxes in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from analysis.reporting.figures.flow_boxes import (
    INSIDE,
    MAIN,
    POINT,
    SPACING,
    draw_arrow,
    wrapped,
)
from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SMALLEST,
    lay_out_with,
    line,
    panels,
)

# Millimetres: the figure's width, between two columns, and between two boxes of a column.
WIDTH, BETWEEN, GAP = 170.0, 6.0, 3.0
TEXT = MAIN._replace(size=SMALLEST + 0.3)
LINE_HEIGHT = TEXT.size * POINT * SPACING


@dataclass(frozen=True)
class Part:
    """One box of the workflow: a heading, and what was done under it, a line each."""

    heading: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Stage:
    """One column of the workflow, its boxes from the top."""

    name: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Finding:
    """What the graphical abstract shows of the results.

    curves: false_positive_rate, true_positive_rate of each model by its id; entries: model → its
    line in the legend. words: the finding, a line each.
    """

    title: str
    curves: dict[str, pd.DataFrame]
    entries: dict[str, str]
    words: Sequence[str] = field(default_factory=list)


def draw_workflow(stages: Sequence[Stage]) -> Figure:
    """Figure of the stages of a study, side by side in their order."""
    columns = _columns(stages)
    height = 8 + max(_height(boxes) for boxes in columns)
    figure, (axis,) = panels(1, height=(height + 2) / 25.4, width=DOUBLE)
    lay_out_with(figure, w_pad=0, h_pad=0)
    with plt.rc_context(SETTINGS):
        _draw_stages(axis, stages, columns, height)
    return figure


def draw_graphical_abstract(stages: Sequence[Stage], finding: Finding) -> Figure:
    """The workflow above the ROC curves of the compared models and the finding in words."""
    columns = _columns(stages)
    height = 8 + max(_height(boxes) for boxes in columns)
    below = 58.0
    with plt.rc_context(SETTINGS):
        figure = plt.figure(figsize=(DOUBLE, (height + below + 2) / 25.4), layout="constrained")
        lay_out_with(figure, w_pad=0.03, h_pad=0.02)
        grid = figure.add_gridspec(2, 3, height_ratios=[height, below], width_ratios=[1, 1.25, 1])
        _draw_stages(figure.add_subplot(grid[0, :]), stages, columns, height)
        curves = figure.add_subplot(grid[1, 0])
        for model, points in finding.curves.items():
            curves.plot(
                points["false_positive_rate"],
                points["true_positive_rate"],
                **line(model),
                label=finding.entries[model],
                clip_on=False,
            )
        curves.plot([0, 1], [0, 1], **REFERENCE)
        curves.set(
            xlim=(0, 1),
            ylim=(0, 1),
            aspect="equal",
            xlabel="1 − specificity",
            ylabel="Sensitivity",
            title=finding.title,
        )
        said = figure.add_subplot(grid[1, 1:])
        said.axis("off")
        handles, names = curves.get_legend_handles_labels()
        said.legend(handles, names, loc="upper left", title="AUC", alignment="left", fontsize=7.5)
        said.text(
            0.02,
            0.5,
            "\n".join(finding.words),
            transform=said.transAxes,
            va="top",
            fontsize=8,
            linespacing=1.5,
        )
    return figure


def _width(count: int) -> float:
    return (WIDTH - 2 - BETWEEN * (count - 1)) / count


def _columns(stages: Sequence[Stage]) -> list[list[tuple[list[str], list[str]]]]:
    """Of each stage its boxes: lines of the heading, and lines of the text."""
    room = _width(len(stages)) - 2 * INSIDE - 2
    bold = TEXT._replace(size=TEXT.size * 1.08)

    def box(part: Part) -> tuple[list[str], list[str]]:
        below = [line for text in part.lines for line in wrapped(text, room, TEXT)]
        return wrapped(part.heading, room, bold), below

    return [[box(part) for part in stage.parts] for stage in stages]


def _box_height(box: tuple[list[str], list[str]]) -> float:
    return (len(box[0]) + len(box[1])) * LINE_HEIGHT + 2 * INSIDE


def _height(boxes: Sequence[tuple[list[str], list[str]]]) -> float:
    return sum(map(_box_height, boxes)) + GAP * (len(boxes) - 1)


def _draw_stages(
    axis: Axes,
    stages: Sequence[Stage],
    columns: Sequence[Sequence[tuple[list[str], list[str]]]],
    height: float,
) -> None:
    width = _width(len(stages))
    axis.set(xlim=(0, WIDTH), ylim=(height + 1, -1))
    axis.axis("off")
    for number, (stage, boxes) in enumerate(zip(stages, columns, strict=True)):
        left = 1 + number * (width + BETWEEN)
        axis.text(left + width / 2, 3, stage.name, ha="center", va="center", fontweight="bold")
        top = 8 + (height - 8 - _height(boxes)) / 2
        for box in boxes:
            _draw_box(axis, left, top=top, width=width, box=box)
            top += _box_height(box) + GAP
        if number < len(stages) - 1:
            middle = 8 + (height - 8) / 2
            draw_arrow(axis, (left + width + 0.8, middle), (left + width + BETWEEN - 0.8, middle))


def _draw_box(
    axis: Axes, left: float, top: float, width: float, box: tuple[list[str], list[str]]
) -> None:
    heading, text = box
    axis.add_patch(
        FancyBboxPatch(
            (left + 1, top + 1),
            width - 2,
            _box_height(box) - 2,
            boxstyle="round,pad=1",
            facecolor=MAIN.fill,
            edgecolor=MAIN.edge,
            linewidth=0.8,
        )
    )
    for place, (words, weight) in enumerate(
        [*((each, "bold") for each in heading), *((each, "normal") for each in text)]
    ):
        axis.text(
            left + INSIDE,
            top + INSIDE + (place + 0.5) * LINE_HEIGHT,
            words,
            va="center",
            fontsize=TEXT.size,
            fontweight=weight,
        )
