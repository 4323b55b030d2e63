"""Staging score of one's own.

It is the class that a line of study.yml names, as a definition like those of the package.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from models.additional import load_class
from models.staging.definition import ScoreDefinition

NEEDED = ("label", "inputs", "compute")


def own_score(name: str, reference: str, root: Path) -> ScoreDefinition:
    """The score of `file.py:Class` or `package.module:Class`, relative to `root`.

    The class has `label`, `inputs` (canonical columns, in canonical units) and `compute(table)`:
    complete patients -> rank of the level, or the value. It may have `levels`, from best to worst,
    `first_rank` (0), `higher_is_worse` (True), `family` (own), `source`, `doi` and `note`. Raises
    ValueError that says what is missing.
    """
    found = load_class(reference, root, NEEDED, "comparators")
    inputs = (found.inputs,) if isinstance(found.inputs, str) else tuple(found.inputs)
    if not inputs:
        raise ValueError(f"comparators: {reference} has no inputs; name the columns that it reads")
    levels = getattr(found, "levels", None)
    return ScoreDefinition(
        id=name,
        label=str(found.label),
        family=getattr(found, "family", "own"),
        inputs=inputs,
        higher_is_worse=bool(getattr(found, "higher_is_worse", True)),
        levels=None if levels is None else tuple(map(str, levels)),
        source=str(getattr(found, "source", "a score of the study's own")),
        doi=getattr(found, "doi", None),
        status="own",
        default=False,
        compute=_computation(found),
        first_rank=int(getattr(found, "first_rank", 0)),
        note=str(getattr(found, "note", "")),
    )


def _computation(found: type[Any]) -> Callable[[pd.DataFrame], pd.Series]:
    """`compute` of an instance, so that it may be a method, static or not."""
    return found().compute
