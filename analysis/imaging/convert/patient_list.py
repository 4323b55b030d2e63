"""Table ids.csv, the user's private file of patients.

It has PatientID, new name, and whatever columns the rules name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

SAME_PERSON = "same_person"
YES = ("yes", "true", "1", "x")


@dataclass(frozen=True)
class PatientRow:
    """name: the new one. cells: column -> text, of all columns of the file."""

    name: str
    cells: Mapping[str, str]

    @property
    def same_person(self) -> bool:
        """The user has looked: differing names, birth dates or ids are one person's."""
        return self.cells.get(SAME_PERSON, "").casefold() in YES

    def day(self, column: str, form: str | None) -> date | None:
        """A date of the patient, None for an empty cell. Raises ValueError for what is no date."""
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            return datetime.strptime(text, form or "%Y-%m-%d").date()
        except ValueError:
            wanted = (
                f"date_format: {form}"
                if form
                else "YYYY-MM-DD; give date_format: under examination: if it is another"
            )
            raise ValueError(f"'{text}' in the column '{column}' is no date ({wanted})") from None
