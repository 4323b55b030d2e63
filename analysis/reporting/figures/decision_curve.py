"""Decision curves: net benefit over the threshold range of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.style import (
    DOUBLE,
    SETTINGS,
    SINGLE,
    colour,
    letter_panels,
    line,
    panels,
    starts_row,
)

STRATEGIES = {"treat_all": "Treat all", "treat_none": "Treat none"}
# Of the range of the curves: net benefit far below zero says only "worse than treating nobody".
BELOW, ABOVE = 0.25, 1.12
# A curve is drawn at every fifth threshold, five percentage points apart: between two patients'
# probabilities net benefit falls and jumps, which in small cohorts looks like a saw.
EVERY = 5
CLAIMED = "#F0E9D2"


@dataclass(frozen=True)
class Claimed:
    """Range of threshold probabilities over which a net benefit may be claimed.

    low and high are equal where it is one threshold.
    """

    low: float
    high: float


def drawn_thresholds(thresholds: Sequence[float]) -> list[float]:
    """Every fifth threshold, and the last one."""
    distinct = sorted(set(thresholds))
    return [*distinct[:-1:EVERY], *distinct[-1:]]


def draw_decision_curve(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    band_of: str | None = None,
    claimed: Claimed | None = None,
) -> Figure:
    """Figure of decision curves.

    points: model (treat_all and treat_none among them), how, threshold, net_benefit, ci_low and
    ci_high of the model `band_of`. claimed: thresholds that are shaded.
    """
    figure, axes = panels(len(hows), height=2.6, width=SINGLE if len(hows) == 1 else DOUBLE)
    points = points[points["threshold"].isin(drawn_thresholds(points["threshold"].tolist()))]
    shown = points["how"].isin(hows) & points["model"].isin(models)
    top = max(points.loc[shown, "net_benefit"].max(), 0.1)
    with plt.rc_context(SETTINGS):
        for axis, how in zip(axes, hows, strict=True):
            part = points[points["how"] == how]
            if claimed is not None:
                _draw_claimed(axis, claimed)
            for model in [*models, *STRATEGIES]:
                curve = part[part["model"] == model]
                if len(curve):
                    _draw_curve(axis, model, curve, labels)
                if model == band_of:
                    _draw_band(axis, model, curve)
            axis.set(
                xlim=(part["threshold"].min(), part["threshold"].max()),
                ylim=(-BELOW * top, ABOVE * top),
                xlabel="Threshold probability",
                ylabel="Net benefit" if starts_row(axis) else "",
                title=labels[how],
            )
        letter_panels(axes)
        handles, names = axes[0].get_legend_handles_labels()
        # Below the panels: the curves of good models and of treating all fill the room above.
        figure.legend(
            handles,
            names,
            loc="outside lower center",
            ncols=min(len(names), 5 if len(hows) > 1 else 2),
            handlelength=2.0,
            columnspacing=1.2,
        )
    return figure


def _draw_claimed(axis: Axes, claimed: Claimed) -> None:
    if np.isclose(claimed.low, claimed.high):
        axis.axvline(
            claimed.low, color="#BFAF78", linewidth=1.2, zorder=0, label="Threshold of the claim"
        )
        return
    axis.axvspan(
        claimed.low,
        claimed.high,
        color=CLAIMED,
        linewidth=0,
        zorder=0,
        label="Thresholds of the claim",
    )


def _draw_curve(axis: Axes, model: str, curve: pd.DataFrame, labels: Mapping[str, str]) -> None:
    style = line(model) | ({"linewidth": 1.1} if model in STRATEGIES else {})
    axis.plot(
        curve["threshold"],
        curve["net_benefit"],
        **style,
        label=STRATEGIES.get(model) or labels[model],
    )


def _draw_band(axis: Axes, model: str, curve: pd.DataFrame) -> None:
    axis.fill_between(
        curve["threshold"],
        curve["ci_low"],
        curve["ci_high"],
        color=colour(model),
        alpha=0.13,
        linewidth=0,
    )
