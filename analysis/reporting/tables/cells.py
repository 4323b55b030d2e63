"""A result as the text of a table's cell."""

from __future__ import annotations

from analysis.reporting.intervals import identical, with_interval
from analysis.reporting.manuscript import Results, format_number, format_p
from analysis.reporting.number_style import DASH
from analysis.reporting.rendering.escaping import literal
from analysis.results import keys
from analysis.results.contrast_roles import PRIMARY
from analysis.results.record import Record

PRINTED_UNITS = {"10^9/L": "10⁹/L", "umol/L": "µmol/L"}


def printed_units(text: str) -> str:
    """A label with its units as they are printed: 10⁹/L for 10^9/L, µmol/L for umol/L."""
    for plain, printed in PRINTED_UNITS.items():
        text = text.replace(plain, printed).replace(literal(plain), printed)
    return text


def estimate_text(record: Record | None, together: bool = False) -> str:
    """Text of an estimate with its interval.

    It reads `0.844 (0.702–0.961)`. It is the number alone where it has no interval, a dash where it
    is undefined, and words where two scores can't differ (`identical ranking`).

    together: the interval does not break over lines, for columns too narrow for both.
    """
    if record is None or record.value is None:
        return DASH
    if words := identical(record):
        return words
    number = format_number(record.value, record.unit)
    return with_interval(
        number, record.ci_low, high=record.ci_high, unit=record.unit, together=together
    )


def estimate_cell(results: Results, key: str, together: bool = False) -> str:
    """Cell of a result.

    A key that the study does not have (a model without probabilities has no Brier score) is a dash.
    """
    record = results.records.get(key)
    return results.linked(estimate_text(record, together), record)


def size_cell(results: Results, model: str, how: str, unit: str = "") -> str:
    """Number of patients that a model's AUC came from, such as `33 (20)`.

    It is all of them, and in brackets those with the event, with `unit` behind; empty where the
    model has no AUC.
    """
    area, events = (
        results.records.get(keys.auc(model, how)),
        results.records.get(keys.events(model, how)),
    )
    return (
        ""
        if area is None or area.n is None or events is None
        else results.linked(f"{area.n} ({events.value}{unit})", events)
    )


def p_cell(results: Results, record: Record | None) -> str:
    """The record's p; a dash where there is none, and where two scores can't differ."""
    return (
        DASH if record is None or identical(record) else results.linked(format_p(record.p), record)
    )


def p_with_role(results: Results, other: str, record: Record | None) -> str:
    """P-value of a contrast with its role; a comparison not named in the study file has none."""
    if record is None or record.p is None or identical(record):
        return DASH
    role = results.records.get(keys.contrast_role(other))
    primary = role is not None and role.value == PRIMARY
    return results.linked(format_p(record.p), record) + f" ({'primary' if primary else 'Holm'})"
