"""Style of all figures, the same in every figure.

Each model has a colour-blind-safe colour and a dash.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, NullFormatter

from analysis.reporting.fonts import FONT_FILES
from analysis.results.model_table import DescribedModel
from models.declared import DECLARED
from models.spec import Dashes

# Okabe & Ito's palette, as models declare it; these are the two strategies that are no models.
STRATEGIES = {"treat_all": ("#333333", (0, (3, 1.5))), "treat_none": ("#333333", (0, (1, 1.5)))}
SPARE = ("#CC79A7", "#56B4E9", "#332288", "#8C510A")
SPARE_DASHES: tuple[Dashes, ...] = (
    (0, (6, 1.5)),
    (0, (3, 1.2)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (1.5, 1)),
)
# Inches: the widths that journals print, of one column (85 mm) and of both (170 mm).
SINGLE, DOUBLE = 85 / 25.4, 170 / 25.4
# Points: no letter is smaller in print.
SMALLEST = 6.5
# Signs that the font lacks (a hospital's own names) come from the one that Matplotlib brings.
FONTS = ("Liberation Sans", "DejaVu Sans")
for _file in sorted(FONT_FILES.glob("*.ttf")):
    font_manager.fontManager.addfont(_file)
REFERENCE: dict[str, Any] = {"color": "#AAAAAA", "linewidth": 0.9, "linestyle": "--", "zorder": 0}
SETTINGS: dict[Any, Any] = {
    "font.family": list(FONTS),
    "font.size": 7.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": SMALLEST,
    "legend.borderaxespad": 0.3,
    "legend.labelspacing": 0.3,
    "figure.dpi": 110,
    "savefig.dpi": 300,
    # All figures of a study are drawn before the first is saved, and closed as they are saved.
    "figure.max_open_warning": 0,
    # Dollar signs of a label are no mathematics.
    "text.parse_math": False,
    # Text stays text, which can be searched, copied and edited.
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "svg.hashsalt": "early-recurrence",
    "lines.linewidth": 1.4,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
}


def panels(
    count: int, height: float, width: float = DOUBLE, across: int = 3
) -> tuple[Figure, list[Axes]]:
    """Panels in the project's style, in rows of `across` at the most.

    height: of one row, and width: of the whole figure, SINGLE or DOUBLE, so that letters keep their
    size in print; in inches.
    """
    columns = min(count, across)
    rows = -(-count // across)
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            rows, columns, figsize=(width, height * rows), squeeze=False, layout="constrained"
        )
    for empty in grid.flat[count:]:
        empty.set_axis_off()
    return figure, list(grid.flat[:count])


def lay_out_with(figure: Figure, **margins: Any) -> None:
    """Set margins of a figure's constrained layout, as matplotlib's engine names them."""
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(**margins)


def starts_row(axis: Axes) -> bool:
    """Whether a panel is the first of its row, which alone names its vertical axis."""
    place = axis.get_subplotspec()
    return place is None or place.is_first_col()


def letter_panels(axes: Sequence[Axes]) -> None:
    """A, B, C … before the titles of a figure's panels; a lone panel has no letter."""
    if len(axes) < 2:
        return
    for number, axis in enumerate(axes):
        # After Z come AA, AB …
        first, second = divmod(number, 26)
        letter = (chr(64 + first) if first else "") + chr(65 + second)
        title = axis.get_title(loc="left")
        axis.set_title(f"{letter}   {title}" if title else letter, loc="left")


def log_ticks(axis: Axes) -> None:
    """Give a logarithmic x axis plain numbers: 0.01, 1, 100.

    Powers of ten would be mathematics, which labels are not.
    """
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.xaxis.set_minor_formatter(NullFormatter())


# What the models of the figures at hand look like; the package's own by their declarations.
_looks: dict[str, DescribedModel] = {}


def told_apart(
    models: Mapping[str, DescribedModel], names: Sequence[str]
) -> dict[str, DescribedModel]:
    """The models, of which those named have a spare colour and a dash each, by their order."""
    given = {
        name: replace(models[name], colour=SPARE[place], dashes=SPARE_DASHES[place])
        for place, name in enumerate(names[: len(SPARE)])
        if name in models and models[name].colour is None
    }
    return {**models, **given}


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
    """Colour of a model, the same everywhere.

    A model that declares none takes one of the spare colours by its name.
    """
    return _look(model)[0] or SPARE[zlib.crc32(model.encode()) % len(SPARE)]


def line(model: str) -> dict:
    """Line properties of a model's curve.

    Dashes are a second sign beside the colour, and what lets two curves that coincide be seen as
    two.
    """
    return {"color": colour(model), "linestyle": _look(model)[1] or "-"}
