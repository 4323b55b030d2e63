"""Kaplan-Meier curves by level of each staging system."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import PAGE, REFERENCE, SETTINGS

COLUMNS = 3


def draw_stages(points: pd.DataFrame, labels: Mapping[str, str], horizon: float | None) -> Figure:
    """points: group (`<system>: <level>`), time_months, survival, at_risk. One panel a system; the
    darker the line, the worse the level."""
    systems = points["group"].str.partition(": ")[0]
    names = list(dict.fromkeys(systems))
    end = max(12.0, np.floor(points["time_months"].max() / 12) * 12)
    rows = -(-len(names) // COLUMNS)
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            rows,
            min(COLUMNS, len(names)),
            figsize=(PAGE / COLUMNS * min(COLUMNS, len(names)), 2.2 * rows),
            squeeze=False,
            layout="constrained",
            sharey=True,
        )
        for axis in grid.flat[len(names) :]:
            axis.set_visible(False)
        for place, (axis, name) in enumerate(zip(grid.flat, names, strict=False)):
            part = points[systems == name]
            levels = list(dict.fromkeys(part["group"].str.partition(": ")[2]))
            for tint, level in zip(
                plt.get_cmap("viridis_r")(np.linspace(0.12, 0.95, len(levels))), levels, strict=True
            ):
                curve = part[part["group"] == f"{name}: {level}"]
                axis.step(
                    curve["time_months"],
                    curve["survival"],
                    where="post",
                    color=tint,
                    linewidth=1.5,
                    label=f"{level} ({int(curve['at_risk'].iloc[0])})",
                )
            if horizon is not None:
                axis.axvline(horizon, **REFERENCE)
            axis.set(
                ylim=(0, 1.02),
                xlim=(0, end),
                xticks=np.arange(0, end + 1, 24 if end > 36 else 12),
                xlabel="Months",
                title=labels.get(name, name),
            )
            if place % COLUMNS == 0:
                axis.set_ylabel("Event-free survival")
            axis.legend(
                loc="upper right",
                fontsize=6,
                handlelength=1.2,
                labelspacing=0.25,
                frameon=True,
                framealpha=0.85,
                edgecolor="none",
            )
    return figure
