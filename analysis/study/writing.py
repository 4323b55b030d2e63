"""study.yml as checked types: what the article states that no analysis can know, how it is written,
and which claims it stands on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from analysis.study.section import Section

Text = Annotated[str, Field(min_length=1)] | None


class Declarations(Section):
    """Statements of the authors. Any may be left out; the article then says that it is not
    stated."""

    data: Text = None
    code: Text = None
    ethics: Text = None
    funding: Text = None
    registration: Text = None
    contributions: Text = None
    competing_interests: Text = None
    patient_involvement: Text = None
    protocol: Text = None


class Manuscript(Section):
    """numbers: ama writes *P* < .001, plain p < 0.001 and `to` within intervals. citations:
    vancouver (numbered), author-date, or a .csl file beside the study file. columns: of the PDF.
    journal: its title, for JATS.
    example_patients: whose images the article shows; left out, one with and one without the event
    from the training cohort; [] shows none. must_hold: keys of claims (claims.json lists them) that
    the paper stands on: a render in which one of them does not hold stops.
    """

    numbers: Literal["ama", "plain"] = "ama"
    citations: Annotated[str, Field(pattern=r"^(vancouver|author-date|.+\.csl)$")] = "vancouver"
    columns: Literal[1, 2] = 1
    journal: Annotated[str, Field(min_length=1)] | None = None
    example_patients: list[str] | None = None
    must_hold: list[str] = []
