"""Every patient of a cohort as a thumbnail with the tumour's outline."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.reporting.figures.style import SETTINGS
from analysis.results.quality import unpack

COLUMNS = 12
# A page is full with so many; more patients go to further pages.
PAGE = 168
GAP = 14
OUTLINE, WARNED = "#FFD400", "#D55E00"


def draw_contact_sheet(thumbnails: pd.DataFrame) -> Figure:
    """thumbnails: patient_id, warned, side, grey, mask. One picture for all: as many axes as
    patients would take minutes."""
    columns = min(COLUMNS, max(len(thumbnails), 4))
    rows = math.ceil(len(thumbnails) / columns)
    side = int(thumbnails["side"].iloc[0])
    cell = side + GAP
    sheet = np.full((rows * cell, columns * cell - GAP), 255, np.uint8)
    outline = np.zeros(sheet.shape)
    with plt.rc_context(SETTINGS):
        width = 7.4 * min(1.0, columns / COLUMNS + 0.25)
        figure = plt.figure(figsize=(width, width * sheet.shape[0] / sheet.shape[1]))
        axis = figure.add_axes((0, 0, 1, 1))
        for number, row in enumerate(thumbnails.itertuples()):
            top, left = number // columns * cell, number % columns * cell
            sheet[top : top + side, left : left + side] = unpack(row.grey, side)
            outline[top : top + side, left : left + side] = unpack(row.mask, side)
            points = 0.72 * 72 * width / sheet.shape[1] * GAP
            axis.text(
                left + side / 2,
                top + side + 2.5,
                str(row.patient_id),
                ha="center",
                va="top",
                fontsize=min(points, 7),
                color=WARNED if row.warned else "#333333",
                fontweight="bold" if row.warned else "normal",
            )
            if row.warned:
                axis.add_patch(
                    Rectangle(
                        (left - 0.5, top - 0.5),
                        side,
                        side,
                        fill=False,
                        edgecolor=WARNED,
                        linewidth=2,
                    )
                )
        axis.imshow(sheet, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        if outline.any():
            axis.contour(outline, levels=[0.5], colors=[OUTLINE], linewidths=0.7)
        axis.set_axis_off()
    return figure


def contact_sheets(thumbnails: pd.DataFrame) -> dict[str, Figure]:
    """`contact_sheet_<cohort>`, and `contact_sheet_<cohort>_2` and so on where a cohort is larger
    than a page."""
    figures = {}
    for cohort, part in thumbnails.groupby("cohort", sort=False):
        for page in range(math.ceil(len(part) / PAGE)):
            figures[f"contact_sheet_{cohort}" + (f"_{page + 1}" if page else "")] = (
                draw_contact_sheet(part.iloc[page * PAGE : (page + 1) * PAGE])
            )
    return figures
