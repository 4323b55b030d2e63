"""Habitats in the slice that the figure of the phases shows: one row a patient."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.inputs.crops.example import Example
from analysis.reporting.figures.pictures import letter_of
from analysis.reporting.figures.style import SETTINGS, SINGLE

OUTLINE = "#F0E442"


def habitat_colours(number: int) -> list[str]:
    """Colours of so many habitats, dark to bright as their mean intensity in the reference phase.

    They are of cividis, whose lightness tells them apart with any colour vision, and in grey.
    """
    return [to_hex(each) for each in plt.get_cmap("cividis")(np.linspace(0.0, 1.0, number))]


def draw_habitats(examples: Sequence[Example], place: int, phase: str, number: int) -> Figure:
    """Reference phase with the tumour outlined, and the same with its habitats.

    place, phase: of the reference phase among the slices, and its name. number: of habitats.
    """
    colours = habitat_colours(number)
    side = SINGLE / 2
    with plt.rc_context(SETTINGS):
        figure, grid = plt.subplots(
            len(examples),
            2,
            figsize=(SINGLE, (side + 0.12) * len(examples) + 0.3),
            squeeze=False,
            layout="constrained",
        )
        for row, (axes, patient) in enumerate(zip(grid, examples, strict=True)):
            assert patient.habitats is not None
            for axis in axes:
                axis.imshow(
                    patient.slices[place], cmap="gray", vmin=0, vmax=1, interpolation="nearest"
                )
                axis.set(xticks=[], yticks=[])
                axis.spines[:].set_visible(False)
            axes[0].contour(patient.mask, levels=[0.5], colors=[OUTLINE], linewidths=1.2)
            axes[1].imshow(
                np.ma.masked_equal(patient.habitats, 0),
                cmap=ListedColormap(colours),
                vmin=1,
                vmax=number,
                interpolation="nearest",
            )
            axes[0].set_ylabel(f"{letter_of(row)}\n{patient.group}")
            if row == 0:
                axes[0].set_title(phase[:1].upper() + phase[1:])
                axes[1].set_title("Habitats")
        figure.legend(
            handles=[
                Patch(facecolor=colour, edgecolor="#111111", linewidth=0.5, label=f"Habitat {each}")
                for each, colour in enumerate(colours, start=1)
            ],
            loc="outside lower center",
            ncols=min(number, 3),
        )
    return figure
