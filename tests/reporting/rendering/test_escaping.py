"""Text of the data is shown as it is, in every format."""

from __future__ import annotations

import html
import json
import re
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pypandoc
import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering.escaping import code, literal, unmarked
from analysis.reporting.tables import baseline_markdown, regression_markdown, table_one_markdown
from analysis.reporting.tables.markdown import pipe_table
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study

HARMFUL = [
    "AST @baseline",
    "$a_b$",
    "*x*",
    "**x**",
    "_x_ and _y_",
    "~x~ H~2~O",
    "^x^ C^2^",
    "[y](z)",
    "[@tripodai2024]",
    "<b>bold</b>",
    "<!-- gone -->",
    "`code`",
    "`{python} 1 + 1`",
    "a | b",
    "# title",
    "1. first",
    "(1) first",
    "a) first",
    "- item",
    "+ item",
    "> quoted",
    ": definition",
    "::: {.x}",
    "%",
    "=== x",
    '"quoted"',
    "{{< meta title >}}",
    "\\alpha \\",
    "![](x.png)",
    "a -- b --- c ...",
    "R&D &amp; &copy;",
    "{=html}",
    "{cohort.n}",
    "@fig-roc",
    "5% #1 \\textbf{x}",
    "https://a.org/_x_",
]
FORMATS = ("html", "docx", "typst", "jats_publishing")
# What pandoc's Markdown sets as typography, in any text: it changes no word.
QUOTES = str.maketrans({"‘": "'", "’": "'", "…": "..."})
TEXTS = st.text(
    st.one_of(
        st.sampled_from("@$*_~^[]()<>{}|\"'`#&\\-.:+=%!1a ;/,"),
        st.characters(categories=["L", "N", "P", "S"]),
    ),
    min_size=1,
    max_size=24,
)


def paragraphs(markdown, form, folder):
    """What a reader sees of each paragraph."""
    path = folder / f"page.{form}"
    pypandoc.convert_text(
        markdown,
        form,
        format="markdown-raw_html",
        outputfile=str(path),
        extra_args=["--citeproc", "--wrap=none"],
    )
    if form == "docx":
        root = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
        return [
            "".join(each.text or "" for each in found.iter() if each.tag.endswith("}t"))
            for found in root.iter()
            if found.tag.endswith("}p")
        ]
    if form == "typst":
        typst.compile(str(path))  # what typst takes for markup ends here
        return pypandoc.convert_text(
            path.read_text(encoding="utf-8"), "plain", format="typst", extra_args=["--wrap=none"]
        ).split("\n\n")
    page = re.sub(r"</p>\s*<p>", "\0", path.read_text(encoding="utf-8"))
    return [html.unescape(re.sub(r"<[^>]+>", "", each)) for each in page.split("\0")]


def shown(markdown, form, folder):
    return "\n".join(paragraphs(markdown, form, folder))


def words(text):
    return " ".join(text.split()).translate(QUOTES)


@pytest.mark.parametrize("form", FORMATS)
def test_signs_of_markdown_are_signs_in_every_format(form, tmp_path):
    # Each a paragraph of one document, which starts with a sign that makes a title there.
    texts = sorted(HARMFUL, key=lambda text: text != "%")
    found = paragraphs("\n\n".join(map(literal, texts)), form, tmp_path)
    assert [words(each) for each in found] == [words(each) for each in texts]


@example("%0")
@example(" - x")
@example(" 1. x")
@given(TEXTS.filter(lambda text: text.strip() and not re.search(r"&#\d+;", text)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_plain_text_to_pandoc(text):
    # A paragraph, which begins the document, and a cell in one conversion: pandoc's start takes
    # most of the time. A paragraph between them, as one with a colon is a caption next to a table.
    markdown = f"{literal(text)}\n\nand\n\n| a | b |\n|---|---|\n| x | {literal(text)} |\n"
    tree = json.loads(pypandoc.convert_text(markdown, "json", format="markdown-raw_html"))
    paragraph, _, table = (
        set(re.findall(r'"t": "(\w+)"', json.dumps(block))) for block in tree["blocks"]
    )
    inline = {"Str", "Space", "Quoted", "SingleQuote"}
    assert tree["meta"] == {}, text
    assert "Para" in paragraph, text
    assert paragraph <= {"Para", "SoftBreak"} | inline, (text, paragraph)
    assert {"Table", "Plain"} <= table, text
    assert table <= {"Table", "Plain", "AlignDefault", "ColWidthDefault", "ColWidth"} | inline, text
    assert literal(literal(text)) == literal(text)


def test_control_characters_and_lines_are_no_part_of_a_label():
    assert literal("a\x00\x0bb\n\n# c") == "ab &#35; c"


def test_code_holds_backticks_and_no_shortcode():
    assert code("a`b") == "``a`b``"
    assert code("`x`") == "`` `x` ``"
    assert "{{" not in code("{{< meta title >}}")


def test_a_sentence_that_was_filled_can_be_filled_again(tmp_path):
    results = open_results(write_fake_study(LIVER, tmp_path))
    results.records["label.cr"] = results.records["label.cr"].__class__(
        "label.cr", "CR {cohort.n} @x"
    )
    once = results.fill("{label.cr} has {cohort.n}")
    assert results.fill(once) == once
    assert html.unescape(once) == "CR {cohort.n} @x has 177"


def test_tables_show_labels_and_levels_as_they_are(tmp_path):
    results = open_results(write_fake_study(LIVER, tmp_path))
    label, level = "AST @baseline | $a_b$ *x*", "<b>1. [y](z)</b>"
    results.records["label.term.ast"] = results.records["label.term.ast"].__class__(
        "label.term.ast", label
    )
    for name in ("baseline", "baseline_by_outcome"):
        path = results.folder / "tables" / f"{name}.csv"
        pd.read_csv(path).replace({"AST, U/L": label, "non_binary": level}).to_csv(
            path, index=False
        )
    for table in (
        regression_markdown(results),
        baseline_markdown(results),
        table_one_markdown(results),
    ):
        page = shown(table.data, "html", tmp_path)
        assert label in page
        assert "citeproc" not in page
    assert level in shown(baseline_markdown(results).data, "html", tmp_path)


def test_a_column_is_as_wide_as_what_is_read():
    assert (
        pipe_table(["a"], [[literal("@@@@@@")]]).data.splitlines()[1]
        == pipe_table(["a"], [["xxxxxx"]]).data.splitlines()[1]
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the AUC was higher (*P* < 0.001)", "the AUC was higher (P < 0.001)"),
        ("**Two** groups, 10^3^/µL, R~2~", "Two groups, 10^3/µL, R2"),
        (f"*P* of {literal('2*3*4 ~5~ <b> & [x]')}", "P of 2*3*4 ~5~ <b> & [x]"),
        ("about ~5 to ~6", "about ~5 to ~6"),
    ],
)
def test_a_sentence_on_a_terminal_has_no_markdown(sentence, expected):
    assert unmarked(sentence) == expected
