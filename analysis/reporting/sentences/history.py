"""How often the validation cohort was evaluated, and what happened to it since."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.results_by_key import Shown
from analysis.results import keys


def _times(results: Results) -> str:
    record = results.record(keys.ledger_evaluations_n())
    return results.linked("once", record) if record.number == 1 else "{ledger.evaluations.n|time}"


def evaluated_times(results: Results) -> Shown:
    """`once`, or `3 times`, as a document shows it."""
    return Shown(results.fill(_times(results)))


def evaluation_history(results: Results) -> str:
    """Evaluations of the validation cohort, the plans that they followed, and edits since."""
    split = (
        (
            " ({ledger.training_edits.n|outcome of other patients was|outcomes of other patients"
            " were} edited, and patients changed between training and validation"
            " {ledger.moved.n|time}, by {ledger.splits.n|split})"
        )
        if "ledger.splits.n" in results.records
        else ""
    )
    return results.fill(
        f"The validation cohort was evaluated {_times(results)}, by"
        " {ledger.plans.n|analysis plan}; the first time on {plan.first_evaluation}. Since then"
        " {ledger.outcome_edits.n|outcome of its patients was|outcomes of its patients were}"
        " edited and {ledger.removed.n|patient was|patients were} taken out of"
        f" it{split}. This plan ({{plan.digest}}) was first run on"
        " {plan.date}."
    )
