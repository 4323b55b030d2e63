"""study.yml as checked types: registration of a phase to the one on whose grid it is put."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from analysis.study.section import Section


class Registration(Section):
    """Registration of a phase to its `resample_to` before anything is taken from it.

    transform: rigid, three rotations and three shifts. furthest_mm: a transform that shifts half of
    the image or more by more is not used; nor is one with which the images are less alike.
    """

    transform: Literal["rigid"] = "rigid"
    furthest_mm: Annotated[float, Field(gt=0, le=500)] = 30.0
