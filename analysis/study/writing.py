"""Manuscript in study.yml as checked types.

It says what the article states that no analysis can know, how it is written, and which claims it
stands on.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_serializer, field_validator, model_serializer

from analysis.core.spelling_hints import close_to
from analysis.study.journals import Journal, journals
from analysis.study.later_keys import without_unset
from analysis.study.section import Section

Text = Annotated[str, Field(min_length=1)] | None


class Declarations(Section):
    """Statements of the authors.

    Any may be left out; the article then says that it is not stated.
    """

    data: Text = None
    code: Text = None
    ethics: Text = None
    funding: Text = None
    registration: Text = None
    contributions: Text = None
    competing_interests: Text = None
    patient_involvement: Text = None
    protocol: Text = None
    acknowledgements: Text = None

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """A study without acknowledgements is digested as it was before there could be any."""
        return without_unset(serialise(self), "acknowledgements")


CITATIONS = r"^(vancouver|radiology|springer|frontiers|author-date|.+\.csl)$"


class Manuscript(Section):
    """Section on the manuscript: its style, its journal and what it shows.

    numbers: ama writes *P* < .001, esr *p* < 0.001, plain p < 0.001 and `to` within intervals.
    citations: vancouver (numbered), that of a journal (radiology, springer, frontiers; numbered),
    author-date, or a .csl file beside the study file. columns: of the PDF. journal: a name in
    journals.yml (radiology, eur-radiol, insights, front-oncol), whose style and limits then hold
    where the study file says nothing else; or a title, for JATS alone. keywords, running_title:
    printed with the title. smd: whether the baseline table has standardised mean differences in the
    place of the supplement's. percent_decimals: of its percentages; left out, as many as the
    outputs have.

    example_patients: whose images the article shows; left out, one with and one without the event
    from the training cohort; [] shows none. must_hold: keys of claims (claims.json lists them) that
    the paper stands on: a render in which one of them does not hold stops.
    """

    numbers: Literal["ama", "plain", "esr"] = "ama"
    citations: Annotated[str, Field(pattern=CITATIONS)] = "vancouver"
    columns: Literal[1, 2] = 1
    journal: Annotated[str, Field(min_length=1)] | None = None
    # No part of the analysis, so of no digest.
    keywords: Annotated[list[str], Field(exclude=True)] = []
    running_title: Annotated[Text, Field(exclude=True)] = None
    smd: Annotated[bool, Field(exclude=True)] = False
    percent_decimals: Annotated[Literal[0, 1] | None, Field(exclude=True)] = None
    example_patients: list[str] | None = None
    must_hold: list[str] = []

    @field_validator("journal")
    @classmethod
    def _preset_or_title(cls, given: str | None) -> str | None:
        """A word in small letters is meant as a name of journals.yml."""
        if given and re.fullmatch(r"[a-z0-9_-]+", given) and given not in journals():
            raise ValueError(
                f"'{given}' is none of {', '.join(journals())}"
                f"{close_to(given, journals())}; another journal is written as its title is"
            )
        return given

    @field_serializer("journal")
    def _title_alone(self, given: str | None) -> str | None:
        """Content for the plan of analysis: an article's layout is no part of it, its title is."""
        return None if given in journals() else given

    @property
    def preset(self) -> Journal | None:
        """Journal whose requirements are followed, where it is one of journals.yml."""
        return journals().get(self.journal or "")

    @property
    def journal_title(self) -> str | None:
        """Title of the journal as it is printed."""
        return self.preset.title if self.preset else self.journal

    @property
    def number_style(self) -> str:
        """Number style: the study file's, else the journal's."""
        own = "numbers" in self.model_fields_set
        return self.numbers if own else ((self.preset and self.preset.numbers) or self.numbers)

    @property
    def citation_style(self) -> str:
        """Citation style: the study file's, else the journal's."""
        own = "citations" in self.model_fields_set
        return (
            self.citations if own else ((self.preset and self.preset.citations) or self.citations)
        )
