"""Sentences on a score that is chosen among several models, and on what its AUC is the AUC of."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sentences.study_parts import listed
from analysis.results import keys
from models.declared import PARTS


def _chosen(results: Results) -> list[str]:
    """The chosen scores of the study that had more than one model to choose from."""
    return [
        model
        for model in PARTS
        if len(results.siblings(model)) > 1 and keys.label(model) in results.records
    ]


def chosen_in_folds(results: Results, model: str) -> str:
    """Sentence on which of several classifiers or networks was best, and which the folds chose.

    model: radiomics or dl.
    """
    part = PARTS[model]
    if len(results.siblings(model)) < 2:
        return f"The {part.noun} was {{{part.key}.best}}."
    key = f"{part.key}.chosen_in_folds"
    chosen = results.names(key)
    if len(chosen) > 1 and len(set(chosen)) == 1:
        folds = f"every outer fold chose {results.stated(literal(chosen[0]), key)}"
    else:
        folds = f"the outer folds chose {{{key}}}"
    return f"The {part.noun} with the highest out-of-fold AUC was {{{part.key}.best}}; {folds}."


def chosen_areas(results: Results, model: str) -> str:
    """Sentence with the AUCs of a chosen score, each with what it is the AUC of.

    Out of fold it includes the choice, made anew in every outer fold; in validation it is that of
    the one model that was locked. Where there was nothing to choose, both are that model's.

    model: radiomics or dl.
    """
    kind, key = PARTS[model].noun, PARTS[model].key
    if model not in _chosen(results):
        return (
            f"The AUC was {{auc.{model}.out_of_fold:ci}} out of fold in training and"
            f" {{auc.{model}.validation:ci}} in the validation cohort."
        )
    return (
        f"The out-of-fold AUC in training, including the choice of {kind}, was"
        f" {{auc.{model}.out_of_fold:ci}}; the AUC of the final model ({{{key}.best}}) in the"
        f" validation cohort was {{auc.{model}.validation:ci}}."
    )


def choice_included(results: Results) -> str:
    """Note of the table of AUCs: whose out-of-fold value includes a choice; else empty."""
    chosen = _chosen(results)
    if not chosen:
        return ""
    names = listed([f"{{label.{model}}}" for model in chosen])
    kinds = listed([f"{PARTS[model].noun}s" for model in chosen])
    return (
        f"The out-of-fold AUC of {names} includes the choice among the {kinds} in each outer fold."
    )


def each_by_itself(results: Results) -> str:
    """Note of the table of what was chosen from: no row includes the choice; else empty."""
    chosen = _chosen(results)
    if not chosen:
        return ""
    names = listed([f"{{label.{model}}}" for model in chosen])
    return (
        f"Out-of-fold AUCs of single models; those of {names} in @tbl-auc include the choice among"
        " them."
    )


def best_parts(results: Results, model: str) -> str:
    """Sentence on a chosen score that lies above each of its models.

    It says how the chosen radiomics or DL score can lie above each model that it chooses from,
    where it does; model: radiomics or dl.
    """
    kind = PARTS[model].noun
    tried = [
        name for name in results.siblings(model) if results.has_value(keys.auc(name, "out_of_fold"))
    ]
    key = keys.auc(model, "out_of_fold")
    if (
        len(tried) < 2
        or not results.has_value(key)
        or results.record(key).number
        <= max(results.record(keys.auc(name, "out_of_fold")).number for name in tried)
    ):
        return ""
    return (
        f"This out-of-fold AUC is higher than that of any single {kind} because the outer folds"
        f" chose different {kind}s, whose scores were pooled."
    )
