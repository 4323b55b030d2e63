"""Gallery: the patients whose predictions were farthest from their outcomes, with their images."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping

import matplotlib.pyplot as plt
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
from analysis.reporting.figures.style import SETTINGS
from analysis.study.phase_label import phase_label

ACROSS = 6


def draw_gallery(
    pixels: pd.DataFrame, patients: pd.DataFrame, event: str, labels: Mapping[str, str] = NO_LABELS
) -> Figure:
    """Figure of the gallery of patients.

    pixels: picture, row, column, phase.<name>, tumour. patients: picture, patient_id, label,
    probability, in the order shown. event: for the titles.
    """
    phases, across = phases_of(pixels), min(ACROSS, len(patients))
    blocks = math.ceil(len(patients) / across)
    figure, axes = grid_of(blocks * len(phases), across)
    with plt.rc_context(SETTINGS):
        for number, patient in enumerate(patients.itertuples()):
            block, column = divmod(number, across)
            part = pixels[pixels["picture"] == patient.picture]
            for row, phase in enumerate(phases):
                show(
                    axes[block * len(phases) + row, column],
                    layer(part, f"phase.{phase}"),
                    layer(part, "tumour"),
                )
            title = textwrap.fill(outcome_words(patient.label, event), 20)
            axes[block * len(phases), column].set_title(
                f"{letter_of(number)}\n{title}\nprobability {patient.probability:.2f}",
                fontsize=7.5,
                fontweight="normal",
                loc="center",
            )
        for place in range(len(patients), blocks * across):
            for row in range(len(phases)):
                axes[(blocks - 1) * len(phases) + row, place % across].axis("off")
        for row in range(blocks * len(phases)):
            axes[row, 0].set_ylabel(phase_label(phases[row % len(phases)], labels), fontsize=7.5)
    return figure
