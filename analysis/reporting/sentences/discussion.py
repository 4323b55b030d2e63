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
            f"{results.text(keys.label(name))} {results.text(keys.auc(name, 'apparent'))} vs"
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
    text = f"Apparent vs out-of-fold AUCs in training were: {pairs}."
    if above:
        text += (
            " The difference reflects"
            if not others
            else f" For {listed(above)}, the difference reflects"
        ) + " overfitting, apart from chance and the smaller training sets of the folds."
    if others:
        text += f" For {listed(others)}, the apparent AUC was not higher" + (
            ", as can occur with a fusion, which is fitted to out-of-fold scores."
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
            "Whether the patients come from other institutions than those of the models' training"
            " is not known."
        )
    known = keys.split_other_centres("validation") in results.records
    return (
        "Some or all validation patients came from centres that also contributed training patients;"
        " generalisability to other institutions is unknown."
        if known
        else ("No patient is known to come from another institution; generalisability is unknown.")
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
        " validation. Patients now in the validation cohort were used for training before, and"
        " results may be too optimistic if the split was chosen for them; the validation cohort was"
        " not untouched."
    )


def table_limit(results: Results) -> str:
    """Sentence on what may have been done to a feature table before it came here.

    No guard can see it; empty where features were extracted here.
    """
    radiomics = results.study.radiomics
    if radiomics is None or radiomics.table is None:
        return ""
    return (
        "Radiomics features were supplied as a table. If they had been selected, scaled or"
        " harmonised in all patients, or with knowledge of the outcome, the out-of-fold and"
        " validation results would be too optimistic; the analysis cannot detect this."
    )
