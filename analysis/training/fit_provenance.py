"""Provenance of fits: each fitted step with the patients it was given.

Thus a leak can be found afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.core.word_lists import counted


@dataclass(frozen=True)
class Step:
    """One fitted step.

    fitted_on: patients that were given to it. scored: patients that it then scored. own: those
    among them whom it may have been fitted on, as their scores are called apparent. sources: steps
    whose scores it learnt from, each with the patients whose scores were taken from it.
    sees_outcome: False for a step that is blind to it.
    """

    name: str
    context: str
    fitted_on: frozenset[str]
    scored: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    sources: tuple[tuple[Step, frozenset[str]], ...] = field(default=(), repr=False)
    sees_outcome: bool = True

    @property
    def title(self) -> str:
        """Name of the step and of its context."""
        return f"{self.name} in {self.context}"

    def seen(self) -> frozenset[str]:
        """Patients that the step or anything before it was fitted on.

        They count whoever's scores were then taken.
        """
        return frozenset().union(self.fitted_on, *(source.seen() for source, _ in self.sources))


def violations(steps: Iterable[Step]) -> list[str]:
    """Every way in which a step knew a patient it must not know; empty where all is in its fold.

    A step must not score, as unseen, a patient whom it or a step before it was fitted on; a fusion
    must not learn from a patient's score by a part that was fitted on that patient.
    """
    found = []
    for step in steps:
        if not step.sees_outcome:
            continue
        known = step.seen() & (step.scored - step.own)
        if known:
            found.append(
                f"{step.title} scored {counted(len(known), 'patient')} whom it had learnt from,"
                f" {sorted(known)[0]} among them"
            )
        for source, taken in step.sources:
            fitted = source.fitted_on & taken
            if fitted:
                found.append(
                    f"{step.title} learnt from scores that {source.title} gave to"
                    f" {counted(len(fitted), 'patient')} of its own, {sorted(fitted)[0]} among them"
                )
    return found
