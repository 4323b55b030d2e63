"""The lock shows nothing of a patient and is read back whole; the ledger counts what happened to
the validation cohort."""

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from analysis.cohort.cohort import Cohort
from analysis.results.record import Record
from analysis.study import load_study
from analysis.workflow.cohort_update.keyed_digests import open_keyring, private_folder
from analysis.workflow.cohort_update.ledger import (
    ledger_records,
    plan_digest,
    read_ledger,
    update_ledger,
)
from analysis.workflow.cohort_update.lock import Lock, LockError, read_lock, write_lock
from analysis.workflow.cohort_update.patient_digests import patient_contents, patient_states
from analysis.workflow.cohort_update.redaction import scrub_text, scrubbed
from tests.conftest import small_study

NAMES = [f"MRN-{number}" for number in range(7000, 7008)]


@pytest.fixture
def cohort(tmp_path):
    study = load_study(
        small_study(
            tmp_path,
            phases={},
            radiomics=None,
            deep_learning=None,
            cohort={"folder": "data", "dictionary": "dictionary.yml"},
            comparators_supplement=[],
            study={"name": "own", "title": "t", "disease": "d", "event": "e", "modality": "m"},
        )
    )
    clinical = pd.DataFrame(
        {"ast": [30.5, 77.25, 30.5, None, 41.0, 52.0, 63.0, 74.0], "sex": ["male", "female"] * 4},
        index=pd.Index(NAMES, name="patient_id"),
    )
    outcome = pd.DataFrame(
        {
            "label": [0.0, 1.0] * 4,
            "time_months": [30.25, 10.5] * 4,
            "event_type": pd.array(["censored", "recurrence"] * 4, dtype="string"),
        },
        index=clinical.index,
    )
    return Cohort(
        study,
        clinical,
        outcome,
        pd.Series(["training"] * 4 + ["validation"] * 4, index=clinical.index, dtype="string"),
        None,
    )


def _predictions(cohort, shift=0.0):
    members = cohort.patients[cohort.cohort == "validation"]
    return pd.DataFrame(
        {
            "patient_id": members,
            "model": "cr",
            "how": "validation",
            "score": [0.1 + shift, 0.2, 0.3, 0.4][: len(members)],
        }
    )


def test_a_lock_holds_no_name_and_no_value_and_is_read_back(cohort, tmp_path):
    keyring = open_keyring(cohort.study)
    states = patient_states(cohort, patient_contents(cohort), keyring)
    pseudonyms = {patient: keyring.pseudonym(patient) for patient in cohort.patients}
    found = Record(
        "guard.same_name",
        "fail",
        method="8 patients: MRN-7001 (training) and MRN-7005 (validation)",
    )
    lock = Lock(
        {"name": "own"},
        {"commit": "abc"},
        {name: state.cohort for name, state in states.items()},
        {},
        {
            "guard.same_name": scrubbed(found, pseudonyms),
            "auc.cr.validation": Record("auc.cr.validation", 0.75, 0.6, 0.9),
        },
        states,
        [{"key": "better", "holds": True}],
        {"plans": {}},
        "2024-05-06",
    )
    path = write_lock(tmp_path / "results.lock.json", lock)
    text = path.read_text()
    assert not [
        word for word in [*NAMES, "30.5", "77.25", "female", 'recurrence"', "30.25"] if word in text
    ]
    assert read_lock(path) == lock
    # Two patients of one value don't look alike, so that a column of few values can't be read off.
    digests = [state.fields["sex"] for state in states.values()]
    assert len(set(digests)) == len(NAMES)
    assert states[keyring.pseudonym("MRN-7003")].fields["ast"] == ""
    lines = text.splitlines()
    assert sum('"cohort": "training"' in line for line in lines) == 4  # one patient a line


def test_another_secret_gives_other_pseudonyms_and_a_damaged_one_is_named(cohort, tmp_path):
    first = open_keyring(cohort.study)
    assert (
        open_keyring(cohort.study).pseudonym("MRN-7000")
        == first.pseudonym("MRN-7000")
        != first.shared("MRN-7000")[1:]
    )
    secret = first.home / "secret"
    assert secret.stat().st_mode & 0o077 == 0
    assert (first.home.parent / ".gitignore").read_text().endswith("*\n")
    secret.write_text("0" * 64 + "\n")
    assert open_keyring(cohort.study).pseudonym("MRN-7000") != first.pseudonym("MRN-7000")
    secret.write_text("short")
    with pytest.raises(ValueError, match="is damaged: it must hold 64 hexadecimal digits"):
        open_keyring(cohort.study)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": 99}'])
def test_a_file_that_is_no_lock_is_one_message(tmp_path, content):
    path = tmp_path / "results.lock.json"
    path.write_text(content)
    with pytest.raises(LockError, match="results.lock.json"):
        read_lock(path)


def test_the_ledger_counts_evaluations_edits_and_removals(cohort):
    study, keyring = cohort.study, open_keyring(cohort.study)
    first = update_ledger(study, cohort, _predictions(cohort), keyring, datetime.date(2024, 5, 6))
    again = update_ledger(study, cohort, _predictions(cohort), keyring, datetime.date(2024, 6, 1))
    assert len(first["evaluations"]) == len(again["evaluations"]) == 1
    assert again["outcome_edits"] == 0
    outcome = cohort.outcome.copy()
    outcome.loc["MRN-7004", "time_months"] = 12.0
    outcome.loc["MRN-7000", "time_months"] = 12.0  # of the training cohort: counted apart
    edited = replace(cohort, outcome=outcome)
    found = update_ledger(study, edited, _predictions(edited), keyring, datetime.date(2024, 6, 2))
    assert len(found["evaluations"]) == 2
    assert found["outcome_edits"] == 1
    fewer = replace(
        edited,
        cohort=edited.cohort.drop("MRN-7007"),
        clinical=edited.clinical.drop("MRN-7007"),
        outcome=outcome.drop("MRN-7007"),
    )
    other = study.model_copy(update={"seed": 99})
    found = update_ledger(other, fewer, _predictions(fewer), keyring, datetime.date(2024, 6, 3))
    values = {record.key: record.value for record in ledger_records(other, found)}
    assert values == {
        "plan.digest": plan_digest(other),
        "plan.date": "2024-06-03",
        "plan.first_evaluation": "2024-05-06",
        "ledger.evaluations.n": 3,
        "ledger.plans.n": 2,
        "ledger.outcome_edits.n": 1,
        "ledger.training_edits.n": 1,
        "ledger.splits.n": 1,
        "ledger.moved.n": 0,
        "ledger.removed.n": 1,
    }
    assert plan_digest(study) != plan_digest(other)
    assert plan_digest(study) == plan_digest(study.model_copy(update={"jobs": 7}))


def test_names_are_taken_out_of_texts_and_other_numbers_stay():
    assert scrub_text("P-01 and P-011, p 0.01", {"P-01": "x", "P-011": "y"}) == "x and y, p 0.01"
    assert scrub_text("7 patients at 12 months", {"7": "x", "12": "y"}) == "7 patients at 12 months"
    guard = Record("guard.same_name", "fail", method="8 patients: 7 (training) and 12 (validation)")
    assert (
        scrubbed(guard, {"7": "x", "12": "y"}).method
        == "8 patients: not shown, as it may name patients"
    )


def test_the_ledger_counts_each_patient_edited_and_each_split(cohort):
    study, keyring = cohort.study, open_keyring(cohort.study)
    update_ledger(study, cohort, _predictions(cohort), keyring)
    outcome = cohort.outcome.copy()
    for patient in ("MRN-7000", "MRN-7001", "MRN-7004", "MRN-7005", "MRN-7006"):
        outcome.loc[patient, "label"] = 1 - outcome.loc[patient, "label"]
    # One of the edited is put from validation into training at the same time: still an edit of a
    # validated patient.
    moved = cohort.cohort.copy()
    moved[["MRN-7004", "MRN-7000"]] = ["training", "validation"]
    edited = replace(cohort, outcome=outcome, cohort=moved)
    found = update_ledger(study, edited, _predictions(edited), keyring)
    assert (
        found["outcome_edits"],
        found["training_edits"],
        found["splits"],
        found["moved"],
        found["removed"],
    ) == (4, 1, 2, 2, 0)
    again = update_ledger(study, edited, _predictions(edited), keyring)
    assert (again["outcome_edits"], again["splits"], again["moved"]) == (4, 2, 2)
    back = update_ledger(
        study, replace(edited, cohort=cohort.cohort), _predictions(cohort), keyring
    )
    assert (back["splits"], back["moved"], back["outcome_edits"]) == (3, 4, 4)


def test_an_edit_on_the_way_out_and_in_again_is_counted(cohort):
    study, keyring = cohort.study, open_keyring(cohort.study)
    update_ledger(study, cohort, _predictions(cohort), keyring)
    fewer = replace(
        cohort,
        cohort=cohort.cohort.drop("MRN-7007"),
        clinical=cohort.clinical.drop("MRN-7007"),
        outcome=cohort.outcome.drop("MRN-7007"),
    )
    update_ledger(study, fewer, _predictions(fewer), keyring)
    outcome = cohort.outcome.copy()
    outcome.loc["MRN-7007", "label"] = 0.0
    found = update_ledger(study, replace(cohort, outcome=outcome), _predictions(cohort), keyring)
    assert found["removed"] == 1
    assert found["outcome_edits"] == 1
    assert found["splits"] == 1


def test_a_synthetic_cohort_was_evaluated_once_on_a_fresh_clone(cohort):
    """Whatever its authors did; patients' evaluations travel with the lock."""
    study, keyring = cohort.study, open_keyring(cohort.study)
    made = {"scores": "0" * 16, "plan": "1" * 12, "date": "2024-01-02"}
    ledger = {"evaluations": [made], "plans": {made["plan"]: made["date"]}}
    write_lock(
        study.lock_file,
        Lock({"name": "own"}, {"commit": "abc"}, {}, {}, {}, {}, [], ledger, "2024-01-02"),
    )
    drawn = study.model_copy(update={"study": study.study.model_copy(update={"synthetic": True})})
    assert read_ledger(study) == ledger
    assert read_ledger(drawn) == {}
    synthetic = replace(cohort, study=drawn)
    first = update_ledger(drawn, synthetic, _predictions(synthetic), keyring)
    assert len(first["evaluations"]) == 1
    # A second evaluation of it is counted all the same.
    second = update_ledger(drawn, synthetic, _predictions(synthetic, 0.05), keyring)
    assert len(second["evaluations"]) == 2


def test_evaluations_of_patients_travel_with_the_lock(cohort):
    study, keyring = cohort.study, open_keyring(cohort.study)
    found = update_ledger(study, cohort, _predictions(cohort), keyring)
    write_lock(
        study.lock_file,
        Lock({"name": "own"}, {"commit": "abc"}, {}, {}, {}, {}, [], found, "2024-01-02"),
    )
    (private_folder(study) / "ledger.json").unlink()
    assert len(update_ledger(study, cohort, _predictions(cohort), keyring)["evaluations"]) == 1
    (private_folder(study) / "ledger.json").unlink()
    other = update_ledger(study, cohort, _predictions(cohort, 0.05), keyring)
    assert len(other["evaluations"]) == 2
