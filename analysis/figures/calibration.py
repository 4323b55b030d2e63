"""Calibration curves, with the confidence band of one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import REFERENCE, SETTINGS, colour, line, panels


def draw_calibration(points: pd.DataFrame, models: Sequence[str], hows: Sequence[str], labels: Mapping[str, str], band_of: str) -> Figure:
    """points: model, how, predicted, observed, ci_low, ci_high. band_of: the model whose confidence band is shaded."""
    figure, axes = panels(len(hows))
    with plt.rc_context(SETTINGS):
        for axis, how in zip(axes, hows, strict=True):
            for model in models:
                curve = points[(points["model"] == model) & (points["how"] == how)]
                if len(curve):
                    axis.plot(curve["predicted"], curve["observed"], **line(model), label=labels[model])
                    if model == band_of:
                        axis.fill_between(curve["predicted"], curve["ci_low"], curve["ci_high"], color=colour(model), alpha=0.15, linewidth=0)
            axis.plot([0, 1], [0, 1], **REFERENCE)
            axis.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="Predicted probability", ylabel="Observed proportion", title=labels[how])
        drawn = {label: handle for axis in axes for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)}
        if drawn:
            figure.legend(list(drawn.values()), list(drawn), loc="outside right center", handlelength=2.2)
    return figure
