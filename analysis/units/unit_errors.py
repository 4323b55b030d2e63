"""Disagreements of a table with its dictionary, as data and as one message."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.core.word_lists import counted

SHOWN_PER_VARIABLE = 8


@dataclass(frozen=True)
class Fault:
    """One place where the table and its dictionary disagree.

    patient None: the whole column. likely_unit: in which the value is possible.
    """

    patient: object | None
    variable: str
    message: str
    value: object | None = None
    unit: str | None = None
    likely_unit: str | None = None

    def __str__(self) -> str:
        return self.message if self.patient is None else f"patient {self.patient}: {self.message}"


class UnitError(ValueError):
    """Error of values that can't be what their unit says.

    The message lists patient, variable, value, unit and likely mistake.

    faults: all of them, as data; the message shows the first few of each variable.
    """

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        lines = []
        for variable in dict.fromkeys(fault.variable for fault in faults):
            of_variable = [fault for fault in faults if fault.variable == variable]
            lines += [f"  {fault}" for fault in of_variable[:SHOWN_PER_VARIABLE]]
            if len(of_variable) > SHOWN_PER_VARIABLE:
                lines.append(f"  … and {len(of_variable) - SHOWN_PER_VARIABLE} more of {variable}")
        super().__init__(
            f"the clinical table and its dictionary disagree in {counted(len(faults), 'place')}:\n"
            + "\n".join(lines)
        )
