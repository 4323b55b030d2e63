"""Forest plot: AUC of the best model minus that of each other, validation patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from analysis.figures.style import SETTINGS, colour, panels


def draw_forest(rows: Sequence[Mapping], best: str, title: str) -> Figure:
    """rows: label, difference, ci_low, ci_high, in the order of drawing from the top."""
    figure, (axis,) = panels(1, width=6.6, height=0.9 + 0.3 * len(rows))
    with plt.rc_context(SETTINGS):
        for position, row in enumerate(rows):
            axis.plot([row["ci_low"], row["ci_high"]], [position, position], color="#5b6675", linewidth=1.3)
            axis.plot(row["difference"], position, "o", color=colour(best), markersize=5)
        axis.axvline(0, color="#bbbbbb", linewidth=0.8, linestyle="--", zorder=0)
        axis.set_yticks(range(len(rows)), [row["label"] for row in rows])
        axis.invert_yaxis()
        axis.set(xlabel="AUC difference", title=title)
    return figure
