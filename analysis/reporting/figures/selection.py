"""Selection of features by LASSO: the cross-validated deviance, and the coefficients kept."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.names_in_lines import name_in_lines, row_height
from analysis.reporting.figures.style import (
    DOUBLE,
    REFERENCE,
    SETTINGS,
    SMALLEST,
    letter_panels,
    log_ticks,
)
from analysis.reporting.selected_coefficients import selected_coefficients

POINT, ERROR, RAISES, LOWERS = "#0072B2", "#AEB6C1", "#D55E00", "#0072B2"
# Rules by which a penalty is taken, and the line of each.
RULES = {"min": ("Least deviance", "--"), "1se": ("Within one SE of it", ":")}
# Characters of a line of a feature's name.
NAME = 46


def draw_selection(
    deviance: pd.DataFrame, path: pd.DataFrame, name_of: Callable[[str], str]
) -> Figure:
    """Figure of the selection of features by LASSO.

    deviance: penalty, deviance, error, rule (min, 1se or both) and chosen. path: feature, penalty,
    coefficient, chosen and selected. name_of: feature → its name in words.
    """
    kept = selected_coefficients(path)
    names = [name_in_lines(name_of(feature), NAME) for feature in kept.index]
    row = row_height(names, 0.2, SMALLEST)
    with plt.rc_context(SETTINGS):
        figure, (left, right) = plt.subplots(
            1,
            2,
            figsize=(DOUBLE, max(2.6, 0.7 + row * len(kept))),
            layout="constrained",
            width_ratios=[1, 1],
        )
        _draw_deviance(left, deviance)
        places = range(len(kept))
        right.barh(
            places,
            kept,
            color=[RAISES if value > 0 else LOWERS for value in kept],
            height=0.62,
        )
        right.axvline(0, color="#333333", linewidth=0.7)
        right.set_yticks(places, names, fontsize=SMALLEST)
        right.tick_params(axis="y", length=0)
        right.spines["left"].set_visible(False)
        right.set(
            ylim=(len(kept) - 0.4, -0.6),
            xlabel="Coefficient per standard deviation",
            title="Selected features",
        )
        letter_panels([left, right])
    return figure


def _draw_deviance(axis: Axes, deviance: pd.DataFrame) -> None:
    axis.errorbar(
        deviance["penalty"],
        deviance["deviance"],
        yerr=deviance["error"].to_numpy(),
        fmt="o",
        markersize=2.8,
        color=POINT,
        ecolor=ERROR,
        elinewidth=0.9,
    )
    for rule, (words, dashes) in RULES.items():
        rows = deviance[deviance["rule"].fillna("").str.contains(rule)]
        for row in rows.itertuples():
            taken = " (taken)" if row.chosen else ""
            axis.axvline(
                row.penalty,
                **REFERENCE | {"color": "#333333", "linestyle": dashes},
                label=f"{words}{taken}",
            )
    log_ticks(axis)
    axis.invert_xaxis()
    axis.set(
        xlabel="Penalty of LASSO",
        ylabel="Deviance, cross-validated",
        title="Penalty",
    )
    axis.legend(
        loc="upper center", frameon=True, framealpha=0.9, edgecolor="none", handlelength=2.4
    )
