"""Boxes and arrows of the flow chart, in millimetres of the printed figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from analysis.reporting.figures.style import FONTS

LINE: dict[str, Any] = {"color": "#5b6675", "linewidth": 1.0}
# Of a millimetre: a point, and the room between the text of a box and its edge.
POINT, INSIDE = 25.4 / 72, 2.0
SPACING = 1.25


class Look(NamedTuple):
    """Colours of a box, and the size of its letters in points."""

    fill: str
    edge: str
    size: float


MAIN, ASIDE = Look("#f1f6f9", "#22577a", 7.5), Look("#fbf3ee", "#b3541e", 7.0)


# The same lines are tried in boxes of several widths.
@lru_cache(maxsize=4096)
def width_of(text: str, look: Look) -> float:
    """Width of a line of text in millimetres."""
    if not text.strip():
        return 0.0
    path = TextPath((0, 0), text, size=look.size, prop=FontProperties(family=list(FONTS)))
    # Outlines of letters have points where they are widest, so that the curves between these, which
    # matplotlib's `get_extents` solves one by one, reach no further.
    return float(np.ptp(path.vertices[path.codes != Path.CLOSEPOLY, 0])) * POINT


def wrapped(text: str, width: float, look: Look) -> list[str]:
    """Lines of a text that are no wider than `width` millimetres; a longer word stays whole."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, look) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def height_of(lines: Sequence[str], look: Look = MAIN) -> float:
    """Height of the box of these lines in millimetres."""
    return len(lines) * look.size * POINT * SPACING + 2 * INSIDE


def box_width(lines: Sequence[str], look: Look) -> float:
    """Width of the box of these lines in millimetres."""
    return max(width_of(line, look) for line in lines) + 2 * INSIDE + 1


def draw_box(
    axis: Axes, left: float, top: float, lines: Sequence[str], look: Look, centred: bool = True
) -> None:
    """A box of lines; left and top: of its corner, in millimetres from the figure's."""
    width, height = box_width(lines, look), height_of(lines, look)
    axis.add_patch(
        FancyBboxPatch(
            (left + 1, top + 1),
            width - 2,
            height - 2,
            boxstyle="round,pad=1",
            facecolor=look.fill,
            edgecolor=look.edge,
            linewidth=0.9,
        )
    )
    axis.text(
        left + (width / 2 if centred else INSIDE + 0.5),
        top + height / 2,
        "\n".join(lines),
        ha="center" if centred else "left",
        va="center",
        fontsize=look.size,
        linespacing=SPACING,
    )


def draw_arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """An arrow between two places, in millimetres."""
    style = {"arrowstyle": "-|>", "mutation_scale": 8, "shrinkA": 0, "shrinkB": 0, **LINE}
    axis.annotate("", end, start, arrowprops=style, zorder=0)
