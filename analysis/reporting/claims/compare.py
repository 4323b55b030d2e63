"""Which claims changed since the last locked results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from analysis.core.word_lists import counted
from analysis.reporting.claims.claim import read_claims
from analysis.reporting.rendering.escaping import unmarked
from analysis.study import Study

# What became of a claim, what matters most first.
CHANGES = {
    "verdict": "verdict changed",
    "numbers": "numbers changed",
    "new": "new",
    "gone": "gone",
}


def changed_claims(old: Sequence[Mapping], new: Sequence[Mapping]) -> list[dict]:
    """Rows of two claims.json compared by key: {key, change, place, old, new}, in order of key.

    change: `verdict` where the assertion's case changed, `numbers` where the same sentence has
    other numbers, `new` and `gone` where only one of the two has it; old, new: wordings, None where
    there is none. An unchanged claim has no row.
    """
    before, after = ({each["key"]: each for each in rows} for rows in (old, new))
    rows = []
    for key in sorted({*before, *after}):
        one, two = before.get(key), after.get(key)
        if one is None or two is None:
            change = "new" if one is None else "gone"
        elif (one["holds"], one.get("state")) != (two["holds"], two.get("state")):
            change = "verdict"
        elif one["wording"] != two["wording"] or one["numbers"] != two["numbers"]:
            change = "numbers"
        else:
            continue
        rows.append(
            {
                "key": key,
                "change": change,
                "place": (two or one or {})["place"],
                "old": one and one["wording"],
                "new": two and two["wording"],
            }
        )
    return rows


def locked_claims(study: Study) -> list[dict] | None:
    """The `claims` of the study's own lock; None where it was never locked."""
    if not study.lock_file.is_file():
        return None
    content = json.loads(study.lock_file.read_text(encoding="utf-8"))
    return content.get("claims") if isinstance(content, dict) else None


def claims_since_lock(study: Study) -> list[dict] | None:
    """Rows of `changed_claims` since the study's lock; None where nothing was locked."""
    old, path = locked_claims(study), study.output_folder / "claims.json"
    return None if old is None or not path.is_file() else changed_claims(old, read_claims(path))


def changes_of(study: Study) -> str | None:
    """Changes in the study's claims since its results were locked, as lines.

    It is None where nothing was locked.
    """
    changes = claims_since_lock(study)
    return None if changes is None else say_changes(changes)


def say_changes(changes: Sequence[Mapping]) -> str:
    """The changes as lines for the terminal."""
    if not changes:
        return "No claim changed since the results were locked."
    lines = [f"{counted(len(changes), 'claim')} changed since the results were locked:"]
    for each in changes:
        lines.append(f"  {each['key']} ({CHANGES[each['change']]}; {each['place']})")
        if each["old"] == each["new"]:
            lines.append(f"    {unmarked(each['new'])} (the numbers behind it changed)")
        else:
            lines += [
                f"    {name}: {unmarked(each[when])}"
                for name, when in (("was", "old"), ("is ", "new"))
                if each[when]
            ]
    return "\n".join(lines)
