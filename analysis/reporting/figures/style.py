"""One look for all figures: a colour-blind-safe colour and a dash for each model, the same in every
figure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from analysis.results.model_table import DescribedModel
from models.declared import DECLARED
from models.spec import Dashes

# Okabe & Ito's palette, as models declare it; these are the two strategies that are no models.
STRATEGIES = {"treat_all": ("#333333", (0, (3, 1.5))), "treat_none": ("#333333", (0, (1, 1.5)))}
SPARE = ("#CC79A7", "#56B4E9", "#332288", "#8C510A")
# Inches: the text of a page, over both columns, and the most that one of several panels takes.
PAGE, HALF = 7.0, 3.4
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


# What the models of the figures at hand look like; the package's own by their declarations.
_looks: dict[str, DescribedModel] = {}


@contextmanager
def looks_of(models: Mapping[str, DescribedModel]) -> Iterator[None]:
    """Figures drawn inside give these models the colours and dashes that they declare."""
    before = dict(_looks)
    _looks.update(models)
    try:
        yield
    finally:
        _looks.clear()
        _looks.update(before)


def _look(model: str) -> tuple[str | None, Dashes | None]:
    """Declared colour and dashes; None where nothing is declared."""
    if model in STRATEGIES:
        return STRATEGIES[model]
    declared = _looks.get(model) or DECLARED.get(model)
    return (None, None) if declared is None else (declared.colour, declared.dashes)


def colour(model: str) -> str:
    """A model's colour, the same everywhere; one that declares none takes one of the spare ones by
    its name."""
    return _look(model)[0] or SPARE[zlib.crc32(model.encode()) % len(SPARE)]


def line(model: str) -> dict:
    """Line properties of a model's curve: dashes are a second sign beside the colour, and what lets
    two curves that coincide be seen as two."""
    return {"color": colour(model), "linestyle": _look(model)[1] or "-"}
