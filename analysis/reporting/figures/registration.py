"""Checkerboards of two phases before and after their registration, with the tumour's outline."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.reporting.figures.pictures import grid_of, letter_of, show
from analysis.results.quality import unpack
from analysis.study.phase_label import phase_label

WHEN = ("before", "after")


def draw_registration(pictures: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """A column a patient, two rows a registered phase.

    pictures: place, phase, side, before, after, mask. labels: phase → label.
    """
    phases, places = (list(dict.fromkeys(pictures[name])) for name in ("phase", "place"))
    figure, axes = grid_of(len(phases) * len(WHEN), len(places))
    for row in pictures.itertuples():
        side, first = int(row.side), phases.index(row.phase) * len(WHEN)
        column = places.index(row.place)
        for place, when in enumerate(WHEN, start=first):
            axis = axes[place, column]
            show(axis, unpack(getattr(row, when), side), unpack(row.mask, side) > 0)
            if place == 0:
                axis.set_title(letter_of(column))
            if column == 0:
                axis.set_ylabel(f"{phase_label(str(row.phase), labels)}, {when}")
    return figure
