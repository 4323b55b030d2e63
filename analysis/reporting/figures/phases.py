"""The phases of contrast as a reader sees them: one row a patient, the tumour outlined."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from analysis.inputs.crops.example import Example
from analysis.reporting.figures.pictures import letter_of
from analysis.reporting.figures.style import DOUBLE, SETTINGS, SMALLEST

OUTLINE = "#F0E442"
# Of regions beside the tumour, in their order.
REGIONS = ("#56B4E9", "#E69F00", "#CC79A7", "#009E73")
SCALE_MM = 10
# Bar and letters lie on a patch of paper, so that they are seen on any tissue.
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
INK = "#111111"


def draw_phases(examples: Sequence[Example], phases: Sequence[str]) -> Figure:
    """phases: names, in the order of an example's slices. The bar is ten millimetres long.

    Regions beside the tumour have dashed outlines and a legend below.
    """
    side = DOUBLE / max(len(phases), 3)
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            len(examples),
            len(phases),
            figsize=(DOUBLE, (side + 0.12) * len(examples)),
            squeeze=False,
            layout="constrained",
        )
        for row, (axes, patient) in enumerate(zip(grid, examples, strict=True)):
            for axis, image, phase in zip(axes, patient.slices, phases, strict=True):
                axis.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
                _outlines(axis, patient)
                axis.contour(patient.mask, levels=[0.5], colors=[OUTLINE], linewidths=1.2)
                axis.set(xticks=[], yticks=[])
                axis.spines[:].set_visible(False)
                if row == 0:
                    axis.set_title(phase[:1].upper() + phase[1:])
            axes[0].set_ylabel(f"{letter_of(row)}\n{patient.group}")
            size, length = patient.mask.shape[0], SCALE_MM / patient.spacing_mm
            axes[-1].text(
                0.95 * size - length / 2,
                0.92 * size,
                f"{SCALE_MM} mm",
                color=INK,
                ha="center",
                va="bottom",
                fontsize=SMALLEST,
                bbox=PAPER,
            )
            axes[-1].plot(
                [0.95 * size - length, 0.95 * size],
                [0.95 * size] * 2,
                color=INK,
                linewidth=2,
                solid_capstyle="butt",
                path_effects=[withStroke(linewidth=5, foreground="white")],
            )
        regions = list(examples[0].regions) if examples else []
        if regions:
            figure.legend(
                handles=[
                    Line2D([], [], color=colour, linestyle="--", linewidth=1.2, label=words)
                    for words, colour in zip(regions, cycle(REGIONS), strict=False)
                ],
                loc="outside lower center",
                ncols=min(len(regions), 3),
            )
    return figure


def _outlines(axis: Axes, patient: Example) -> None:
    """Outline of each region of which something is shown."""
    for region, colour in zip(patient.regions.values(), cycle(REGIONS), strict=False):
        if region.any():
            axis.contour(region, levels=[0.5], colors=[colour], linewidths=1.0, linestyles="dashed")
