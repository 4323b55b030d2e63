"""What has happened to the validation cohort: how often it was evaluated, by which plans, and whose outcome changed since."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cache import digest, write_atomically
from analysis.cohort import Cohort
from analysis.results.record import Record
from analysis.study import Study
from analysis.updating.keyring import Keyring, private_folder
from analysis.updating.lock import read_lock, section_digests

# Sections of the study file that say where files lie, how the machine works or what the authors state, and nothing of the analysis.
NO_PLAN = ("output", "allow_outside", "jobs", "execution", "sharing", "reporting", "declarations")
OUTCOME = ("label", "time_months", "event_type")


def plan_digest(study: Study) -> str:
    """Digest of the analysis plan: the study file as it was understood, without comments and what a machine needs."""
    return digest({name: value for name, value in section_digests(study).items() if name not in NO_PLAN})[:12]


def _path(study: Study) -> Path:
    return private_folder(study) / "ledger.json"


def read_ledger(study: Study) -> dict[str, Any]:
    """This machine's ledger, else the one in the lock, else an empty one."""
    path = _path(study)
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    if study.lock_file.is_file():
        return read_lock(study.lock_file).ledger
    return {}


def update_ledger(study: Study, cohort: Cohort, predictions: pd.DataFrame, keyring: Keyring, today: datetime.date | None = None) -> dict[str, Any]:
    """Count this evaluation of the validation cohort and return the ledger.

    The same scores of the same patients with the same outcomes are one evaluation, however often they are computed. An
    edit of an outcome is a validation patient whose label, time or event differs from the last evaluation's; a patient who
    leaves the validation cohort is counted too. Holds digests and counts only: the lock carries it to other machines.
    """
    today = today or datetime.date.today()
    ledger: dict[str, Any] = {"plans": {}, "evaluations": [], "outcome_edits": 0, "removed": 0, "outcomes": {}} | read_ledger(study)
    plan = plan_digest(study)
    ledger["plans"].setdefault(plan, today.isoformat())
    members = cohort.patients[cohort.cohort == "validation"]
    outcomes = {keyring.pseudonym(patient): keyring.value(patient, "outcome", repr([str(cohort.outcome.at[patient, name]) for name in OUTCOME])) for patient in members}
    rows = predictions[predictions["how"] == "validation"]
    scores = rows["score"].map(lambda value: f"{value:.10g}")
    evaluation = digest(outcomes, rows["model"].tolist(), [keyring.pseudonym(patient) for patient in rows["patient_id"]], scores.tolist())[:16]
    before = ledger["outcomes"]
    ledger["outcome_edits"] += sum(before[name] != content for name, content in outcomes.items() if name in before)
    ledger["removed"] += len(set(before) - set(outcomes))
    ledger["outcomes"] = dict(sorted(outcomes.items()))
    if evaluation not in [each["scores"] for each in ledger["evaluations"]]:
        ledger["evaluations"].append({"scores": evaluation, "plan": plan, "date": today.isoformat()})
    write_atomically(_path(study), json.dumps(ledger, indent=1, sort_keys=True) + "\n", mode=0o600)
    return ledger


def ledger_records(study: Study, ledger: dict[str, Any]) -> list[Record]:
    """plan.*: digest of the analysis plan and the day it was first run. ledger.*: counts. History of a study, so no other machine can recompute it."""
    plan, evaluations = plan_digest(study), ledger["evaluations"]
    def count(key: str, value: int, unit: str, method: str) -> Record:
        return Record(f"ledger.{key}", value, unit=unit, method=method, source="update_ledger")
    return [
        Record("plan.digest", plan, method="SHA-256 of the study file as it was understood, first 12 digits", source="plan_digest"),
        Record("plan.date", ledger["plans"][plan], method="day on which this plan was first run", source="update_ledger"),
        Record("plan.first_evaluation", evaluations[0]["date"], method="day on which the validation cohort was first evaluated", source="update_ledger"),
        count("evaluations.n", len(evaluations), "evaluations", "different evaluations of the validation cohort"),
        count("plans.n", len({each["plan"] for each in evaluations}), "plans", "analysis plans by which the validation cohort was evaluated"),
        count("outcome_edits.n", ledger["outcome_edits"], "edits", "outcomes of validation patients changed after the cohort was first evaluated"),
        count("removed.n", ledger["removed"], "patients", "patients taken out of the validation cohort after it was first evaluated"),
    ]
