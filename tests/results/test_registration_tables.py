"""Numbers of registrations are of those that were used."""

from types import SimpleNamespace

import pytest

from analysis.results import registration
from analysis.results.record import Records


def _row(patient, shift, used):
    return {
        "patient_id": patient,
        "phase": "late",
        "reference": "early",
        "shift_mm": shift,
        "before": 0.5,
        "after": 0.5 + shift / 10,
        "used": used,
    }


def _summary(monkeypatch, rows):
    monkeypatch.setattr(registration, "cohort_registration", lambda cohort: rows)
    phases = {"late": SimpleNamespace(registration=True)}
    records = Records()
    tables = registration.registration_tables(
        records, SimpleNamespace(study=SimpleNamespace(phases=phases))
    )
    return records, tables["tables/registration_by_phase"].iloc[0]


def test_a_registration_that_was_not_used_does_not_count(monkeypatch):
    rows = [_row("a", 1.0, True), _row("b", 3.0, True), _row("c", 40.0, False)]
    records, summary = _summary(monkeypatch, rows)
    assert (summary["patients"], summary["unused"]) == (3, 1)
    assert [summary[f"shift_mm_{what}"] for what in ("median", "low", "high")] == [2.0, 1.0, 3.0]
    assert summary["after_high"] == pytest.approx(0.8)
    (shift,) = [each for each in records.sorted() if each.key == "registration.shift.late"]
    assert shift.value == summary["shift_mm_median"]


def test_none_that_was_used_has_no_shift(monkeypatch):
    records, summary = _summary(monkeypatch, [_row("a", 40.0, False)])
    assert summary[["shift_mm_median", "shift_mm_low", "shift_mm_high"]].isna().all()
    assert [each.key for each in records.sorted()] == ["registration.unused.late.n"]
