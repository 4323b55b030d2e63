"""Journals' requirements, by the names that `manuscript: journal` takes (journals.yml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from analysis.core.yaml_file import read_yaml
from analysis.study.section import Section

FILE = Path(__file__).with_name("journals.yml")
# Millimetres, dots an inch: what figures are drawn for, and where a journal says nothing.
WIDTHS_MM, DPI = (85.0, 170.0), 300


class Abstract(Section):
    """words: at most; headings: of a structured one, in their order."""

    words: int | None = None
    headings: list[str] = []


class KeyPoints(Section):
    """Key points that a journal asks for.

    heading: of the section; items: name → words at most, None where that is not known; all_words:
    at most, of all together.
    """

    heading: str
    items: dict[str, int | None] = {}
    all_words: int | None = None


class Most(Section):
    """Largest numbers that the journal allows."""

    most: int


class Figures(Section):
    """widths_mm: of one column and of both; dpi: of a TIFF; formats: that the journal takes."""

    most: int | None = None
    widths_mm: tuple[float, float] = WIDTHS_MM
    dpi: int = DPI
    formats: list[str] = []


class Journal(Section):
    """A journal's form of an original article; what is None is not known or not asked.

    sections: words of one section at most; main_text: of introduction to discussion; keywords:
    least and most; running_title: False where the journal wants none; floats: figures and tables
    together; blinded: whether reviewers don't see who the authors are.
    """

    title: str
    source: str
    read: str
    abstract: Abstract = Abstract()
    key_points: KeyPoints | None = None
    main_text: int | None = None
    sections: dict[str, int] = {}
    title_words: int | None = None
    keywords: tuple[int, int] | None = None
    running_title: bool | None = None
    numbers: Literal["ama", "plain", "esr"] | None = None
    citations: str | None = None
    figures: Figures = Figures()
    tables: Most | None = None
    floats: Most | None = None
    blinded: bool = True
    supplement: str
    unsure: str


@cache
def journals() -> dict[str, Journal]:
    """Name in the study file → journal."""
    return {name: Journal(**content) for name, content in read_yaml(FILE, ValueError).items()}
