"""A real Quarto: the small study in all formats and a study of each kind, block by block as the
preview has them.

Needs `quarto` on the PATH (1.4 or later; written against 1.9). Each study lies in a folder of its
own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from analysis.reporting.rendering.assets import subtitle
from analysis.reporting.rendering.spreadsheets import tables_of
from tests.support.markdown_blocks import numbers, page_of, plain
from tests.support.pages import asked
from tests.support.quarto_projects import Rendered, new_project, whole_project
from tests.support.word_headings import WORD, assert_headed

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.skipif(
        shutil.which("quarto") is None,
        reason="quarto is not on the PATH: the pages of Quarto itself are not checked here",
    ),
]
DOCUMENTS = ("index", "supplement", "update", "checklists")
LABEL = re.compile(r"^(Figure|Table) (S?\d+)[.:] ")
HREF = "{http://www.w3.org/1999/xlink}href"
# What the preview says of itself.
NOTICE = ("Preview rendering", "Preview rendering: made without Quarto")


@pytest.fixture(scope="module")
def whole(whole_study, tmp_path_factory) -> Rendered:
    return whole_project(whole_study, tmp_path_factory.mktemp("quarto"))


def _texts(path: Path) -> list[str]:
    """Paragraphs, items, headings and captions of a page; the mark after a caption's number is the
    renderer's."""
    found = (
        LABEL.sub(r"\1 \2. ", text)
        for text in page_of(path).texts("h1", "h2", "h3", "h4", "p", "li", "figcaption", "summary")
    )
    return [text for text in found if not text.startswith(NOTICE)]


def assert_same_page(quarto: Path, preview: Path) -> None:
    """Title, headings, every paragraph with its numbers, tables, captions, figures, references and
    CSV files."""
    ours, theirs = page_of(quarto), page_of(preview)
    assert ours.title == theirs.title != ""
    headings = ("h1", "h2", "h3", "h4")
    assert ours.texts(*headings) == theirs.texts(*headings)
    # The order of the two differs only in where captions and notes stand.
    first, second = _texts(quarto), _texts(preview)
    assert Counter(first) - Counter(second) == Counter() == Counter(second) - Counter(first)
    assert [numbers(text) for text in sorted(first)] == [numbers(text) for text in sorted(second)]
    assert not [text for text in first if "{python}" in text or "?@" in text]
    tables, other = tables_of(quarto), tables_of(preview)
    assert [(each.label, LABEL.sub(r"\1 \2. ", plain(each.caption))) for each in tables] == [
        (each.label, plain(each.caption)) for each in other
    ]
    assert [each.rows() for each in tables] == [each.rows() for each in other]
    assert [each.header for each in tables] == [each.header for each in other]
    assert ours.figures == theirs.figures
    assert ours.references == theirs.references
    assert ours.links == theirs.links
    made, preview_made = (
        {
            path.name: path.read_bytes()
            for path in page.with_name(f"{page.stem}_tables").glob("*.csv")
        }
        for page in (quarto, preview)
    )
    assert made == preview_made
    assert set(made) == {f"{each.label}.csv" for each in tables}
    assert asked(quarto.read_text(encoding="utf-8")) == []


@pytest.mark.whole
def test_quarto_warns_of_nothing(whole):
    assert "WARN" not in whole.said
    assert not re.search(r"\bwarning\b", whole.said, re.I)
    assert {
        path.name
        for path in whole.folder.iterdir()
        if path.suffix in (".html", ".docx", ".pdf", ".xml")
    } == {f"{name}.{suffix}" for name in DOCUMENTS for suffix in ("html", "docx", "pdf", "xml")}


@pytest.mark.whole
@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_page_is_the_previews(whole, rendered_project, document):
    assert_same_page(whole.folder / f"{document}.html", rendered_project[document, ".html"])


def _word_texts(path: Path) -> list[str]:
    body = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    texts = (plain("".join(each.itertext())) for each in body.iter(f"{WORD}p"))
    return [LABEL.sub(r"\1 \2. ", text) for text in texts if text and not text.startswith(NOTICE)]


@pytest.mark.whole
@pytest.mark.parametrize("document", DOCUMENTS)
def test_word_has_the_words_one_table_a_table_and_the_running_header(
    whole, rendered_project, whole_study, document
):
    path = whole.folder / f"{document}.docx"
    body = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    assert len(list(body.iter(f"{WORD}tbl"))) == _tables_in_word(
        rendered_project[document, ".docx"]
    )
    assert_headed(path.read_bytes(), subtitle(whole_study))
    first, second = (
        Counter(_word_texts(each)) for each in (path, rendered_project[document, ".docx"])
    )
    assert first - second == Counter() == second - first


def _tables_in_word(path: Path) -> int:
    """Captions of tables, each of which has one table."""
    return sum(bool(re.match(r"Table S?\d+\. ", text)) for text in _word_texts(path))


@pytest.mark.whole
@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_pdf_has_numbered_captions_and_the_running_header_on_every_page(
    whole, rendered_project, whole_study, document
):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not on the PATH: the PDF's text can't be read")
    said = []
    for path in (whole.folder / f"{document}.pdf", rendered_project[document, ".pdf"]):
        pages = subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
        ).stdout.split("\f")[:-1]
        assert pages
        assert all(page.count(subtitle(whole_study)) >= 1 for page in pages)
        text = plain("\n".join(pages))
        assert "#set" not in text
        assert "#show" not in text
        said.append(
            {
                (kind, int(number))
                for kind, number in re.findall(r"\b(Figure|Table) S?(\d+)\. ", text)
            }
        )
    assert said[0] == said[1]
    captions = [
        text
        for text in page_of(rendered_project[document, ".html"]).texts("figcaption")
        if text.startswith("Figure")
    ]
    assert {("Figure", number + 1) for number in range(len(captions))} <= said[0]


@pytest.mark.whole
@pytest.mark.parametrize("document", DOCUMENTS)
def test_jats_has_one_labelled_table_wrap_a_table(whole, rendered_project, document):
    path = whole.folder / f"{document}.xml"
    root, preview = (
        ElementTree.parse(each).getroot() for each in (path, rendered_project[document, ".xml"])
    )
    assert root.findall(".//fig//table-wrap") == []
    for tag in ("table-wrap", "fig"):
        found = [
            (
                each.get("id"),
                plain(each.findtext("label") or ""),
                plain("".join(each.find("caption").itertext())),
            )
            for each in root.iter(tag)
        ]
        assert found == [
            (
                each.get("id"),
                plain(each.findtext("label") or ""),
                plain("".join(each.find("caption").itertext())),
            )
            for each in preview.iter(tag)
        ]
        assert all(
            label.startswith({"fig": "Figure ", "table-wrap": "Table "}[tag])
            for _, label, _ in found
        )
    assert [
        [plain("".join(cell.itertext())) for cell in each.iter() if cell.tag in ("td", "th")]
        for each in root.iter("table")
    ] == [
        [plain("".join(cell.itertext())) for cell in each.iter() if cell.tag in ("td", "th")]
        for each in preview.iter("table")
    ]
    assert all((path.parent / each.get(HREF)).is_file() for each in root.iter("graphic"))
    titles = [
        plain("".join(each.find(".//front//article-title").itertext())) for each in (root, preview)
    ]
    assert titles[0] == titles[1] != ""
    abstracts = [each.find(".//front//abstract") for each in (root, preview)]
    ours, theirs = (None if each is None else plain("".join(each.itertext())) for each in abstracts)
    assert ours == theirs
    assert root.find(".//journal-meta") is None or len(root.find(".//journal-meta"))


@pytest.mark.parametrize("kind", ["clinical", "predictions", "features"])
def test_a_study_of_each_kind_renders_in_a_folder_of_its_own(kind, tmp_path):
    quarto, preview = new_project(kind, tmp_path / "mine")
    assert "WARN" not in quarto.said
    for document in DOCUMENTS:
        assert_same_page(quarto.folder / f"{document}.html", preview / f"{document}.html")
