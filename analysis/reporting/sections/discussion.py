"""Sections of the discussion, the limitations and the declarations."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import (
    declarations,
    elsewhere_limit,
    redrawn,
    table_limit,
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
            "The model with the highest out-of-fold AUC in training was {best.model.label}:"
            f" {{auc.{c.best}.out_of_fold:ci}}, and {{auc.{c.best}.validation:ci}} in the"
            " validation cohort."
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
        "An interval that includes zero leaves the question open; it is no evidence that two"
        " models are equal."
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
        "The published values stand beside ours for orientation only"
        f" ({{published.source}}{c.source}): the two cohorts are different, and no test compares"
        " them."
    )


@section("limitations", "limitations that the analysis knows of")
def limitations(c: Context) -> str:
    """A list."""
    limits = [
        "The cohort is synthetic: the numbers describe its generator and the analysis, and no"
        " disease."
        if c.synthetic
        else "",
        "The demonstration protocol has {settings.outer_folds} outer and"
        " {settings.inner_folds|inner fold}"
        + (" and trains networks for {settings.epochs|epoch}" if c.deep else "")
        + "; the full protocol may rank the models otherwise."
        if c.r.is_true(keys.settings_demo())
        else "",
        _size(c),
        "The CR model chose among candidates with {planning.parameters|coefficient},"
        " {planning.events_per_parameter|event} each; the criteria of Riley et al. [-@riley2020]"
        " would ask for {planning.development.n|patient}."
        if c.has(keys.planning_development_n())
        else "",
        "The {cohort.unknown.n|patient of unknown outcome is|patients of unknown outcome are} left"
        " out of the binary analyses, which removes patients with short follow-up and no event but"
        " none with an early one."
        if c.followed and c.r.record(keys.cohort_unknown_n()).value
        else "",
        table_limit(c.r),
        c.decided("redrawn", redrawn(c.r).replace("**", "")),
        elsewhere_limit(c.r),
        _unknown(c),
    ]
    return "\n".join(f"- {limit}" for limit in limits if limit)


def _size(c: Context) -> str:
    power = (
        "; this one would detect a difference in AUC of {planning.detectable_auc_difference} with"
        " {planning.power:level} power."
        if c.has(keys.planning_detectable_auc_difference())
        else "."
    )
    return sentences(
        "The validation cohort has {cohort.validation.n|patient}, {cohort.validation.events} of"
        " them with the event; the intervals say how much can be concluded from it.",
        "A validation with the precision that the supplement states, by the criteria of Riley et"
        f" al. [-@riley2021], would need {{planning.validation.n|patient}}{power}",
    )


def _unknown(c: Context) -> str:
    if c.given:
        return (
            "The models were made elsewhere: how they were trained, and whether they saw any of"
            " these patients, can't be told from their predictions."
        )
    if not c.clinical and (c.radiomics or c.deep):
        return "The study has no clinical variables, so it cannot say what the images add to them."
    return ""


@section("assumptions", "what the study file assumes")
def assumptions(c: Context) -> str:
    """A list."""
    return assumptions_list(c.r).data


@section("declarations", "ethics, funding, data, code: as the study file states them")
def _declarations(c: Context) -> str:
    return declarations(c.r)
