"""Shifts of the paper's numbers after a change of the cohort.

They show how far the numbers of the paper went when the cohort changed, against the intervals that
they had.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from analysis.reporting.figures.names_in_lines import name_in_lines, row_height
from analysis.reporting.figures.style import DOUBLE, SETTINGS

# Characters of a line beside the shifts.
LABEL = 60


def draw_moves(rows: Sequence[dict[str, Any]]) -> Figure:
    """Figure of the numbers that moved, the largest shift first.

    rows: label and shift, the new value minus the old one in half widths of the old interval.
    """
    labels = [name_in_lines(str(row["label"]), LABEL) for row in rows]
    height = 0.6 + row_height(labels, 0.24, SETTINGS["ytick.labelsize"]) * max(len(rows), 1)
    with plt.rc_context(SETTINGS):
        figure, axis = plt.subplots(figsize=(DOUBLE, height), layout="constrained")
        places = range(len(rows))[::-1]
        shifts = [float(row["shift"]) for row in rows]
        axis.axvspan(-1, 1, color="#f1f1f1", linewidth=0, zorder=0)
        axis.axvline(0, color="#777777", linewidth=0.8)
        axis.hlines(list(places), 0, shifts, color="#22577a", linewidth=1.2)
        axis.plot(shifts, list(places), "o", color="#22577a", markersize=4)
        axis.set_yticks(list(places), labels)
        reach = max(1.15, 1.1 * max(map(abs, shifts), default=1.0))
        axis.set(
            xlim=(-reach, reach),
            ylim=(-0.7, len(rows) - 0.3),
            xlabel=(
                "New − locked value, in half widths of the locked interval (shaded: within that"
                " interval)"
            ),
        )
    return figure
