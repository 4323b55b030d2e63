"""Assertion of the paper.

It has its wording, whether it holds, the rule that decides, and the numbers that it rests on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.reporting.manuscript import FIELD, Results
from analysis.results import keys

# Quantities that a sentence names and that are no numbers: labels, and what the study file sets.
NO_NUMBERS = {
    keys.label.name,
    *(name for name, each in keys.DECLARED.items() if each.template.startswith("settings.")),
}
# Fields of a row of claims.json.
WRITTEN = ("key", "place", "wording", "holds", "state", "rule", "numbers")


class PinnedClaimFailed(ValueError):
    """A claim that study.yml pins under manuscript: must_hold does not hold."""


@dataclass(frozen=True)
class Asserted:
    """Assertion that a claim is about.

    kind: of assertion, such as outperforms; about: the other model, the score, or the cohort beyond
    the validation cohort; None where it needs no such name.
    """

    kind: str
    about: str | None = None

    @property
    def key(self) -> str:
        """`kind`, or `kind.about`."""
        return self.kind if self.about is None else f"{self.kind}.{self.about}"


@dataclass(frozen=True)
class Claim:
    """Claim of the article, with the rule and the numbers that decided it.

    key: what is asserted, the same for every cohort; kind, about: its parts (Asserted); place:
    section of the article; template: the sentence that the results allow, its {key:form} are
    results; wording: the same with numbers; holds: whether the assertion itself may be made; state:
    which of the rule's cases it is; rule: in words; rule_template: the same with {key:form};
    numbers: key → text of what decided.
    """

    key: str
    kind: str
    about: str | None
    place: str
    template: str
    wording: str
    holds: bool
    state: str
    rule: str
    rule_template: str
    numbers: Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    """state: which of the rule's cases it is; rule: in words, its {key:form} are results.

    The assertion may be made in the case `holds`.
    """

    state: str
    rule: str

    @property
    def holds(self) -> bool:
        """Whether the claim is made."""
        return self.state == "holds"


def _value_and_p(results: Results, name: str, form: str) -> str:
    """A result in its form, and its P-value beside it where that is not the form."""
    p = results.plain(name, "p") if results.record(name).p is not None and form != "p" else ""
    return " ".join(filter(None, [results.plain(name, form or None), p]))


def _numbers(results: Results, shown: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Numbers of a claim: key → text of what is shown, (key, form).

    The text is the longest where one is shown twice; labels and settings are no numbers.
    """
    numbers: dict[str, str] = {}
    for name, form in shown:
        if name not in results.records or results.records[name].quantity in NO_NUMBERS:
            continue
        text = _value_and_p(results, name, form)
        if name not in numbers or len(text) > len(numbers[name]):
            numbers[name] = text
    return numbers


def claim(
    results: Results,
    asserted: Asserted,
    *,
    place: str,
    template: str,
    decision: Decision,
    decided_by: Iterable[str] = (),
) -> Claim:
    """Claim from its template.

    Its numbers are those of the sentence, and those that decided beside them.
    """
    shown = [
        *((match[1], match[2]) for match in FIELD.finditer(template)),
        *((each, "interval") for each in decided_by),
    ]
    return Claim(
        asserted.key,
        asserted.kind,
        about=asserted.about,
        place=place,
        template=template,
        wording=results.fill_plain(template),
        holds=decision.holds,
        state=decision.state,
        rule=results.fill_plain(decision.rule),
        rule_template=decision.rule,
        numbers=_numbers(results, shown),
    )


def write_claims(path: Path, claims: Iterable[Claim]) -> Path:
    """claims.json, one claim a line, sorted by key, so that a diff names what changed."""
    rows = [
        {name: value for name, value in asdict(each).items() if name in WRITTEN}
        for each in sorted(claims, key=lambda each: each.key)
    ]
    return write_atomically(
        path, "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
    )


def read_claims(path: Path) -> list[dict]:
    """Rows of a claims.json: key, place, wording, holds, state, rule, numbers."""
    return json.loads(path.read_text(encoding="utf-8"))
