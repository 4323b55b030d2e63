"""SHAP values of the final fused model: of all validation patients, and of one, term by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import logit

from analysis.reporting.figures.names_in_lines import name_in_lines, row_height
from analysis.reporting.figures.shap_values import draw_swarm
from analysis.reporting.figures.style import DOUBLE, SETTINGS, SMALLEST, letter_panels
from analysis.reporting.number_style import format_number, with_minus_signs

RAISES, LOWERS, MOST = "#D55E00", "#0072B2", 12
# Characters of a line of a term's name.
NAME = 24


def draw_contributions(
    points: pd.DataFrame, names: Mapping[str, str], base: float, probability: float
) -> Figure:
    """Figure of SHAP values in log odds.

    points: patient_id, variable, value, shap, shown. names: of variables. base: probability where
    every term is at its mean; probability: of the patient shown.
    """
    points, terms = _gathered(points)
    lines = [name_in_lines(names.get(term, term), NAME) for term in terms]
    height = 0.95 + row_height(lines, 0.26, SMALLEST) * (len(terms) + 1)
    with plt.rc_context(SETTINGS):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(DOUBLE, height), layout="constrained", sharey=True
        )
        for place, term in enumerate(terms):
            dots = draw_swarm(left, place, points[points["variable"] == term])
        left.axvline(0, color="#AAAAAA", linewidth=0.9, zorder=0)
        left.set_yticks(range(len(terms)), lines, fontsize=SMALLEST)
        left.set(xlabel="SHAP value (log odds)", title="All patients")
        _draw_waterfall(
            right, points[points["shown"]], terms=terms, base=base, probability=probability
        )
        left.set_ylim(len(terms) - 0.3, -0.7)
        bar = figure.colorbar(dots, ax=left, shrink=0.7, aspect=22, pad=0.02)
        bar.set_ticks([0, 1], labels=["low", "high"])
        bar.ax.tick_params(labelsize=SMALLEST)
        letter_panels([left, right])
    return figure


def _gathered(points: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Points and terms, the largest first; those beyond MOST are one, so that a sum stays whole."""
    size = points.assign(size=points["shap"].abs()).groupby("variable")["size"].mean()
    terms = list(size.sort_values(ascending=False, kind="stable").index)
    if len(terms) <= MOST:
        return points, terms
    kept, rest = terms[: MOST - 1], terms[MOST - 1 :]
    others = (
        points[points["variable"].isin(rest)]
        .groupby("patient_id", as_index=False)
        .agg(shap=("shap", "sum"), shown=("shown", "first"))
        .assign(variable=f"{len(rest)} other terms", value=0.0)
    )
    shown = pd.concat([points[points["variable"].isin(kept)], others], ignore_index=True)
    return shown, [*kept, others["variable"].iloc[0]]


def _draw_waterfall(
    axis: Axes, shown: pd.DataFrame, terms: Sequence[str], base: float, probability: float
) -> None:
    """From the patient of mean values to the one shown, a bar a term, the largest first."""
    added = shown.set_index("variable")["shap"]
    at = float(logit(base))
    start = at
    for place, term in enumerate(terms):
        step = float(added[term])
        axis.barh(place, step, left=at, height=0.6, color=RAISES if step > 0 else LOWERS)
        axis.annotate(
            with_minus_signs(f"{step:+.2f}"),
            (max(at, at + step), place),
            (3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALLEST,
        )
        at += step
        axis.plot([at, at], [place, place + 0.7], color="#5b6675", linewidth=0.7)
    axis.axvline(start, color="#AAAAAA", linewidth=0.9, zorder=0)
    ends = np.array(axis.get_xlim())
    room = 0.12 * (ends[1] - ends[0])
    axis.set(
        xlim=(ends[0] - room / 2, ends[1] + room),
        xlabel=(
            f"Log odds: from {format_number(base, 'ratio')} (means) to"
            f" {format_number(probability, 'ratio')} (probability)"
        ),
        title="One patient",
    )
    axis.tick_params(axis="y", length=0)
