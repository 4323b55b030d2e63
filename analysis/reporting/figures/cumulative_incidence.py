"""Cumulative incidence of recurrence, with death before it as a competing event, by risk group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.kaplan_meier import RISK_COLOURS
from analysis.reporting.figures.style import REFERENCE, SETTINGS, panels

EVENT_DASHES = {"recurrence": "-", "death": (0, (1.2, 1.2))}


def draw_cumulative_incidence(
    points: pd.DataFrame, cohorts: Sequence[str], labels: Mapping[str, str], horizon: float | None
) -> Figure:
    """points: group (`<cohort>: <risk>`), event (recurrence or death), time_months, incidence,
    ci_low, ci_high. A line marks the horizon."""
    figure, axes = panels(len(cohorts))
    end = max(12.0, np.floor(points["time_months"].max() / 12) * 12)
    with plt.rc_context(SETTINGS):
        for axis, cohort in zip(axes, cohorts, strict=True):
            for risk, tint in RISK_COLOURS.items():
                for event, dash in EVENT_DASHES.items():
                    curve = points[
                        (points["group"] == f"{cohort}: {risk}") & (points["event"] == event)
                    ]
                    if len(curve):
                        axis.step(
                            curve["time_months"],
                            curve["incidence"],
                            where="post",
                            color=tint,
                            linestyle=dash,
                            label=f"{risk.capitalize()}, {event}",
                        )
                        if event == "recurrence":
                            axis.fill_between(
                                curve["time_months"],
                                curve["ci_low"],
                                curve["ci_high"],
                                step="post",
                                color=tint,
                                alpha=0.12,
                                linewidth=0,
                            )
            if horizon is not None:
                axis.axvline(horizon, **REFERENCE)
            axis.set(
                ylim=(0, 1.02),
                xlim=(0, end),
                xticks=np.arange(0, end + 1, 12),
                xlabel="Months",
                ylabel="Cumulative incidence",
                title=labels[cohort],
            )
        drawn = {
            label: handle
            for axis in axes
            for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
        }
        if drawn:
            figure.legend(
                list(drawn.values()), list(drawn), loc="outside right center", handlelength=2.2
            )
    return figure
