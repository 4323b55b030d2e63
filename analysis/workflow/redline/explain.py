"""What moved a number, as a comment of the Word file and as a row of the response letter say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from analysis.reporting.claims.compare import changed_claims
from analysis.reporting.intervals import identical, interval_of
from analysis.reporting.number_style import format_number, p_statement, plain_p_statement
from analysis.results.record import Record
from analysis.workflow.cohort_update.causes_of_change import why
from analysis.workflow.cohort_update.difference import Difference
from analysis.workflow.cohort_update.result_names import ResultNames
from analysis.workflow.cohort_update.snapshot import Snapshot
from analysis.workflow.redline.running_text import NUMERAL
from analysis.workflow.redline.tracking import Change

HELD = {True: "held", False: "did not hold", None: "was not made"}
HOLDS = {True: "holds", False: "does not hold", None: "is not made"}
ENDS = " .,;:()"
# Sections that every reader reads.
FIRST_READ = ("Abstract", "Key points", "Conclusion", "Conclusions")


@dataclass(frozen=True)
class Claimed:
    """A claim that changed: its key, wordings, and whether it held and holds."""

    key: str
    was: str
    is_: str
    held: bool | None
    holds: bool | None

    @property
    def turned(self) -> bool:
        """Whether it says the contrary now."""
        return self.held is not self.holds

    @property
    def said(self) -> str:
        """The claim and what became of it."""
        if self.turned:
            return f"Claim {self.key}, which {HELD[self.held]} and {HOLDS[self.holds]} now"
        return f"Claim {self.key}"


def _claims(old: Snapshot, new: Snapshot) -> list[Claimed]:
    def holds(claim: Mapping[str, Any] | None) -> bool | None:
        return None if claim is None else claim.get("holds") is True

    if not (old.claims and new.claims):
        return []
    return [
        Claimed(
            row["key"],
            row["old"] or "",
            is_=row["new"] or "",
            held=holds(old.claims.get(row["key"])),
            holds=holds(new.claims.get(row["key"])),
        )
        for row in changed_claims(list(old.claims.values()), list(new.claims.values()))
    ]


class Explanation:
    """Called with a change: what its comment says."""

    def __init__(self, old: Snapshot, new: Snapshot, found: Difference) -> None:
        self._states, self._found = (old, new), found
        self.why = why(old, new, found)
        self._moves = {move.key: move for move in found.moves}
        self._crossed = {each.key: each for each in found.crossed}
        self._claims = _claims(old, new)
        self._names = ResultNames(old, new)

    def key_of(self, change: Change) -> str:
        """Key of the result that changed.

        It is the change's key; where the text carries none, that of the only result that reads so
        in both states, or empty.
        """
        if change.key:
            return change.key
        was, is_ = change.struck.strip(ENDS), change.written.strip(ENDS)
        found = [key for key, pair in self._found.words.items() if pair == (was, is_)]
        before, after = (set(NUMERAL.findall(text)) for text in (was, is_))
        if before and after:
            found += [key for key, old, new in self._numerals if before <= old and after <= new]
        return found[0] if len(found) == 1 else ""

    @cached_property
    def _numerals(self) -> list[tuple[str, set[str], set[str]]]:
        """Key and numerals, before and now, of each result that moved."""
        return [
            (move.key, _numerals_of(move.old), _numerals_of(move.new)) for move in self._found.moves
        ]

    def claim_of(self, change: Change) -> Claimed | None:
        """The claim whose sentence the change is, or is a part of.

        Of several, it is the one most like the change, and one that turned before others.
        """
        struck, written = change.struck.strip(ENDS), change.written.strip(ENDS)
        if change.key or not (struck and written):
            return None
        parts = [each for each in self._claims if struck in each.was and written in each.is_]
        return max(
            parts,
            key=lambda each: (each.turned, SequenceMatcher(None, each.is_, change.is_).ratio()),
            default=None,
        )

    def reason(self, change: Change) -> str:
        """Why, for this change."""
        key = self.key_of(change)
        move = self._moves.get(key)
        parts = [self.why]
        if move is not None and move.old.n != move.new.n and None not in (move.old.n, move.new.n):
            parts.insert(0, f"n {move.old.n} → {move.new.n}")
        return "; ".join(parts)

    def __call__(self, change: Change) -> str:
        """What the change's comment says."""
        key = self.key_of(change)
        crossed = self._crossed.get(key)
        says = f" It says something else now: {crossed.old} → {crossed.new}." if crossed else ""
        among = f" Results among the words: {', '.join(change.keys)}." if change.keys else ""
        subject = self._subject(key) if key else self._words(change)
        return f"{subject}{_stands(change)}.{says}{among} Why: {self.reason(change)}."

    def called(self, key: str) -> str:
        """A result in words: what it is, of which model and cohort."""
        return self._names(key)

    def _subject(self, key: str) -> str:
        return f"{key} ({self.called(key)})"

    def _words(self, change: Change) -> str:
        claim = self.claim_of(change)
        return "Text that follows from the results" if claim is None else claim.said

    def importance(self, changes: Sequence[Change]) -> tuple[bool, bool, bool, float]:
        """Importance of the changes of one result, in all its places.

        The larger, the more important. First count claims that turned, then what the abstract and
        the key points say, then results that say something else now, then by how far a number went
        in half widths of its interval.
        """
        first = changes[0]
        claim, key = self.claim_of(first), self.key_of(first)
        move = self._moves.get(key)
        return (
            claim is not None and claim.turned,
            any(each.place in FIRST_READ for each in changes),
            key in self._crossed,
            abs(move.shift) if move is not None and move.shift is not None else 0.0,
        )

    def estimates(self, key: str) -> tuple[str, str] | None:
        """The result in both states in full; None where it is no number that moved."""
        move = self._moves.get(key)
        return None if move is None else (_in_full(move.old), _in_full(move.new))


def _stands(change: Change) -> str:
    if change.was and change.is_:
        # Of words, the mark itself shows what became what.
        numbers = (change.was, change.is_) == (change.struck, change.written)
        return f": was {change.was}, is {change.is_}" if numbers else ""
    return ": only in the new state" if change.is_ else ": only in the old state"


def _in_full(record: Record) -> str:
    text = format_number(record.value, record.unit)
    if shown := interval_of(record) or identical(record):
        text += f" ({shown})"
    # A journal's italics are markup, which a cell of CSV is not.
    return text if record.p is None else f"{text}, {plain_p_statement(record.p)}"


def _numerals_of(record: Record) -> set[str]:
    """Numerals of a record as they are printed: of its value, interval, P-value and n."""
    numbers = [record.value, record.ci_low, record.ci_high]
    forms = [format_number(each, record.unit) for each in numbers if each is not None]
    forms += [] if record.p is None else [p_statement(record.p)]
    forms += [] if record.n is None else [str(record.n)]
    return {found for form in forms for found in NUMERAL.findall(form)}
