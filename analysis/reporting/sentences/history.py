"""How often the validation cohort was evaluated, and what happened to it since."""

from __future__ import annotations

from analysis.reporting.manuscript import Results


def evaluated_times(results: Results) -> str:
    """`once`, or `3 times`."""
    count = results.record("ledger.evaluations.n").number
    return "once" if count == 1 else results.fill("{ledger.evaluations.n} times")


def evaluation_history(results: Results) -> str:
    """Evaluations of the validation cohort, the plans that they followed, and edits since."""
    split = (
        (
            " ({ledger.training_edits.n} outcome(s) of other patients were edited, and patients"
            " changed between training and validation {ledger.moved.n} time(s), by"
            " {ledger.splits.n} split(s))"
        )
        if "ledger.splits.n" in results.records
        else ""
    )
    return results.fill(
        f"The validation cohort was evaluated {evaluated_times(results)}, by {{ledger.plans.n}}"
        " analysis plan(s); the first time on {plan.first_evaluation}. Since then"
        " {ledger.outcome_edits.n} outcome(s) of its patients were edited and {ledger.removed.n}"
        f" patient(s) were taken out of it{split}. This plan (`{{plan.digest}}`) was first run on"
        " {plan.date}."
    )
