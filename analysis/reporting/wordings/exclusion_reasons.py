"""Why patients are not in the cohort: the authors' words of the screening, ours of the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.reporting.wordings.result_ids import EXCLUSIONS, in_words
from analysis.results import keys
from analysis.results.record import Record


def screened_reasons(records: Mapping[str, Record]) -> list[tuple[str, Record]]:
    """Reason and number of each exclusion before the clinical table, as the authors list them."""
    return [
        (str(records[keys.screened_reason(parts["item"])].value), record)
        for parts, record in keys.screened_excluded.of(records)
    ]


def excluded_reasons(records: Mapping[str, Record]) -> list[tuple[str, Record]]:
    """Reason and number of the patients of the clinical table who could not be analysed."""
    return [
        (in_words(EXCLUSIONS, parts["reason"]), record)
        for parts, record in keys.excluded.of(records)
    ]


def by_reason(found: Iterable[tuple[str, Record]]) -> dict[str, int]:
    """Reason as the start of a line → patients."""
    return {reason[:1].upper() + reason[1:]: int(record.number) for reason, record in found}
