"""Collection of problems in the files of a study."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from analysis.core.problem import LEVELS, CohortError, Level, Problem
from analysis.core.problem_kinds import kinds_of
from analysis.core.word_lists import counted

# A message of a run names this many of each kind; `early-recurrence check` lists all.
SHOWN = 20
# Place of a problem that is of one column.
COLUMN = re.compile(r"column '([^']+)'")


def _named(patient: object) -> str | None:
    """Id of a patient as text; None where the problem is of none."""
    return None if patient is None else str(patient)


class Problems:
    """Collection of problems that grows while a study is examined.

    Nothing is raised before all is seen. without: patients who are left out already, of whom
    nothing more is told. columns: name of a variable → its column in the user's file, as places
    name it.
    """

    def __init__(
        self, without: Collection[str] = (), columns: Mapping[str, str] | None = None
    ) -> None:
        self._all: dict[Problem, None] = {}  # as a set that keeps its order
        self.without = frozenset(without)
        self.columns = dict(columns or {})

    def add(self, problem: Problem) -> None:
        """Add a problem once, with the columns named as in the table; none of left-out patients."""
        if problem.patient in self.without:
            return
        where = (
            COLUMN.sub(
                lambda match: f"column '{self.columns.get(match[1], match[1])}'", problem.where
            )
            if self.columns
            else problem.where
        )
        self._all[problem if where == problem.where else replace(problem, where=where)] = None

    def add_all(self, problems: Iterable[Problem], reason: str) -> None:
        """Add problems that were found for themselves. reason: one of REASONS."""
        for problem in problems:
            self.add(replace(problem, reason=reason))

    def error(
        self, what: str, where: str, mend: str = "", patient: object = None, reason: str = "table"
    ) -> None:
        """Adds an error: the study is refused until it is mended.

        The arguments are those of Problem.
        """
        self.add(
            Problem("error", what, where=where, mend=mend, patient=_named(patient), reason=reason)
        )

    def warning(
        self, what: str, where: str, mend: str = "", patient: object = None, reason: str = "table"
    ) -> None:
        """Adds a warning: the study runs, and someone must look.

        The arguments are those of Problem.
        """
        self.add(
            Problem("warning", what, where=where, mend=mend, patient=_named(patient), reason=reason)
        )

    def note(
        self, what: str, where: str, mend: str = "", patient: object = None, reason: str = "table"
    ) -> None:
        """Adds a note: nothing to mend. The arguments are those of Problem."""
        self.add(
            Problem("note", what, where=where, mend=mend, patient=_named(patient), reason=reason)
        )

    def __iter__(self) -> Iterator[Problem]:
        """Errors first, then by order of discovery."""
        return iter(sorted(self._all, key=lambda problem: LEVELS.index(problem.level)))

    def __len__(self) -> int:
        return len(self._all)

    def of(self, level: Level) -> list[Problem]:
        """The problems of one level, in the order in which they were found."""
        return [problem for problem in self._all if problem.level == level]

    def raise_errors(self, advice: str = "") -> None:
        """Raise CohortError listing every error, if there is any.

        advice: a last line where each of them is of a patient.
        """
        errors = self.of("error")
        if errors:
            kinds = kinds_of(errors)
            more = sum(len(kind.problems) for kind in kinds[SHOWN:])
            lines = [f"  {kind}" for kind in kinds[:SHOWN]] + (
                [f"  … and {more} more; `early-recurrence check` lists all"] if more else []
            )
            apart = all(problem.patient is not None for problem in errors)
            lines += [f"  {advice}"] if advice and apart else []
            raise CohortError(
                f"the cohort can't be analysed: {counted(len(errors), 'error')}; no patient is"
                " dropped"
                " silently:\n" + "\n".join(lines),
                tuple(self),
            )

    def summary(self) -> str:
        """`2 errors, 1 warning, no notes`."""
        return ", ".join(counted(len(self.of(level)) or "no", level) for level in LEVELS)

    def to_json(self, **more: Any) -> str:
        """One object: counts by level and the list of problems, after the keys of `more`."""
        counts = {f"{level}s": len(self.of(level)) for level in LEVELS}
        return json.dumps(
            {**more, **counts, "problems": [asdict(problem) for problem in self]},
            indent=1,
            ensure_ascii=False,
        )
