"""Sections of the results: patients, and each kind of model."""

from __future__ import annotations

from analysis.reporting.number_style import p_heading, p_value
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import CLINICAL, FEATURES, IMAGES, section
from analysis.reporting.sentences import (
    best_parts,
    chosen_areas,
    chosen_in_folds,
    each_by_itself,
    fallback_found,
    features_listed,
    features_used,
    fusion_remarks,
    habitats_joined,
    listed,
    order_of_features,
    path_chosen,
    reproducible_in,
    shuffled_voxels,
    unstable_selection,
)
from analysis.reporting.sentences.counts import or_none
from analysis.reporting.sentences.final_features import lasso_kept_none, of_final_features
from analysis.reporting.tables import (
    discrimination_markdown,
    features_markdown,
    features_note,
    flow_markdown,
    regression_markdown,
    table_one_markdown,
)
from analysis.reporting.wordings.result_ids import SELECTION_STEPS, in_words
from analysis.results import keys
from models.declared import DL, RADIOMICS


@section("results-patients", "patients of the cohorts, follow-up, missing values, their tables")
def results_patients(c: Context) -> str:
    """A paragraph and two tables."""
    cohorts = (
        "The training cohort had {cohort.training.n|patient} of known outcome"
        " ({cohort.training.events} with the event) and the validation cohort {cohort.validation.n}"
        " ({cohort.validation.events} with the event)"
        if c.r.record(keys.n_of_cohort("training")).value
        else "All {cohort.validation.n|patient} of known outcome ({cohort.validation.events} with"
        " the event) were in the validation cohort"
    )
    described = c.described()
    return paragraphs(
        sentences(
            f"{cohorts} (@fig-flow, @tbl-flow).",
            "Median follow-up was {cohort.follow_up_median|month} (reverse Kaplan-Meier)."
            if c.has(keys.cohort_follow_up_median())
            else "",
            "@tbl-baseline shows the baseline characteristics." if described else "",
            _missing(c),
        ),
        c.table("tbl-flow", lambda: flow_markdown(c.r), "Patients of each cohort by outcome."),
        c.table(
            "tbl-baseline",
            lambda: table_one_markdown(c.r),
            caption="Baseline characteristics of patients of known outcome, by cohort and by"
            " outcome.",
            note="IQR: interquartile range. "
            + (
                "SMD: standardised mean difference. Missing: patients of all cohorts without the"
                " value. The supplement reports the tests."
                if c.r.study.manuscript.smd
                else "Missing: patients of all cohorts without the value. The supplement reports"
                " tests and standardised mean differences."
            ),
            there=described,
        ),
    )


def _missing(c: Context) -> str:
    if not c.has(keys.missing_patients_n()):
        return ""
    if not c.r.record(keys.missing_patients_n()).value:
        return "No baseline value was missing."
    return "At least one baseline value was missing in {missing.patients.n|patient}."


@section(
    "results-clinical-model",
    "the clinical-radiological model and its regression table",
    (IMAGES, FEATURES, CLINICAL),
)
def results_clinical_model(c: Context) -> str:
    """A paragraph and a table; where there is no such model, why."""
    if not c.clinical:
        return (
            "No model was trained; the predictions were supplied."
            if c.given
            else "The study has no clinical variables, and therefore no clinical model and no"
            " comparison with staging systems."
        )
    return paragraphs(
        sentences(
            "The CR model retained {clinical.selected} (@tbl-regression).",
            c.decided("fallback-found", fallback_found(c.r)),
            "Its AUC was {auc.cr.out_of_fold:ci} out of fold in training and {auc.cr.validation:ci}"
            " in the validation cohort.",
        ),
        c.table(
            "tbl-regression",
            lambda: regression_markdown(c.r),
            "Logistic regression in the training cohort ({cohort.training.n|patient},"
            " {cohort.training.events|event}): odds ratio (OR) of each candidate alone, and of"
            " those retained together.",
            sentences(
                f"{p_heading()} beside a reference level: likelihood-ratio test of all levels"
                " together."
                if c.r.all_of(keys.factor_test)
                else "",
                f"Multivariable {p_value(several=True)} are too small because variables were"
                " selected in the same patients.",
            ),
        ),
    )


@section("results-radiomics", "selected features and classifiers", (IMAGES, FEATURES))
def results_radiomics(c: Context) -> str:
    """A part with its heading, tables and figures; empty without radiomics."""
    if not c.radiomics:
        return ""
    shown, listed_features = c.r.has_figure("selection"), features_listed(c.r)
    return paragraphs(
        "## Radiomics and feature selection {#sec-radiomics}",
        sentences(
            "Of {features.total|feature}, {features.stable.n} were reproducible"
            f" {reproducible_in(c.r, 'between segmentations')}."
            if c.has(keys.features_stable_n())
            else "",
            habitats_joined(c.r),
            _steps(c),
            features_used(c.r, _shown_in(listed_features, shown)),
            chosen_in_folds(c.r, RADIOMICS.id),
            path_chosen(c.r),
            c.decided("unstable-selection", unstable_selection(c.r)),
            chosen_areas(c.r, RADIOMICS.id),
            c.decided("best-classifier", best_parts(c.r, RADIOMICS.id)),
            shuffled_voxels(c.r),
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
            "The {features.selected.n|radiomics feature} of the final radiomics model,"
            f" {order_of_features(c.r)}.",
            features_note(c.r),
            there=listed_features,
        ),
    )


def _shown_in(table: bool, figure: bool) -> str:
    shown = [
        name for name, there in (("@tbl-features", table), ("@fig-selection", figure)) if there
    ]
    return f" ({', '.join(shown)})" if shown else ""


def _steps(c: Context) -> str:
    """How many features each step of the selection left; empty where it is not known."""
    order = list(SELECTION_STEPS)
    found = sorted(
        c.r.all_of(keys.features_after),
        key=lambda each: (-each[1].number, order.index(each[0]["step"])),
    )
    steps = [
        f"{{{record.key}}} ({in_words(SELECTION_STEPS, parts['step'])})"
        if parts["step"] != "lasso" or not lasso_kept_none(c.r)
        else f"{{{record.key}}} (the first, as LASSO kept none)"
        for parts, record in found
    ]
    words = f"Features retained by the selection steps: {listed(steps)}." if steps else ""
    return sentences(words, _from_regions(c), _comparing(c))


def _comparing(c: Context) -> str:
    """How many of the final features compare phases; empty where the study compares none."""
    if not c.has(keys.features_delta_selected_n()):
        return ""
    return of_final_features(
        c.r, keys.features_delta_selected_n(), ("compare", "compared"), "two phases"
    )


def _from_regions(c: Context) -> str:
    """How many of the final features are of each region; empty without regions."""
    found = [
        f"{or_none(record)} described the {{{keys.features_region_label(parts['region'])}}}"
        for parts, record in c.r.all_of(keys.features_region_selected_n)
    ]
    return (
        f"Of the {{features.selected.n|feature}} of the final model, {listed(found)}."
        if found
        else ""
    )


@section("results-networks", "the networks and what they look at", (IMAGES,))
def results_networks(c: Context) -> str:
    """A part with its heading and figures; empty without networks."""
    if not c.deep:
        return ""
    mapped = c.r.has_figure("grad_cam")
    return paragraphs(
        "## Deep learning {#sec-networks}",
        sentences(
            chosen_in_folds(c.r, DL.id),
            chosen_areas(c.r, DL.id),
            "In Grad-CAM maps, a median of {grad_cam.inside:percent} of the map lay within the"
            " tumour, which filled {grad_cam.tumour_area:percent} of the image (@fig-grad-cam)."
            if mapped and c.has(keys.grad_cam_inside(), keys.grad_cam_tumour_area())
            else "",
            c.decided("best-network", best_parts(c.r, DL.id)),
        ),
        c.figure(
            "fig-grad-cam",
            "grad_cam",
            "Grad-CAM [@selvaraju2017; @draelos2020] of the final {deep.best}, residual stage"
            " {grad_cam.layer}, over the mean of the phases: regions that raised the predicted risk"
            " of {study.event}. Columns: {grad_cam.n|validation patient}, those with the most and"
            " the least accurate predictions of either outcome. Colours: from zero to the maximum"
            " of each patient's map; blue line: the tumour. Over"
            " {cohort.validation.n|validation patient}, a median of {grad_cam.inside:percent} of"
            " the map lay within the tumour, which filled {grad_cam.tumour_area:percent} of the"
            " image.",
            mapped,
        ),
    )


@section("results-parts", "all classifiers and networks in one table", (IMAGES, FEATURES))
def results_parts(c: Context) -> str:
    """A sentence and a table; empty without radiomics and networks."""
    classifiers, networks = c.r.siblings(RADIOMICS.id), c.r.siblings(DL.id)
    parts = classifiers + networks
    if not parts:
        return ""
    named = listed(
        [
            f"{'each' if len(members) > 1 else 'the'} {what}"
            for members, what in ((classifiers, "radiomics classifier"), (networks, "network"))
            if members
        ]
    )
    return paragraphs(
        f"@tbl-parts and @fig-roc show {named}.",
        c.table(
            "tbl-parts",
            lambda: discrimination_markdown(c.r, parts),
            f"AUC of {named}, with {{settings.confidence_level:level}} CI.",
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
            c.decided("fusion-remarks", fusion_remarks(c.r)),
        ),
    )
