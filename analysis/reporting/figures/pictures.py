"""Pictures of tumours side by side: a column a patient, a row a phase, the tumour outlined."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.reporting.figures.style import DOUBLE, SETTINGS, lay_out_with

OUTLINE = "#56B4E9"
# Inches: the largest side of one picture, what is written above it, and beside a row.
SIDE, ABOVE, BESIDE = 1.5, 0.5, 0.3


def layer(pixels: pd.DataFrame, name: str) -> np.ndarray:
    """rows × columns of one picture; pixels: row, column and the layers."""
    return pixels.pivot(index="row", columns="column", values=name).to_numpy()


# Phase → label: none given.
NO_LABELS: Mapping[str, str] = MappingProxyType({})


def phases_of(pixels: pd.DataFrame) -> list[str]:
    """Phases whose pixels the table has, in the order of its columns."""
    return [name.removeprefix("phase.") for name in pixels if name.startswith("phase.")]


def show(axis: Axes, picture: np.ndarray, tumour: np.ndarray) -> None:
    """Grey values from 0 to 255, and the outline of the tumour where there is one."""
    axis.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="bilinear")
    if tumour.any() and not tumour.all():
        axis.contour(tumour, levels=[0.5], colors=[OUTLINE], linewidths=0.8)
    axis.set(xticks=[], yticks=[])
    for spine in axis.spines.values():
        spine.set_visible(False)


def grid_of(rows: int, columns: int) -> tuple[Figure, np.ndarray]:
    """A figure of `rows` × `columns` places for pictures, over both columns of a page."""
    side = min(SIDE, (DOUBLE - BESIDE) / columns)
    with plt.rc_context(SETTINGS):
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(DOUBLE, ABOVE + side * rows),
            squeeze=False,
            layout="constrained",
        )
    lay_out_with(figure, w_pad=0.02, h_pad=0.02, wspace=0.01, hspace=0.01)
    return figure, axes


def letter_of(place: int) -> str:
    """Name of a patient in a figure, by the place there: A, B … Z, AA; it tells no id."""
    first, second = divmod(place, 26)
    return f"Patient {chr(64 + first) if first else ''}{chr(65 + second)}"


def outcome_words(label: float, event: str) -> str:
    """Outcome in words: the event, or that there was none."""
    return event if label == 1 else f"no {event}"
