"""Sections of the discussion, the limitations and the declarations."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import (
    declarations,
    elsewhere_limit,
    redrawn,
    table_limit,
    weaknesses,
)
from analysis.reporting.tables import assumptions_list
from analysis.results import keys


@section("discussion-best", "the best model in training and validation", decided=True)
def discussion_best(c: Context) -> str:
    """One sentence."""
    if c.judged and c.single:
        return (
            f"The AUC of {{best.model.label}} was {{auc.{c.best}.out_of_fold:ci}} out of fold in"
            f" training and {{auc.{c.best}.validation:ci}} in the validation cohort."
        )
    if c.judged:
        return (
            "{best.model.label} had the highest out-of-fold AUC in training,"
            f" {{auc.{c.best}.out_of_fold:ci}}; its AUC in the validation cohort was"
            f" {{auc.{c.best}.validation:ci}}."
        )
    return (
        f"The AUC of {{best.model.label}} was {{auc.{c.best}.validation:ci}} in the validation"
        " cohort."
    )


@section("zero-included", "what an interval of a difference says that includes zero")
def zero_included(c: Context) -> str:
    """One sentence; empty where nothing is compared."""
    if not c.compares:
        return ""
    return (
        "An interval of a difference that includes zero is no evidence that two models are"
        " equivalent."
    )


@section("discussion-calibration", "what may be said of calibration", decided=True)
def discussion_calibration(c: Context) -> str:
    """One sentence; empty without probabilities."""
    return c.claim("well_calibrated") if c.probable else ""


@section("published-values", "that the reproduced paper's values stand beside these")
def published_values(c: Context) -> str:
    """One sentence; empty where no paper is reproduced."""
    if not c.published:
        return ""
    return (
        f"The values of the reproduced study ({{published.source}}{c.source}) come from a"
        " different cohort and were not tested against ours."
    )


@section("limitations", "limitations that the analysis knows of")
def limitations(c: Context) -> str:
    """A list."""
    networks = " and trains networks for {settings.epochs|epoch}" if c.deep else ""
    limits = [
        "The cohort is synthetic; the results describe its generator and not a disease."
        if c.synthetic
        else "",
        "The demonstration protocol has {settings.outer_folds} outer and"
        f" {{settings.inner_folds|inner fold}}{networks}; the full protocol may rank the models"
        " differently."
        if c.r.is_true(keys.settings_demo())
        else "",
        _size(c),
        "The candidates of the CR model had {planning.parameters|coefficient}, with"
        " {planning.events_per_parameter|event} per coefficient; the criteria of Riley et al."
        " [-@riley2020] require {planning.development.n|patient}."
        if c.has(keys.planning_development_n())
        else "",
        "Analyses of the binary outcome excluded {cohort.unknown.n|patient} of unknown outcome, who"
        " had short follow-up without the event; patients with an early event were never excluded,"
        " which may overestimate risk."
        if c.followed and c.r.record(keys.cohort_unknown_n()).value
        else "",
        *weaknesses(c.r),
        table_limit(c.r),
        c.decided("redrawn", redrawn(c.r).replace("**", "")),
        elsewhere_limit(c.r),
        _unknown(c),
    ]
    return "\n".join(f"- {limit}" for limit in limits if limit)


def _size(c: Context) -> str:
    small = c.r.record(keys.n_of_cohort("validation")).number < (
        c.r.record(keys.planning_validation_n()).number
    )
    power = (
        "; this cohort could detect a difference in AUC of {planning.detectable_auc_difference}"
        " with {planning.power:level} power."
        if c.has(keys.planning_detectable_auc_difference())
        else "."
    )
    return sentences(
        "The validation cohort had only {cohort.validation.n|patient}, {cohort.validation.events}"
        " with the event."
        if small
        else "The validation cohort had {cohort.validation.n|patient}, {cohort.validation.events}"
        " with the event.",
        "The criteria of Riley et al. [-@riley2021] require {planning.validation.n|patient} for the"
        f" precision stated in the supplement{power}",
    )


def _unknown(c: Context) -> str:
    if c.given:
        return (
            "Details of the training of the models are not available, so that overlap between"
            " their training data and these patients cannot be excluded."
        )
    if not c.clinical and (c.radiomics or c.deep):
        return (
            "The study has no clinical variables; the added value of imaging over them is unknown."
        )
    return ""


@section("assumptions", "what the study file assumes")
def assumptions(c: Context) -> str:
    """A list."""
    return assumptions_list(c.r).data


@section("declarations", "ethics, funding, data, code: as the study file states them")
def _declarations(c: Context) -> str:
    return declarations(c.r)
