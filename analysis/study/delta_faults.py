"""Faults of a study file's comparisons of phases: phases, names, and what they can't go with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from analysis.study.delta import BEGINNING, PREFIXES, QUOTIENTS, Measure
from analysis.study.fault import Fault, section_of

DELTA = ("radiomics", "delta")


def _phases(plain: dict[str, Any]) -> list[str] | None:
    """Phases of the images, or of the feature table; None where the table's pattern finds them."""
    table = section_of(plain, "radiomics", "table")
    if not table:
        return list(section_of(plain, "phases"))
    columns = table.get("columns")
    if isinstance(columns, dict):
        return list(columns)
    named = section_of(table, "phases")
    return list(dict.fromkeys(map(str, named.values()))) or None


def delta_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Faults of `radiomics.delta`, (place, message)."""
    pairs = section_of(plain, "radiomics").get("delta")
    if not isinstance(pairs, list) or not pairs:
        return
    phases = _phases(plain)
    if phases is None:
        yield (
            DELTA,
            "needs the names of the phases: give radiomics.table.columns as phase: pattern, or"
            " name under radiomics.table.phases what its pattern finds",
        )
        return
    for phase in phases:
        if re.match(rf"{BEGINNING}(_|$)", phase):
            yield (
                DELTA,
                f"the phase {phase} is called as delta features are; call it something else",
            )
    pairs = [(place, pair) for place, pair in enumerate(pairs) if isinstance(pair, dict)]
    for place, pair in pairs:
        for key in ("phase", "reference"):
            name = pair.get(key)
            if isinstance(name, str) and name not in phases:
                listed = ", ".join(phases)
                yield (*DELTA, place, key), f"'{name}' is no phase; phases are {listed}"
    yield from _same_names(pairs)
    quotients = any(set(_measures(pair)) & set(QUOTIENTS) for _, pair in pairs)
    if quotients and section_of(plain, "fusion").get("method") == "features":
        yield (
            ("fusion", "method"),
            "features enter the fusion as they are, and a quotient of radiomics.delta may not be"
            " defined in a patient; choose chosen or stacking, or differences alone",
        )


def _measures(pair: dict[str, Any]) -> list[Measure]:
    given = pair.get("measures")
    return [each for each in PREFIXES if each in given] if isinstance(given, list) else []


def _same_names(pairs: list[tuple[int, dict[str, Any]]]) -> Iterator[Fault]:
    """Two comparisons whose features would have one name."""
    names = Counter[str]()
    for place, pair in pairs:
        named = {key: pair.get(key) for key in ("phase", "reference")}
        prefixes = [PREFIXES[each].format(**named) for each in _measures(pair)]
        if any(names[prefix] for prefix in prefixes):
            yield (
                (*DELTA, place),
                "an entry before has this measure of these phases; put their features together",
            )
        names.update(prefixes)
