"""Sections of the methods: how the data were divided, and how many patients had the event."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import CLINICAL, FEATURES, IMAGES, section
from analysis.results import keys

TRAINED = (IMAGES, FEATURES, CLINICAL)


def _folds(c: Context) -> str:
    """How training patients were divided again; empty where nothing was trained here."""
    if c.given:
        return ""
    by_centre = c.r.study.validation.outer == "leave_one_centre_out"
    nested = c.radiomics or c.deep
    inner = ""
    if nested and c.fused and c.deep:
        inner = (
            "Within each outer fold, {settings.inner_folds|inner fold} made in the same way gave"
            " the scores for the fusion and the choice of classifier and network."
        )
    elif nested:
        inner = (
            "Within each outer fold, models were chosen on {settings.inner_folds|inner fold} made"
            " in the same way."
        )
    return sentences(
        "No step of the development used validation patients.",
        (
            "Training patients were divided by centre, each left out in turn"
            " ({settings.outer_folds|outer fold})."
            if by_centre
            else "Training patients were divided at random into {settings.outer_folds|outer fold},"
            " stratified by outcome, and each was scored by models fitted to the other folds."
        ),
        inner,
        "Training patients of unknown outcome were scored but not used for fitting."
        if c.has(keys.cohort_unknown_n()) and c.r.record(keys.cohort_unknown_n()).value
        else "",
        "All lesions, phases and delineations of a patient were kept in one fold."
        if nested
        else "",
    )


@section("methods-division", "how patients were divided into cohorts and folds")
def methods_division(c: Context) -> str:
    """A paragraph."""
    trained = bool(c.r.record(keys.n_of_cohort("training")).value)
    return paragraphs(
        sentences(
            "{split.words}",
            "Of the patients of known outcome, {cohort.training.n} were in the training and"
            " {cohort.validation.n} in the validation cohort."
            if trained
            else "All {cohort.validation.n|patient} of known outcome were for validation.",
            "Division was by patient.",
        ),
        _folds(c),
    )


@section("methods-imbalance", "class imbalance, and what was done about it")
def methods_imbalance(c: Context) -> str:
    """A paragraph."""
    trained = bool(c.r.record(keys.n_of_cohort("training")).value)
    deep = c.r.study.deep_learning
    weights = "No class weighting or resampling was used."
    if deep is not None and deep.class_weights == "balanced":
        weights = (
            "The networks weighted both outcomes equally, and the resulting shift of the log odds"
            " was corrected; no other weighting or resampling was used."
        )
    return sentences(
        "**Class imbalance**: {study.event} occurred in {cohort.training.events} of"
        " {cohort.training.n} training and {cohort.validation.events} of"
        " {cohort.validation.n|validation patient} of known outcome."
        if trained
        else "**Class imbalance**: {study.event} occurred in {cohort.validation.events} of"
        " {cohort.validation.n|patient} of known outcome.",
        "" if c.given else weights,
    )
