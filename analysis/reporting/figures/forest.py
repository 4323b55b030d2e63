"""Forest plot of differences in AUC, validation patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from analysis.reporting.figures.style import DOUBLE, REFERENCE, SETTINGS, colour, panels
from analysis.reporting.intervals import WORDS, interval_text
from analysis.reporting.number_style import format_number

UNIT = "AUC difference"


def draw_forest(rows: Sequence[Mapping], model: str, axis_label: str, level: float) -> Figure:
    """Forest plot of differences.

    rows: label, difference, ci_low, ci_high, in the order of drawing from the top. model: id of the
    model that the differences favour, for its colour. axis_label: what the difference is. level: of
    the intervals, between 0 and 1.
    """
    figure, (axis,) = panels(1, height=0.8 + 0.2 * len(rows), width=DOUBLE)
    with plt.rc_context(SETTINGS):
        across = axis.get_yaxis_transform()
        for position, row in enumerate(rows):
            axis.plot(
                [row["ci_low"], row["ci_high"]],
                [position, position],
                color="#5b6675",
                linewidth=1.4,
                solid_capstyle="butt",
            )
            axis.plot(row["difference"], position, "s", color=colour(model), markersize=5.5)
            axis.text(
                1.03,
                position,
                f"{format_number(row['difference'], UNIT)}"
                f" ({interval_text(row['ci_low'], row['ci_high'], UNIT) or WORDS[UNIT]})",
                transform=across,
                va="center",
                fontsize=7,
            )
        axis.axvline(0, **REFERENCE)
        axis.set_yticks(range(len(rows)), [row["label"] for row in rows])
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
        axis.set_ylim(len(rows) - 0.5, -0.5)
        axis.text(
            1.03,
            1.01,
            f"Difference ({100 * level:g}% CI)",
            transform=axis.transAxes,
            fontsize=7,
            va="bottom",
            fontweight="bold",
        )
        axis.set_xlabel(axis_label)
    return figure
