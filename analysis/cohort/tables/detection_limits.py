"""Values beyond the range of an assay, written as `<2.0` and `>60500`.

A rule that the dictionary names says what they count as.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from analysis.cohort.tables.missing_codes import number_of

LIMIT = re.compile(r"^\s*(?P<side>[<>≤≥＜＞])\s*=?\s*(?P<limit>.+?)\s*$")
BELOW = "<≤＜"


@dataclass
class Limited:
    """Values of a variable that lay beyond a detection limit.

    rule: half, limit or missing. below, above: patients whose value lay beyond a limit that could
    be read.
    """

    rule: str
    below: list[object] = field(default_factory=list)
    above: list[object] = field(default_factory=list)


def _in_place_of(limit: float, below: bool, rule: str) -> float | None:
    """Value in the place of one that lies beyond a detection limit."""
    if rule == "missing":
        return None
    return limit / 2 if below and rule == "half" else limit


def with_limits(values: pd.Series, rule: str, patients: list[object]) -> tuple[pd.Series, Limited]:
    """Column with its values beyond a detection limit replaced.

    Numbers, or empty cells, are in the place of `<2.0` and `>60500`; what names no number, `<LOD`,
    stays.

    half: half of a lower limit, as is usual where few values are below it; an upper limit counts as
    itself. limit: the limit.
    missing: empty. Source: Hornung & Reed 1990, doi:10.1080/1047322X.1990.10389587, on what each
    rule does to a mean.
    """
    found, result = Limited(rule), values.astype(object).copy()
    for position, value in enumerate(values):
        match = LIMIT.match(value) if isinstance(value, str) else None
        limit = number_of(match["limit"]) if match else None
        if match is None or limit is None:
            continue
        below = match["side"] in BELOW
        (found.below if below else found.above).append(patients[position])
        result.iloc[position] = _in_place_of(limit, below, rule)
    return result, found
