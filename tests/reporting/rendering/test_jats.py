"""JATS as publishers read it, whether Quarto or the preview wrote it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from analysis.reporting.rendering.jats import labelled

JATS = """<?xml version="1.0" encoding="utf-8" ?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.2 20190208//EN" \
"JATS-publishing1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" \
xmlns:mml="http://www.w3.org/1998/Math/MathML"><front>
<journal-meta>
</journal-meta><article-meta>\
<title-group><article-title>T</article-title></title-group><history></history></article-meta>\
</front>
<body><!-- kept -->
<fig id="fig-a"><caption><p><bold>Figure\u00a01.</bold> A <italic>curve</italic>.</p></caption>\
<graphic xlink:href="a.png" /></fig>
<table-wrap><caption><p><bold>Table 2.</bold> Values.</p></caption>\
<table id="tbl-b"><tbody><tr><td>1 &lt; 2</td></tr></tbody></table></table-wrap>
<p><named-content content-type="table-note">Below.</named-content></p>
<table-wrap id="tbl-c"><caption><p><bold>Bold</bold> words.</p></caption>\
<table><tbody><tr><td></td></tr></tbody></table></table-wrap>
<p>See <xref rid="tbl-b">Table 2</xref>.</p></body></article>
"""


def test_jats_has_labels_identifiers_and_notes_where_publishers_look():
    made = labelled(JATS)
    root = ElementTree.fromstring(made)
    figure, (first, second) = root.find(".//fig"), root.findall(".//table-wrap")
    assert [each.tag for each in figure] == ["label", "caption", "graphic"]
    assert figure.find("label").text == "Figure\u00a01"
    assert "".join(figure.find("caption").itertext()) == "A curve."
    assert figure.get("id") == "fig-a"
    assert [each.tag for each in first] == [
        "label",
        "caption",
        "table",
        "table-wrap-foot",
    ]
    assert first.find("label").text == "Table 2"
    assert first.get("id") == "tbl-b"
    assert "id" not in first.find("table").attrib
    assert "".join(first.find("caption").itertext()) == "Values."
    assert "".join(first.find("table-wrap-foot").itertext()).strip() == "Below."
    assert len(root.findall(".//named-content")) == 1
    assert second.find("label") is None
    assert "".join(second.find("caption").itertext()) == "Bold words."
    assert second.get("id") == "tbl-c"
    assert root.find(".//journal-meta") is None
    assert root.find(".//history") is None
    assert root.find(".//td").text == "1 < 2"
    assert made.startswith(JATS[: JATS.index("<article")])
    assert "<!-- kept -->" in made
    assert "ns0:" not in made
    assert labelled(made) == made


def test_jats_names_the_journal_once():
    made = labelled(JATS, "Journal & Co")
    meta = ElementTree.fromstring(made).find("front")[0]
    assert meta.tag == "journal-meta"
    assert [each.text for each in meta.iter("journal-title")] == ["Journal & Co"]
    assert labelled(made, "Journal & Co") == made
    with pytest.raises(ElementTree.ParseError):
        labelled("no XML")
