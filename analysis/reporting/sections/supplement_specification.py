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

MADE_ELSEWHERE = "The models were fitted elsewhere; the study has their predictions alone."
NO_EQUATION = (
    "No final model of this study is a logistic regression of its own that could be printed as an"
    " equation; `early-recurrence export` writes the final models as files."
)


@section("supplement-variables", "the data dictionary: definition, levels and unit of variables")
def supplement_variables(c: Context) -> str:
    """A paragraph and a table; a sentence without a data dictionary."""
    if not c.described("variables"):
        return "This study has no data dictionary: it describes no clinical variable."
    return paragraphs(
        sentences(
            "@tbl-variables lists the variables of the data dictionary.",
            "{settings.clinical_candidates} of them were candidates of the CR model."
            if c.clinical
            else "",
            "Values were converted to these units and checked for plausibility. Levels are ordered"
            " from best to worst, or with the reference first. Baseline variables were known at the"
            " time of prediction; variables of the follow-up belong to the outcome.",
        ),
        c.table(
            "tbl-variables",
            lambda: variables_markdown(c.r),
            "Variables of the study as the data dictionary defines them.",
        ),
    )


@section("supplement-specification", "the final logistic models in full")
def supplement_specification(c: Context) -> str:
    """A paragraph and a table; a sentence where there is no such model."""
    if not specified_models(c.r):
        return MADE_ELSEWHERE if c.given else NO_EQUATION
    scored = bool(c.fusions)
    scores = "Scores" if c.blocks else "The radiomics score and the DL score"
    return paragraphs(
        sentences(
            "@tbl-specification shows the final logistic models, fitted to all training patients."
            " The predicted probability is the logistic function of the intercept plus the sum of"
            " coefficients times terms. Logarithms are to base two; a level has the value one"
            " in patients with it, and zero in others.",
            "Missing values were replaced by {settings.imputation}."
            if "settings.imputation" in c.r.wording
            else "",
            f"{scores} are log odds, with probabilities kept at least {{nomogram.clip}} from zero"
            " and one."
            if scored and c.has(keys.nomogram_clip())
            else "",
            "The CR model was fitted by maximum likelihood (Firth's if the outcome was separated),"
            " and fusion models with a weak ridge penalty."
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
