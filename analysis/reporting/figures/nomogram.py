"""Nomogram: an axis a term, their points, the sum and the risk at it."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import SETTINGS, panels

# Least distance of two numbers on one side of a line, as a share of its width.
ROOM = 0.036


def _written(tick: object) -> str:
    return (tick if isinstance(tick, str) else f"{tick:g}").replace("-", "−")


def draw_nomogram(ticks: pd.DataFrame, event: str) -> Figure:
    """ticks: axis, label, tick, and points (of a term) or total_points (of the sum and of the
    risk). event: for the last axis' name."""
    names = list(dict.fromkeys(ticks["axis"]))
    figure, (axis,) = panels(1, width=5.4, height=0.45 + 0.42 * len(names))
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
            label = f"Risk of {event}" if name == "risk" else str(part["label"].iloc[0])
            axis.text(
                -0.03,
                -row,
                label,
                ha="right",
                va="center",
                fontsize=7.5,
                fontweight="bold" if name in ("points", "total", "risk") else "normal",
            )
            last = {True: -1.0, False: -1.0}
            for number, (x, tick) in enumerate(
                sorted(zip(place, part["tick"].map(_written), strict=True))
            ):
                axis.plot([x, x], [-row, -row + 0.13], color="#333333", linewidth=0.9)
                # Ticks take turns above and below the line; one that has no room there has no
                # number.
                below = number % 2 == 1 and name not in ("points", "total")
                if x - last[below] >= ROOM:
                    axis.text(
                        x,
                        -row + (-0.16 if below else 0.19),
                        tick,
                        ha="center",
                        va="top" if below else "bottom",
                        fontsize=6.5,
                    )
                    last[below] = x
        axis.set(xlim=(-0.02, 1.02), ylim=(-len(names) + 0.45, 0.65))
        axis.axis("off")
    return figure
