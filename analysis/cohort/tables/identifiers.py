"""Identifiers of patients: two spellings of one name.

They arise where a spreadsheet, a folder and another program write it differently.

A spreadsheet that holds names as numbers loses their leading zeros, a file system may keep an
accent as a sign of its own, and a name that was copied from a page can end in a sign that nobody
sees. Such names are never taken for one another silently: they are paired, so that one message can
say which are meant and how to mend them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from analysis.core.patient_spelling import spelling
from analysis.core.problems import Problems
from analysis.core.word_lists import counted, plural

# Format characters (zero width, byte order mark), control characters and every blank but the
# ordinary one.
_UNSEEN = ("Cf", "Cc", "Zl", "Zp", "Zs")
SHOWN_PAIRS = 6


def _unseen(name: str) -> list[str]:
    return [each for each in name if unicodedata.category(each) in _UNSEEN and each != " "]


def comparable(name: str) -> str:
    """`spelling` of a patient's id, and `7.0` for `7`, as a spreadsheet writes a number."""
    return spelling(re.sub(r"^(\d+)\.0+$", r"\1", name))


def otherwise_spelled(names: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Names of `others` that are the same patients' in another spelling.

    Name → the one of `others` that is the same patient's in another spelling; names that could be
    several are left out.
    """
    found, doubles = {}, set()
    for other in dict.fromkeys(others):
        key = comparable(other)
        doubles |= {key} if key in found else set()
        found[key] = other
    pairs = {
        name: found[key]
        for name in dict.fromkeys(names)
        if (key := comparable(name)) in found and key not in doubles and found[key] != name
    }
    return {name: other for name, other in pairs.items() if list(pairs.values()).count(other) == 1}


def difference(name: str, other: str) -> str:
    """Difference between two spellings of one name.

    It is one in leading zeros, capitals, characters that are not seen, Unicode form or signs.
    """
    hidden = sorted({f"U+{ord(each):04X}" for each in [*_unseen(name), *_unseen(other)]})
    if hidden:
        return f"characters that are not seen ({', '.join(hidden)})"
    one, two = (unicodedata.normalize("NFC", each) for each in (name, other))
    if one == two:
        return "Unicode form (NFC and NFD)"
    if one.casefold() == two.casefold():
        return "capitals"
    zeros = [re.sub(r"(?<!\d)0+(?=\d)", "", each) for each in (one, two)]
    return "leading zeros" if zeros[0] == zeros[1] else "blanks or signs"


MENDS = {
    "leading zeros": (
        "a column that a spreadsheet stores as numbers loses them: store it as text, or write the"
        " other side without them"
    ),
    "capitals": "capitals count: spell the names alike on both sides",
    "characters": "type these names anew, without what can't be seen",
    "Unicode": "write both sides in one form (NFC), as the table has it",
    "blanks": "spell the names alike on both sides",
}


def report_pairs(
    pairs: Mapping[str, str], here: str, there: str, problems: Problems, reason: str = "table"
) -> None:
    """One error for all names of `here` written otherwise in `there`; none without a pair."""
    if not pairs:
        return
    kinds = list(dict.fromkeys(difference(*pair) for pair in pairs.items()))
    shown = [f"{name} there {other}" for name, other in list(pairs.items())[:SHOWN_PAIRS]]
    more = f" and {len(pairs) - SHOWN_PAIRS} more" if len(pairs) > SHOWN_PAIRS else ""
    mends = [
        words for start, words in MENDS.items() if any(kind.startswith(start) for kind in kinds)
    ]
    problems.error(
        f"{counted(len(pairs), 'patient')} of {here} {plural(len(pairs), 'is', 'are')} written"
        f" otherwise in {there}, by {' and '.join(kinds)}: {', '.join(shown)}{more}",
        f"{here} and {there}",
        "; ".join(mends),
        reason=reason,
    )


def alike(names: Collection[str]) -> list[list[str]]:
    """Groups of different names that are one but for spelling."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(comparable(name), []).append(name)
    return [each for each in groups.values() if len(each) > 1]
