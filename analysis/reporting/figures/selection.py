"""Selection of features: the way from all features to the selected ones.

It shows how many each step left, and LASSO's path over the last of them.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import DOUBLE, REFERENCE, SETTINGS, letter_panels, log_ticks
from analysis.reporting.wordings.result_ids import SELECTION_STEPS, in_words

BAR, OTHER = "#0072B2", "#C4CBD4"
# One colour a selected feature, from Okabe and Ito's palette, then grey levels.
LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def draw_selection(steps: pd.DataFrame, path: pd.DataFrame | None) -> Figure:
    """Figure of the selection of features.

    steps: step, features. path: feature, penalty, coefficient, chosen, selected; None where LASSO
    had too few patients.
    """
    with plt.rc_context(SETTINGS):
        figure, axes = plt.subplots(
            1,
            1 if path is None else 2,
            figsize=(DOUBLE, 2.5),
            squeeze=False,
            layout="constrained",
            width_ratios=[1] if path is None else [1, 1.15],
        )
        axis, places = axes[0, 0], np.arange(len(steps))
        axis.barh(places, steps["features"], color=BAR, height=0.62)
        log_ticks(axis)
        axis.set(
            xlim=(0.8, steps["features"].max() * 4),
            ylim=(len(steps) - 0.5, -0.5),
            xlabel="Features left",
        )
        axis.set_yticks(
            places,
            [
                in_words(SELECTION_STEPS, step)
                .replace(" between", "\nbetween")
                .replace("univariable ", "univariable\n")
                .replace("with a", "\nwith a")
                for step in steps["step"]
            ],
        )
        for place, count in zip(places, steps["features"], strict=True):
            axis.text(count * 1.15, place, f"{count}", va="center", fontsize=7)
        if path is not None:
            axis = axes[0, 1]
            chosen = sorted(
                path.loc[path["selected"], "feature"].unique(),
                key=lambda name: -path.loc[path["feature"] == name, "coefficient"].abs().max(),
            )
            for feature, rows in path.groupby("feature", sort=False):
                if feature not in chosen:
                    axis.plot(
                        rows["penalty"], rows["coefficient"], color=OTHER, linewidth=0.8, zorder=1
                    )
            for number, feature in enumerate(chosen):
                rows = path[path["feature"] == feature]
                axis.plot(
                    rows["penalty"],
                    rows["coefficient"],
                    color=LINES[number % len(LINES)],
                    linestyle=("-", "--", ":")[number // len(LINES) % 3],
                    linewidth=1.3,
                    zorder=2,
                )
            axis.axvline(path["chosen"].iloc[0], **REFERENCE | {"color": "#555555"})
            log_ticks(axis)
            axis.set(xlabel="Penalty of LASSO", ylabel="Coefficient (standardised features)")
            axis.invert_xaxis()
        letter_panels(list(axes[0]))
    return figure
