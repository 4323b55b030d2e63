"""Sections of the results: patients, and each kind of model."""

from __future__ import annotations

from analysis.reporting.number_style import p_value
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import FEATURES, IMAGES, section
from analysis.reporting.sentences import (
    best_parts,
    chosen_areas,
    each_by_itself,
    fallback_found,
    fusion_remarks,
    listed,
)
from analysis.reporting.tables import (
    discrimination_markdown,
    features_markdown,
    flow_markdown,
    regression_markdown,
    table_one_markdown,
)
from analysis.reporting.wordings.result_ids import SELECTION_STEPS, in_words
from analysis.results import keys


@section("results-patients", "patients of the cohorts, follow-up, missing values, their tables")
def results_patients(c: Context) -> str:
    """A paragraph and two tables."""
    cohorts = (
        "The training cohort had {cohort.training.n|patient} of known outcome"
        " ({cohort.training.events} with the event) and the validation cohort {cohort.validation.n}"
        " ({cohort.validation.events} with the event)"
        if c.r.record(keys.n_of_cohort("training")).value
        else "All {cohort.validation.n|patient} of known outcome ({cohort.validation.events} with"
        " the event) are validation patients"
    )
    described = c.described()
    return paragraphs(
        sentences(
            f"{cohorts}, as @fig-flow and @tbl-flow show.",
            "Median follow-up was {cohort.follow_up_median|month} (reverse Kaplan-Meier)."
            if c.has(keys.cohort_follow_up_median())
            else "",
            "{missing.patients.n|patient} had at least one missing baseline value"
            + ("; @tbl-baseline describes them by cohort and by outcome." if described else ".")
            if c.has(keys.missing_patients_n())
            else "",
        ),
        c.table("tbl-flow", lambda: flow_markdown(c.r), "Patients of each cohort by outcome."),
        c.table(
            "tbl-baseline",
            lambda: table_one_markdown(c.r),
            "Patients of known outcome, by cohort and, both cohorts together, by outcome.",
            "Tests, standardised mean differences and missing values are in the supplement.",
            described,
        ),
    )


@section("results-clinical-model", "the clinical-radiological model and its regression table")
def results_clinical_model(c: Context) -> str:
    """A paragraph and a table; where there is no such model, why."""
    if not c.clinical:
        return (
            "The predictions are given, so no clinical-radiological model, radiomics or network"
            " was trained here."
            if c.given
            else "This study has no clinical variables: the CR model, its fusions and the"
            " comparison with staging systems are left out."
        )
    return paragraphs(
        sentences(
            "The CR model kept {clinical.selected} (@tbl-regression).",
            c.decided("fallback-found", fallback_found(c.r)),
            "Its AUC was {auc.cr.out_of_fold:ci} out of fold in training and {auc.cr.validation:ci}"
            " in the validation cohort.",
        ),
        c.table(
            "tbl-regression",
            lambda: regression_markdown(c.r),
            "Logistic regression in the training cohort: odds ratio (OR) of each candidate alone,"
            " and of those kept together.",
            f"The multivariable {p_value(several=True)} come after a selection on the same"
            " patients, and are too small for that reason.",
        ),
    )


@section("results-radiomics", "selected features and classifiers", (IMAGES, FEATURES))
def results_radiomics(c: Context) -> str:
    """A part with its heading, tables and figures; empty without radiomics."""
    if not c.radiomics:
        return ""
    shown = c.r.has_figure("selection")
    return paragraphs(
        "## Radiomics and feature selection {#sec-radiomics}",
        sentences(
            "Of {features.total|feature}, {features.stable.n} were reproducible between"
            " delineations."
            if c.has(keys.features_stable_n())
            else "",
            "The best classifier by out-of-fold AUC was {radiomics.best}, on"
            " {features.selected.n|feature} (@tbl-features"
            + (", @fig-selection" if shown else "")
            + "); inside the outer folds the choice fell on: {radiomics.chosen_in_folds}.",
            _steps(c),
            chosen_areas(c.r, "radiomics"),
            "@fig-roc has each classifier by itself.",
            c.decided("best-classifier", best_parts(c.r, "radiomics")),
        ),
        c.figure(
            "fig-selection",
            "selection",
            "Selection of radiomics features by LASSO in the training cohort. Left: cross-validated"
            " deviance by penalty, with standard errors over the folds, and the penalties of least"
            " deviance and within one standard error (SE) of it. Right: coefficients of the"
            " {features.selected.n|selected feature} at the penalty taken; orange raises the"
            " predicted risk.",
            shown,
        ),
        c.table(
            "tbl-features",
            lambda: features_markdown(c.r),
            "The {features.selected.n|radiomics feature} that the chosen classifier uses, the"
            " largest weight in the selection first, with how often the folds chose each.",
        ),
    )


def _steps(c: Context) -> str:
    """How many features each step of the selection left; empty where it is not known."""
    order = list(SELECTION_STEPS)
    found = sorted(
        c.r.all_of(keys.features_after),
        key=lambda each: (-each[1].number, order.index(each[0]["step"])),
    )
    steps = [
        f"{{{record.key}}} ({in_words(SELECTION_STEPS, parts['step'])})" for parts, record in found
    ]
    return f"Features left by the steps of the selection: {listed(steps)}." if steps else ""


@section("results-networks", "the networks and what they look at", (IMAGES,))
def results_networks(c: Context) -> str:
    """A part with its heading and figures; empty without networks."""
    if not c.deep:
        return ""
    mapped = c.r.has_figure("grad_cam")
    return paragraphs(
        "## Deep learning {#sec-networks}",
        sentences(
            "The best network was {deep.best}; inside the outer folds: {deep.chosen_in_folds}.",
            chosen_areas(c.r, "dl"),
            "@fig-roc has each network by itself"
            + (", and @fig-grad-cam maps where its score was raised." if mapped else "."),
            c.decided("best-network", best_parts(c.r, "dl")),
        ),
        c.figure(
            "fig-grad-cam",
            "grad_cam",
            "Grad-CAM of the locked {deep.best}, residual stage {grad_cam.layer}, over the mean of"
            " the phases: where the images raised the predicted risk of {study.event}. Columns:"
            " {grad_cam.n|validation patient}, the surest and the least expected of either"
            " outcome by their probabilities. Colours: from zero to the maximum of each patient's"
            " map; blue line: the tumour. Over {cohort.validation.n|validation patient} a"
            " median of {grad_cam.inside:percent} of the map lay within the tumour, which filled"
            " {grad_cam.tumour_area:percent} of the picture.",
            mapped,
        ),
    )


@section("results-parts", "all classifiers and networks in one table", (IMAGES, FEATURES))
def results_parts(c: Context) -> str:
    """A sentence and a table; empty without radiomics and networks."""
    parts = c.r.siblings("radiomics") + c.r.siblings("dl")
    if not parts:
        return ""
    return paragraphs(
        "@tbl-parts shows all classifiers and networks that were tried.",
        c.table(
            "tbl-parts",
            lambda: discrimination_markdown(c.r, parts),
            "AUC (CI) of every radiomics classifier and network that was tried.",
            each_by_itself(c.r),
        ),
    )


@section("results-fusions", "the fusions", (IMAGES, FEATURES))
def results_fusions(c: Context) -> str:
    """A part with its heading; empty without fusions."""
    if not c.fusions:
        return ""
    return paragraphs(
        "## " + listed([c.r.plain(keys.label(name)) for name in c.fusions]),
        sentences(
            *(
                f"{{label.{name}}} had an AUC of {{auc.{name}.out_of_fold:ci}} out of fold in"
                f" training and of {{auc.{name}.validation:ci}} in the validation cohort."
                for name in c.fusions
            ),
            "Fitted on out-of-fold scores, a fusion can be worse than its best part.",
            c.decided("fusion-remarks", fusion_remarks(c.r)),
        ),
    )
