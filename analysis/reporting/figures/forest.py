"""Forest plot of differences in AUC in the validation cohort, with columns of numbers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SMALLEST,
    colour,
    letter_panels,
)
from analysis.reporting.intervals import WORDS, interval_text
from analysis.reporting.number_style import format_interval, format_number, format_p

UNIT = "AUC difference"
# Points from the right edge of the plot: ends of the columns of n and P, starts of the others.
N_END, AUC_START, DIFFERENCE_START, P_START = 20.0, 28.0, 103.0, 190.0
# Inches: of a row, and of what is around the rows of a panel.
ROW, AROUND = 0.165, 0.62
NONE = "–"


@dataclass(frozen=True)
class Row:
    """One comparison: whom with, on how many patients, its AUC by itself, and the difference.

    auc: value and limits, None where there is none. p: None for an exploratory comparison.
    """

    label: str
    difference: float
    ci_low: float
    ci_high: float
    n: int | None = None
    auc: tuple[float, float | None, float | None] | None = None
    p: float | None = None


@dataclass(frozen=True)
class Group:
    """Comparisons of one panel.

    model: id of the model that a positive difference favours, for its colour. axis_label: what the
    difference is. alone: heading of the column of AUCs.
    """

    title: str
    model: str
    axis_label: str
    alone: str
    rows: Sequence[Row]


def draw_forest(groups: Sequence[Group], level: float) -> Figure:
    """Figure of differences in AUC, one panel a group.

    level: of the intervals, between 0 and 1.
    """
    heights = [AROUND + ROW * (len(group.rows) + 1) for group in groups]
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            len(groups),
            1,
            figsize=(DOUBLE, sum(heights)),
            squeeze=False,
            layout="constrained",
            height_ratios=[len(group.rows) + 1 for group in groups],
        )
        axes = list(grid[:, 0])
        for axis, group in zip(axes, groups, strict=True):
            _draw_group(axis, group, level)
        letter_panels(axes)
    return figure


def _draw_group(axis: Axes, group: Group, level: float) -> None:
    for position, row in enumerate(group.rows):
        axis.plot(
            [row.ci_low, row.ci_high],
            [position, position],
            color="#5b6675",
            linewidth=1.4,
            solid_capstyle="butt",
        )
        axis.plot(row.difference, position, "s", color=colour(group.model), markersize=4.5)
        interval = interval_text(row.ci_low, row.ci_high, UNIT) or WORDS[UNIT]
        _write(
            axis,
            position,
            n="" if row.n is None else str(row.n),
            area=_area(row),
            difference=f"{format_number(row.difference, UNIT)} ({interval})",
            p=NONE if row.p is None else format_p(row.p),
        )
    level_words = f"({100 * level:g}% CI)"
    _write(
        axis,
        -1,
        n="n",
        area=f"{group.alone} {level_words}",
        difference=f"Difference {level_words}",
        p="P",
        fontweight="bold",
    )
    axis.axvline(0, **REFERENCE)
    axis.set_yticks(range(len(group.rows)), [row.label for row in group.rows])
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.set(ylim=(len(group.rows) - 0.5, -1.5), xlabel=group.axis_label, title=group.title)


def _area(row: Row) -> str:
    if row.auc is None:
        return ""
    value, low, high = row.auc
    interval = "" if low is None or high is None else f" ({format_interval(low, high, 'AUC')})"
    return f"{format_number(value, 'AUC')}{interval}"


def _write(
    axis: Axes, position: float, n: str, area: str, difference: str, p: str, **style: Any
) -> None:
    """The columns of one row, to the right of the plot."""
    for words, place, align in (
        (n, N_END, "right"),
        (area, AUC_START, "left"),
        (difference, DIFFERENCE_START, "left"),
        (p, P_START, "left"),
    ):
        if words:
            axis.annotate(
                words,
                (1, position),
                (place, 0),
                xycoords=axis.get_yaxis_transform(),
                textcoords="offset points",
                va="center",
                ha=align,
                fontsize=SMALLEST,
                annotation_clip=False,
                **style,
            )
