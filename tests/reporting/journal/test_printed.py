"""Which figures and tables the article prints: as many as its journal allows, all others in the
supplement, each once."""

from __future__ import annotations

import re

import pytest

from analysis.reporting.journal.printed import ORDER, USUAL, printed
from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder.templates import for_kind
from analysis.reporting.rendering.includes import included
from analysis.reporting.sections import Says
from analysis.reporting.sections.further import NAME, PARTS
from analysis.study.journals import Figures, Journal, Most, journals
from tests.conftest import ROOT

BLOCK = re.compile(r"^::: \{#((?:fig|tbl)-[\w-]+)\}", re.MULTILINE)
REFERENCE = re.compile(r"@((?:fig|tbl)-[\w-]*\w)")


def journal(**limits) -> Journal:
    return Journal(title="J", source="s", read="r", supplement="s", unsure="u", **limits)


def names_of(document: str, kind: str = "images") -> list[str]:
    text = for_kind((ROOT / "report" / f"{document}.qmd").read_text(encoding="utf-8"), kind)
    return [path.removeprefix("_generated/").removesuffix(".md") for path in included(text)]


@pytest.fixture
def sections(drawn_study):
    """Section → its text, of article and of supplement."""
    results = open_results(drawn_study, links=True)
    article, supplement = names_of("index"), names_of("supplement")
    says = Says(results, [*article, *supplement])
    return [{name: str(says(name)) for name in names} for names in (article, supplement)]


def test_the_first_of_the_order_are_printed_within_the_limits():
    assert printed(ORDER, None) == frozenset(ORDER[:USUAL])
    assert printed(ORDER, journal(floats=Most(most=3))) == frozenset(ORDER[:3])
    apart = printed(ORDER, journal(figures=Figures(most=2), tables=Most(most=1)))
    assert apart == {"fig-flow", "fig-roc", "tbl-baseline"}
    assert printed(ORDER, journals()["front-oncol"]) == frozenset(ORDER[:15])


def test_what_the_author_lays_out_is_printed_and_counts():
    found = printed(ORDER, journal(floats=Most(most=3)), own=["fig-nomogram", "fig-mine"])
    assert found == {"fig-nomogram", "fig-mine", "fig-flow"}


def test_every_figure_and_table_is_in_one_document_once(sections):
    article, supplement = sections
    laid_out = [BLOCK.findall("\n".join(each.values())) for each in (article, supplement)]
    everything = [*laid_out[0], *laid_out[1]]
    assert len(everything) == len(set(everything))
    assert len(laid_out[0]) <= USUAL
    assert set(laid_out[0]) <= set(ORDER)
    assert set(REFERENCE.findall("\n".join(article.values()))) <= set(everything)
    assert NAME in supplement
    further = BLOCK.findall(supplement[NAME])
    assert further
    assert set(further) <= set(ORDER)
    assert "fig-flow" in laid_out[0]


def test_a_manuscript_without_the_supplements_section_prints_all(drawn_study):
    results = open_results(drawn_study)
    article = [name for part in PARTS.values() for name in part]
    says = Says(results, article)
    laid_out = BLOCK.findall("\n".join(str(says(name)) for name in article))
    assert len(laid_out) > USUAL
    assert set(laid_out) <= set(ORDER)
