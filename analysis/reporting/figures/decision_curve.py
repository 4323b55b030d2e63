"""Decision curves: net benefit over the threshold range of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import SETTINGS, colour, line, panels

STRATEGIES = {"treat_all": "Treat all", "treat_none": "Treat none"}


def draw_decision_curve(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    band_of: str | None = None,
) -> Figure:
    """points: model (treat_all and treat_none among them), how, threshold, net_benefit, ci_low and
    ci_high of the model `band_of`."""
    figure, axes = panels(len(hows), height=2.6)
    top = max(
        points.loc[points["how"].isin(hows) & points["model"].isin(models), "net_benefit"].max(),
        0.1,
    )
    with plt.rc_context(SETTINGS):
        for axis, how in zip(axes, hows, strict=True):
            part = points[points["how"] == how]
            for model in [*models, *STRATEGIES]:
                curve = part[part["model"] == model]
                if len(curve):
                    style = line(model) | ({"linewidth": 1.1} if model in STRATEGIES else {})
                    axis.plot(
                        curve["threshold"],
                        curve["net_benefit"],
                        **style,
                        label=STRATEGIES.get(model) or labels[model],
                    )
                    if model == band_of:
                        axis.fill_between(
                            curve["threshold"],
                            curve["ci_low"],
                            curve["ci_high"],
                            color=colour(model),
                            alpha=0.13,
                            linewidth=0,
                        )
            # Net benefit far below zero says only "worse than treating nobody"; the room is kept
            # for what is above it.
            axis.set(
                xlim=(part["threshold"].min(), part["threshold"].max()),
                ylim=(-0.25 * top, 1.12 * top),
                xlabel="Threshold probability",
                ylabel="Net benefit",
                title=labels[how],
            )
        figure.legend(
            *axes[0].get_legend_handles_labels(), loc="outside right center", handlelength=2.2
        )
    return figure
