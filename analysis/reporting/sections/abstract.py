"""Sections of the page's top and the abstract."""

from __future__ import annotations

import re

from analysis.reporting.claims.make import OTHERS
from analysis.reporting.sections.context import Context, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sections.word_limits import ABSTRACT, fitting, words_of
from analysis.reporting.sentences import (
    areas,
    background,
    cross_fitted,
    fused_words,
    listed,
    purpose,
    redrawn,
)
from analysis.results import keys

# What the article's abstract says of the cohort beside its own sections, and words of its headings.
COHORT = (
    "included {cohort.n|patient}; {cohort.labelled.n} had a known outcome ({cohort.events.n} with"
    " {study.event}, {cohort.non_events.n} without),"
)
HEADINGS = 7


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
    made = [
        words
        for words, there in (
            (
                "clinical-radiological (CR; {settings.clinical_candidates|candidate variable})",
                c.clinical,
            ),
            ("radiomics ({features.total|feature})", c.radiomics),
            *((label, True) for label in c.labels_of_blocks),
            ("deep learning (DL; {settings.networks})", c.deep),
        )
        if there
    ]
    counted_models = "model was" if len(made) == 1 else "models were"
    return sentences(
        f"The {counted_models} {listed(made)}." if made else "",
        fused_words(c.r),
        cross_fitted(c.r),
        "AUCs were compared with a paired test (DeLong's variance)." if c.compares else "",
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


@section("abstract-areas", "the AUCs of the other models in validation", decided=True)
def abstract_areas(c: Context) -> str:
    """One sentence; empty where there is one model, whose AUC stands in the next sentence."""
    if not c.others:
        return ""
    if len(c.others) == 1:
        (other,) = c.others
        area = f"{{{keys.auc(other, 'validation')}}}"
        return f"In the validation cohort the AUC of {{{keys.label(other)}}} was {area}."
    return f"In the validation cohort the AUCs were {areas(c.r, c.others, 'validation')}."


@section("abstract-best", "the best model and how it did in validation", decided=True)
def abstract_best(c: Context) -> str:
    """One sentence."""
    which = "the best model in training" if c.judged else "which others were compared with"
    cut = (
        f", accuracy {{accuracy.{c.best}.validation}}, sensitivity"
        f" {{sensitivity.{c.best}.validation}} and specificity {{specificity.{c.best}.validation}}"
        f" at the fixed cut-off"
        if c.has(keys.accuracy(c.best, "validation"))
        else ""
    )
    said = "" if c.single else f", {which},"
    return (
        f"{{best.model.label}}{said} had a validation AUC of {{auc.{c.best}.validation:ci}}{cut}."
    )


@section("abstract-results", "the results of the abstract, within its words", decided=True)
def abstract_results(c: Context) -> str:
    """As many sentences as the abstract has room for; the best model's is always there."""
    journal = c.r.study.manuscript.preset
    limit = (journal and journal.abstract.words) or ABSTRACT
    beside = [_background(c), _purpose(c), COHORT, abstract_models(c), c.claim("conclusion")]
    beside += [abstract_design(c), abstract_cohorts(c)]
    others, best = abstract_areas(c), abstract_best(c)
    elsewhere, compared, gain = (
        c.claims("discriminates"),
        c.claims_together("outperforms"),
        c.claim("net_benefit").replace(" in the validation cohort", ""),
    )
    shorter = re.sub(rf"; {OTHERS['exploratory']}\.$", ".", compared)
    wordings = [
        sentences(others, best, elsewhere, compared, gain),
        sentences(others, best, elsewhere, shorter, gain),
        sentences(best, elsewhere, shorter, gain),
        sentences(best, elsewhere, shorter),
        sentences(best, shorter),
        best,
    ]
    room = limit - HEADINGS - sum(words_of(c.r, each) for each in beside)
    return fitting(c.r, wordings, room)
