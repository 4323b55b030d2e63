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
    return sentences(
        "Validation patients took no part in any step of the development.",
        (
            "Training patients were divided by centre, each left out in turn"
            " ({settings.outer_folds|outer fold})."
            if by_centre
            else "Training patients were divided at random into {settings.outer_folds|outer fold},"
            " stratified by outcome: a patient is scored by models that learnt from the other"
            " folds."
        ),
        "The learning patients of each outer fold were divided in the same way into"
        " {settings.inner_folds|inner fold}, on which scores for the fusion were made and the best"
        " classifier and network chosen."
        if nested and c.fused and c.deep
        else "The learning patients of each outer fold were divided in the same way into"
        " {settings.inner_folds|inner fold}, on which what is chosen among was compared."
        if nested
        else "",
        "Training patients of unknown outcome were scored and taught nothing."
        if c.has(keys.cohort_unknown_n()) and c.r.record(keys.cohort_unknown_n()).value
        else "",
        "All lesions, phases and delineations of a patient are in one part." if nested else "",
    )


@section("methods-division", "how patients were divided into cohorts and folds")
def methods_division(c: Context) -> str:
    """A paragraph."""
    trained = bool(c.r.record(keys.n_of_cohort("training")).value)
    return paragraphs(
        sentences(
            "{split.words}",
            "Of the patients of known outcome {cohort.training.n} were in the training and"
            " {cohort.validation.n} in the validation cohort."
            if trained
            else "All {cohort.validation.n|patient} of known outcome are validation patients.",
            "The division is by patient: nobody is in two cohorts.",
        ),
        _folds(c),
    )


@section("methods-imbalance", "class imbalance, and what was done about it")
def methods_imbalance(c: Context) -> str:
    """A paragraph."""
    trained = bool(c.r.record(keys.n_of_cohort("training")).value)
    deep = c.r.study.deep_learning
    balanced = deep is not None and deep.class_weights == "balanced"
    return sentences(
        "**Class imbalance**: {study.event} was found in {cohort.training.events} of"
        " {cohort.training.n} training and {cohort.validation.events} of"
        " {cohort.validation.n|validation patient} of known outcome."
        if trained
        else "**Class imbalance**: {study.event} was found in {cohort.validation.events} of"
        " {cohort.validation.n|patient} of known outcome.",
        ""
        if c.given
        else "The networks weighted both outcomes alike, and the shift of the log odds that follows"
        " was taken back; nothing else was weighted, and no patient was left out, repeated or made"
        " up."
        if balanced
        else "No outcome was weighted, and no patient was left out, repeated or made up for"
        " balance.",
        "Cut-offs were not fixed at one half but learnt in training, and calibration is reported,"
        " as a correction of the imbalance would disturb it."
        if c.judged and c.probable
        else "",
    )
