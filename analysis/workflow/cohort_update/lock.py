"""The lock of a study's results, results.lock.json.

It holds the results as they are, who they are from, and which cohort each patient belongs to; to be
committed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis.core.cache import digest, write_atomically
from analysis.core.word_lists import listed
from analysis.results.record import Record, records_of
from analysis.study import Study
from analysis.workflow.cohort_update.patient_digests import PatientState, read_states

FORMAT = 2
# Of before version 0.2: lists and truths of results were texts, and are read as what they are now.
READABLE = (1, FORMAT)


class LockError(ValueError):
    """The lock can't be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Lock:
    """Lock of the results.

    study: name, digest and, by section, digests of the study file. origin: commit, platform,
    arithmetic, versions. split: pseudonym → cohort of every patient who was ever locked. cohorts:
    label of each cohort. claims: as analysis wrote them. ledger: what had happened to the
    validation cohort. results: key → record. patients: pseudonym → state. tables: name → lines of
    each table whose cells have no key; none in a lock of before version 0.2.
    """

    study: dict[str, Any]
    origin: dict[str, Any]
    split: dict[str, str]
    cohorts: dict[str, str]
    results: dict[str, Record]
    patients: dict[str, PatientState]
    claims: list[dict[str, Any]] = field(default_factory=list)
    ledger: dict[str, Any] = field(default_factory=dict)
    date: str = ""
    tables: dict[str, list[str]] = field(default_factory=dict)


def section_digests(study: Study) -> dict[str, str]:
    """Digest of each section of the study file as it was understood; comments don't count."""
    content = study.model_dump(mode="json", exclude={"path"})
    return {name: digest(value)[:12] for name, value in sorted(content.items())}


def _lines(content: dict[str, Any] | list[Any], depth: int, lines_apart: bool = False) -> str:
    """JSON with one entry a line at this depth, so that a diff of two locks names what changed.

    lines_apart: whether the entries are lists whose entries have a line each, too.
    """
    pad = " " * depth
    if isinstance(content, dict):
        entries = [
            f"{pad}{json.dumps(name)}: "
            + (
                _lines(value, depth + 1)
                if lines_apart
                else json.dumps(value, ensure_ascii=False, sort_keys=True)
            )
            for name, value in sorted(content.items())
        ]
    else:
        entries = [f"{pad}{json.dumps(value, ensure_ascii=False)}" for value in content]
    opening, closing = ("{", "}") if isinstance(content, dict) else ("[", "]")
    return (
        opening
        + "\n"
        + ",\n".join(entries)
        + ("\n" if entries else "")
        + " " * (depth - 1)
        + closing
    )


def write_lock(path: Path, lock: Lock) -> Path:
    """Sorted, one entry a line."""
    parts: dict[str, Any] = {
        "claims": lock.claims,
        "cohorts": lock.cohorts,
        "ledger": lock.ledger,
        "origin": lock.origin,
        "patients": {
            name: {"cohort": state.cohort, "fields": state.fields}
            for name, state in lock.patients.items()
        },
        "results": [
            {
                name: value
                for name, value in asdict(lock.results[key]).items()
                if value not in (None, {}) or name == "value"
            }
            for key in sorted(lock.results)
        ],
        "split": lock.split,
        "study": lock.study,
    }
    if lock.tables:
        parts["tables"] = lock.tables
    body = [f' "date": {json.dumps(lock.date)}', f' "format": {FORMAT}'] + [
        f' "{name}": {_lines(content, 2, lines_apart=name == "tables")}'
        for name, content in parts.items()
    ]
    return write_atomically(path, "{\n" + ",\n".join(sorted(body)) + "\n}\n")


def _tables(content: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: [str(line) for line in lines] for name, lines in content.items()}


def read_lock(path: Path) -> Lock:
    """Read a lock; raises LockError for a file that is none."""
    if not path.is_file():
        raise LockError(f"{path}: no lock there; `early-recurrence lock` writes one after a run")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] not in READABLE:
            raise LockError(
                f"{path} has format {content['format']}, this version reads"
                f" {listed([str(each) for each in READABLE])}; write it again with"
                " `early-recurrence lock`"
            )
        return Lock(
            content["study"],
            content["origin"],
            split=content["split"],
            cohorts=content["cohorts"],
            results=records_of(content["results"]),
            patients=read_states(content["patients"]),
            claims=content["claims"],
            ledger=content["ledger"],
            date=content["date"],
            tables=_tables(content.get("tables", {})),
        )
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise LockError(
            f"{path} is no lock, or it was damaged ({error}); take it from version control, or"
            " write it again with `early-recurrence lock`"
        ) from None
