"""Every patient of a cohort as a thumbnail with the tumour's outline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import cycle
from types import MappingProxyType

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.reporting.figures.phases import REGIONS
from analysis.reporting.figures.style import DOUBLE, SETTINGS, SMALLEST, lay_out_with
from analysis.results.quality import unpack

COLUMNS = 12
# A page is full with so many; more patients go to further pages.
PAGE = 168
OUTLINE, WARNED = "#FFD400", "#D55E00"
# Of a letter's height: its width, and that of a line.
LETTER, LINE = 0.62, 1.4
# Inches of the legend of regions.
LEGEND = 0.25
NO_REGIONS: Mapping[str, str] = MappingProxyType({})


def _columns(thumbnails: pd.DataFrame) -> int:
    """Pictures in a row: as many as leave room for the longest id under one."""
    longest = max(len(str(each)) for each in thumbnails["patient_id"])
    fitting = int(DOUBLE * 72 / (SMALLEST * LETTER * (longest + 1)))
    return max(1, min(COLUMNS, fitting))


def draw_contact_sheet(thumbnails: pd.DataFrame, regions: Mapping[str, str] = NO_REGIONS) -> Figure:
    """thumbnails: patient_id, warned, side, grey, mask, and `region_<name>` of each region.

    regions: name → what it is called; dashed, with a legend. One picture for all: as many axes as
    patients would take minutes.
    """
    columns = _columns(thumbnails)
    rows = math.ceil(len(thumbnails) / columns)
    side = int(thumbnails["side"].iloc[0])
    beside = max(2, side // 10)
    # Dots of the sheet for an inch, and the dots that a line of text is high.
    scale = columns * (side + beside) / DOUBLE
    below = math.ceil(SMALLEST * LINE / 72 * scale)
    sheet = np.full((rows * (side + below), columns * (side + beside)), 255, np.uint8)
    outline = np.zeros(sheet.shape)
    there = {name: words for name, words in regions.items() if f"region_{name}" in thumbnails}
    dashed = {name: np.zeros(sheet.shape) for name in there}
    with plt.rc_context(SETTINGS):
        height = sheet.shape[0] / scale + (LEGEND if dashed else 0)
        figure, axis = plt.subplots(figsize=(DOUBLE, height), layout="constrained")
        lay_out_with(figure, w_pad=0, h_pad=0)
        for number, row in enumerate(thumbnails.itertuples()):
            top = number // columns * (side + below)
            left = number % columns * (side + beside) + beside // 2
            sheet[top : top + side, left : left + side] = unpack(row.grey, side)
            here = slice(top, top + side), slice(left, left + side)
            outline[here] = unpack(row.mask, side)
            for name, drawn in dashed.items():
                drawn[here] = unpack(getattr(row, f"region_{name}"), side)
            axis.text(
                left + side / 2,
                top + side + below / 2,
                str(row.patient_id),
                ha="center",
                va="center",
                fontsize=SMALLEST,
                color=WARNED if row.warned else "#333333",
                fontweight="bold" if row.warned else "normal",
            )
            if row.warned:
                frame = Rectangle((left - 0.5, top - 0.5), side, side, fill=False)
                frame.set(edgecolor=WARNED, linewidth=2)
                axis.add_patch(frame)
        axis.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        _outline_regions(axis, dashed)
        if outline.any():
            axis.contour(outline, levels=[0.5], colors=[OUTLINE], linewidths=0.7)
        if dashed:
            _add_legend(figure, list(there.values()))
        axis.set_axis_off()
    return figure


def _outline_regions(axis: Axes, shown: Mapping[str, np.ndarray]) -> None:
    """Outline of each region of which something is shown, dashed."""
    for region, colour in zip(shown.values(), cycle(REGIONS), strict=False):
        if region.any():
            axis.contour(region, levels=[0.5], colors=[colour], linewidths=0.6, linestyles="dashed")


def _add_legend(figure: Figure, words: list[str]) -> None:
    """What the dashed outlines are."""
    figure.legend(
        handles=[
            Line2D([], [], color=colour, linestyle="--", linewidth=1.2, label=each)
            for each, colour in zip(words, cycle(REGIONS), strict=False)
        ],
        loc="outside lower center",
        ncols=min(len(words), 3),
    )


def contact_sheets(
    thumbnails: pd.DataFrame, regions: Mapping[str, str] = NO_REGIONS
) -> dict[str, Figure]:
    """Contact sheets of the thumbnails of each cohort, by name of the figure.

    The names are `contact_sheet_<cohort>`, and `contact_sheet_<cohort>_2` and so on where a cohort
    is larger than a page. regions: name → what it is called, of those that are outlined.
    """
    figures = {}
    for cohort, part in thumbnails.groupby("cohort", sort=False):
        for page in range(math.ceil(len(part) / PAGE)):
            figures[f"contact_sheet_{cohort}" + (f"_{page + 1}" if page else "")] = (
                draw_contact_sheet(part.iloc[page * PAGE : (page + 1) * PAGE], regions)
            )
    return figures
