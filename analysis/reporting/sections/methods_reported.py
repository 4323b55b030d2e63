"""Sections of the methods that only the authors know: their answers under `reporting:`, and a mark
where one is missing."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.reporting.rendering.escaping import literal
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import FEATURES, IMAGES, section
from analysis.study import Study

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


def mark(what: str) -> str:
    """What stands where the authors have not answered yet."""
    return f"**\\[authors: {what}\\]**"


def _answers(study: Study, fields: Mapping[str, str]) -> str:
    said, missing = [], []
    for field, title in fields.items():
        answer = study.reporting.get(field)
        if answer is None or not answer.text:
            missing.append(mark(title[:1].lower() + title[1:] if title[1:2].islower() else title))
        else:
            said.append(f"**{title}.** {answer.text.rstrip('.')}.")
    return sentences(*said, *missing)


@section("methods-setting", "design, setting, dates, eligibility and treatment, by the authors")
def methods_setting(c: Context) -> str:
    """The authors' answers; the disease and its treatment first, where the study file says it."""
    treatment = c.r.study.study.treatment
    return paragraphs(
        f"The study concerns patients with {{study.disease}} after {literal(treatment)}."
        if treatment
        else "",
        _answers(c.r.study, PATIENTS),
    )


@section("methods-outcome", "how the outcome was ascertained, by the authors")
def methods_outcome(c: Context) -> str:
    """The authors' answers."""
    return _answers(c.r.study, OUTCOME)


@section(
    "methods-acquisition",
    "imaging protocol, segmentation and readers, by the authors",
    (IMAGES, FEATURES),
)
def methods_acquisition(c: Context) -> str:
    """The authors' answers; empty without images."""
    return _answers(c.r.study, IMAGING) if c.radiomics or c.deep else ""
