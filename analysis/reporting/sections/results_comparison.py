"""Sections of the results: models compared with each other and with staging systems."""

from __future__ import annotations

from analysis.core.word_lists import listed, plural
from analysis.reporting.number_style import p_heading, p_value
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import (
    added,
    choice_included,
    pairs_of_parts,
    unconfirmed,
    volume_alone,
)
from analysis.reporting.tables import (
    added_value_markdown,
    classification_markdown,
    comparators_markdown,
    contrast_keys,
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
            + (
                "the discrimination of {best.model.label}."
                if c.single
                else "the discrimination of the models."
            ),
            "Apparent AUCs overestimate performance; out-of-fold AUCs are the estimates for the"
            " training cohort."
            if c.judged and not c.given
            else "",
            c.claim("discriminates"),
            c.claims("discriminates"),
            "@tbl-classification shows accuracy, sensitivity, specificity and predictive values at"
            f" the {plural(len(c.headline), 'cut-off')}."
            if cut
            else "No cut-off is known, and patients were not classified.",
            volume_alone(c.r),
        ),
        c.table(
            "tbl-auc",
            lambda: discrimination_markdown(c.r, c.headline),
            "AUC by cohort, with {settings.confidence_level:level} CI."
            if c.single
            else "AUC by model and cohort, with {settings.confidence_level:level} CI.",
            _note_of_areas(c),
        ),
        c.figure("fig-roc", "roc", _caption_of_curves(c)),
        c.table(
            "tbl-classification",
            lambda: classification_markdown(c.r, c.headline, "validation", "out_of_fold"),
            caption="Discrimination, and classification of the patients at the cut-off fixed "
            + ("in training." if c.judged else "beforehand."),
            note=sentences(
                "Each proportion follows its numerator and denominator. CIs are"
                " {settings.proportion_interval}. PPV and NPV: positive and negative predictive"
                " value.",
                "Values in training are optimistic because cut-offs were chosen there."
                if c.judged
                else "",
                small_sample_note(c.r, ["sensitivity", "specificity"]),
            ),
            there=cut,
        ),
    )


def _note_of_areas(c: Context) -> str:
    return sentences(
        ""
        if c.given
        else "Apparent: in the patients the model was fitted to. Out of fold: by nested"
        " cross-validation. Validation: the final model.",
        choice_included(c.r),
        f"Published values are from the reproduced study{c.source} and its own cohort."
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
    drawn = "{best.model.label}" if c.single else "models"
    if several:
        drawn = listed([*groups, "the final models"])
    judged = ""
    if c.judged:
        apparent = "" if c.given or several else "apparent and "
        judged = (
            f": {apparent}out of fold in the training cohort ({{cohort.training.n|patient}}), and"
        )
    return sentences(
        f"ROC curves of {drawn}{judged} in the validation cohort ({{cohort.validation.n|patient}}),"
        " with AUCs.",
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
        f"A dash marks an exploratory comparison, which has no {p_value()}.",
    )


@section("results-comparison", "the best model against the others, and the named contrasts")
def results_comparison(c: Context) -> str:
    """Paragraphs, two tables and a figure."""
    drawn, named = c.r.has_figure("forest"), list(contrast_keys(c.r))
    compare = "and @fig-forest compare" if drawn else "compares"
    compared = (
        sentences(
            f"@tbl-comparators {compare} {{best.model.label}} with the other models.",
            c.claims_together("outperforms"),
            c.claims("no_difference"),
            pairs_of_parts(c.r),
        )
        if c.others
        else ""
    )
    return paragraphs(
        compared,
        ""
        if named or not c.compares
        else f"No comparison was named beforehand, and none has a {p_value()}.",
        c.table(
            "tbl-comparators",
            lambda: comparators_markdown(c.r, c.others),
            caption="{best.model.label} compared with the other models in the validation cohort,"
            " with"
            " {settings.confidence_level:level} CI.",
            note=sentences(
                "Differences are {best.model.label} minus the other model, in patients with scores"
                " of both."
                + (
                    " Net benefit is at a threshold probability of"
                    " {decision.reported_threshold:level}."
                    if c.probable
                    else ""
                ),
                f"Comparisons with a dash for {p_heading()} were not named beforehand and are"
                " exploratory.",
            ),
            there=bool(c.others),
        ),
        c.figure("fig-forest", "forest", _caption_of_differences(c), drawn),
    )


def _caption_of_staging_curves(c: Context) -> str:
    """The best model, CR and the best scores; which scores these are is said by their rule."""
    own = "{best.model.label}" + (
        " and {label.cr}" if CR.id in c.headline and c.best != CR.id else ""
    )
    return sentences(
        f"ROC curves of {own} and of staging systems and indexes (the first of the study file, and"
        " those with the highest out-of-fold AUC in training), out of fold in the training cohort"
        " and in the validation cohort."
        if c.judged
        else f"ROC curves of {own} and of staging systems and indexes in the validation cohort.",
        _marks_of_curves(c),
    )


@section("results-staging", "what the model adds to staging systems and indexes")
def results_staging(c: Context) -> str:
    """A paragraph, a table and a figure; where there is none, why."""
    if not c.graded:
        return (
            "No comparator could be evaluated: " + c.decided("added", added(c.r))
            if c.comparators
            else "The study has no staging system or index for comparison."
        )
    drawn = c.r.has_figure("forest")
    curves = c.r.has_figure("roc_staging")
    return paragraphs(
        sentences(
            f"@tbl-added-value {'and @fig-forest show' if drawn else 'shows'} the added value of"
            " {best.model.label} over each comparator.",
            c.claims_together("adds_to"),
            c.decided("added", added(c.r)),
            c.decided("unconfirmed", unconfirmed(c.r)),
            "@fig-roc-staging shows ROC curves." if curves else "",
            "The supplement reports each score as published"
            + (", and survival by stage." if c.r.has_any(keys.log_rank_trend) else "."),
        ),
        c.figure("fig-roc-staging", "roc_staging", _caption_of_staging_curves(c), curves),
        c.table(
            "tbl-added-value",
            lambda: added_value_markdown(c.r),
            "Added value of {best.model.label} over each staging system, index and refitted score"
            " in the validation cohort ({added_value.common.n|patient}, {added_value.common.rarer}"
            " of the rarer outcome), with {settings.confidence_level:level} CI.",
            "Logistic regressions of the comparator alone, and of the comparator with the model's"
            " out-of-fold log odds, were fitted in training and evaluated in the validation"
            " patients graded by all comparators. Range: lowest to highest level or value; ties:"
            " share of pairs of patients with and without the event that have the same value."
            f" {p_heading()}: paired *t* test, unadjusted for the primary contrast, Holm-adjusted"
            " in the named family; a dash marks an exploratory comparison. Net benefit is at a"
            " threshold probability of {decision.reported_threshold:level}. χ²: likelihood-ratio"
            " gain in validation, one degree of freedom.",
        ),
    )
