"""How validation patients were set apart, in words."""

from __future__ import annotations

from analysis.core.word_lists import listed
from analysis.study import Split


def split_words(split: Split) -> str:
    """One or two sentences for the methods.

    What a recorded column rests on only the authors can say.
    """
    if split.column is not None:
        how = (
            f"Patients were assigned to cohorts by the column “{split.column}” of the clinical"
            " table"
        )
        return (
            how
            + ("." if split.description else "; how the assignment was made is not stated.")
            + _described(split)
        )
    if split.date is not None:
        since = "" if split.since is None else f"{split.since.day} {split.since:%B %Y}"
        return (
            f"The split was temporal: patients whose {split.date.replace('_', ' ')} was on or after"
            f" {since} formed the validation cohort, and earlier patients the training cohort."
            + _described(split)
        )
    if split.everyone is not None:
        return "All patients formed the validation cohort; no model was trained." + _described(
            split
        )
    if split.centres:
        return (
            f"The split was by centre: the patients of {listed(list(split.centres))} formed the"
            " validation cohort, and those of the other centres the training cohort."
            + _described(split)
        )
    return (
        f"A random {100 * (split.validation_fraction or 0):g}% of the patients, stratified by"
        f" outcome, formed the validation cohort (seed {split.seed})." + _described(split)
    )


def _described(split: Split) -> str:
    return f" {split.description.rstrip('.')}." if split.description else ""
