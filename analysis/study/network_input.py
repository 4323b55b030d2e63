"""study.yml as checked types: on which scale networks see the values of an image."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.study.section import Section

Normalisation = Literal["crop", "volume", "none", "window", "reference"]
Padding = Literal["constant", "edge", "mirror", "shift"]
Divisor = Annotated[float, Field(gt=0)]
# By the image's own mean and standard deviation: a factor on all its values changes nothing.
BY_IMAGE = ("crop", "volume")


class Window(Section):
    """Window of values, in the image's unit: what lies beyond is cut off.

    low becomes 0 and high 1.
    """

    low: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if not self.low < self.high:
            raise ValueError("low must be below high")
        return self


def check_scale(
    normalisation: Normalisation, window: Window | None, divide_by: float | None
) -> None:
    """Raises ValueError for a window or a divisor that the normalisation lacks or does not use."""
    if normalisation == "window" and window is None:
        raise ValueError(
            "normalisation: window needs the window, such as window: {low: -160, high: 240} in HU"
        )
    if normalisation != "window" and window is not None:
        raise ValueError(f"window is for normalisation: window (found: {normalisation})")
    if normalisation != "none" and divide_by is not None:
        raise ValueError(f"divide_by is for normalisation: none (found: {normalisation})")


class NetworkInput(Section):
    """Scale on which networks see a phase.

    normalisation: crop and volume give mean 0 and standard deviation 1 of the image's own values,
    which is right for MR signal, as it has no unit that patients share. The others keep a scale
    that patients share (SUV, HU, ADC): none divides the values by divide_by (default 1); window
    clips them to the window and puts it on 0 to 1; reference subtracts the mean and divides by the
    standard deviation of the phase in the crops of the training patients of each fit, without what
    lies beyond an image.
    """

    normalisation: Normalisation
    window: Window | None = None
    divide_by: Divisor | None = None

    @model_validator(mode="after")
    def _sound(self) -> NetworkInput:
        check_scale(self.normalisation, self.window, self.divide_by)
        return self

    @property
    def keeps_scale(self) -> bool:
        """True where equal inputs mean equal values of the images, whoever the patient."""
        return self.normalisation not in BY_IMAGE
