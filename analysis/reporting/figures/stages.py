"""Kaplan-Meier curves by level of each staging system."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.kaplan_meier import last_tick, shown_part
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
    The darker the line, the worse the level. A curve ends where few are at risk, and a level of few
    patients has its name alone.
    """
    systems = points["group"].str.partition(": ")[0]
    names = list(dict.fromkeys(systems))
    end = last_tick(points)
    figure, axes = panels(len(names), height=2.4, across=COLUMNS)
    with plt.rc_context(SETTINGS):
        for axis, name in zip(axes, names, strict=True):
            part = points[systems == name]
            levels = list(dict.fromkeys(part["group"].str.partition(": ")[2]))
            tints = plt.get_cmap("viridis_r")(np.linspace(0.12, 0.95, len(levels)))
            for tint, level in zip(tints, levels, strict=True):
                curve = part[part["group"] == f"{name}: {level}"]
                shown = shown_part(curve)
                axis.step(
                    shown["time_months"],
                    shown["survival"],
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
            # Beneath the panel: within it there is hardly a place without a curve.
            axis.legend(
                loc="upper center",
                bbox_to_anchor=(0.5, -0.24),
                fontsize=SMALLEST,
                handlelength=1.2,
                labelspacing=0.2,
                ncols=3 if len(levels) > 2 else 2,
                columnspacing=0.8,
                borderaxespad=0,
            )
        letter_panels(axes)
    return figure
