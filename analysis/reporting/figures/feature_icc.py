"""Intraclass correlation of the features by class, one panel a delineation."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.style import DOUBLE, REFERENCE, SETTINGS, letter_panels

NAMES = {
    "shape": "Shape",
    "firstorder": "First order",
    "glcm": "GLCM",
    "glrlm": "GLRLM",
    "glszm": "GLSZM",
    "gldm": "GLDM",
    "ngtdm": "NGTDM",
    "intensitymorphology": "Intensity-weighted morphology",
    "localintensity": "Local intensity",
    "intensityhistogram": "Intensity histogram",
    "intensityvolume": "Intensity-volume histogram",
    "gldzm": "GLDZM",
    "ngldm": "NGLDM",
}
LOWEST = -0.05
ACROSS = 3


def draw_feature_icc(points: pd.DataFrame, threshold: float) -> Figure:
    """points: class, delineation, icc, ci_low.

    A dot a feature, boxes at the quartiles, a triangle at the median lower bound; the dashed line
    is the threshold. ICCs below zero are drawn at its line.
    """
    delineations = list(points["delineation"].unique())
    found = list(dict.fromkeys(points["class"]))
    # After PyRadiomics's classes the labels of own features; of a table's other names nothing is
    # known.
    own = [name for name in found if name not in NAMES and name != "other"]
    classes = [name for name in NAMES if name in found] + own
    across = min(len(delineations), ACROSS)
    down = math.ceil(len(delineations) / across)
    random = np.random.default_rng(0)
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            down,
            across,
            figsize=(DOUBLE, 2.6 * down),
            squeeze=False,
            layout="constrained",
        )
        axes = list(grid.ravel()[: len(delineations)])
        for empty in grid.ravel()[len(delineations) :]:
            empty.set_axis_off()
        for axis, delineation in zip(axes, delineations, strict=True):
            part = points[points["delineation"] == delineation]
            axis.axvline(threshold, **REFERENCE)
            for position, name in enumerate(classes):
                rows = part[part["class"] == name].dropna(subset=["icc"])
                values = rows["icc"].clip(LOWEST, 1).to_numpy()
                if len(values) == 0:
                    continue
                axis.scatter(
                    values,
                    position + random.uniform(-0.3, 0.3, len(values)),
                    s=3,
                    color="#0072B2",
                    alpha=max(0.2, min(0.6, 60 / len(values))),
                    linewidths=0,
                    rasterized=True,
                )
                axis.boxplot(
                    values,
                    orientation="horizontal",
                    positions=[position],
                    widths=0.62,
                    showfliers=False,
                    whis=(5, 95),
                    manage_ticks=False,
                    boxprops={"linewidth": 1.0},
                    whiskerprops={"linewidth": 0.9},
                    capprops={"linewidth": 0.9},
                    medianprops={"color": "#D55E00", "linewidth": 1.6},
                )
                axis.plot(
                    float(np.clip(rows["ci_low"].median(), LOWEST, 1)),
                    position,
                    marker="<",
                    markersize=4.5,
                    color="#333333",
                    linestyle="",
                )
            axis.set_xlim(LOWEST - 0.02, 1.02)
            axis.set_ylim(len(classes) - 0.4, -0.6)
            axis.set_yticks(
                range(len(classes)),
                (
                    [NAMES.get(name, name) for name in classes]
                    if axes.index(axis) % across == 0
                    else [""] * len(classes)
                ),
            )
            axis.set_title(
                f"{delineation.replace('_', ' ')} (n = {int(part['n'].iloc[0])})",
            )
            axis.set_xlabel("ICC(2,1)")
        letter_panels(axes)
    return figure
