"""Sections of the page's top, the abstract and the key points."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import (
    areas,
    background,
    cross_fitted,
    fused_words,
    purpose,
    redrawn,
)
from analysis.results import keys


@section("what-this-is", "what a reader must know of the cohort and the protocol first")
def what_this_is(c: Context) -> str:
    """A box above the abstract; empty for an ordinary study."""
    notes = []
    if c.r.has_value(keys.guards_failed()) and c.r.text(keys.guards_failed()):
        notes.append(
            "**A check for data leakage failed**: {guards.failed}. The supplement has its finding."
            " Until it is explained, the results below are unreliable."
        )
    if redrawn(c.r):
        notes.append(redrawn(c.r))
    if c.synthetic:
        notes.append(
            "The cohort of this report is **synthetic**: a random generator drew every image and"
            " value. The report demonstrates the analysis; its numbers do not describe patients."
        )
    if c.r.is_true(keys.settings_demo()):
        notes.append(
            "This is the **demonstration protocol**: fewer folds, fewer epochs, narrower networks"
            " and smaller images than the full protocol of `study.full.yml`."
        )
    if not notes:
        return ""
    return '::: {.callout-important title="What this report is"}\n' + "\n\n".join(notes) + "\n:::"


@section("synthetic-note", "that the numbers are not about patients, where that is so")
def synthetic_note(c: Context) -> str:
    """A note on top of methods, results and discussion."""
    if not c.synthetic:
        return ""
    return (
        '::: {.callout-note title="Synthetic cohort"}\nThe numbers in this section do not'
        " describe patients.\n:::"
    )


@section("synthetic-page", "the same, for a page that goes with the article", decided=True)
def synthetic_page(c: Context) -> str:
    """One sentence."""
    return "The cohort is synthetic; the numbers do not describe patients." if c.synthetic else ""


@section("background", "why the study asks")
def _background(c: Context) -> str:
    return background(c.r)


@section("purpose", "what the study is for")
def _purpose(c: Context) -> str:
    return purpose(c.r)


@section("abstract-cohorts", "patients of the cohorts, a part of a sentence")
def abstract_cohorts(c: Context) -> str:
    """Part of a sentence."""
    if c.r.record(keys.n_of_cohort("training")).value:
        return (
            "{cohort.training.n} in the training and {cohort.validation.n} in the validation cohort"
        )
    return "all of the validation cohort"


@section("abstract-models", "which models were made, and how they were cross-fitted")
def abstract_models(c: Context) -> str:
    """Sentences of the abstract."""
    return sentences(
        "A clinical-radiological (CR) model had {settings.clinical_candidates|candidate variable}."
        if c.clinical
        else "",
        "Radiomics models used {features.total|feature}." if c.radiomics else "",
        "Deep learning (DL) models were {settings.networks}." if c.deep else "",
        fused_words(c.r),
        cross_fitted(c.r),
        "AUCs were compared with a paired test based on DeLong's variance." if c.compares else "",
    )


@section("abstract-design", "what kind of study it is, a part of a sentence", decided=True)
def abstract_design(c: Context) -> str:
    """Start of the abstract's methods."""
    if c.given:
        return "This model evaluation study"
    return "This model development and validation study"


@section("areas", "the models' AUCs in validation, a part of a sentence", decided=True)
def _areas(c: Context) -> str:
    return areas(c.r, c.headline, "validation")


@section("abstract-areas", "the AUCs of several models in validation", decided=True)
def abstract_areas(c: Context) -> str:
    """One sentence; empty where there is one model, whose AUC stands in the next sentence."""
    if c.single:
        return ""
    return f"In the validation cohort the AUCs were: {areas(c.r, c.headline, 'validation')}."


@section("abstract-best", "the best model and how it did in validation", decided=True)
def abstract_best(c: Context) -> str:
    """One sentence."""
    which = "the best model in training" if c.judged else "which others were compared with"
    when = "in training" if c.judged else "beforehand"
    cut = (
        f", accuracy {{accuracy.{c.best}.validation}}, sensitivity"
        f" {{sensitivity.{c.best}.validation}} and specificity {{specificity.{c.best}.validation}}"
        f" at the cut-off fixed {when}"
        if c.has(keys.accuracy(c.best, "validation"))
        else ""
    )
    if c.single:
        return f"{{best.model.label}} had a validation AUC of {{auc.{c.best}.validation:ci}}{cut}."
    return f"{{best.model.label}}, {which}, had an AUC of {{auc.{c.best}.validation:ci}}{cut}."


@section(
    "outperformed", "which models the best one outperformed, or how the only one did", decided=True
)
def outperformed(c: Context) -> str:
    """One sentence over all comparisons; of one model, how it classifies."""
    if c.single and c.has(keys.accuracy(c.best, "validation")):
        return (
            f"At the cut-off fixed {'in training' if c.judged else 'beforehand'}, sensitivity was"
            f" {{sensitivity.{c.best}.validation:ci}} and specificity"
            f" {{specificity.{c.best}.validation:ci}}."
        )
    if not c.others:
        return "The study has one model."
    return c.claims_together("outperforms")


@section("calibrated-briefly", "what may be said of calibration, for the key points", decided=True)
def calibrated_briefly(c: Context) -> str:
    """One short sentence, or that there are no probabilities."""
    if not c.probable:
        return "The models give scores without probabilities; calibration was not assessed."
    state = c.opened_claims.by_key["well_calibrated"].state
    words = {
        "holds": "{best.model.label} was well calibrated in the validation cohort",
        "fails": "{best.model.label} was not well calibrated in the validation cohort",
        "open": "The calibration of {best.model.label} remained uncertain",
        "undefined": "The calibration of {best.model.label} could not be estimated",
    }[state]
    numbers = "; ".join(
        f"{name} {{{key}}}"
        for name, key in (
            ("O:E", keys.observed_expected(c.best, "validation")),
            ("slope", keys.calibration_slope(c.best, "validation")),
        )
        if c.r.has_value(key)
    )
    return f"{words} ({numbers})." if numbers else f"{words}."


@section("calibrated", "what may be said of calibration", decided=True)
def calibrated(c: Context) -> str:
    """A sentence for each cohort."""
    if not c.probable:
        return (
            "The models give scores without probabilities; calibration and net benefit were not"
            " assessed."
        )
    return sentences(c.claim("well_calibrated"), c.claims("well_calibrated"))


@section("useful", "what may be said of net benefit", decided=True)
def useful(c: Context) -> str:
    """A sentence; empty without probabilities."""
    return c.claim("net_benefit")
