"""ROC curves, one panel for each way of judging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import HALF, REFERENCE, SETTINGS, line, panels


def draw_roc(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    areas: Mapping[tuple[str, str], float],
) -> Figure:
    """points: model, how, false_positive_rate, true_positive_rate. labels: of models and hows.
    areas: (model, how) → AUC."""
    figure, axes = panels(len(hows), height=HALF * (0.95 if len(hows) > 2 else 1.15))
    with plt.rc_context(SETTINGS):
        for axis, how in zip(axes, hows, strict=True):
            for model in models:
                curve = points[(points["model"] == model) & (points["how"] == how)]
                if len(curve):
                    axis.plot(
                        curve["false_positive_rate"],
                        curve["true_positive_rate"],
                        **line(model),
                        clip_on=False,
                        label=f"{labels[model]}, {areas[model, how]:.3f}",
                    )
            axis.plot([0, 1], [0, 1], **REFERENCE)
            axis.set(
                xlim=(0, 1),
                ylim=(0, 1),
                aspect="equal",
                xlabel="1 − specificity",
                ylabel="Sensitivity",
                title=labels[how],
            )
            if axis.get_legend_handles_labels()[0]:
                # Below the panel: beside the curves there is no room that all of them leave free.
                axis.legend(
                    loc="upper center",
                    bbox_to_anchor=(0.5, -0.2),
                    title="AUC",
                    title_fontsize=6.5,
                    alignment="left",
                    handlelength=1.9,
                    borderaxespad=0,
                )
    return figure
