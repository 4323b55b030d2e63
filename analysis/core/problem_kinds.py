"""Problems of one kind, told once with all of their patients.

They are what a person reads of a list of hundreds.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from analysis.core.problem import Problem
from analysis.core.word_lists import counted

SHOWN_PATIENTS = 4
# A number that stands alone: of two patients' impossible values only these differ.
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,:]\d+)*(?!\w)")
_LINES = re.compile(r"\blines? [\d, ]+")


@dataclass(frozen=True)
class Kind:
    """problems: of one kind, at one place but for the patient; at least one."""

    problems: tuple[Problem, ...]

    @property
    def patients(self) -> str:
        """`P01`, or `69 patients: P01, P03, P04, P08, …`."""
        names = [str(each.patient) for each in self.problems if each.patient is not None]
        if len(names) < 2:
            return "".join(names)
        more = ", …" if len(names) > SHOWN_PATIENTS else ""
        return f"{counted(len(names), 'patient')}: {', '.join(names[:SHOWN_PATIENTS])}{more}"

    def __str__(self) -> str:
        shown = self.shown
        if len(self.problems) == 1:
            return str(shown)
        return (
            f"{self.patients}: {shown.where}: {shown.what}{f'; {shown.mend}' if shown.mend else ''}"
        )

    @property
    def shown(self) -> Problem:
        """The first problem, in words that hold for all."""
        first = self.problems[0]
        if len(self.problems) == 1:
            return first
        name, same = str(first.patient), len({each.what for each in self.problems}) == 1
        where = (
            first.where
            if len({each.where for each in self.problems}) == 1
            else _of_any(first.where, name)
        )
        return replace(
            first,
            what=first.what if same else f"{first.what} ({name}; the others alike)",
            where=where,
        )


def _of_any(text: str, patient: str) -> str:
    return re.sub(rf"(?<![\w]){re.escape(patient)}(?![\w])", "<patient>", text)


def _key(problem: Problem) -> tuple[Hashable, ...]:
    if problem.patient is None:
        return (problem,)
    what, where, mend = (
        _of_any(text, problem.patient) for text in (problem.what, problem.where, problem.mend)
    )
    numberless = _LINES.sub("line #", what), mend
    return (
        problem.level,
        problem.reason,
        *(_NUMBER.sub("#", text) for text in numberless),
        _LINES.sub("line #", where),
    )


def kinds_of(problems: Iterable[Problem]) -> list[Kind]:
    """Problems grouped by kind, in the order of the first of each."""
    groups: dict[tuple[Hashable, ...], list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_key(problem), []).append(problem)
    return [Kind(tuple(each)) for each in groups.values()]
