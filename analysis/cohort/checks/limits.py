"""Check of detection limits: values beyond them, and whether the rule for them is harmless."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.cohort.tables.detection_limits import Limited
from analysis.core.problems import Problems
from analysis.study import Study
from analysis.study.dictionary import Dictionary

# Above this share of values below the limit, one number in their place distorts means and slopes.
MANY = 0.15
COUNTED = {
    "half": "half of a lower limit, an upper limit itself",
    "limit": "the limit itself",
    "missing": "missing",
}


def check_limits(
    study: Study,
    dictionary: Dictionary,
    limited: Mapping[str, Limited],
    patients: int,
    problems: Problems,
) -> None:
    """One note a variable, and a warning where many values are below the limit."""
    for name, found in limited.items():
        where = f"{study.cohort.table}, column '{dictionary.variables[name].column or name}'"
        counts = " and ".join(
            f"{len(those)} {side}"
            for those, side in (
                (found.below, "below a detection limit"),
                (found.above, "above one"),
            )
            if those
        )
        problems.note(f"{counts}: these values count as {COUNTED[found.rule]}", where)
        if found.rule != "missing" and len(found.below) > MANY * patients:
            problems.warning(
                f"{len(found.below) / patients:.0%} of the values are below the detection limit,"
                " and one number stands for all of them",
                where,
                "a variable of two levels (detected or not) or a logarithm loses less",
            )
