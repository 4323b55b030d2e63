"""Kaplan-Meier curves of the risk groups, with censoring marks and numbers at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SINGLE,
    SMALLEST,
    letter_panels,
    panels,
    starts_row,
)
from analysis.reporting.survival_name import FEWEST_AT_RISK

RISK_COLOURS = {"high risk": "#D55E00", "low risk": "#0072B2"}
RISK_DASHES = {"high risk": "-", "low risk": (0, (5, 1.6))}
# Places of the rows below the axis, as shares of its height.
FIRST_ROW, ROW = -0.235, 0.07


def shown_part(curve: pd.DataFrame) -> pd.DataFrame:
    """A curve up to the time from which fewer than FEWEST_AT_RISK patients are at risk.

    curve: time_months, survival, at_risk (just before that time) and others, in the order of time.
    """
    enough = curve[curve["at_risk"] >= FEWEST_AT_RISK]
    after = curve[curve["at_risk"] < FEWEST_AT_RISK]
    if enough.empty or after.empty:
        return enough
    # The last step is drawn to its end.
    last = enough.iloc[[-1]].assign(time_months=after["time_months"].iloc[0])
    return pd.concat([enough, last], ignore_index=True)


def censored_points(curve: pd.DataFrame) -> pd.DataFrame:
    """Rows of a Kaplan-Meier curve at whose times patients were censored.

    Of those at risk some had the event, which the step of the curve tells; the others who are not
    at risk at the next time were censored.
    """
    before = curve["survival"].shift(1, fill_value=1.0)
    share = np.divide(
        curve["survival"], before, out=np.zeros(len(curve)), where=before.to_numpy() > 0
    )
    events = (curve["at_risk"] * (1 - share)).round()
    left = curve["at_risk"] - curve["at_risk"].shift(-1, fill_value=0)
    return curve[(left - events >= 1) & (curve["time_months"] > 0)]


def last_tick(points: pd.DataFrame) -> float:
    """Full years up to which a figure of follow-up is drawn, in months; at least one."""
    return max(12.0, float(np.floor(points["time_months"].max() / 12) * 12))


def draw_kaplan_meier(
    points: pd.DataFrame,
    cohorts: Sequence[str],
    labels: Mapping[str, str],
    horizon: float | None,
    survival: str = "Event-free survival",
    comparisons: Mapping[str, str] | None = None,
) -> Figure:
    """Figure of the Kaplan-Meier curves of the risk groups.

    points: group (`<cohort>: <risk>`), time_months, survival, ci_low, ci_high, at_risk. horizon:
    months, at which a line stands. survival: name of the axis. comparisons: cohort → hazard ratio
    and P-value in words.
    """
    width = SINGLE if len(cohorts) == 1 else DOUBLE
    figure, axes = panels(len(cohorts), height=3.1, width=width)
    drawn = {
        group: shown_part(curve)
        for group, curve in points.groupby("group", sort=False)
        if group.partition(": ")[0] in cohorts
    }
    reached = [curve for curve in drawn.values() if len(curve)]
    end = min(
        last_tick(points),
        12 * np.ceil(max((each["time_months"].max() for each in reached), default=12.0) / 12),
    )
    ticks = np.arange(0, end + 1, 12).tolist()
    with plt.rc_context(SETTINGS):
        for axis, cohort in zip(axes, cohorts, strict=True):
            risks = [risk for risk in RISK_COLOURS if f"{cohort}: {risk}" in drawn]
            for row, risk in enumerate(risks):
                group = f"{cohort}: {risk}"
                _draw_curve(axis, drawn[group], points[points["group"] == group], risk)
                _write_numbers(
                    axis, points[points["group"] == group], risk=risk, ticks=ticks, row=row
                )
            if horizon is not None:
                axis.axvline(horizon, **REFERENCE)
            axis.set(
                ylim=(0, 1.02),
                xlim=(0, end),
                xticks=ticks,
                xlabel="Months",
                ylabel=survival if starts_row(axis) else "",
                title=labels[cohort],
            )
            if axis.get_legend_handles_labels()[0]:
                axis.legend(
                    loc="best",
                    handlelength=2.2,
                    title=(comparisons or {}).get(cohort),
                    title_fontsize=SMALLEST,
                    alignment="left",
                )
        letter_panels(axes)
    return figure


def _draw_curve(axis: Axes, shown: pd.DataFrame, whole: pd.DataFrame, risk: str) -> None:
    """The part of a curve that is drawn, its band, and marks where patients were censored."""
    if shown.empty:
        return
    tint = RISK_COLOURS[risk]
    axis.step(
        shown["time_months"],
        shown["survival"],
        where="post",
        color=tint,
        linestyle=RISK_DASHES[risk],
        label=risk.capitalize(),
    )
    axis.fill_between(
        shown["time_months"],
        shown["ci_low"],
        shown["ci_high"],
        step="post",
        color=tint,
        alpha=0.12,
        linewidth=0,
    )
    censored = censored_points(whole)
    censored = censored[censored["time_months"] <= shown["time_months"].max()]
    axis.plot(
        censored["time_months"],
        censored["survival"],
        linestyle="",
        marker="|",
        markersize=4.5,
        markeredgewidth=0.8,
        color=tint,
    )


def _write_numbers(
    axis: Axes, curve: pd.DataFrame, risk: str, ticks: Sequence[float], row: int
) -> None:
    """A row of numbers at risk below the axis, under a heading."""
    tint, height = RISK_COLOURS[risk], FIRST_ROW - ROW * (row + 1)
    if row == 0:
        axis.text(
            0,
            FIRST_ROW,
            "Number at risk",
            fontsize=SMALLEST,
            fontweight="bold",
            transform=axis.transAxes,
        )
    axis.text(
        -0.06,
        height,
        risk.split()[0].capitalize(),
        ha="right",
        fontsize=SMALLEST,
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
            fontsize=SMALLEST,
            color=tint,
            transform=axis.get_xaxis_transform(),
        )
