"""Cumulative incidence of recurrence, with death before it as a competing event, by risk group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.kaplan_meier import RISK_COLOURS, last_tick, shown_part
from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SINGLE,
    letter_panels,
    panels,
    starts_row,
)

EVENT_DASHES = {"recurrence": "-", "death": (0, (1.2, 1.2))}


def draw_cumulative_incidence(
    points: pd.DataFrame, cohorts: Sequence[str], labels: Mapping[str, str], horizon: float | None
) -> Figure:
    """Figure of the cumulative incidence by risk group.

    points: group (`<cohort>: <risk>`), event (recurrence or death), time_months, incidence, ci_low,
    ci_high, at_risk. A line marks the horizon.
    """
    figure, axes = panels(len(cohorts), height=3.0, width=SINGLE if len(cohorts) == 1 else DOUBLE)
    end = last_tick(points)
    with plt.rc_context(SETTINGS):
        for axis, cohort in zip(axes, cohorts, strict=True):
            for risk in RISK_COLOURS:
                of_group = points[points["group"] == f"{cohort}: {risk}"]
                for event in EVENT_DASHES:
                    curve = shown_part(of_group[of_group["event"] == event])
                    if len(curve):
                        _draw_curve(axis, curve, risk, event)
            if horizon is not None:
                axis.axvline(horizon, **REFERENCE)
            axis.set(
                ylim=(0, 1.02),
                xlim=(0, end),
                xticks=np.arange(0, end + 1, 12),
                xlabel="Months",
                ylabel="Cumulative incidence" if starts_row(axis) else "",
                title=labels[cohort],
            )
        letter_panels(axes)
        drawn = {
            label: handle
            for axis in axes
            for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
        }
        if drawn:
            figure.legend(
                list(drawn.values()),
                list(drawn),
                loc="outside lower center",
                ncols=4 if len(cohorts) > 1 else 2,
                handlelength=2.2,
            )
    return figure


def _draw_curve(axis: Axes, curve: pd.DataFrame, risk: str, event: str) -> None:
    tint = RISK_COLOURS[risk]
    axis.step(
        curve["time_months"],
        curve["incidence"],
        where="post",
        color=tint,
        linestyle=EVENT_DASHES[event],
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
