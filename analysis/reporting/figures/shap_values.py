"""SHAP values of out-of-fold predictions: one dot a patient, coloured by the variable's value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from analysis.reporting.figures.names_in_lines import name_in_lines, row_height
from analysis.reporting.figures.style import (
    DOUBLE,
    SETTINGS,
    SINGLE,
    SMALLEST,
    letter_panels,
    panels,
)

MOST = 10
# Characters of a name that leave room for a panel in a figure of one column.
SHORT = 24


def spread(values: np.ndarray) -> np.ndarray:
    """Vertical places that let dots of about the same value stand beside each other."""
    places, bins = (
        np.zeros(len(values)),
        np.digitize(values, np.linspace(values.min(), values.max() + 1e-9, 60)),
    )
    for each in np.unique(bins):
        members = np.flatnonzero(bins == each)
        places[members] = (np.arange(len(members)) - (len(members) - 1) / 2) * min(
            0.09, 0.7 / len(members)
        )
    return places


def draw_swarm(axis: Axes, place: float, rows: pd.DataFrame) -> PathCollection:
    """Dots of one variable, a patient each, side by side where SHAP values are alike.

    rows: value and shap; the colour is the value's rank among them.
    """
    return axis.scatter(
        rows["shap"],
        place + spread(rows["shap"].to_numpy()),
        c=rows["value"].rank(pct=True),
        cmap="cividis",
        vmin=0,
        vmax=1,
        s=9,
        linewidths=0,
    )


def draw_shap(
    points: pd.DataFrame,
    variables: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
    names: Mapping[str, str],
) -> Figure:
    """Figure of the SHAP values.

    points: model, patient_id, variable, value, shap. variables: model → those to draw, the first on
    top. names: of variables.
    """
    models = [model for model in variables if len(variables[model])]
    most = max(len(variables[model][:MOST]) for model in models)
    lines = {
        variable: name_in_lines(names.get(variable, variable))
        for model in models
        for variable in variables[model][:MOST]
    }
    is_short = all(len(line) <= SHORT for name in lines.values() for line in name.splitlines())
    figure, axes = panels(
        len(models),
        height=0.9 + row_height(lines.values(), 0.22, SMALLEST) * most,
        width=SINGLE if len(models) == 1 and is_short else DOUBLE,
        across=2,
    )
    with plt.rc_context(SETTINGS):
        for axis, model in zip(axes, models, strict=True):
            shown = list(variables[model][:MOST])
            for position, variable in enumerate(shown):
                rows = points[(points["model"] == model) & (points["variable"] == variable)]
                drawn = draw_swarm(axis, position, rows)
            axis.axvline(0, color="#AAAAAA", linewidth=0.9, zorder=0)
            axis.set_yticks(
                range(len(shown)),
                [lines[variable] for variable in shown],
                fontsize=SMALLEST,
            )
            axis.set_ylim(len(shown) - 0.5, -0.5)
            axis.set(xlabel="SHAP value (probability)", title=labels[model])
        letter_panels(axes)
        bar = figure.colorbar(drawn, ax=axes, shrink=0.8, aspect=25)
        bar.set_ticks([0, 1], labels=["low", "high"])
        bar.set_label("Value of the variable", fontsize=7)
    return figure
