"""The phases of contrast as a reader sees them: one row a patient, the tumour outlined."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from analysis.inputs.crops.example import Example
from analysis.reporting.figures.pictures import letter_of
from analysis.reporting.figures.style import DOUBLE, SETTINGS, SMALLEST

OUTLINE = "#F0E442"
SCALE_MM = 10
# Bar and letters lie on a patch of paper, so that they are seen on any tissue.
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
INK = "#111111"


def draw_phases(examples: Sequence[Example], phases: Sequence[str]) -> Figure:
    """phases: names, in the order of an example's slices. The bar is ten millimetres long."""
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
    return figure
