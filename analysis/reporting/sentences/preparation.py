"""What was done to the clinical table's values before the analysis, as the methods say it."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.wordings.result_ids import LIMIT_RULES
from analysis.results import keys

SIDES = {"below": "below the detection limit", "above": "above the upper limit"}


def preparation(results: Results) -> str:
    """Sentences on calendar months, a tolerance at the horizon and detection limits.

    The text is empty where none of them applies.
    """
    said = []
    if keys.preparation_calendar_months() in results.records:
        said.append(
            "Follow-up was counted in calendar months between two dates, so that a patient seen on"
            " the same day of the month was followed for whole months."
        )
    if keys.preparation_horizon_tolerance_days() in results.records:
        said.append(
            "A patient without an event who was last seen at most"
            " {preparation.horizon_tolerance_days|day} before the horizon counted as event-free at"
            " it (*n* = {preparation.horizon_tolerance.n})."
        )
    for parts, record in keys.preparation_limited.of(results.records):
        counts = {
            side: keys.preparation_limited_n(parts["variable"], side) for side in ("below", "above")
        }
        sides = [
            f"{SIDES[side]} (*n* = {{{key}}})"
            for side, key in counts.items()
            if results.record(key).value
        ]
        rule = results.plain(keys.preparation_limited_rule(parts["variable"]))
        said.append(
            f"For values of {{{record.key}}} {' or '.join(sides)} of the assay,"
            f" {LIMIT_RULES[rule]}."
        )
    return " ".join(said)
