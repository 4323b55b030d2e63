"""What changed from one state of a study to another.

It tells of patients, numbers, and what the numbers said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeGuard

from analysis.results.record import Record, as_text
from analysis.workflow.cohort_update.patient_digests import NOTHING
from analysis.workflow.cohort_update.snapshot import Snapshot
from analysis.workflow.cohort_update.threshold_crossings import Crossing, crossings

# Below this relative difference two numbers are one: results keep twelve digits.
SAME = 1e-9


@dataclass(frozen=True)
class ChangedPatient:
    """Patient who has changed.

    fields: by what happened to them (changed, filled in, emptied); cohorts: before and after, where
    they differ.
    """

    patient: str
    fields: dict[str, str]
    cohorts: tuple[str, str] | None = None


@dataclass(frozen=True)
class Move:
    """Number that is another now.

    shift: new − old in half widths of the old interval (1: to its end); None without one.
    """

    key: str
    unit: str | None
    old: Record
    new: Record
    shift: float | None


@dataclass(frozen=True)
class Difference:
    """Difference between two states of a study.

    added, removed: pseudonym → cohort. moves: the largest shift first. appeared, gone: keys. words:
    text results that differ. sections: parts of the study file that differ. comparable: False where
    one side knows no patients.
    """

    old: str
    new: str
    added: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    changed: list[ChangedPatient] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    same: int = 0
    appeared: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    crossed: list[Crossing] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    comparable: bool = True
    old_date: str = ""

    @property
    def empty(self) -> bool:
        """Whether the two states are the same."""
        return not (
            self.added
            or self.removed
            or self.changed
            or self.moves
            or self.appeared
            or self.gone
            or self.words
            or self.crossed
        )


def _changed_fields(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    found = {}
    for name in sorted(set(old) | set(new)):
        before, after = old.get(name, NOTHING), new.get(name, NOTHING)
        if before and after and before != after:
            found[name] = "changed"
        elif before != after:
            found[name] = "filled in" if after else "emptied"
    return found


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_words(value: Any) -> bool:
    """Text, a list or a truth: one is another, and none is larger."""
    return isinstance(value, str | bool | tuple)


def moved(old: Any, new: Any) -> bool:
    """Whether two numbers differ beyond rounding."""
    if old is None or new is None:
        return (old is None) != (new is None)
    return abs(new - old) > SAME * max(abs(old), abs(new))


def _shift(old: Record, new: Record) -> float | None:
    if (
        not (_is_number(old.value) and _is_number(new.value))
        or old.ci_low is None
        or old.ci_high is None
        or old.ci_high <= old.ci_low
    ):
        return None
    return float((new.value - old.value) / ((old.ci_high - old.ci_low) / 2))


def _move(old: Record, new: Record) -> Move | None:
    parts = ("value", "ci_low", "ci_high", "p", "n")
    pairs = [(getattr(old, part), getattr(new, part)) for part in parts]
    if not any(moved(*pair) for pair in pairs if not _is_words(pair[0]) and not _is_words(pair[1])):
        return None
    return Move(old.key, new.unit, old=old, new=new, shift=_shift(old, new))


def _importance(move: Move) -> tuple[bool, bool, float, str]:
    """Numbers of the validation cohort first, apparent ones last; among them the farthest first."""
    how = (move.new.of or {}).get("evaluation")
    far = -abs(move.shift) if move.shift is not None else 0.0
    return how == "apparent", how != "validation", far, move.key


def difference(old: Snapshot, new: Snapshot, sections: dict[str, str] | None = None) -> Difference:
    """Compare two states of a study.

    sections: digests of the new study file's sections, where the old state has its own.
    """
    comparable = old.patients is not None and new.patients is not None
    before, after = old.patients or {}, new.patients or {}
    changed = []
    for name in sorted(set(before) & set(after)) if comparable else ():
        fields = _changed_fields(before[name].fields, after[name].fields)
        cohorts = (
            None
            if before[name].cohort == after[name].cohort
            else (before[name].cohort, after[name].cohort)
        )
        if fields or cohorts:
            changed.append(ChangedPatient(name, fields, cohorts))
    moves, words, same = [], {}, 0
    for key in sorted(set(old.results) & set(new.results)):
        one, two = old.results[key], new.results[key]
        if new.results[key].is_history:
            continue
        if _is_words(one.value) or _is_words(two.value):
            if one.value != two.value:
                words[key] = (as_text(one.value), as_text(two.value))
            else:
                same += 1
        elif (move := _move(one, two)) is not None:
            moves.append(move)
        else:
            same += 1
    moves.sort(key=_importance)

    def only(one: Snapshot, two: Snapshot) -> list[str]:
        return [
            key
            for key in sorted(set(one.results) - set(two.results))
            if not one.results[key].is_history
        ]

    return Difference(
        old.title,
        new.title,
        added=(
            {name: after[name].cohort for name in sorted(set(after) - set(before))}
            if comparable
            else {}
        ),
        removed=(
            {name: before[name].cohort for name in sorted(set(before) - set(after))}
            if comparable
            else {}
        ),
        changed=changed,
        moves=moves,
        same=same,
        appeared=only(new, old),
        gone=only(old, new),
        words=words,
        crossed=crossings(old, new),
        sections=(
            sorted(
                name
                for name in set(old.sections) | set(sections)
                if old.sections.get(name) != sections.get(name)
            )
            if old.sections and sections
            else []
        ),
        comparable=comparable,
        old_date=old.date,
    )
