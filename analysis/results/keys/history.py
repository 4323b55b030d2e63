"""Provenance and history of the results: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import of_nothing, of_package
from analysis.results.keys.quantity import declare

software = declare(
    of_package, "software.{package}", "Version of Python or a package", needs="machine"
)
provenance_commit = declare(of_nothing, "provenance.commit", "Commit of the code", needs="machine")
provenance_study_digest = declare(
    of_nothing,
    "provenance.study_digest",
    "Digest of the study file",
    method="SHA-256, first 12 digits",
    needs="machine",
)
plan_digest = declare(
    of_nothing,
    "plan.digest",
    "Digest of the analysis plan",
    method="SHA-256, first 12 digits",
    needs="history",
)
plan_date = declare(
    of_nothing, "plan.date", "Day on which this plan was first run", needs="history"
)
plan_first_evaluation = declare(
    of_nothing,
    "plan.first_evaluation",
    "Day on which the validation cohort was first evaluated",
    needs="history",
)
ledger_evaluations_n = declare(
    of_nothing,
    "ledger.evaluations.n",
    "Different evaluations of the validation cohort",
    "evaluations",
    needs="history",
)
ledger_plans_n = declare(
    of_nothing,
    "ledger.plans.n",
    "Plans by which the validation cohort was evaluated",
    "plans",
    needs="history",
)
ledger_outcome_edits_n = declare(
    of_nothing,
    "ledger.outcome_edits.n",
    "Outcomes of validation patients changed after the first evaluation",
    "edits",
    needs="history",
)
ledger_training_edits_n = declare(
    of_nothing,
    "ledger.training_edits.n",
    "Outcomes of other patients changed after the first evaluation",
    "edits",
    needs="history",
)
ledger_splits_n = declare(
    of_nothing,
    "ledger.splits.n",
    "Splits by which the validation cohort was evaluated",
    "splits",
    needs="history",
)
ledger_moved_n = declare(
    of_nothing,
    "ledger.moved.n",
    "Patients who went between training and validation after the first evaluation",
    "moves",
    needs="history",
)
ledger_removed_n = declare(
    of_nothing,
    "ledger.removed.n",
    "Patients taken out of the validation cohort after the first evaluation",
    "patients",
    needs="history",
)
