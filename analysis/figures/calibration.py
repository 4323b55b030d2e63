"""Calibration curves with the confidence band of one model, over the number of its patients at each
probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import PAGE, REFERENCE, SETTINGS, colour, line

WITHOUT = "#AEB6C1"


def draw_calibration(
    points: pd.DataFrame,
    models: Sequence[str],
    hows: Sequence[str],
    labels: Mapping[str, str],
    band_of: str,
    counts: pd.DataFrame | None = None,
    event: str = "the event",
) -> Figure:
    """points: model, how, predicted, observed, ci_low, ci_high. band_of: the model whose confidence
    band is shaded, and whose patients with and without the event are counted below the curves.
    counts: how, low, high, event, patients.
    """
    width = min((PAGE - 1.1) / len(hows), 2.9)
    with plt.rc_context(SETTINGS):
        rows = 1 if counts is None else 2
        figure, grid = plt.subplots(
            rows,
            len(hows),
            figsize=(width * len(hows) + 1.1, width + (0.3 if rows == 1 else 0.95)),
            squeeze=False,
            layout="constrained",
            height_ratios=[4, 1][:rows],
            sharex=True,
            sharey="row",
        )
        for place, how in enumerate(hows):
            axis = grid[0, place]
            for model in models:
                curve = points[(points["model"] == model) & (points["how"] == how)]
                if len(curve):
                    axis.plot(
                        curve["predicted"], curve["observed"], **line(model), label=labels[model]
                    )
                    if model == band_of:
                        axis.fill_between(
                            curve["predicted"],
                            curve["ci_low"],
                            curve["ci_high"],
                            color=colour(model),
                            alpha=0.15,
                            linewidth=0,
                        )
            axis.plot([0, 1], [0, 1], **REFERENCE)
            axis.set(
                xlim=(0, 1),
                ylim=(0, 1),
                title=labels[how],
                ylabel="Observed proportion" if place == 0 else "",
            )
            if counts is not None:
                axis = grid[1, place]
                part = counts[counts["how"] == how]
                for value, sign in ((1, 1), (0, -1)):
                    bars = part[part["event"] == value]
                    axis.bar(
                        bars["low"],
                        sign * bars["patients"],
                        width=bars["high"] - bars["low"],
                        align="edge",
                        color=colour(band_of) if value else WITHOUT,
                        edgecolor="white",
                        linewidth=0.4,
                    )
                axis.axhline(0, color="#333333", linewidth=0.6)
                most = max(int(counts["patients"].max()), 1)
                axis.set(
                    ylim=(-1.15 * most, 1.15 * most),
                    yticks=[-most, 0, most],
                    yticklabels=[str(most), "0", str(most)],
                )
                if place == 0:
                    axis.set_ylabel("Patients")
            grid[-1, place].set_xlabel("Predicted probability")
        drawn = {
            label: handle
            for axis in grid[0]
            for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
        }
        if counts is not None:
            drawn |= {
                f"{labels[band_of]}:\n{event}": plt.Rectangle((0, 0), 1, 1, color=colour(band_of)),
                f"{labels[band_of]}:\nno {event}": plt.Rectangle((0, 0), 1, 1, color=WITHOUT),
            }
        if drawn:
            figure.legend(
                list(drawn.values()), list(drawn), loc="outside right center", handlelength=2.0
            )
    return figure
