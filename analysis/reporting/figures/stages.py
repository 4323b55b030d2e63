"""Kaplan-Meier curves by level of each staging system."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.kaplan_meier import last_tick
from analysis.reporting.figures.style import (
    REFERENCE,
    SETTINGS,
    SMALLEST,
    letter_panels,
    panels,
    starts_row,
)

COLUMNS = 3


def draw_stages(
    points: pd.DataFrame,
    labels: Mapping[str, str],
    horizon: float | None,
    survival: str = "Event-free survival",
) -> Figure:
    """Figure of the Kaplan-Meier curves of staging systems, one panel a system.

    points: group (`<system>: <level>`), time_months, survival, at_risk. survival: name of the axis.
    The darker the line, the worse the level.
    """
    systems = points["group"].str.partition(": ")[0]
    names = list(dict.fromkeys(systems))
    end = last_tick(points)
    figure, axes = panels(len(names), height=2.1, across=COLUMNS)
    with plt.rc_context(SETTINGS):
        for axis, name in zip(axes, names, strict=True):
            part = points[systems == name]
            levels = list(dict.fromkeys(part["group"].str.partition(": ")[2]))
            tints = plt.get_cmap("viridis_r")(np.linspace(0.12, 0.95, len(levels)))
            for tint, level in zip(tints, levels, strict=True):
                curve = part[part["group"] == f"{name}: {level}"]
                axis.step(
                    curve["time_months"],
                    curve["survival"],
                    where="post",
                    color=tint,
                    linewidth=1.3,
                    label=f"{level} ({int(curve['at_risk'].iloc[0])})",
                )
            if horizon is not None:
                axis.axvline(horizon, **REFERENCE)
            axis.set(
                ylim=(0, 1.02),
                xlim=(0, end),
                xticks=np.arange(0, end + 1, 24 if end > 36 else 12),
                xlabel="Months",
                ylabel=survival if starts_row(axis) else "",
                title=labels.get(name, name),
            )
            axis.legend(
                loc="upper right",
                fontsize=SMALLEST,
                handlelength=1.2,
                labelspacing=0.2,
                ncols=2 if len(levels) > 5 else 1,
                columnspacing=0.8,
                frameon=True,
                framealpha=0.85,
                edgecolor="none",
            )
        letter_panels(axes)
    return figure
