"""Sections of the methods: models and comparators."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import (
    CLINICAL,
    FEATURES,
    IMAGES,
    PREDICTIONS,
    section,
)
from analysis.reporting.sentences import (
    classifier_citations,
    comparators_cited,
    fallback_rule,
    fusion_methods,
    guards_words,
    listed,
    own_models,
    own_scores,
)
from analysis.results import keys

LOCKED = (
    "The model fitted on all training patients was locked, and then applied to the"
    " {cohort.validation.n|validation patient}."
)


@section(
    "methods-clinical-model",
    "the clinical-radiological model",
    (IMAGES, FEATURES, CLINICAL),
)
def methods_clinical_model(c: Context) -> str:
    """A paragraph; empty without clinical variables."""
    if not c.clinical:
        return ""
    return sentences(
        "**CR**: of {settings.clinical_candidates|clinical-radiological variable} those of a"
        " multivariable logistic regression were chosen by {settings.clinical_rule}. Missing values"
        " were replaced by {settings.imputation}, learnt from the learning patients without their"
        " outcome.",
        "Restricted cubic splines: {settings.splines}."
        if "settings.splines" in c.r.wording
        else "",
        fallback_rule(c.r),
    )


@section(
    "methods-radiomics-model", "selection, classifiers and tuning of radiomics", (IMAGES, FEATURES)
)
def methods_radiomics_model(c: Context) -> str:
    """A paragraph; empty without radiomics."""
    if not c.radiomics:
        return ""
    harmonised = (
        "harmonised by ComBat to {settings.harmonisation} [@johnson2007; @fortin2018], "
        if "settings.harmonisation" in c.r.wording
        else ""
    )
    return (
        f"**Radiomics**: features were {harmonised}standardised and selected by"
        " {settings.selection}; the classifiers were {settings.classifiers}"
        f" [@pedregosa2011{classifier_citations(c.r)}], tuned by {{settings.tuning_folds}}-fold"
        " cross-validation of the whole path, whose out-of-fold scores also gave the sigmoid that"
        " turns a classifier's score into a probability [@platt2000]."
    )


@section("methods-networks", "the networks and their training", (IMAGES,))
def methods_networks(c: Context) -> str:
    """A paragraph; empty without networks."""
    if not c.deep:
        return ""
    return (
        "**DL**: {settings.networks} [@he2016; @cardoso2022] saw the tumour region with the"
        " {study.phases.n|phase} as channels ({settings.network_input})."
        " {settings.network_training}"
    )


@section("methods-other-models", "fusions and models of the study's own")
def methods_other_models(c: Context) -> str:
    """A paragraph each; empty where there is none."""
    return paragraphs(fusion_methods(c.r), own_models(c.r))


@section("methods-given-models", "models that were made elsewhere", (PREDICTIONS,))
def methods_given_models(c: Context) -> str:
    """A paragraph; empty where the models were made here."""
    if not c.given:
        return ""
    without = (
        "They come without out-of-fold predictions of training patients, so nothing was learnt"
        " from these: "
        + (
            "probabilities were cut at {decision.reported_threshold}, fixed in the study file."
            if c.cut
            else "no cut-off is known, and none was sought in the patients that it would be judged"
            " on."
        )
    )
    return sentences(
        "The models were made elsewhere and are judged by their predictions: "
        + listed([c.r.text(keys.label(name)) for name in c.headline])
        + ". How they were trained is not known here.",
        "" if c.judged else without,
    )


@section(
    "methods-cross-fitting",
    "folds, repeats, and the guards against leakage",
)
def methods_cross_fitting(c: Context) -> str:
    """Paragraphs on how the models were judged; without folds the guards alone."""
    if c.given:
        return guards_words(c.r)
    if c.radiomics or c.deep:
        anew = (
            "the best classifier and network were chosen again"
            if c.radiomics and c.deep
            else "the best part was chosen again"
        )
        fused = ", and the fusion was fitted again" if c.fused else ""
        folds = (
            "**Cross-fitting**: {settings.outer_folds|outer fold}, and"
            " {settings.inner_folds|fold} inside each. In every outer fold the parts were"
            f" cross-fitted again, {anew}{fused}. {LOCKED}"
        )
    else:
        folds = (
            "**Cross-fitting**: {settings.outer_folds|outer fold}; in each the variables were"
            f" selected and the model was fitted again. {LOCKED}"
        )
    return paragraphs(folds, _repeats(c), guards_words(c.r))


def _repeats(c: Context) -> str:
    if not c.has(keys.settings_repeats()) or c.r.record(keys.settings_repeats()).number <= 1:
        return ""
    return sentences(
        "**Repeats**: the outer folds were drawn {settings.repeats|time}. Out-of-fold estimates"
        " are means over repeats of the estimate in each, and so are both ends of their intervals,"
        " which are therefore as wide as for one repeat; scores were never averaged, as that would"
        " judge a bag of models and not the one that was locked.",
        "Fusions learnt from the scores of every repeat, each patient weighing one."
        if c.fused
        else "",
        "Calibration curves and risk groups of training patients use the first repeat.",
    )


@section("methods-comparators", "staging systems and indexes, each with its source")
def methods_comparators(c: Context) -> str:
    """A paragraph; empty without comparators."""
    if not c.comparators:
        return ""
    judged = (
        " A comparator is judged by what the model adds to it: logistic regressions of the"
        " comparator alone, and of it with the model's out-of-fold logit, were fitted in training"
        " and applied to the validation patients whom all comparators grade. Calibration and net"
        " benefit of a comparator need probabilities, which were refitted in training."
        if c.judged
        else ""
    )
    return (
        f"**Comparators**: {comparators_cited(c.r, c.comparators)}, each as published unless its"
        f" name says refitted; a score with a missing input is missing.{own_scores(c.r)}{judged}"
    )
