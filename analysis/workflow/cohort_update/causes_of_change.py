"""Why the numbers of two states differ: patients, the study file, the code, versions, processor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from analysis.core.code_identity import LIBRARIES
from analysis.core.word_lists import counted, listed
from analysis.study.phase_label import in_spaces
from analysis.workflow.cohort_update.difference import Difference
from analysis.workflow.cohort_update.snapshot import Snapshot

# Sections of the study file that no number rests on.
NO_NUMBER = (
    "declarations",
    "execution",
    "jobs",
    "manuscript",
    "output",
    "reporting",
    "sharing",
)
# Versions that are named; of any others, how many.
NAMED = 3
PROCESSOR = {"arithmetic": "arithmetic", "platform": "platform", "libc": "C library"}
NOT_RECORDED = "not recorded"
UNSEEN = "{same} are those of before; what moved it is in nothing that the states record"
UNKNOWN = "the states do not record what they were made from, so that what moved it can't be told"


DECIDING = {"python", *(name.lower() for name in LIBRARIES)}


def _by_cohort(cohorts: Iterable[str]) -> str:
    return listed([f"{number} {name}" for name, number in sorted(Counter(cohorts).items())])


def _unlabelled(name: str) -> str:
    """An image or mask in words (`image portal_venous`); a column of the table as it is named."""
    return in_spaces(name) if " " in name else name


def _patients(found: Difference, labels: Mapping[str, str]) -> list[str]:
    said = []
    for group, what in ((found.added, "came"), (found.removed, "left")):
        if group:
            who = counted(len(group), "patient")
            said.append(f"patients: {who} {what} ({_by_cohort(group.values())})")
    moved = [each for each in found.changed if each.cohorts]
    if moved:
        said.append(f"patients: {counted(len(moved), 'patient')} changed cohort")
    fields = Counter(name for each in found.changed for name in each.fields)
    if fields:
        named = [
            f"{labels.get(name) or _unlabelled(name)} ({counted(fields[name], 'patient')})"
            for name in sorted(fields)
        ]
        said.append(f"fields: values changed in {listed(named)}")
    return said


def _versions(old: Snapshot, new: Snapshot) -> list[str]:
    """Python and the libraries that numbers pass through; tools beside them move none."""
    names = sorted(
        name
        for name in {*old.origin, *new.origin}
        if name.removeprefix("package ").lower() in DECIDING
        and old.origin.get(name) != new.origin.get(name)
    )
    if not names:
        return []
    words = [
        f"{name.removeprefix('package ')} {old.origin.get(name, 'absent')} →"
        f" {new.origin.get(name, 'absent')}"
        for name in names[:NAMED]
    ]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return [f"versions: {listed([*words, *more])}"]


def _processor(old: Snapshot, new: Snapshot) -> list[str]:
    """The arithmetic is named as well where one state is from before it was recorded."""
    said = []
    for name, words in PROCESSOR.items():
        one, two = (state.origin.get(name, NOT_RECORDED) for state in (old, new))
        if one != two and (name == "arithmetic" or NOT_RECORDED not in (one, two)):
            said.append(f"processor: {words} {one} → {two}")
    return said


def causes(old: Snapshot, new: Snapshot, found: Difference) -> list[str]:
    """Causes that can move a number between the two states.

    They are in words without any patient's name: patients, fields, settings, code, versions,
    processor.
    """
    said = _patients(found, old.labels | new.labels)
    settings = [in_spaces(name) for name in found.sections if name not in NO_NUMBER]
    if settings:
        said.append(f"settings: {listed(settings)} of the study file")
    if not (old.origin and new.origin):
        return said
    one, two = (state.origin.get("commit", NOT_RECORDED) for state in (old, new))
    if one != two:
        said.append(f"code: {one} → {two}")
    return said + _versions(old, new) + _processor(old, new)


def _recorded(old: Snapshot, new: Snapshot, found: Difference) -> list[str]:
    """What both states record of what they were made from."""
    both = set(old.origin) & set(new.origin)
    there = {
        "patients": found.comparable,
        "study file": bool(old.sections and new.sections),
        "code": "commit" in both,
        "versions": "python" in both,
        "processor": bool(both & set(PROCESSOR)),
    }
    return [name for name, known in there.items() if known]


def why(old: Snapshot, new: Snapshot, found: Difference) -> str:
    """The causes as one answer, or that there is none to be seen, or that the states do not say."""
    said = causes(old, new, found)
    if said:
        together = " (together; the share of each was not computed)" if len(said) > 1 else ""
        return "; ".join(said) + together
    recorded = _recorded(old, new, found)
    return UNSEEN.format(same=listed(recorded)) if recorded else UNKNOWN
