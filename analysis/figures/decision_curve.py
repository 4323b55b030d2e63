"""Decision curves: net benefit over the threshold range of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import SETTINGS, colour, panels


def draw_decision_curve(points: pd.DataFrame, models: Sequence[str], hows: Sequence[str], labels: Mapping[str, str]) -> Figure:
    """points: model (treat_all and treat_none among them), how, threshold, net_benefit."""
    figure, axes = panels(len(hows))
    with plt.rc_context(SETTINGS):
        for axis, how in zip(axes, hows, strict=True):
            part = points[points["how"] == how]
            for model in models:
                curve = part[part["model"] == model]
                axis.plot(curve["threshold"], curve["net_benefit"], color=colour(model), label=labels[model])
            for model, text, dash in (("treat_all", "Treat all", "--"), ("treat_none", "Treat none", ":")):
                curve = part[part["model"] == model]
                axis.plot(curve["threshold"], curve["net_benefit"], color=colour(model), linewidth=1, linestyle=dash, label=text)
            top = part.loc[part["model"].isin(models), "net_benefit"].max()
            axis.set(ylim=(-0.12 * max(top, 0.1) - 0.03, 1.15 * max(top, 0.1)), xlabel="Threshold probability", ylabel="Net benefit", title=labels[how])
            axis.legend(loc="upper right", handlelength=1.6)
    return figure
