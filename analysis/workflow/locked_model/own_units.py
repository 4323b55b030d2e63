"""Units of variables that only the study knows, and that nothing converts."""

from __future__ import annotations

from typing import Any

from analysis.study.dictionary import Variable
from analysis.units.quantities import UNITS


def other_unit(name: str, unit: Any, trained: Variable) -> str:
    """What is wrong with a unit that can't be converted to the model's; nothing where it is that.

    Units are converted for the quantities that are known. A variable of the study's own has one
    unit, and a number in another would be read as if it were in that.
    """
    if trained.type != "continuous" or name in UNITS:
        return ""
    if str(unit).strip().casefold() == str(trained.unit).strip().casefold():
        return ""
    return (
        f"{name} is in {unit}; the model was trained in {trained.unit}, and no conversion is known"
        " for this variable: convert the values"
    )
