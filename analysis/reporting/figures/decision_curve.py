"""Decision curves: net benefit over the threshold range of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
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


def draw_decision_curve(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    band_of: str | None = None,
) -> Figure:
    """Figure of decision curves.

    points: model (treat_all and treat_none among them), how, threshold, net_benefit, ci_low and
    ci_high of the model `band_of`.
    """
    figure, axes = panels(len(hows), height=2.6, width=SINGLE if len(hows) == 1 else DOUBLE)
    shown = points["how"].isin(hows) & points["model"].isin(models)
    top = max(points.loc[shown, "net_benefit"].max(), 0.1)
    with plt.rc_context(SETTINGS):
        for axis, how in zip(axes, hows, strict=True):
            part = points[points["how"] == how]
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
            ncols=min(len(names), 7 if len(hows) > 1 else 3),
            handlelength=2.0,
            columnspacing=1.2,
        )
    return figure


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
