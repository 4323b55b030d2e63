"""Sections of the supplement: the variables as they are defined, the final models in full."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import section
from analysis.reporting.tables import (
    specification_markdown,
    specified_models,
    variables_markdown,
)
from analysis.results import keys


@section("supplement-variables", "the data dictionary: definition, levels and unit of variables")
def supplement_variables(c: Context) -> str:
    """A paragraph and a table; a sentence without a data dictionary."""
    if not c.described("variables"):
        return "This study has no data dictionary: it describes no clinical variable."
    return paragraphs(
        sentences(
            "@tbl-variables has every variable of the data dictionary with its values and unit.",
            "{settings.clinical_candidates} of them were candidates of the CR model."
            if c.clinical
            else "",
            "Every value of the clinical table was read by the dictionary and converted to its"
            " unit, and an impossible one would have stopped the analysis. Levels stand from best"
            " to worst, or the reference first. Recorded at baseline is what was known when the"
            " prediction is made, and during follow-up what is part of the outcome.",
        ),
        c.table(
            "tbl-variables",
            lambda: variables_markdown(c.r),
            "Variables of the study as the data dictionary defines them.",
        ),
    )


@section("supplement-specification", "the final logistic models in full")
def supplement_specification(c: Context) -> str:
    """A paragraph and a table; empty where there is no such model."""
    if not specified_models(c.r):
        return ""
    scored = bool(c.fusions)
    return paragraphs(
        sentences(
            "@tbl-specification has the final logistic models in full, as they were fitted on all"
            " training patients and locked. A predicted probability is the logistic function of the"
            " intercept and the sum of each term times its coefficient; a logarithm is to base two,"
            " and a level counts as one where the patient has it.",
            "Missing values were replaced by {settings.imputation}."
            if "settings.imputation" in c.r.wording
            else "",
            "The radiomics score and the DL score are log odds of the part's probability, which is"
            " kept within {nomogram.clip} and one minus this."
            if scored and c.has(keys.nomogram_clip())
            else "",
            "The CR model was fitted by maximum likelihood, or Firth's where the outcome was"
            " separated; a fusion with a weak ridge."
            if scored
            else "",
            "The knots of splines are in `results.json`."
            if "settings.splines" in c.r.wording
            else "",
        ),
        c.table(
            "tbl-specification",
            lambda: specification_markdown(c.r),
            "Intercept and coefficients (log odds) of the final logistic models.",
        ),
    )
