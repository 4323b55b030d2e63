"""What was done to the clinical table's values before the analysis, as the methods say it."""

from __future__ import annotations

from analysis.reporting.manuscript import Results

RULES = {
    "half": "half of a lower limit, or an upper limit itself, took the place of the value",
    "limit": "the limit took the place of the value",
    "missing": "the value counted as missing",
}


def preparation(results: Results) -> str:
    """Sentences on calendar months, a tolerance at the horizon and detection limits; empty where
    none of them applies."""
    said = []
    if "preparation.calendar_months" in results.records:
        said.append(
            "Follow-up was counted in calendar months between two dates, so that a patient seen on"
            " the same day of the month was followed for whole months."
        )
    if "preparation.horizon_tolerance_days" in results.records:
        said.append(
            "A patient without an event who was last seen at most"
            " {preparation.horizon_tolerance_days} days before the horizon counted as event-free at"
            " it (*n* = {preparation.horizon_tolerance.n})."
        )
    start = "preparation.limited."
    for key in results.records:
        if key.startswith(start) and not key.endswith(".n"):
            sides = [
                f"{words} (*n* = {{{key}.{side}.n}})"
                for side, words in (
                    ("below", "below the detection limit"),
                    ("above", "above the upper limit"),
                )
                if results.record(f"{key}.{side}.n").value
            ]
            said.append(
                f"For values of {{{key}}} {' or '.join(sides)} of the assay,"
                f" {RULES[str(results.record(key).method)]}."
            )
    return " ".join(said)
