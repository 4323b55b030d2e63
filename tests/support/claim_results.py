"""Made-up results with other numbers, for tests of claims."""

from __future__ import annotations

from dataclasses import replace

from analysis.results.record import Record


def with_records(results, **changes):
    """The same results with parts of records changed, or records added; keys with `__` for a
    dot."""
    records = dict(results.records)
    for name, parts in changes.items():
        key = name.replace("__", ".")
        records[key] = replace(records.get(key, Record(key, None)), **parts)
    return replace(results, records=records)
