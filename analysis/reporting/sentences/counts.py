"""Counts in a sentence: none instead of 0."""

from __future__ import annotations

from analysis.results.record import Record


def or_none(record: Record) -> str:
    """Field of a template that prints a count, `{key}`; the word none where it is 0."""
    return f"{{{record.key}}}" if record.value else "none"
