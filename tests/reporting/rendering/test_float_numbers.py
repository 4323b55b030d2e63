"""References between article and supplement have the number that is printed there."""

from __future__ import annotations

import html
import re

from analysis.reporting.rendering.float_numbers import elsewhere, float_numbers

LINK = re.compile(r'<a href="(index|supplement)\.html#((?:fig|tbl)-[\w-]+)"[^>]*>([^<]*)</a>')


def caption_of(page: str, label: str) -> str:
    """Number that stands in the caption of a figure or table of a page."""
    start = page.index(f'id="{label}"')
    found = re.search(r"<strong>((?:Figure|Table)\s[^<]*?)\.</strong>", page[start:])
    return html.unescape(found[1]) if found else ""


def test_labels_are_counted_by_kind_in_the_order_of_the_document(tmp_path):
    (tmp_path / "_generated").mkdir()
    (tmp_path / "_generated" / "part.md").write_text(
        "::: {#tbl-a}\n|x|\n:::\n\n::: {#fig-a}\n![](a)\n:::\n", encoding="utf-8"
    )
    (tmp_path / "supplement.qmd").write_text(
        "---\ntitle: S\nfloat-prefix: S\n---\n\n<!-- ::: {#fig-none} -->\n\n"
        "![c](x.png){#fig-own}\n\n"
        "{{< include _generated/part.md >}}\n\n"
        '`{python} r.table_block("tbl-b", table, "Caption.")`\n\n'
        "{{< include _generated/no.md >}}\n",
        encoding="utf-8",
    )
    (tmp_path / "index.qmd").write_text("::: {#fig-main}\n![](m)\n:::\n", encoding="utf-8")
    assert {
        name: each.replace("\u00a0", " ")
        for name, each in float_numbers(tmp_path / "supplement.qmd").items()
    } == {
        "fig-own": "Figure S1",
        "tbl-a": "Table S1",
        "fig-a": "Figure S2",
        "tbl-b": "Table S2",
    }
    assert elsewhere(tmp_path)["fig-main"] == {
        "document": "index",
        "words": "Figure\u00a01 of the article",
    }


def test_references_to_the_other_document_have_its_numbers(rendered_project):
    pages = {
        stem: rendered_project[(stem, ".html")].read_text(encoding="utf-8")
        for stem in ("index", "supplement")
    }
    links = LINK.findall(pages["index"])
    assert len(links) > 5
    for document, label, words in links:
        assert document == "supplement"
        assert html.unescape(words) == caption_of(pages[document], label)
    assert "?@" not in pages["index"]
