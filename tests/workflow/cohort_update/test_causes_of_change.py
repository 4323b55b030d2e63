"""Why numbers moved: patients, fields, settings, code, versions, processor."""

from __future__ import annotations

from dataclasses import replace

from analysis.workflow.cohort_update.causes_of_change import causes, why
from analysis.workflow.cohort_update.difference import difference
from analysis.workflow.cohort_update.patient_digests import PatientState
from analysis.workflow.cohort_update.snapshot import Snapshot, read_snapshot

ORIGIN = {"commit": "aaa", "python": "3.11.7", "platform": "Linux x86_64", "package numpy": "2.4.5"}


def state(patients=None, origin=ORIGIN, **sections: str) -> Snapshot:
    known = (
        None
        if patients is None
        else {name: PatientState(cohort, {"ast": ast}) for name, (cohort, ast) in patients.items()}
    )
    return Snapshot("a state", {}, known, sections=sections, origin=origin)


def told(old: Snapshot, new: Snapshot) -> tuple[list[str], str]:
    found = difference(old, new, new.sections)
    return causes(old, new, found), why(old, new, found)


def test_each_cause_is_named_without_a_patients_name():
    old = state({"Ann": ("training", "1"), "Bob": ("training", "1")}, statistics="1", jobs="1")
    new = state(
        {"Bob": ("validation", "2"), "Eve": ("training", "1")},
        ORIGIN
        | {"commit": "bbb", "package numpy": "2.4.6", "platform": "Darwin arm64"}
        | {"arithmetic": "portable"},
        statistics="2",
        jobs="2",
    )
    said, answer = told(old, new)
    assert said == [
        "patients: 1 patient came (1 training)",
        "patients: 1 patient left (1 training)",
        "patients: 1 patient changed cohort",
        "fields: values changed in ast (1 patient)",
        "settings: statistics of the study file",
        "code: aaa → bbb",
        "versions: numpy 2.4.5 → 2.4.6",
        "processor: arithmetic not recorded → portable",
        "processor: platform Linux x86_64 → Darwin arm64",
    ]
    assert answer == "; ".join(said) + " (together; the share of each was not computed)"
    assert "Ann" not in answer


def test_tools_that_no_number_passes_through_are_no_cause():
    _, answer = told(state(), state(origin=ORIGIN | {"package mypy": "2.4.1"}))
    assert answer.startswith("code, versions and processor are those of before")


def test_one_cause_is_the_whole_answer():
    _, answer = told(state(), state(origin=ORIGIN | {"commit": "bbb"}))
    assert answer == "code: aaa → bbb"


def test_no_cause_says_what_is_the_same_and_what_is_not_recorded():
    assert told(state(), state())[1].startswith("code, versions and processor are those of before")
    assert told(state(origin={}), state())[1].startswith("the states do not record")


def test_a_field_has_the_label_of_the_data_dictionary(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "variables.csv").write_text(
        'variable,label\nast,"AST, U/L"\n', encoding="utf-8"
    )
    (tmp_path / "results.json").write_text("[]", encoding="utf-8")
    labels = read_snapshot(tmp_path).labels
    assert labels == {"ast": "AST, U/L"}
    old = state({"Ann": ("training", "1")})
    new = replace(state({"Ann": ("training", "2")}), labels=labels)
    assert told(old, new)[0] == ["fields: values changed in AST, U/L (1 patient)"]
