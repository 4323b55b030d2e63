"""A difference in words and tables: for the terminal, for update.qmd, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from analysis.core.word_lists import counted
from analysis.reporting.rendering.escaping import unmarked
from analysis.workflow.cohort_update.difference import ChangedPatient, Difference, Move, moved

# How many numbers the terminal shows; all are in the JSON and in the page.
SHOWN = 15


def _number(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.4g}"


def _patients(group: Mapping[str, str], names: Mapping[str, str]) -> str:
    return (
        ", ".join(
            sorted(f"{names.get(patient, patient)} ({cohort})" for patient, cohort in group.items())
        )
        or "none"
    )


def changed_words(patient: ChangedPatient, names: Mapping[str, str]) -> str:
    """P01: ast changed, albumin filled in; training → validation."""
    parts = ", ".join(f"{field} {what}" for field, what in patient.fields.items())
    moved = f"{patient.cohorts[0]} → {patient.cohorts[1]}" if patient.cohorts else ""
    return (
        f"{names.get(patient.patient, patient.patient)}: {'; '.join(filter(None, [parts, moved]))}"
    )


def shift_words(move: Move) -> str:
    """How far a number went, in half widths of the interval that it had."""
    if move.shift is None:
        return ""
    way = "up" if move.shift > 0 else "down"
    return f"{abs(move.shift):.2f} half widths of its interval {way}"


def _other_parts(move: Move) -> str:
    """What moved beside the value, where the value itself did not."""
    if moved(move.old.value, move.new.value):
        return ""
    pairs = {
        "n": (move.old.n, move.new.n),
        "p": (move.old.p, move.new.p),
        "interval": ((move.old.ci_low, move.old.ci_high), (move.new.ci_low, move.new.ci_high)),
    }
    return ", ".join(
        f"{name} moved" if name == "interval" else f"{name} {_number(one)} → {_number(two)}"
        for name, (one, two) in pairs.items()
        if one != two
    )


def difference_text(found: Difference, names: Mapping[str, str], why: str = "") -> str:
    """Lines for a terminal.

    names: pseudonym → patient, as far as they are known here. why: what moved the numbers.
    """
    lines = [
        f"{found.old} → {found.new}" + (f" (locked {found.old_date})" if found.old_date else "")
    ]
    if found.empty:
        return "\n".join(
            [
                *lines,
                f"Nothing changed: the same patients and {counted(found.same, 'equal result')}.",
            ]
        )
    if not found.comparable:
        lines.append(
            "Patients can't be compared: one side has no patients.json (made by an earlier"
            " version?)."
        )
    else:
        lines += [
            f"added:   {len(found.added):>4}  {_patients(found.added, names)}",
            f"removed: {len(found.removed):>4}  {_patients(found.removed, names)}",
            f"changed: {len(found.changed):>4}",
        ]
        lines += sorted(f"  {changed_words(each, names)}" for each in found.changed)
    if found.sections:
        lines.append(f"study file: {', '.join(found.sections)} changed")
    lines.append(
        f"numbers: {len(found.moves)} moved, {found.same} equal, {len(found.appeared)} new,"
        f" {len(found.gone)} gone;"
        f" {counted(len(found.words), 'statement differs', 'statements differ')}"
    )
    if why and (found.moves or found.words):
        lines.append(f"why: {why}")
    width = max([48, *(len(move.key) for move in found.moves[:SHOWN])])
    for move in found.moves[:SHOWN]:
        lines.append(
            f"  {move.key:<{width}} {_number(move.old.value):>9} → {_number(move.new.value):<9}"
            f" {_other_parts(move) or shift_words(move)}".rstrip()
        )
    if len(found.moves) > SHOWN:
        lines.append(f"  … and {len(found.moves) - SHOWN} more (--json FILE has all)")
    lines.append(f"thresholds crossed: {len(found.crossed)}")
    lines += [
        f"  {each.kind}: {unmarked(each.key)}: {each.old} → {each.new}" for each in found.crossed
    ]
    return "\n".join(lines)


def difference_json(
    found: Difference,
    names: Mapping[str, str],
    why: str = "",
    name_of: Callable[[str], str] = str,
) -> dict[str, Any]:
    """Everything, with the patients' names where they are known.

    why: what moved the numbers. name_of: key of a result → what it is, in words.
    """

    def called(patient: str) -> str:
        return names.get(patient, patient)

    return {
        "old": found.old,
        "new": found.new,
        "old_date": found.old_date,
        "comparable": found.comparable,
        "added": {called(patient): cohort for patient, cohort in found.added.items()},
        "removed": {called(patient): cohort for patient, cohort in found.removed.items()},
        "changed": [
            {"patient": called(each.patient), "fields": each.fields, "cohorts": each.cohorts}
            for each in found.changed
        ],
        "sections": found.sections,
        "why": why,
        "same": found.same,
        "appeared": found.appeared,
        "gone": found.gone,
        "words": {key: {"old": one, "new": two} for key, (one, two) in found.words.items()},
        "moves": [
            {
                "key": move.key,
                "name": name_of(move.key),
                "unit": move.unit,
                "shift": move.shift,
                "old": _plain(move.old),
                "new": _plain(move.new),
            }
            for move in found.moves
        ],
        "crossed": [asdict(each) | {"name": name_of(each.key)} for each in found.crossed],
    }


def _plain(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("value", "ci_low", "ci_high", "p", "n")}
