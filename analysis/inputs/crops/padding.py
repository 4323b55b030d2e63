"""How much of the crops lies beyond the images, over the patients."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

# Shares of a crop beyond its image that patients are counted from.
MUCH, HALF = 0.1, 0.5
# Share of patients with MUCH of it in a phase above which the documents and `check` say so.
MANY = 0.05


@dataclass(frozen=True)
class PhasePadding:
    """Padding of one phase's crops.

    patients: counted; over_tenth, over_half: those with more than 10% and more than half of their
    crop beyond the image; median, lowest, highest: share beyond it, from 0 to 1.
    """

    phase: str
    patients: int
    over_tenth: int
    over_half: int
    median: float
    lowest: float
    highest: float


def padding_by_phase(shares: pd.DataFrame) -> list[PhasePadding]:
    """Counts and range of each phase. shares: patients × phases, as of `crop_padding`."""
    return [
        PhasePadding(
            str(phase),
            patients=len(column),
            over_tenth=int((column > MUCH).sum()),
            over_half=int((column > HALF).sum()),
            median=float(column.median()),
            lowest=float(column.min()),
            highest=float(column.max()),
        )
        for phase, column in shares.items()
    ]


def is_worth_telling(shares: pd.DataFrame) -> bool:
    """True where padding is common or large.

    That is, in some phase, more than a tenth of the crop in more than one of twenty patients, or
    more than half in any.
    """
    return any(
        each.over_half > 0 or each.over_tenth > MANY * each.patients
        for each in padding_by_phase(shares)
    )
