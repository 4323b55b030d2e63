"""Flow of patients: from the cohort to those whose outcome the models could learn or be judged on."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from analysis.figures.style import SETTINGS, panels


def draw_flow_chart(counts: Mapping[str, int], event: str) -> Figure:
    """counts: n, labelled, unknown, and for training and validation `<cohort>.n`, `.events`, `.non_events`."""
    figure, (axis,) = panels(1, width=7.2, height=4.0)
    box = {"boxstyle": "round,pad=0.5", "facecolor": "#f1f6f9", "edgecolor": "#22577a", "linewidth": 1}
    aside = {**box, "facecolor": "#fbf3ee", "edgecolor": "#b3541e"}
    arrow = {"arrowstyle": "-|>", "color": "#5b6675", "linewidth": 1.1, "shrinkA": 0, "shrinkB": 2}
    with plt.rc_context(SETTINGS):
        axis.set(xlim=(0.5, 10), ylim=(0, 10))
        axis.axis("off")
        axis.annotate("", (4, 6.1), (4, 8.5), arrowprops=arrow)
        axis.annotate("", (6.75, 7.4), (4, 7.4), arrowprops=arrow)
        for x in (2, 6.2):
            axis.annotate("", (x, 2.5), (4, 4.9), arrowprops=arrow)
        axis.text(4, 9, f"Patients in the cohort\nn = {counts['n']}", ha="center", va="center", bbox=box)
        axis.text(8.2, 7.4, f"Outcome unknown: censored or\ndied before the horizon, n = {counts['unknown']}\n(survival analyses only)", ha="center", va="center", fontsize=8, bbox=aside)
        axis.text(4, 5.5, f"Known outcome\nn = {counts['labelled']}", ha="center", va="center", bbox=box)
        for x, name in ((2, "training"), (6.2, "validation")):
            text = f"{name.capitalize()}, n = {counts[f'{name}.n']}\n{event}: {counts[f'{name}.events']}\nnone: {counts[f'{name}.non_events']}"
            axis.text(x, 1.5, text, ha="center", va="center", bbox=box)
    return figure
