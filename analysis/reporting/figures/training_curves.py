"""Course of the loss: one panel a network, a line a training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.reporting.figures.style import (
    DOUBLE,
    SETTINGS,
    SINGLE,
    colour,
    letter_panels,
    panels,
    starts_row,
)


def draw_training_curves(points: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Figure of the networks' loss over the epochs of training.

    points: model, context, member, epoch, loss, held_out_loss (empty without early stopping), kept.
    Strong lines: the final fit; pale ones: outer folds. A dot: the weights taken.
    """
    models = list(points["model"].unique())
    held = points["held_out_loss"].notna().any()
    figure, axes = panels(len(models), height=2.4, width=SINGLE if len(models) == 1 else DOUBLE)
    with plt.rc_context(SETTINGS):
        for axis, model in zip(axes, models, strict=True):
            rows = points[points["model"] == model]
            for (context, _), part in rows.groupby(["context", "member"], sort=False):
                final = context == "final"
                style: dict[str, Any] = {
                    "linewidth": 1.4 if final else 0.6,
                    "alpha": 1.0 if final else 0.35,
                    "zorder": 3 if final else 1,
                }
                axis.plot(part["epoch"], part["loss"], color=colour(model), **style)
                if held:
                    axis.plot(
                        part["epoch"],
                        part["held_out_loss"],
                        color="#333333",
                        linestyle="--",
                        **style,
                    )
                kept = part[part["kept"]]
                if held and final:
                    axis.scatter(
                        kept["epoch"], kept["held_out_loss"], s=18, color="#333333", zorder=4
                    )
            axis.set(
                title=labels[model],
                xlabel="Epoch",
                ylabel="Loss" if starts_row(axis) else "",
                ylim=(0, points[["loss", "held_out_loss"]].max().max() * 1.05),
                xlim=(1, max(2, rows["epoch"].max())),
            )
            axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        letter_panels(axes)
        axes[0].plot([], [], color="#555555", linewidth=1.4, label="patients trained on")
        if held:
            axes[0].plot(
                [], [], color="#333333", linestyle="--", linewidth=1.4, label="patients held out"
            )
        axes[0].plot([], [], color="#555555", linewidth=0.6, alpha=0.5, label="in outer folds")
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
