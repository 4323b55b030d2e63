"""Sections of the methods: models and comparators."""

from __future__ import annotations

from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import (
    CLINICAL,
    FEATURES,
    IMAGES,
    PREDICTIONS,
    section,
)
from analysis.reporting.sentences import (
    chosen_at_edge,
    classifier_citations,
    comparators_cited,
    fallback_rule,
    feature_blocks,
    fusion_methods,
    grids_tried,
    guards_words,
    listed,
    own_models,
    own_scores,
)
from analysis.reporting.variable_labels import variable_labels
from analysis.results import keys
from models.declared import DL, PARTS, RADIOMICS

LOCKED = (
    "The models fitted to all training patients were then fixed and applied to the"
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
        "**CR**: a multivariable logistic regression, with variables chosen among"
        " {settings.clinical_candidates|candidate} by {settings.clinical_rule}. Missing values were"
        " replaced by {settings.imputation}, estimated in the patients used for fitting without"
        " their outcome.",
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
    several = len(c.r.siblings(RADIOMICS.id)) > 1
    return sentences(
        f"**Radiomics**: {'radiomics ' if harmonised else ''}features were {harmonised}"
        f"standardised{_to_classifiers(c)}"
        f" {'Classifiers were' if several else 'The classifier was'}"
        f" {{settings.classifiers}} [@pedregosa2011{classifier_citations(c.r)}], tuned by"
        " {settings.tuning_folds}-fold cross-validation that included the"
        f" {'choice of the path and all its steps' if _has_paths(c) else 'selection'}. Scores were"
        " calibrated to probabilities by a sigmoid fitted to the scores of these folds"
        " [@platt2000].",
        _kept_effects(c),
        _rules(c),
        grids_tried(c.r),
        chosen_at_edge(c.r) or "The supplement has the tuned parameters.",
    )


def _rules(c: Context) -> str:
    """What else is said of harmonisation; empty where there is nothing."""
    if "settings.harmonisation_rules" not in c.r.wording:
        return ""
    part = c.r.study.radiomics
    covbat = part is not None and part.harmonisation is not None and part.harmonisation.is_covbat
    return "{settings.harmonisation_rules}" + (" For CovBat see [@chen2022]." if covbat else "")


def _kept_effects(c: Context) -> str:
    """Sentence on the covariates of ComBat; empty without any."""
    radiomics = c.r.study.radiomics
    if radiomics is None or radiomics.harmonisation is None:
        return ""
    labels = variable_labels(c.r, radiomics.harmonisation.covariates)
    if not labels:
        return ""
    effects = "effect" if len(labels) == 1 else "effects"
    were = "was" if len(labels) == 1 else "were"
    return (
        f"The {effects} of {listed([literal(label) for label in labels])} on the features {were}"
        " kept by ComBat."
    )


def _has_paths(c: Context) -> bool:
    return "settings.paths" in c.r.wording


def _to_classifiers(c: Context) -> str:
    """How standardised features reach the classifiers, to the end of the sentence."""
    if _has_paths(c):
        return (
            ". They reached the classifiers by one of several paths, which was chosen for each"
            " classifier together with its parameters, by the highest mean AUC. The paths were"
            " {settings.paths}."
        )
    selected = " and selected by {settings.selection}" if c.r.wording["settings.selection"] else ""
    if "settings.components" not in c.r.wording:
        return f"{selected}."
    return f"{selected}, then replaced by {{settings.components}}."


@section("methods-networks", "the networks and their training", (IMAGES,))
def methods_networks(c: Context) -> str:
    """A paragraph; empty without networks."""
    if not c.deep:
        return ""
    return (
        "**DL**: the input of {settings.networks} [@he2016; @cardoso2022] was the tumour region"
        " with the {study.phases.n|phase} as channels ({settings.network_input})."
        " {settings.network_training}"
    )


@section("methods-other-models", "fusions and models of the study's own")
def methods_other_models(c: Context) -> str:
    """A paragraph each; empty where there is none."""
    return paragraphs(feature_blocks(c.r), fusion_methods(c.r), own_models(c.r))


@section("methods-given-models", "models that were made elsewhere", (PREDICTIONS,))
def methods_given_models(c: Context) -> str:
    """A paragraph; empty where the models were made here."""
    if not c.given:
        return ""
    without = "No predictions of training patients were available: " + (
        "probabilities were dichotomised at {decision.reported_threshold}, fixed beforehand."
        if c.cut
        else "no cut-off is known, and none was chosen in the evaluated patients."
    )
    return sentences(
        "Existing models were evaluated by their predictions: "
        + listed([c.r.text(keys.label(name)) for name in c.headline])
        + ". Details of their training are not available.",
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
    if c.radiomics or c.deep or c.blocks:
        chosen = [PARTS[name].noun for name in (RADIOMICS.id, DL.id) if len(c.r.siblings(name)) > 1]
        steps = [
            "feature selection" if c.radiomics else "",
            "the reduction of features" if c.blocks else "",
            "tuning" if c.radiomics or c.blocks else "",
            f"the choice of the best {listed(chosen)}" if chosen else "",
            "the fusion" if c.fused else "",
        ]
        repeated = listed([step for step in steps if step]) or "the fit"
        folds = (
            "**Nested cross-validation** had {settings.outer_folds|outer fold} with"
            " {settings.inner_folds|inner fold} each. Every outer fold repeated"
            f" {repeated}. {LOCKED}"
        )
    else:
        folds = (
            "**Cross-validation** had {settings.outer_folds|fold}; each repeated the selection of"
            f" variables and the fit. {LOCKED}"
        )
    return paragraphs(folds, _repeats(c), guards_words(c.r))


def _repeats(c: Context) -> str:
    if not c.has(keys.settings_repeats()) or c.r.record(keys.settings_repeats()).number <= 1:
        return ""
    return sentences(
        "**Repeats**: the outer folds were drawn {settings.repeats|time}. Out-of-fold estimates"
        " and the limits of their intervals are means over repeats; scores were not averaged.",
        "Fusions were fitted to the scores of every repeat, with equal total weight per patient."
        if c.fused
        else "",
        "Calibration curves and risk groups of training patients are from the first repeat.",
    )


@section("methods-comparators", "staging systems and indexes, each with its source")
def methods_comparators(c: Context) -> str:
    """A paragraph; empty without comparators."""
    if not c.comparators:
        return ""
    judged = (
        " The added value of the model over each comparator was assessed by logistic regressions"
        " of the comparator alone, and of the comparator with the model's out-of-fold log odds,"
        " which were fitted in training and applied to the validation patients graded by all"
        " comparators."
        if c.judged
        else ""
    )
    return (
        f"**Comparators**: {comparators_cited(c.r, c.comparators)}, as published unless named as"
        " refitted. They were computed with this package from the clinical table; a score with a"
        f" missing input was missing.{own_scores(c.r)}{judged}"
    )
