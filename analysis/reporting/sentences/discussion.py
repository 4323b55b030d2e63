"""Sentences of the discussion and its limitations."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.reporting.claims.conclusion import judged_elsewhere
from analysis.reporting.manuscript import Results
from analysis.reporting.sentences.study_parts import listed, parts_of
from analysis.results import keys


def apparent_words(results: Results, models: Sequence[str]) -> str:
    """Apparent and out-of-fold AUC of each model, in words.

    They say for which models the first is the higher; empty where a model lacks one of them.
    """
    if not all(
        results.has_value(keys.auc(name, how))
        for name in models
        for how in ("apparent", "out_of_fold")
    ):
        return ""
    pairs = listed(
        [
            f"{results.text(keys.label(name))} {results.text(keys.auc(name, 'apparent'))} and"
            f" {results.text(keys.auc(name, 'out_of_fold'))}"
            for name in models
        ]
    )
    higher = {
        name: (
            results.record(keys.auc(name, "apparent")).number
            > results.record(keys.auc(name, "out_of_fold")).number
        )
        for name in models
    }
    above, others = (
        [results.text(keys.label(name)) for name in models if higher[name] is wanted]
        for wanted in (True, False)
    )
    text = f"Apparent and out-of-fold AUC were, in this order: {pairs}."
    if above:
        text += (
            f" For {listed(above)} the difference is, but for chance and smaller learning sets,"
            f" what {'the model owes' if len(above) == 1 else 'the models owe'} to being judged on"
            f" the patients that {'it was' if len(above) == 1 else 'they were'} fitted on."
        )
    if others:
        text += f" For {listed(others)} the apparent AUC was not the higher one" + (
            ", as can happen to a fusion, which is fitted on out-of-fold scores."
            if any(name in parts_of(results).fusions for name in models if not higher[name])
            else "."
        )
    return text


def elsewhere_limit(results: Results) -> str:
    """What is not known of patients of other institutions; empty where some were judged."""
    if judged_elsewhere(results):
        return ""
    if parts_of(results).given:
        return (
            "Whether these patients are of other institutions than those that the models were made"
            " from can't be told from the predictions."
        )
    known = keys.split_other_centres("validation") in results.records
    return (
        "Some or all validation patients came from centres that gave training patients as well; how"
        " the models travel to other institutions is not known."
        if known
        else (
            "Nothing in the data says that a patient of another institution was judged; how the"
            " models travel is not known."
        )
    )


def redrawn(results: Results) -> str:
    """Sentence that patients changed between training and validation.

    They did so after validation results were known; empty where none did.
    """
    if (
        keys.ledger_splits_n() not in results.records
        or results.record(keys.ledger_splits_n()).number < 2
    ):
        return ""
    return (
        "**The split was changed after the validation cohort had been evaluated**: this is split"
        " {ledger.splits.n}, with {ledger.moved.n|move} of patients between training and"
        " validation. Validation patients were trained on before, and the results of a split that"
        " was chosen among several are too good where the choice knew them; the validation cohort"
        " of this article is no untouched one."
    )


def table_limit(results: Results) -> str:
    """Sentence on what may have been done to a feature table before it came here.

    No guard can see it; empty where features were extracted here.
    """
    radiomics = results.study.radiomics
    if radiomics is None or radiomics.table is None:
        return ""
    return (
        "The radiomics features came as a table. Whether features were selected, scaled or"
        " harmonised on all patients, or on their outcomes, before the table was made can't be told"
        " from it; had they been, the out-of-fold and validation results would be too good, and no"
        " guard of this analysis could see it."
    )
