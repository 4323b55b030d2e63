"""Interval of a result as it is printed, and the words where an interval would be a single point.

An interval of no width reads as certainty, and is none. Where two scores order every patient with
the event and every patient without it alike, or two models classify the same patients as positive,
their difference is 0 in every sample of these patients, and the words say why. Where an index is
the same in every resample, as Cohen's kappa is when everybody is classified as positive, resampling
can't tell how far it would vary in other patients; the number then stands alone.
"""

from __future__ import annotations

from analysis.reporting.number_style import DECIMALS, SIGNIFICANT_UNITS, format_interval
from analysis.results.record import Record

# DeLong's variance of two equal scores is 0 but for rounding, and its root up to 1e-8.
NO_WIDTH = 1e-6
WORDS = {
    "AUC difference": "identical ranking",
    "net benefit difference": "identical classification",
    "Brier score difference": "identical predictions",
}
MEANINGS = {
    "identical ranking": "both scores put the two patients of every pair that is compared in the"
    " same order, so that the difference is zero, without an interval and a P-value.",
    "identical classification": "both models classify the same patients as positive at the"
    " threshold, so that the difference is zero, without an interval.",
    "identical predictions": "both models give every patient the same probability, so that the"
    " difference is zero, without an interval.",
}

CONSTANT = "†"
NOT_RESAMPLED = (
    "The same in every resample of these patients, and so without an interval; in other patients it"
    " can differ."
)


def interval_text(low: float | None, high: float | None, unit: str | None = None) -> str:
    """Both ends of an interval, as format_interval writes them; empty where it has no width.

    Ranges of what is no statistic, as the epochs of several fits, stand whatever their width.
    """
    if low is None or high is None:
        return ""
    statistic = unit in DECIMALS or unit in SIGNIFICANT_UNITS
    return "" if statistic and abs(high - low) < NO_WIDTH else format_interval(low, high, unit)


def identical(record: Record | None) -> str:
    """Words for a difference that is 0 in every sample: `identical ranking`; else empty."""
    if (
        record is None
        or record.unit not in WORDS
        or not record.is_number
        or record.ci_low is None
        or record.ci_high is None
    ):
        return ""
    parts = (record.number, record.ci_low, record.ci_high)
    return WORDS[record.unit] if max(map(abs, parts)) < NO_WIDTH else ""


def interval_of(record: Record) -> str:
    """Interval of a result; empty where it has none, or one of no width."""
    return interval_text(record.ci_low, record.ci_high, record.unit)


def with_interval(
    number: str, low: float | None, high: float | None, unit: str | None, together: bool = False
) -> str:
    """Text of a table's cell: `0.844 (0.702–0.961)`, or `0.000†` where the interval has no width.

    together: it does not break over lines, for columns too narrow for both.
    """
    interval = interval_text(low, high, unit)
    if interval:
        return f"{number} ({interval.replace(' ', chr(160)) if together else interval})"
    return number if low is None or high is None else number + CONSTANT


def explained(cells: str) -> str:
    """What the words and the mark in these cells mean, for the note of their table; else empty."""
    return " ".join(
        [f"{words.capitalize()}: {MEANINGS[words]}" for words in MEANINGS if words in cells]
        + ([f"{CONSTANT} {NOT_RESAMPLED}"] if CONSTANT in cells else [])
    )
