"""Sections of the documents: what the study and its results decide, one function each.

A document includes one (`{{< include _generated/NAME.md >}}`) or says it within a sentence
(`{python} says("NAME")`).
"""

import difflib
from collections.abc import Collection
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
    further,
    graphical_abstract,
    introduction,
    judgements,
    key_points,
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
from analysis.reporting.sections.room import Room

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


def _room(results: Results, included: Collection[str]) -> Room | None:
    if further.NAME not in included:
        return None
    names = [name for part in further.PARTS.values() for name in part if name in included]
    return Room(
        {name: SECTIONS[name].write for name in names},
        own=frozenset(name.partition("/")[2] for name in included if "/" in name),
        journal=results.study.manuscript.preset,
    )


class Says:
    """Writer of the sections of a document.

    Called with a section's name, it gives the section's Markdown, filled with the results. context:
    what it is written from.

    included: names of the generated files that the documents include. Where the supplement's
    section of further figures and tables is among them, the article prints no more than its journal
    allows; else it prints all.
    """

    def __init__(self, results: Results, included: Collection[str] = ()) -> None:
        self.context = Context(results, room=_room(results, included))
        if self.context.room is not None:
            self.context.room.survey(self.context)

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
