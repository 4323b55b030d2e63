"""Every patient of a cohort as a thumbnail with the tumour's outline."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.reporting.figures.style import DOUBLE, SETTINGS, SMALLEST, lay_out_with
from analysis.results.quality import unpack

COLUMNS = 12
# A page is full with so many; more patients go to further pages.
PAGE = 168
OUTLINE, WARNED = "#FFD400", "#D55E00"
# Of a letter's height: its width, and that of a line.
LETTER, LINE = 0.62, 1.4


def _columns(thumbnails: pd.DataFrame) -> int:
    """Pictures in a row: as many as leave room for the longest id under one."""
    longest = max(len(str(each)) for each in thumbnails["patient_id"])
    fitting = int(DOUBLE * 72 / (SMALLEST * LETTER * (longest + 1)))
    return max(1, min(COLUMNS, fitting))


def draw_contact_sheet(thumbnails: pd.DataFrame) -> Figure:
    """thumbnails: patient_id, warned, side, grey, mask.

    One picture for all: as many axes as patients would take minutes.
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
    with plt.rc_context(SETTINGS):
        figure, axis = plt.subplots(figsize=(DOUBLE, sheet.shape[0] / scale), layout="constrained")
        lay_out_with(figure, w_pad=0, h_pad=0)
        for number, row in enumerate(thumbnails.itertuples()):
            top = number // columns * (side + below)
            left = number % columns * (side + beside) + beside // 2
            sheet[top : top + side, left : left + side] = unpack(row.grey, side)
            outline[top : top + side, left : left + side] = unpack(row.mask, side)
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
        if outline.any():
            axis.contour(outline, levels=[0.5], colors=[OUTLINE], linewidths=0.7)
        axis.set_axis_off()
    return figure


def contact_sheets(thumbnails: pd.DataFrame) -> dict[str, Figure]:
    """Contact sheets of the thumbnails of each cohort, by name of the figure.

    The names are `contact_sheet_<cohort>`, and `contact_sheet_<cohort>_2` and so on where a cohort
    is larger than a page.
    """
    figures = {}
    for cohort, part in thumbnails.groupby("cohort", sort=False):
        for page in range(math.ceil(len(part) / PAGE)):
            figures[f"contact_sheet_{cohort}" + (f"_{page + 1}" if page else "")] = (
                draw_contact_sheet(part.iloc[page * PAGE : (page + 1) * PAGE])
            )
    return figures
