"""Sections of the page of checklists."""

from __future__ import annotations

from analysis.reporting.sections.context import Context, paragraphs
from analysis.reporting.sections.registry import section
from analysis.reporting.tables import open_fields_markdown
from analysis.results import keys
from analysis.study.checklists.items import CHECKLISTS


@section("checklist-synthetic", "that the answers say nothing about patients", decided=True)
def checklist_synthetic(c: Context) -> str:
    """One sentence."""
    if not c.synthetic:
        return ""
    return (
        "The cohort is synthetic: the answers say what the software did with it, and nothing about"
        " patients."
    )


@section("checklist-score", "the METRICS score", decided=True)
def checklist_score(c: Context) -> str:
    """A paragraph; without images a sentence."""
    if not c.r.has_value(keys.checklist_metrics_score()):
        return "METRICS, CLEAR and CLAIM concern images, which this study does not have."
    return (
        "The METRICS score, the weight of items answered yes over that of the items that apply, is"
        " **{checklist.metrics.score:percent}** ({checklist.metrics.band}), with"
        " {checklist.metrics.open.n|item} open and counted as not met. If all of them were met it"
        " would be {checklist.metrics.score_at_most:percent}."
    )


@section("checklist-open", "questions that are open", decided=True)
def checklist_open(c: Context) -> str:
    """A sentence and a table."""
    opened = sum(c.r.record(keys.checklist_n(name, "open")).number for name in CHECKLISTS)
    if not opened:
        return "Nothing is open."
    return paragraphs(
        "@tbl-open names the fields of the study file that are not filled in, those that answer"
        " most items first.",
        c.table(
            "tbl-open",
            lambda: open_fields_markdown(c.r),
            "Open questions: where in the study file they are answered, and which items they"
            " answer. An answer is a text, or `{answer: no, text: …}`, or `{answer: not applicable,"
            " text: …}`; `confirmed` takes what the software wrote.",
        ),
    )
