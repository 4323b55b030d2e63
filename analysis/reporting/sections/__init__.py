"""Sections of the documents: what the study and its results decide, one function each.

A document includes one (`{{< include _generated/NAME.md >}}`) or says it within a sentence
(`{python} says("NAME")`).
"""

import difflib
from dataclasses import replace

from analysis.reporting.manuscript import Results, Shown

# Imported for the sections that they register.
from analysis.reporting.sections import (  # noqa: F401
    abstract,
    checklist_tables,
    checklists,
    cohort_update,
    computation,
    discussion,
    introduction,
    judgements,
    methods_division,
    methods_models,
    methods_patients,
    methods_reported,
    methods_statistics,
    numerals,
    results_comparison,
    results_models,
    results_utility,
    supplement_appendix,
    supplement_groups,
    supplement_patients,
    supplement_performance,
    supplement_robustness,
    supplement_specification,
)
from analysis.reporting.sections.context import Context
from analysis.reporting.sections.registry import SECTIONS, Section

__all__ = ["SECTIONS", "Context", "Says", "Section", "UnknownSection", "owned_text", "section_of"]


class UnknownSection(ValueError):
    """A document asks for a section that there is none of."""


def section_of(name: str) -> Section:
    """The section of that name. Raises UnknownSection with the closest names."""
    if name not in SECTIONS:
        close = difflib.get_close_matches(name, SECTIONS, n=3)
        raise UnknownSection(
            f"there is no section '{name}'"
            + (f"; close are {', '.join(close)}" if close else "")
            + ". `early-recurrence manuscript list` names all"
        )
    return SECTIONS[name]


class Says:
    """Writer of the sections of a document.

    Called with a section's name, it gives the section's Markdown, filled with the results. context:
    what it is written from.
    """

    def __init__(self, results: Results) -> None:
        self.context = Context(results)

    def __call__(self, name: str) -> Shown:
        """The section. Raises UnknownSection, or MissingResult where a result is not there."""
        text = str(section_of(name).write(self.context))
        return Shown(self.context.r.fill(text))


def owned_text(results: Results, name: str) -> str:
    """Section as an author's own text.

    Values are inline expressions by key; tables and the pictures of figures stay generated. Raises
    ValueError where the results decide its words.
    """
    section = section_of(name)
    if section.decided:
        raise ValueError(
            f"the words of '{name}' follow from the results, so that a text of your own could"
            " become false; write your text beside it, or leave it out"
        )
    return str(Says(replace(results, links=False, inline=True))(name))
