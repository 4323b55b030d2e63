"""Kaplan-Meier curves of the risk groups, with numbers at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import REFERENCE, SETTINGS, panels

RISK_COLOURS = {"high risk": "#D55E00", "low risk": "#0072B2"}
RISK_DASHES = {"high risk": "-", "low risk": (0, (5, 1.6))}


def draw_kaplan_meier(
    points: pd.DataFrame, cohorts: Sequence[str], labels: Mapping[str, str], horizon: float | None
) -> Figure:
    """points: group (`<cohort>: <risk>`), time_months, survival, ci_low, ci_high, at_risk. A line
    marks the horizon.

    The axis ends at the last full year of follow-up: beyond it few patients move the curves by
    large steps.
    """
    figure, axes = panels(len(cohorts), height=3.1)
    end = max(12.0, np.floor(points["time_months"].max() / 12) * 12)
    ticks = np.arange(0, end + 1, 12)
    with plt.rc_context(SETTINGS):
        for axis, cohort in zip(axes, cohorts, strict=True):
            risks = [
                risk for risk in RISK_COLOURS if (points["group"] == f"{cohort}: {risk}").any()
            ]
            for row, risk in enumerate(risks):
                curve, tint = points[points["group"] == f"{cohort}: {risk}"], RISK_COLOURS[risk]
                axis.step(
                    curve["time_months"],
                    curve["survival"],
                    where="post",
                    color=tint,
                    linestyle=RISK_DASHES[risk],
                    label=risk.capitalize(),
                )
                axis.fill_between(
                    curve["time_months"],
                    curve["ci_low"],
                    curve["ci_high"],
                    step="post",
                    color=tint,
                    alpha=0.12,
                    linewidth=0,
                )
                height = -0.285 - 0.065 * row
                axis.text(
                    -0.05,
                    height,
                    risk.split()[0].capitalize(),
                    ha="right",
                    fontsize=7.5,
                    color=tint,
                    transform=axis.transAxes,
                )
                for tick in ticks:
                    later = curve.loc[curve["time_months"] >= tick, "at_risk"]
                    axis.text(
                        tick,
                        height,
                        f"{int(later.iloc[0]) if len(later) else 0}",
                        ha="center",
                        fontsize=7.5,
                        color=tint,
                        transform=axis.get_xaxis_transform(),
                    )
            axis.text(
                0,
                -0.22,
                "Number at risk",
                fontsize=7.5,
                fontweight="bold",
                transform=axis.transAxes,
            )
            if horizon is not None:
                axis.axvline(horizon, **REFERENCE)
            axis.set(
                ylim=(0, 1.02),
                xlim=(0, end),
                xticks=ticks,
                xlabel="Months",
                ylabel="Event-free survival",
                title=labels[cohort],
            )
            if risks:
                axis.legend(loc="upper right", handlelength=2.2)
    return figure
