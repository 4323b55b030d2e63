"""The tables of the page of checklists."""

from __future__ import annotations

from analysis.reporting.sections.context import Context
from analysis.reporting.sections.registry import section
from analysis.reporting.tables import checklist_markdown, checklist_summary_markdown

CAPTIONS = {
    "tripod_ai": (
        "TRIPOD+AI: reporting of prediction models made with regression or machine learning."
    ),
    "clear": "CLEAR: reporting of radiomics research.",
    "claim": "CLAIM: reporting of artificial intelligence in medical imaging.",
    "metrics": (
        "METRICS: methodological quality of radiomics research. An item counts by its weight where"
        " the answer is yes; one that does not apply leaves the maximum."
    ),
    "probast_ai": (
        "PROBAST+AI: signalling questions on development (D, quality) and evaluation (E, risk of"
        " bias). Yes is the answer without concern. The results answer what they can; the other"
        " questions, applicability and the judgement of each domain are a reviewer's."
    ),
}


def _items(c: Context, name: str) -> str:
    return c.table(
        f"tbl-item-{name.replace('_', '-')}",
        lambda: checklist_markdown(c.r, name, c.in_supplement),
        CAPTIONS[name],
    )


@section("checklist-summary", "items of each checklist by status", decided=True)
def checklist_summary(c: Context) -> str:
    """A table."""
    return c.table(
        "tbl-checklists",
        lambda: checklist_summary_markdown(c.r),
        "Items of each checklist by status.",
    )


@section("checklist-tripod-ai", "the items of TRIPOD+AI", decided=True)
def checklist_tripod_ai(c: Context) -> str:
    """A table."""
    return _items(c, "tripod_ai")


@section("checklist-clear", "the items of CLEAR", decided=True)
def checklist_clear(c: Context) -> str:
    """A table."""
    return _items(c, "clear")


@section("checklist-claim", "the items of CLAIM", decided=True)
def checklist_claim(c: Context) -> str:
    """A table."""
    return _items(c, "claim")


@section("checklist-metrics", "the items of METRICS", decided=True)
def checklist_metrics(c: Context) -> str:
    """A table."""
    return _items(c, "metrics")


@section("checklist-probast-ai", "the signalling questions of PROBAST+AI", decided=True)
def checklist_probast_ai(c: Context) -> str:
    """A table."""
    return _items(c, "probast_ai")
