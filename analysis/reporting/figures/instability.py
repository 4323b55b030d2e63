"""Instability: a patient's probability by the model, and by the models of bootstrap samples."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SINGLE,
    colour,
    letter_panels,
    panels,
    starts_row,
)


def draw_instability(points: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """points: model, patient_id, probability, resampled.

    Each dot is a patient in a resample; the lines hold ninety percent of them.
    """
    models = list(points["model"].unique())
    width = SINGLE if len(models) == 1 else DOUBLE
    figure, axes = panels(len(models), height=width / min(len(models), 3) + 0.2, width=width)
    with plt.rc_context(SETTINGS):
        for axis, model in zip(axes, models, strict=True):
            rows = points[points["model"] == model]
            axis.scatter(
                rows["probability"],
                rows["resampled"],
                s=4,
                color=colour(model),
                alpha=0.4,
                linewidths=0,
                rasterized=True,
            )
            band = (
                rows.groupby("patient_id")
                .agg(
                    probability=("probability", "first"),
                    low=("resampled", lambda each: each.quantile(0.05)),
                    high=("resampled", lambda each: each.quantile(0.95)),
                )
                .sort_values("probability")
            )
            smooth = band.rolling(max(3, len(band) // 10), center=True, min_periods=1).mean()
            for end in ("low", "high"):
                axis.plot(smooth["probability"], smooth[end], color="#333333", linewidth=1)
            axis.plot([0, 1], [0, 1], **REFERENCE)
            axis.set(
                xlim=(0, 1),
                ylim=(0, 1),
                aspect="equal",
                xlabel="Probability by the model",
                ylabel="Probability by models of resamples" if starts_row(axis) else "",
                title=labels[model],
            )
        letter_panels(axes)
    return figure
