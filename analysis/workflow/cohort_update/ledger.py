"""What has happened to the validation cohort.

It tells how often it was evaluated, by which plans, and whose outcome changed since.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cohort.cohort import Cohort
from analysis.core.cache import digest, write_atomically
from analysis.results import keys
from analysis.results.record import Record, Records
from analysis.study import Study
from analysis.workflow.cohort_update.keyed_digests import (
    Keyring,
    is_synthetic,
    private_folder,
)
from analysis.workflow.cohort_update.lock import read_lock, section_digests

# Sections of the study file that say where files lie, how the machine works or what the authors
# state, and nothing of the analysis.
NO_PLAN = (
    "output",
    "allow_outside",
    "jobs",
    "execution",
    "sharing",
    "reporting",
    "declarations",
    "screening",
)
OUTCOME = ("label", "time_months", "event_type")
COUNTED = {
    keys.ledger_evaluations_n(): "different evaluations of the validation cohort",
    keys.ledger_plans_n(): "analysis plans by which the validation cohort was evaluated",
    keys.ledger_outcome_edits_n(): (
        "outcomes of validation patients changed after the cohort was first evaluated"
    ),
    keys.ledger_training_edits_n(): (
        "outcomes of other patients changed after the cohort was first evaluated"
    ),
    keys.ledger_splits_n(): (
        "splits by which the validation cohort was evaluated: one, and one more for each run in"
        " which patients had moved"
    ),
    keys.ledger_moved_n(): (
        "patients who went from training to validation, or back, after it was first evaluated"
    ),
    keys.ledger_removed_n(): (
        "patients taken out of the validation cohort after it was first evaluated"
    ),
}


def plan_digest(study: Study) -> str:
    """Digest of the analysis plan.

    The plan is the study file as it was understood, without comments and what a machine needs.
    """
    return digest(
        {name: value for name, value in section_digests(study).items() if name not in NO_PLAN}
    )[:12]


def _path(study: Study) -> Path:
    return private_folder(study) / "ledger.json"


def read_ledger(study: Study) -> dict[str, Any]:
    """Ledger of this machine, else the one in the lock, else an empty one.

    A synthetic cohort has no history but its own on this machine: it is generated anew on each, and
    what the authors of the package computed on theirs was no look at anybody's validation patients.
    """
    path = _path(study)
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    if study.lock_file.is_file() and not is_synthetic(study):
        return read_lock(study.lock_file).ledger
    return {}


def update_ledger(
    study: Study,
    cohort: Cohort,
    predictions: pd.DataFrame,
    keyring: Keyring,
    today: datetime.date | None = None,
) -> dict[str, Any]:
    """Count this evaluation of the validation cohort and return the ledger.

    The same scores of the same patients with the same outcomes are one evaluation, however often
    they are computed. An edit of an outcome is a patient whose label, time or event differs from
    what it was when last seen, whatever cohort that was in; those of validation patients and of the
    others are counted apart. A patient who leaves the validation cohort and the study is removed;
    one who goes from training to validation or back has moved, and a run with such patients is
    another split. Holds digests and counts only: the lock carries it to other machines.
    """
    today = today or datetime.date.today()
    start = {
        "plans": {},
        "evaluations": [],
        "outcome_edits": 0,
        "training_edits": 0,
        "removed": 0,
        "splits": 1,
        "moved": 0,
        "outcomes": {},
        "cohorts": {},
    }
    ledger: dict[str, Any] = start | read_ledger(study)
    plan = plan_digest(study)
    ledger["plans"].setdefault(plan, today.isoformat())
    names = {patient: keyring.pseudonym(patient) for patient in cohort.patients}
    outcomes = {
        names[patient]: keyring.value(
            patient, "outcome", repr([str(cohort.outcome.at[patient, name]) for name in OUTCOME])
        )
        for patient in cohort.patients
    }
    cohorts = {names[patient]: str(cohort.cohort[patient]) for patient in cohort.patients}
    # A ledger of an earlier version knows the validation patients alone.
    before = ledger["cohorts"] or dict.fromkeys(ledger["outcomes"], "validation")
    members = {name: content for name, content in outcomes.items() if cohorts[name] == "validation"}
    rows = predictions[predictions["how"] == "validation"]
    scores = rows["score"].map(lambda value: f"{value:.10g}")
    evaluation = digest(
        members,
        rows["model"].tolist(),
        [names.get(patient) or keyring.pseudonym(patient) for patient in rows["patient_id"]],
        scores.tolist(),
    )[:16]
    edited = {
        name
        for name, content in outcomes.items()
        if ledger["outcomes"].get(name, content) != content
    }
    validated = {name for name in edited if "validation" in (cohorts[name], before.get(name))}
    ledger["outcome_edits"] += len(validated)
    ledger["training_edits"] += len(edited - validated)
    ledger["removed"] += sum(
        where == "validation" and name not in cohorts for name, where in before.items()
    )
    moved = [
        name
        for name, where in cohorts.items()
        if {where, before.get(name)} == {"training", "validation"}
    ]
    ledger["moved"] += len(moved)
    ledger["splits"] += bool(moved)
    # Of patients who are gone the last outcome is kept, so that an edit on the way out and in again
    # is seen.
    ledger["outcomes"] = dict(sorted((ledger["outcomes"] | outcomes).items()))
    ledger["cohorts"] = dict(sorted(cohorts.items()))
    if evaluation not in [each["scores"] for each in ledger["evaluations"]]:
        ledger["evaluations"].append(
            {"scores": evaluation, "plan": plan, "date": today.isoformat()}
        )
    write_atomically(_path(study), json.dumps(ledger, indent=1, sort_keys=True) + "\n", mode=0o600)
    return ledger


def ledger_records(study: Study, ledger: dict[str, Any]) -> list[Record]:
    """plan.*: digest of the analysis plan and the day it was first run. ledger.*: counts.

    History of a study, so no other machine can recompute it.
    """
    plan, evaluations = plan_digest(study), ledger["evaluations"]

    found = Records()
    found.add(
        keys.plan_digest(),
        plan,
        method="SHA-256 of the study file as it was understood, first 12 digits",
        source=plan_digest,
    )
    for day, date, words in (
        (keys.plan_date(), ledger["plans"][plan], "day on which this plan was first run"),
        (
            keys.plan_first_evaluation(),
            evaluations[0]["date"],
            "day on which the validation cohort was first evaluated",
        ),
    ):
        found.add(day, date, method=words, source=update_ledger)
    counts = {
        keys.ledger_evaluations_n(): len(evaluations),
        keys.ledger_plans_n(): len({each["plan"] for each in evaluations}),
        keys.ledger_outcome_edits_n(): ledger["outcome_edits"],
        keys.ledger_training_edits_n(): ledger["training_edits"],
        keys.ledger_splits_n(): ledger["splits"],
        keys.ledger_moved_n(): ledger["moved"],
        keys.ledger_removed_n(): ledger["removed"],
    }
    for key, count in counts.items():
        found.add(key, count, method=COUNTED[key], source=update_ledger)
    return found.sorted()
