"""One assertion of the paper: its wording, whether it holds, the rule that decides, and the numbers
that it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.cache import write_atomically
from analysis.manuscript import FIELD, Results


class PinnedClaimFailed(ValueError):
    """A claim that study.yml pins under manuscript: must_hold does not hold."""


@dataclass(frozen=True)
class Claim:
    """key: what is asserted, the same for every cohort; place: section of the article; template:
    the sentence that the results allow, its {key:form} are results; wording: the same with numbers;
    holds: whether the assertion itself may be made; state: which of the rule's cases it is; rule:
    in words, as the methods print it; numbers: key → text of what decided.
    """

    key: str
    place: str
    template: str
    wording: str
    holds: bool
    state: str
    rule: str
    numbers: Mapping[str, str]


def claim(
    results: Results,
    key: str,
    place: str,
    template: str,
    *,
    holds: bool,
    state: str,
    rule: str,
    decided_by: Iterable[str] = (),
) -> Claim:
    """A claim from its template; its numbers are those of the sentence, and those that decided
    beside them."""
    numbers = {}
    for name, form in [*FIELD.findall(template), *[(each, "interval") for each in decided_by]]:
        record = results.records.get(name)
        if record is not None and not name.startswith(("label.", "settings.")):
            text = " ".join(
                filter(
                    None,
                    [
                        results.plain(name, form or None),
                        results.plain(name, "p") if record.p is not None and form != "p" else "",
                    ],
                )
            )
            if name not in numbers or len(text) > len(numbers[name]):
                numbers[name] = text
    wording = FIELD.sub(lambda match: results.plain(match[1], match[2]), template)
    return Claim(key, place, template, wording, holds, state, rule, numbers)


def write_claims(path: Path, claims: Iterable[Claim]) -> Path:
    """claims.json, one claim a line, sorted by key, so that a diff names what changed."""
    rows = [
        {name: value for name, value in asdict(each).items() if name != "template"}
        for each in sorted(claims, key=lambda each: each.key)
    ]
    return write_atomically(
        path, "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
    )


def read_claims(path: Path) -> list[dict]:
    """Rows of a claims.json: key, place, wording, holds, state, rule, numbers."""
    return json.loads(path.read_text(encoding="utf-8"))
