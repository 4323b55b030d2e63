"""One look for all figures: a colour-blind-safe colour for each model, the same in every figure."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe & Ito's palette.
COLOURS = {
    "cr": "#999999", "radiomics": "#0072B2", "dl": "#E69F00", "rcr": "#009E73", "dlrcr": "#D55E00",
    "radiomics_logistic": "#0072B2", "radiomics_svm": "#56B4E9", "radiomics_knn": "#009E73", "radiomics_xgboost": "#E69F00", "radiomics_mlp": "#CC79A7",
    "resnet18": "#56B4E9", "resnet34": "#E69F00", "resnet50": "#D55E00", "treat_all": "#333333", "treat_none": "#333333",
}
SETTINGS = {
    "font.family": "DejaVu Sans", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 10, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "legend.frameon": False, "legend.fontsize": 8, "figure.dpi": 110, "savefig.dpi": 200, "svg.hashsalt": "early-recurrence", "lines.linewidth": 1.7,
}


def panels(count: int, width: float = 3.5, height: float = 3.6) -> tuple[Figure, list[Axes]]:
    """A row of panels in the project's style."""
    with plt.rc_context(SETTINGS):
        figure, axes = plt.subplots(1, count, figsize=(width * count, height), squeeze=False, layout="constrained")
    return figure, list(axes[0])


def colour(model: str) -> str:
    return COLOURS.get(model, "#000000")
