"""One look for all figures: a colour-blind-safe colour and a dash for each model, the same in every
figure."""

from __future__ import annotations

import zlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

# Okabe & Ito's palette.
COLOURS = {
    "cr": "#7A7A7A",
    "radiomics": "#0072B2",
    "dl": "#E69F00",
    "rcr": "#009E73",
    "dlrcr": "#D55E00",
    "radiomics_logistic": "#0072B2",
    "radiomics_svm": "#56B4E9",
    "radiomics_knn": "#009E73",
    "radiomics_xgboost": "#E69F00",
    "radiomics_mlp": "#CC79A7",
    "resnet18": "#56B4E9",
    "resnet34": "#E69F00",
    "resnet50": "#D55E00",
    "treat_all": "#333333",
    "treat_none": "#333333",
}
SPARE = ("#CC79A7", "#56B4E9", "#332288", "#8C510A")
# Inches: the text of a page, over both columns, and the most that one of several panels takes.
PAGE, HALF = 7.0, 3.4
# A second sign beside the colour, and what lets two curves that coincide be seen as two.
DASHES = {
    "cr": (0, (1.2, 1.2)),
    "rcr": (0, (5, 1.6)),
    "radiomics_knn": (0, (5, 1.6)),
    "radiomics_mlp": (0, (1.2, 1.2)),
    "resnet34": (0, (5, 1.6)),
    "treat_all": (0, (3, 1.5)),
    "treat_none": (0, (1, 1.5)),
}
REFERENCE = {"color": "#AAAAAA", "linewidth": 0.9, "linestyle": "--", "zorder": 0}
SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": 6.5,
    "legend.borderaxespad": 0.3,
    "legend.labelspacing": 0.3,
    "figure.dpi": 110,
    "savefig.dpi": 300,
    # All figures of a study are drawn before the first is saved, and closed as they are saved.
    "figure.max_open_warning": 0,
    # Dollar signs of a label are no mathematics.
    "text.parse_math": False,
    "svg.hashsalt": "early-recurrence",
    "lines.linewidth": 1.4,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
}


def panels(
    count: int, width: float | None = None, height: float | None = None
) -> tuple[Figure, list[Axes]]:
    """A row of panels in the project's style; width and height are one panel's, in inches. By
    default the row is as wide as a page's text, so that letters keep their size in print."""
    width = min(width or HALF, PAGE / count)
    height = height or min(width * 1.08, HALF)
    with plt.rc_context(SETTINGS):
        figure, axes = plt.subplots(
            1, count, figsize=(width * count, height), squeeze=False, layout="constrained"
        )
    return figure, list(axes[0])


def log_ticks(axis: Axes) -> None:
    """A logarithmic x axis with plain numbers, 0.01, 1, 100: powers of ten would be mathematics,
    which labels are not."""
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.xaxis.set_minor_formatter(NullFormatter())


def colour(model: str) -> str:
    """A model's colour, the same everywhere; one of the user's own takes one of the spare ones by
    its name."""
    return COLOURS.get(model) or SPARE[zlib.crc32(model.encode()) % len(SPARE)]


def line(model: str) -> dict:
    """Line properties of a model's curve."""
    return {"color": colour(model), "linestyle": DASHES.get(model, "-")}
