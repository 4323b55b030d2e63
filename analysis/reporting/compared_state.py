"""A state of a study whose article is written in order to be compared with that of another.

Its results lie in a folder of their own. Where the state was kept as a lock, which holds numbers,
statements and the tables of summaries, other tables and the pictures are borrowed from another
state; what was laid out from borrowed files is written down, so that nobody takes it for this
state's.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

# Names the folder of results that a document reads in place of the study's own.
RESULTS = "EARLY_RECURRENCE_RESULTS"
# In such a folder: of which kinds the files are borrowed, with the names of those of the kind that
# are not, one a line; and what was laid out from them.
BORROWED, LAID_OUT = "borrowed", "laid_out"
# Stands for a result that the state does not have.
ABSENT = "[not recorded]"
# Says what each model is, which no table or picture of the article shows.
NO_FINDING = ("curves/models",)


@dataclass
class ComparedState:
    """State of the results that is compared with another state.

    folder: of the results. opened: borrowed tables that were read since something was laid out.
    """

    folder: Path
    opened: set[str] = field(default_factory=set)

    def borrows(self, kind: str) -> bool:
        """Whether files of this kind (`tables` or `figures`) are another state's."""
        return (self.folder / BORROWED / kind).is_file()

    def _is_own(self, name: str) -> bool:
        """Whether a table is this state's, where others are borrowed."""
        own = (self.folder / BORROWED / "tables").read_text(encoding="utf-8").split()
        return name in own

    def begins(self) -> None:
        """A table or figure is begun; what was read before is not of it."""
        self.opened.clear()

    def reads(self, name: str) -> None:
        """A table is read."""
        if self.borrows("tables") and name not in NO_FINDING and not self._is_own(name):
            self.opened.add(name)

    def lays_out(self, label: str, picture: bool = False) -> None:
        """A table or figure is complete."""
        if self.opened or (picture and self.borrows("figures")):
            note = self.folder / LAID_OUT / label
            note.parent.mkdir(exist_ok=True)
            note.touch()
        self.opened.clear()


def compared_state() -> ComparedState | None:
    """The state that the environment names; None where a study's own results are rendered."""
    folder = os.environ.get(RESULTS)
    return ComparedState(Path(folder)) if folder else None


def borrowed_labels(folder: Path) -> set[str]:
    """Labels of the tables and figures that were laid out from another state's files."""
    return {note.name for note in (folder / LAID_OUT).glob("*")}
