"""Nomogram: an axis a term, their points, the sum and the risk at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.style import DOUBLE, SETTINGS, SMALLEST, panels
from analysis.reporting.wordings.result_ids import NOMOGRAM_AXES

MARK = "#D55E00"
# Least distance of two ticks, and of two numbers on one side of a line, as shares of its width; a
# number is as wide as its signs.
TICK_ROOM, SIGN_ROOM = 0.008, 0.0115


def _title(name: str, ticks: pd.DataFrame) -> str:
    return NOMOGRAM_AXES.get(name) or str(ticks["label"].iloc[0])


def _written(tick: object) -> str:
    return (tick if isinstance(tick, str) else f"{tick:g}").replace("-", "−")


@dataclass(frozen=True)
class Worked:
    """A patient read off the nomogram.

    points: axis → points. total: of these. risk: at the total, in words.
    """

    points: Mapping[str, float]
    total: float
    risk: str


def draw_nomogram(ticks: pd.DataFrame, event: str, worked: Worked | None = None) -> Figure:
    """Figure of a nomogram.

    ticks: axis, label (of a term), tick, and points (of a term) or total_points (of the sum and of
    the risk). event: for the last axis' name. worked: marked on the axes.
    """
    names = list(dict.fromkeys(ticks["axis"]))
    figure, (axis,) = panels(1, height=0.45 + 0.36 * len(names), width=DOUBLE)
    largest = ticks["total_points"].max()
    with plt.rc_context(SETTINGS):
        for row, name in enumerate(names):
            part = ticks[ticks["axis"] == name]
            place = (
                part["points"] / 100
                if name not in ("total", "risk")
                else part["total_points"] / largest
            )
            axis.plot([place.min(), place.max()], [-row, -row], color="#333333", linewidth=1)
            axis.text(
                -0.02,
                -row,
                f"Risk of {event}" if name == "risk" else _title(name, part),
                ha="right",
                va="center",
                fontsize=7.5,
                fontweight="bold" if name in ("points", "total", "risk") else "normal",
            )
            _draw_ticks(axis, -row, list(zip(place, part["tick"].map(_written), strict=True)))
        if worked is not None:
            _draw_worked(axis, names, worked, largest)
        low = -len(names) + (0.2 if worked is not None else 0.55)
        axis.set(xlim=(-0.02, 1.02), ylim=(low, 0.5))
        axis.axis("off")
    return figure


def _draw_worked(axis: Axes, names: list[str], worked: Worked, largest: float) -> None:
    """A dot on the axis of each term, and from the total to the risk a line."""
    style: dict[str, Any] = {
        "color": MARK,
        "markersize": 4.5,
        "marker": "o",
        "linestyle": "",
        "zorder": 5,
    }
    for row, name in enumerate(names):
        if name in worked.points:
            axis.plot(worked.points[name] / 100, -row, **style)
    place, rows = worked.total / largest, [names.index("total"), names.index("risk")]
    axis.plot([place, place], [-rows[0], -rows[1]], color=MARK, linewidth=1, linestyle=":")
    for row in rows:
        axis.plot(place, -row, **style)
    axis.text(
        place,
        -rows[1] - 0.16,
        f"{worked.total:.0f} points, risk {worked.risk}",
        ha="left" if place < 0.5 else "right",
        va="top",
        fontsize=SMALLEST,
        color=MARK,
    )


def _write_range(axis: Axes, height: float, ordered: list[tuple[float, str]]) -> None:
    """Both ends of an axis too short for two numbers, behind it."""
    (_, low), (end, high) = ordered[0], ordered[-1]
    axis.text(end + 0.012, height, f"{low} to {high}", va="center", fontsize=SMALLEST)


def _draw_ticks(axis: Axes, height: float, ticks: list[tuple[float, str]]) -> None:
    """Ticks of one line, with a number where there is room for it; the ends have room first."""
    ordered = sorted(ticks)
    taken: list[tuple[float, float]] = []
    numbered = set()
    # From the ends inwards.
    by_importance = sorted(range(len(ordered)), key=lambda at: min(at, len(ordered) - 1 - at) > 0)
    for at in by_importance:
        place, number = ordered[at]
        half = SIGN_ROOM * (len(number) + 1) / 2
        if all(place + half <= low or place - half >= high for low, high in taken):
            taken.append((place - half, place + half))
            numbered.add(at)
    last = -1.0
    if len(ordered) > 1 and len(numbered) == 1:
        _write_range(axis, height, ordered)
        numbered = set()
    for at, (place, number) in enumerate(ordered):
        if at in numbered or place - last >= TICK_ROOM:
            length = 0.13 if at in numbered else 0.08
            axis.plot([place, place], [height, height + length], color="#333333", linewidth=0.8)
            last = place
        if at in numbered:
            axis.text(place, height + 0.17, number, ha="center", va="bottom", fontsize=SMALLEST)
