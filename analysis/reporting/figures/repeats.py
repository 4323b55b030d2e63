"""Out-of-fold AUC of each model over repeats of the folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import DOUBLE, SETTINGS, colour, panels


def draw_repeats(points: pd.DataFrame, models: Sequence[str], labels: Mapping[str, str]) -> Figure:
    """points: model, repeat, auc. One dot a repeat, a bar at the median."""
    shown = [model for model in models if model in set(points["model"])]
    figure, (axis,) = panels(1, height=0.7 + 0.3 * len(shown), width=DOUBLE)
    random = np.random.default_rng(0)
    with plt.rc_context(SETTINGS):
        for position, model in enumerate(shown):
            areas = points.loc[points["model"] == model, "auc"]
            axis.scatter(
                areas,
                position + random.uniform(-0.18, 0.18, len(areas)),
                s=14,
                color=colour(model),
                alpha=0.7,
                linewidths=0,
            )
            axis.plot(
                [areas.median()] * 2,
                [position - 0.3, position + 0.3],
                color="#333333",
                linewidth=1.6,
            )
        axis.set_yticks(range(len(shown)), [labels[model] for model in shown])
        axis.set_ylim(len(shown) - 0.5, -0.5)
        axis.set_xlabel("Out-of-fold AUC of one repeat of the folds")
    return figure
