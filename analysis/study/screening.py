"""study.yml, `screening`: who was screened, and who was excluded before the clinical table."""

from __future__ import annotations

from pydantic import model_validator

from analysis.core.word_lists import counted
from analysis.study.section import Count, Section


class Screening(Section):
    """Patients before the clinical table, as the authors counted them.

    screened: patients who were assessed for eligibility. excluded: reason → patients excluded for
    it, each patient counted once. Who is left is the clinical table.
    """

    screened: Count
    excluded: dict[str, Count] = {}

    @property
    def left(self) -> int:
        """Patients who were not excluded."""
        return self.screened - sum(self.excluded.values())

    @model_validator(mode="after")
    def _someone_left(self) -> Screening:
        if self.left < 1:
            raise ValueError(
                f"{counted(sum(self.excluded.values()), 'patient is', 'patients are')} excluded of"
                f" {self.screened} screened, so nobody is left; count each patient once"
            )
        return self
