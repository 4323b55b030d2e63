"""Grad-CAM: validation patients' phases, and the map of the locked network over their mean."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.pictures import (
    NO_LABELS,
    grid_of,
    layer,
    letter_of,
    outcome_words,
    phases_of,
    show,
)
from analysis.reporting.figures.style import SETTINGS, SMALLEST
from analysis.study.phase_label import phase_label

HEAT = "inferno"
# Heat hides no more than this of what lies under it.
OPACITY = 0.65


def draw_grad_cam(
    pixels: pd.DataFrame, patients: pd.DataFrame, event: str, labels: Mapping[str, str] = NO_LABELS
) -> Figure:
    """Figure of the Grad-CAM maps.

    pixels: picture, row, column, phase.<name>, heat (0 to 100), tumour. patients: picture, label,
    probability. event: for the titles. A patient is a letter: ids stay in the tables.
    """
    phases = phases_of(pixels)
    figure, axes = grid_of(len(phases) + 1, len(patients))
    image = None
    with plt.rc_context(SETTINGS):
        for column, patient in enumerate(patients.itertuples()):
            part = pixels[pixels["picture"] == patient.picture]
            tumour, heat = layer(part, "tumour"), layer(part, "heat") / 100
            for row, phase in enumerate(phases):
                show(axes[row, column], layer(part, f"phase.{phase}"), tumour)
            show(
                axes[-1, column],
                np.mean([layer(part, f"phase.{phase}") for phase in phases], axis=0),
                tumour,
            )
            image = axes[-1, column].imshow(
                heat, cmap=HEAT, vmin=0, vmax=1, alpha=OPACITY * heat, interpolation="bilinear"
            )
            title = textwrap.fill(outcome_words(patient.label, event), 20)
            axes[0, column].set_title(
                f"{letter_of(column)}\n{title}\nprobability {patient.probability:.2f}",
                fontsize=7.5,
                fontweight="normal",
                loc="center",
            )
        for axis, words in zip(
            axes[:, 0], [*(phase_label(phase, labels) for phase in phases), "Grad-CAM"], strict=True
        ):
            axis.set_ylabel(words, fontsize=7.5)
        if image is not None:
            # Inside the last picture's own room, for all pictures to stay of one size.
            scale = figure.colorbar(
                plt.cm.ScalarMappable(norm=image.norm, cmap=HEAT),
                cax=axes[-1, -1].inset_axes((1.04, 0.05, 0.07, 0.9)),
                ticks=[0, 0.25, 0.5, 0.75, 1],
            )
            scale.ax.tick_params(labelsize=SMALLEST, length=2)
            scale.set_label("Share of its maximum", fontsize=SMALLEST)
            scale.outline.set_visible(False)
    return figure
