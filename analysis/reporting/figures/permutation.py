"""Permuted outcomes: where the AUC of the whole path lies when there is nothing to find."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
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


def draw_permutations(points: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """points: model, permutation (0 is the outcome as it is), auc. labels: of models.

    One panel a model.
    """
    models = list(points["model"].unique())
    figure, axes = panels(len(models), height=2.4, width=SINGLE if len(models) == 1 else DOUBLE)
    bins = np.linspace(0.2, 1, 41).tolist()
    with plt.rc_context(SETTINGS):
        for axis, model in zip(axes, models, strict=True):
            rows = points[points["model"] == model]
            axis.hist(rows.loc[rows["permutation"] > 0, "auc"], bins=bins, color="#c6ced8")
            axis.axvline(0.5, **REFERENCE)
            observed = rows.loc[rows["permutation"] == 0, "auc"]
            axis.axvline(float(observed.iloc[0]), color=colour(model), linewidth=2)
            axis.set(
                xlim=(0.2, 1),
                xlabel="AUC within folds",
                title=labels[model],
                ylabel="Permutations" if starts_row(axis) else "",
            )
        letter_panels(axes)
    return figure
