"""Sections of the results: models compared with each other and with staging systems."""

from __future__ import annotations

from analysis.core.word_lists import listed, plural
from analysis.reporting.number_style import p_heading, p_value
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import added, choice_included, unconfirmed
from analysis.reporting.tables import (
    added_value_markdown,
    classification_markdown,
    comparators_markdown,
    contrast_keys,
    contrasts_markdown,
    discrimination_markdown,
    small_sample_note,
)
from analysis.results import keys
from models.declared import CR, DL, RADIOMICS


@section("results-discrimination", "AUCs, ROC curves and classification of all models")
def results_discrimination(c: Context) -> str:
    """A paragraph, two tables and a figure."""
    cut = c.has(keys.accuracy(c.best, "validation"))
    return paragraphs(
        sentences(
            "@tbl-auc and @fig-roc show "
            + ("how {best.model.label} discriminates." if c.single else "the models of the study."),
            "Apparent values are those of the patients that a model was fitted on, and are what"
            " papers often print; out-of-fold values are the ones to believe for the training"
            " cohort."
            if c.judged and not c.given
            else "",
            c.claim("discriminates"),
            c.claims("discriminates"),
            "@tbl-classification classifies the validation patients by the"
            f" {plural(len(c.headline), 'cut-off')}."
            if cut
            else "No cut-off is known, so nobody is classified.",
        ),
        c.table(
            "tbl-auc",
            lambda: discrimination_markdown(c.r, c.headline),
            "AUC (CI) by cohort." if c.single else "AUC (CI) by model and cohort.",
            _note_of_areas(c),
        ),
        c.figure("fig-roc", "roc", _caption_of_curves(c)),
        c.table(
            "tbl-classification",
            lambda: classification_markdown(c.r, c.headline, "validation"),
            "Classification of the {cohort.validation.n|validation patient} at the cut-off fixed "
            + ("in training." if c.judged else "beforehand."),
            "With {settings.proportion_interval} CI. PPV and NPV: positive and negative predictive"
            " value. " + small_sample_note(c.r, ["sensitivity", "specificity"]),
            cut,
        ),
    )


def _note_of_areas(c: Context) -> str:
    return sentences(
        ""
        if c.given
        else "Apparent: on the patients that the model was fitted on. Out of fold: cross-fitted."
        " Validation: the locked model.",
        choice_included(c.r),
        "Published values are those that the reproduced paper printed for its own cohort"
        f"{c.source}."
        if c.published
        else "",
        small_sample_note(c.r, ["auc"]),
    )


def _caption_of_curves(c: Context) -> str:
    groups = [
        words
        for chosen, words in ((RADIOMICS.id, "the radiomics classifiers"), (DL.id, "the networks"))
        if len(c.r.siblings(chosen)) > 1
    ]
    several = bool(groups)
    one = "{best.model.label}" if c.single else "models"
    return sentences(
        "ROC curves of "
        + (listed([*groups, "the final models"]) if several else one)
        + (
            f": {'' if c.given or several else 'apparent and '}out of fold in the training cohort"
            " ({cohort.training.n|patient}), and in the validation cohort"
            if c.judged
            else " in the validation cohort"
        )
        + " ({cohort.validation.n|patient}), with AUCs.",
        _marks_of_curves(c),
    )


def _marks_of_curves(c: Context) -> str:
    """What is shown of the best model beside its curve."""
    return sentences(
        "Circles: {best.model.label} at its cut-off."
        if c.has(keys.sensitivity(c.best, "validation"))
        else "",
        "Band: pointwise {settings.confidence_level:level} CI of the sensitivity of"
        " {best.model.label}, from {settings.bootstrap_resamples} bootstrap samples.",
    )


def _caption_of_differences(c: Context) -> str:
    """What the differences are, by panel, and which of them are tested."""
    return sentences(
        "Differences in AUC in the validation cohort ({cohort.validation.n|patient}), with"
        " {settings.confidence_level:level} CI.",
        "Models: AUC of {best.model.label} minus that of each other model." if c.others else "",
        "Staging systems and indexes: AUC of the score with the model minus that of the score"
        " alone, both refitted in training."
        if c.graded
        else "",
        f"A dash stands for an exploratory comparison, which has no {p_value()}.",
    )


@section("results-comparison", "the best model against the others, and the named contrasts")
def results_comparison(c: Context) -> str:
    """Paragraphs, two tables and a figure."""
    drawn, named = c.r.has_figure("forest"), list(contrast_keys(c.r))
    compared = (
        sentences(
            f"@tbl-comparators {'and @fig-forest compare' if drawn else 'compares'} the best"
            " model, {best.model.label}, with the others.",
            c.claims("outperforms"),
            c.claims("no_difference"),
        )
        if c.others
        else "The study has one model, so there is no other to compare it with."
    )
    return paragraphs(
        compared,
        "The contrasts that were named beforehand are in @tbl-contrasts."
        if named
        else "The study file names no primary contrast and no family, so no comparison carries a"
        f" {p_value()}."
        if c.compares
        else "",
        c.table(
            "tbl-comparators",
            lambda: comparators_markdown(c.r, c.others),
            "The best model against the others, on the validation patients whom both score.",
            f"A {p_value()} stands at the contrasts that the study file names; the others are"
            " exploratory.",
            bool(c.others),
        ),
        c.figure("fig-forest", "forest", _caption_of_differences(c), drawn),
        c.table(
            "tbl-contrasts",
            lambda: contrasts_markdown(c.r),
            "The primary contrast and the Holm family, on validation patients"
            + ("." if c.given else " with locked models."),
            f"{p_heading()}: t test of the paired difference, unadjusted for the primary"
            " contrast, Holm-adjusted over the named family.",
            bool(named),
        ),
    )


def _caption_of_staging_curves(c: Context) -> str:
    """The best model, CR and the best scores; which scores these are is said by their rule."""
    own = "{best.model.label}" + (
        " and {label.cr}" if CR.id in c.headline and c.best != CR.id else ""
    )
    return sentences(
        f"ROC curves of {own} and of the staging systems and indexes with the highest out-of-fold"
        " AUC in training, out of fold in the training cohort and in the validation cohort."
        if c.judged
        else f"ROC curves of {own} and of staging systems and indexes in the validation cohort.",
        _marks_of_curves(c),
    )


@section("results-staging", "what the model adds to staging systems and indexes")
def results_staging(c: Context) -> str:
    """A paragraph, a table and a figure; where there is none, why."""
    if not c.graded:
        return (
            "No comparator could be judged: " + c.decided("added", added(c.r))
            if c.comparators
            else "The study has no staging system or index to compare with."
        )
    drawn = c.r.has_figure("forest")
    curves = c.r.has_figure("roc_staging")
    return paragraphs(
        sentences(
            "A continuous score that was tuned to the outcome against a stage of a few levels is an"
            " unfair match; @tbl-added-value "
            + ("and @fig-forest therefore ask" if drawn else "therefore asks")
            + " what the model adds to each.",
            c.claims_together("adds_to"),
            c.decided("added", added(c.r)),
            c.decided("unconfirmed", unconfirmed(c.r)),
            "@fig-roc-staging has the ROC curves of the scores that discriminated best in training."
            if curves and c.judged
            else "@fig-roc-staging has ROC curves of scores."
            if curves
            else "",
            "The supplement has the scores as published, with the patients that each grades, and"
            " the survival by stage.",
        ),
        c.figure("fig-roc-staging", "roc_staging", _caption_of_staging_curves(c), curves),
        c.table(
            "tbl-added-value",
            lambda: added_value_markdown(c.r),
            "What the model adds to each staging system, index and refitted score, in the"
            " validation cohort ({added_value.common.n|patient}, {added_value.common.rarer} of the"
            " rarer outcome).",
            "Logistic regressions of the comparator alone, and of it with the model's out-of-fold"
            " logit, were fitted in training and judged on the validation patients whom all"
            " comparators grade. Seen: lowest to highest level or value among them; ties: share of"
            " pairs, with and without the event, whose value is equal."
            f" {p_heading()}: t test of the paired difference, unadjusted for the primary"
            " contrast, Holm-adjusted over the named family;"
            " a dash is exploratory. χ²: likelihood-ratio gain of the locked model over the"
            " comparator in validation, one degree of freedom.",
        ),
    )
