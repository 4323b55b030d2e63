"""Findings of a look at an image and its mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.core.problem import Level


@dataclass(frozen=True)
class Grid:
    """Grid of a volume in the patient's space, as SimpleITK has it.

    It has voxels an axis, spacing and origin in mm, and direction cosines row by row.
    """

    size: tuple[int, ...]
    spacing: tuple[float, ...]
    origin: tuple[float, ...]
    direction: tuple[float, ...]

    @property
    def axes(self) -> tuple[str, ...]:
        """Patient's axis that each axis of the array follows most, with its sign.

        An example is ('+L', '+P', '+S').
        """
        matrix = np.array(self.direction).reshape(3, 3)
        names = (("+L", "-L"), ("+P", "-P"), ("+S", "-S"))
        return tuple(
            names[int(np.abs(column).argmax())][int(column[np.abs(column).argmax()] < 0)]
            for column in matrix.T
        )


@dataclass(frozen=True)
class Finding:
    """of: image or mask."""

    level: Level
    of: str
    what: str
    mend: str = ""


@dataclass(frozen=True)
class Seen:
    """Result of looking at an image and its mask.

    findings of a pair; grid of the image, None where it can't be read; content, mask_content:
    digests of their files (the mask's is empty where it can't be read); brightness: medians of what
    is no background, and of the tumour, None where either is not known. examination: digests of the
    examination's UID, and of it with its day; empty where the files have none.
    """

    findings: tuple[Finding, ...]
    grid: Grid | None
    content: str
    mask_content: str = ""
    brightness: tuple[float, float] | None = None
    examination: str = ""
