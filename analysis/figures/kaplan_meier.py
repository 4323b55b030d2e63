"""Kaplan-Meier curves of the risk groups, with numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import SETTINGS, panels

RISK_COLOURS = {"high risk": "#D55E00", "low risk": "#0072B2"}


def draw_kaplan_meier(points: pd.DataFrame, cohorts: Sequence[str], labels: dict[str, str], horizon: float | None) -> Figure:
    """points: group (`<cohort>: <risk>`), time_months, survival, ci_low, ci_high, at_risk. A line marks the horizon."""
    figure, axes = panels(len(cohorts), height=4.2)
    with plt.rc_context(SETTINGS):
        for axis, cohort in zip(axes, cohorts, strict=True):
            groups = [f"{cohort}: {risk}" for risk in RISK_COLOURS if (points["group"] == f"{cohort}: {risk}").any()]
            end = points["time_months"].max()
            ticks = np.arange(0, end + 1, 12)
            for row, group in enumerate(groups):
                curve, tint = points[points["group"] == group], RISK_COLOURS[group.split(": ")[1]]
                axis.step(curve["time_months"], curve["survival"], where="post", color=tint, label=group.split(": ")[1])
                axis.fill_between(curve["time_months"], curve["ci_low"], curve["ci_high"], step="post", color=tint, alpha=0.12, linewidth=0)
                for tick in ticks:
                    later = curve.loc[curve["time_months"] >= tick, "at_risk"]
                    axis.text(tick, -0.27 - 0.075 * row, f"{int(later.iloc[0]) if len(later) else 0}", ha="center", fontsize=7.5, color=tint, transform=axis.get_xaxis_transform())
            axis.text(0, -0.2, "Number at risk", fontsize=7.5, transform=axis.transAxes)
            if horizon is not None:
                axis.axvline(horizon, color="#bbbbbb", linewidth=0.8, linestyle="--", zorder=0)
            axis.set(ylim=(0, 1.02), xlim=(0, end), xticks=ticks, xlabel="Months since surgery", ylabel="Event-free survival", title=labels[cohort])
            axis.legend(loc="upper right")
    return figure
