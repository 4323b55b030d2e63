"""One state of a study, to be compared with another: from a lock, or from a folder of results."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.results.record import Record, read_records
from analysis.workflow.cohort_update.lock import LockError, read_lock
from analysis.workflow.cohort_update.locked_tables import tables_of
from analysis.workflow.cohort_update.patient_digests import PatientState, read_states


@dataclass(frozen=True)
class Snapshot:
    """State of a study, from a lock or a folder of results.

    results: key → record. patients: pseudonym → state; None where the folder does not say. claims:
    key → claim. sections: digests of the study file's. date: of the lock. origin: what it was
    computed with (commit, versions, platform), as a lock names it. labels: of the variables, where
    the state has its table of them.
    """

    title: str
    results: dict[str, Record]
    patients: dict[str, PatientState] | None
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    date: str = ""
    origin: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


def claims_of(path: Path) -> list[dict[str, Any]]:
    """The claims that a run wrote, sorted by key; none where it wrote none."""
    if not path.is_file():
        return []
    content = json.loads(path.read_text(encoding="utf-8"))
    claims = content.get("claims", []) if isinstance(content, dict) else content
    return sorted(claims, key=lambda claim: str(claim["key"]))


def _beside(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def origin_of(provenance: dict[str, Any]) -> dict[str, str]:
    """Origin of the results: what provenance.json says that they were computed with.

    It has commit, platform, arithmetic, and `package …` for each version.
    """
    return {
        name: provenance[name]
        for name in ("arithmetic", "commit", "libc", "platform", "python")
        if name in provenance
    } | {f"package {name}": version for name, version in provenance.get("packages", {}).items()}


def _labels(tables: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Variable → label, of the data dictionary's table."""
    rows = csv.DictReader(tables.get("variables", ()))
    return {row["variable"]: row["label"] for row in rows if row.get("label")}


def read_snapshot(path: Path) -> Snapshot:
    """State of a study from a lock file, or from a folder with results.json.

    Raises LockError or FileNotFoundError that says what is wanted.
    """
    if path.is_dir():
        patients = path / "patients.json"
        return Snapshot(
            path.name,
            read_records(path / "results.json"),
            patients=(
                read_states(json.loads(patients.read_text(encoding="utf-8")))
                if patients.is_file()
                else None
            ),
            claims={str(each["key"]): each for each in claims_of(path / "claims.json")},
            sections=_beside(path, "state.json").get("sections", {}),
            origin=origin_of(_beside(path, "provenance.json")),
            labels=_labels(tables_of(path)),
        )
    if not path.is_file():
        raise LockError(
            f"{path} is not there; `early-recurrence lock` writes a study's lock. Name a lock or a"
            " folder of results"
        )
    lock = read_lock(path)
    return Snapshot(
        path.name,
        lock.results,
        patients=lock.patients,
        claims={str(each["key"]): each for each in lock.claims},
        sections=lock.study.get("sections", {}),
        date=lock.date,
        origin=lock.origin,
        labels=_labels(lock.tables),
    )
