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
            "Which patients were for training and which for validation is recorded in the column"
            f" “{split.column}” of the clinical table"
        )
        return (
            how
            + ("." if split.description else "; the study file does not say how that was decided.")
            + _described(split)
        )
    if split.date is not None:
        since = "" if split.since is None else f"{split.since.day} {split.since:%B %Y}"
        return (
            f"The split is temporal: patients whose {split.date.replace('_', ' ')} was on or after"
            f" {since} form the validation cohort, earlier ones the training cohort."
            + _described(split)
        )
    if split.everyone is not None:
        return "All patients form the validation cohort, as nothing was trained here." + _described(
            split
        )
    if split.centres:
        return (
            f"The split is by centre: the patients of {listed(list(split.centres))} form the"
            " validation cohort, those of the other centres the training cohort."
            + _described(split)
        )
    return (
        f"For validation {100 * (split.validation_fraction or 0):g}% of the patients were drawn at"
        f" random, stratified by outcome (seed {split.seed})." + _described(split)
    )


def _described(split: Split) -> str:
    return f" {split.description.rstrip('.')}." if split.description else ""
