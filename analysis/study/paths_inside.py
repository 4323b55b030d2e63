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

    def section(*place: str) -> Any:
        node: Any = plain
        for part in place:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    def named(place: tuple[str, ...], in_cohort: bool) -> Iterator[tuple[Place, str, bool]]:
        if isinstance(found := section(*place), str):
            yield place, found, in_cohort

    yield from named(("cohort", "folder"), False)
    yield from named(("output",), False)
    for place in (
        ("cohort", "table"),
        ("cohort", "dictionary"),
        ("predictions", "file"),
        ("radiomics", "table", "file"),
    ):
        yield from named(place, True)
    for name in section("radiomics", "table", "repeats") or ():
        yield from named(("radiomics", "table", "repeats", name), True)
    phases = section("phases")
    for phase in phases if isinstance(phases, dict) else ():
        for kind in ("image", "mask", "organ"):
            yield from named(("phases", phase, kind), True)
        repeats = section("phases", phase, "repeat_masks")
        for reader in repeats if isinstance(repeats, dict) else ():
            yield from named(("phases", phase, "repeat_masks", reader), True)
    weights = section("deep_learning", "pretrained")
    for network in weights if isinstance(weights, dict) else ():
        yield from named(("deep_learning", "pretrained", network, "file"), False)
    if str(section("manuscript", "citations")).endswith(".csl"):
        yield from named(("manuscript", "citations"), False)


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
