"""Numbers of registrations are of those that were used."""

from types import SimpleNamespace

import pytest

from analysis.results import registration
from analysis.results.record import Records
from analysis.study.registration import Registration


def _row(patient, shift, used, **more):
    return {
        "patient_id": patient,
        "phase": "late",
        "reference": "early",
        "shift_mm": shift,
        "before": 0.5,
        "after": 0.5 + shift / 10,
        "used": used,
        **more,
    }


def _summary(monkeypatch, rows, transform="rigid"):
    monkeypatch.setattr(registration, "cohort_registration", lambda cohort: rows)
    phases = {"late": SimpleNamespace(registration=Registration(transform=transform))}
    records = Records()
    tables = registration.registration_tables(
        records, SimpleNamespace(study=SimpleNamespace(phases=phases))
    )
    return records, tables["tables/registration_by_phase"].iloc[0]


def test_a_registration_that_was_not_used_does_not_count(monkeypatch):
    rows = [_row("a", 1.0, True), _row("b", 3.0, True), _row("c", 40.0, False)]
    records, summary = _summary(monkeypatch, rows)
    assert (summary["patients"], summary["unused"]) == (3, 1)
    assert [each for each in summary.index if "jacobian" in each or each == "rigid"] == []
    assert [summary[f"shift_mm_{what}"] for what in ("median", "low", "high")] == [2.0, 1.0, 3.0]
    assert summary["after_high"] == pytest.approx(0.8)
    (shift,) = [each for each in records.sorted() if each.key == "registration.shift.late"]
    assert shift.value == summary["shift_mm_median"]


def test_none_that_was_used_has_no_shift(monkeypatch):
    records, summary = _summary(monkeypatch, [_row("a", 40.0, False)])
    assert summary[["shift_mm_median", "shift_mm_low", "shift_mm_high"]].isna().all()
    assert [each.key for each in records.sorted()] == ["registration.unused.late.n"]


def _deformed(low, mean, high):
    names = ("jacobian_low", "jacobian_mean", "jacobian_high")
    return {"deformed": mean is not None} | dict(zip(names, (low, mean, high), strict=True))


def test_changes_of_volume_are_of_the_deformations_that_were_used(monkeypatch):
    rows = [
        _row("a", 1.0, True, **_deformed(0.7, 0.9, 1.1)),
        _row("b", 3.0, True, **_deformed(0.8, 1.0, 1.3)),
        _row("c", 2.0, True, **_deformed(None, None, None)),
        _row("d", 40.0, False, **_deformed(None, None, None)),
    ]
    records, summary = _summary(monkeypatch, rows, "deformable")
    assert (summary["unused"], summary["rigid"]) == (1, 1)
    wanted = {"median": 0.95, "low": 0.7, "high": 1.3}
    assert {what: summary[f"jacobian_{what}"] for what in wanted} == pytest.approx(wanted)
    told = {each.key: each.value for each in records.sorted()}
    assert told["registration.rigid.late.n"] == 1
    assert told["registration.jacobian_high.late"] == pytest.approx(1.3)


def test_without_a_deformation_that_was_used_there_is_no_change_of_volume(monkeypatch):
    rows = [_row("a", 1.0, True, **_deformed(None, None, None))]
    records, summary = _summary(monkeypatch, rows, "deformable")
    assert summary[["jacobian_median", "jacobian_low", "jacobian_high"]].isna().all()
    assert [each.key for each in records.sorted() if "jacobian" in each.key] == []
