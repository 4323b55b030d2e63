"""Problem in the files of a study: one thing that is wrong, or worth knowing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")
# Why a patient is left out of a run that keeps going, as the flow chart says it.
REASONS = {
    "table": "impossible or unclear value in the clinical table",
    "outcome": "impossible or unclear outcome",
    "image": "image missing or unusable",
    "mask": "mask missing or unusable",
    "features": "features missing or unusable",
    "predictions": "predictions missing or unusable",
}


@dataclass(frozen=True)
class Problem:
    """Problem of a study or of one of its patients.

    level: error (nothing is computed), warning (probably a fault) or note. patient: None for the
    whole table or study. what: is wrong; where: file, line, column or key; mend: what to do about
    it. reason: one of REASONS.
    """

    level: Level
    what: str
    where: str
    mend: str = ""
    patient: str | None = None
    reason: str = "table"

    def __str__(self) -> str:
        whose = "" if self.patient is None else f"patient {self.patient}: "
        mend = f"; {self.mend}" if self.mend else ""
        return f"{whose}{self.where}: {self.what}{mend}"


class CohortError(ValueError):
    """Error of a cohort whose files can't be analysed.

    The message lists every error. problems: all of them, as data.
    """

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems
