"""Paths of a study file: they lead into its own folder, or where it says by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.study.fault import Fault, Place


def _paths(plain: dict[str, Any]) -> Iterator[tuple[Place, str, bool]]:
    """Paths that the study file names.

    Of each: its place in the study file, the path there, and whether it is relative to the cohort's
    folder.
    """

    def named(place: tuple[str, ...], in_cohort: bool) -> Iterator[tuple[Place, str, bool]]:
        if isinstance(found := _at(plain, *place), str):
            yield place, found, in_cohort

    yield from named(("cohort", "folder"), False)
    yield from named(("output",), False)
    for place in (
        ("cohort", "table"),
        ("cohort", "dictionary"),
        ("predictions", "file"),
    ):
        yield from named(place, True)
    blocks = [("features", name) for name in _names(plain, "features")]
    for table in (("radiomics", "table"), *blocks):
        yield from named((*table, "file"), True)
        for reader in _names(plain, *table, "repeats"):
            yield from named((*table, "repeats", reader), True)
    yield from named(("preprocessing", "intensity", "mask"), True)
    for phase in _names(plain, "phases"):
        for kind in ("image", "mask", "organ"):
            yield from named(("phases", phase, kind), True)
        yield from named(("phases", phase, "preprocessing", "intensity", "mask"), True)
        for reader in _names(plain, "phases", phase, "repeat_masks"):
            yield from named(("phases", phase, "repeat_masks", reader), True)
    # A parameter file of PyRadiomics, alone or as a key of the extraction.
    for section in (("radiomics",), *(("phases", phase) for phase in _names(plain, "phases"))):
        yield from named((*section, "extraction"), False)
        yield from named((*section, "extraction", "parameters"), False)
    for network in _names(plain, "deep_learning", "pretrained"):
        yield from named(("deep_learning", "pretrained", network, "file"), False)
    if str(_at(plain, "manuscript", "citations")).endswith(".csl"):
        yield from named(("manuscript", "citations"), False)


def _at(plain: dict[str, Any], *place: str) -> Any:
    """Content at a place of the study file; None where nothing is."""
    node: Any = plain
    for part in place:
        node = node.get(part) if isinstance(node, dict) else None
    return node


def _names(plain: dict[str, Any], *place: str) -> list[str]:
    """Names in a section; none where there is no section."""
    found = _at(plain, *place)
    return list(found) if isinstance(found, dict) else []


def outside_faults(plain: dict[str, Any], root: Path) -> list[Fault]:
    """Faults of paths that lead out of the study's folder.

    A fault for each path that leaves the study's folder and the folders that `allow_outside` names,
    (place, message).

    Paths count as they are written, `..` included; a link that lies in the study's folder was made
    by its owner, and may lead anywhere.
    """
    given = plain.get("allow_outside") or []
    allowed = [
        Path(os.path.normpath(root / str(each)))
        for each in (given if isinstance(given, list) else [given])
    ]
    cohort = plain["cohort"].get("folder") if isinstance(plain.get("cohort"), dict) else None
    faults = []
    for place, written, in_cohort in _paths(plain):
        base = root / cohort if in_cohort and isinstance(cohort, str) else root
        path = Path(os.path.normpath(base / written))
        # A cohort's folder that is outside is told once, and not for each file in it.
        inside = [
            Path(os.path.normpath(root)),
            *allowed,
            *([Path(os.path.normpath(base))] if in_cohort else []),
        ]
        if not any(path.is_relative_to(folder) for folder in inside):
            # A folder of the user's own choosing is named as it would be written.
            folder = written if place in (("cohort", "folder"), ("output",)) else str(path.parent)
            faults.append(
                (
                    place,
                    (
                        "leads out of the study's folder; if that is meant, add the line "
                        f" allow_outside: [{folder}]  (found: {written!r})"
                    ),
                )
            )
    return faults
