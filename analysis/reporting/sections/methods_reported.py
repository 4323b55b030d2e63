"""Sections of the methods that only the authors know.

They are the authors' answers under `reporting:`, and a mark where one is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import FEATURES, IMAGES, section

# Field of `reporting:` → what it is called where it is printed.
PATIENTS = {
    "study_nature": "Study design",
    "setting": "Setting",
    "dates": "Dates",
    "eligibility": "Eligibility",
    "pathology": "Diagnosis and pathology",
    "treatments": "Treatment",
}
OUTCOME = {
    "reference_standard": "Reference standard and follow-up",
    "outcome_assessors": "Assessment of the outcome",
    "outcome_blinding": "Blinding",
}
IMAGING = {
    "imaging_protocol": "MRI or CT protocol",
    "imaging_interval": "Interval between imaging and treatment",
    "segmentation": "Segmentation",
    "predictor_assessors": "Reading of the images",
}


# What a document prints where the authors have answered, and leaves out without a mark where not:
# the author's own text says it, or it stands in the checklists alone.
INTRODUCTION = ("clinical_context", "health_inequalities", "intended_use", "objectives")
DATA = {
    "data_sources": "Source of the data",
    "overlap": "Earlier publications",
    "deidentification": "De-identification",
    "sample_size": "Sample size",
}
OUTLINES = {
    "extraction": "Extraction of features",
    "clinical_imaging": "Images of routine care",
    "automated_segmentation": "Automatic segmentation",
    "segmentation_evaluation": "Evaluation of the segmentation",
    "test_segmentation": "Outlines of the validation patients",
}
CHOICES = {
    "predictor_choice": "Choice of predictors",
    "dimensionality": "Number of features",
    "uniparametric": "Sequences and phases",
    "confounding": "Confounding",
    "fairness": "Fairness",
    "technical_chart": "Path from image to prediction",
}
DISCUSSION = (
    "interpretation",
    "explanation_validated",
    "failure_analysis",
    "implications",
    "missing_inputs",
    "user_interaction",
    "next_steps",
)
SHARING = {
    "guideline": "Reporting guidelines",
    "data_shared": "Sharing of images and outlines",
    "features_shared": "Sharing of features and clinical data",
    "code_shared": "Sharing of code",
    "models_shared": "Sharing of models",
    "ready_to_use": "System ready to use",
}


def mark(what: str, field: str) -> str:
    """Mark, which can be linked to, where the authors have not answered `reporting.<field>` yet."""
    return f"[**\\[authors: {what}\\]**]{{#authors-{field}}}"


def _text(c: Context, field: str) -> str:
    answer = c.r.study.reporting.get(field)
    if answer is None or not answer.text:
        return ""
    return c.r.written(f"{answer.text.strip().rstrip('.')}.", f"reporting.{field}")


def _given(c: Context, fields: Mapping[str, str]) -> str:
    """The answers that are there, each behind its title."""
    return sentences(
        *(f"**{title}.** {text}" for field, title in fields.items() if (text := _text(c, field)))
    )


def _answers(c: Context, fields: Mapping[str, str]) -> str:
    """The answers that are there, and a mark for each that is not."""
    missing = [
        mark(title[:1].lower() + title[1:] if title[1:2].islower() else title, field)
        for field, title in fields.items()
        if not _text(c, field)
    ]
    return sentences(_given(c, fields), *missing)


@section("introduction-reported", "context, intended use and objectives, by the authors")
def introduction_reported(c: Context) -> str:
    """The authors' answers, a paragraph; empty without."""
    return sentences(*(_text(c, field) for field in INTRODUCTION))


@section("methods-setting", "design, setting, dates, eligibility and treatment, by the authors")
def methods_setting(c: Context) -> str:
    """The authors' answers; the disease and its treatment first, where the study file says it."""
    treatment = c.r.study.study.treatment
    return paragraphs(
        f"The study concerns patients with {{study.disease}} after"
        f" {c.r.written(literal(treatment), 'study.treatment')}."
        if treatment
        else "",
        _answers(c, PATIENTS),
        _given(c, DATA),
    )


@section("methods-outcome", "how the outcome was ascertained, by the authors")
def methods_outcome(c: Context) -> str:
    """The authors' answers."""
    return _answers(c, OUTCOME)


@section(
    "methods-acquisition",
    "imaging protocol, segmentation and readers, by the authors",
    (IMAGES, FEATURES),
)
def methods_acquisition(c: Context) -> str:
    """The authors' answers; empty without images."""
    if not (c.radiomics or c.deep):
        return ""
    return paragraphs(_answers(c, IMAGING), _given(c, OUTLINES))


@section("methods-choices", "choice of predictors, confounding and fairness, by the authors")
def methods_choices(c: Context) -> str:
    """The authors' answers; empty without."""
    return _given(c, CHOICES)


@section("discussion-reported", "meaning, use and next steps, by the authors")
def discussion_reported(c: Context) -> str:
    """The authors' answers, a paragraph each; empty without."""
    return paragraphs(*(_text(c, field) for field in DISCUSSION))


@section("limitations-reported", "further limitations, by the authors")
def limitations_reported(c: Context) -> str:
    """The authors' answer; empty without."""
    return _text(c, "limitations")


@section("declarations-sharing", "what others can have, guidelines followed, by the authors")
def declarations_sharing(c: Context) -> str:
    """The authors' answers, a paragraph each; empty without."""
    return paragraphs(*(_given(c, {field: title}) for field, title in SHARING.items()))
