"""The rendered article as its readers meet it: the page in a browser at three widths, the Word
file, JATS and the spreadsheets."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from html.parser import HTMLParser

import pandas as pd
import pytest
from openpyxl import load_workbook

from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering.spreadsheets import tables_of
from tests.conftest import ROOT

pytestmark = pytest.mark.whole


WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Elements(HTMLParser):
    """Start tags with their attributes."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def elements(rendered_project):
    return {
        document: Elements(path.read_text(encoding="utf-8")).found
        for (document, suffix), path in rendered_project.items()
        if suffix == ".html"
    }


@pytest.mark.parametrize("document", ["index", "supplement"])
def test_every_internal_link_resolves(elements, rendered_project, document):
    names = {attributes["id"] for _, attributes in elements[document] if "id" in attributes}
    targets = {
        attributes["href"][1:]
        for tag, attributes in elements[document]
        if tag == "a" and attributes.get("href", "").startswith("#")
    }
    assert targets
    assert targets <= names
    assert "?@" not in rendered_project[document, ".html"].read_text(encoding="utf-8")


def test_every_figure_of_the_article_has_its_own_alternative_text_with_numbers(elements):
    texts = [attributes.get("alt") for tag, attributes in elements["index"] if tag == "img"]
    assert len(texts) >= 4
    assert len(set(texts)) == len(texts)
    assert all(
        text and len(text) > 60 and re.search(r"\d", text)
        for text in texts
        if not text.startswith("Kaplan-Meier curves of event-free survival by level")
    )


def test_figures_are_vector_on_the_page_and_pixels_in_word(elements, rendered_project):
    assert all(
        attributes["src"].startswith("data:image/svg")
        for tag, attributes in elements["index"]
        if tag == "img"
    )
    word = zipfile.ZipFile(rendered_project["index", ".docx"])
    pictures = [name for name in word.namelist() if name.startswith("word/media/")]
    assert len(pictures) >= 4
    assert all(name.endswith(".png") for name in pictures)
    # 300 dots an inch: a figure over the page's seven inches has more than 1900 dots.
    assert max(int.from_bytes(word.read(name)[16:20], "big") for name in pictures) > 1900


def test_a_number_links_to_what_made_it(elements, whole_study):
    titles = [
        attributes["title"]
        for tag, attributes in elements["index"]
        if "result" in (attributes.get("class") or "").split()
    ]
    results = open_results(whole_study.path)
    keys = {title.split(" · ")[0] for title in titles}
    assert len(keys & set(results.records)) > 100
    title = next(each for each in titles if each.startswith("auc.dlrcr.validation"))
    record, origin = (
        results.record("auc.dlrcr.validation"),
        json.loads((whole_study.output_folder / "provenance.json").read_text()),
    )
    assert title.split(" · ") == [
        record.key,
        record.source,
        f"n = {record.n}",
        *record.method.split(" · "),
        f"cohort {origin['table'][:12]}",
        f"code {origin['commit']}",
    ]
    assert len([each for each in titles if each.startswith(("figures/", "tbl-"))]) == 8


def test_word_has_real_tables_captions_and_numbered_lines(rendered_project):
    word = zipfile.ZipFile(rendered_project["index", ".docx"])
    body = ElementTree.fromstring(word.read("word/document.xml"))
    tables = tables_of(rendered_project["index", ".html"])
    assert (
        len(list(body.iter(f"{WORD}tbl"))) - len(list(body.iter(f"{WORD}drawing")))
        <= len(tables) + 1
    )
    assert len(list(body.iter(f"{WORD}tbl"))) >= len(tables)
    texts = ["".join(each.itertext()) for each in body.iter(f"{WORD}p")]
    styles = [each.get(f"{WORD}val") for each in body.iter(f"{WORD}pStyle")]
    assert styles.count("TableCaption") == len(tables)
    assert styles.count("ImageCaption") >= 4
    assert any(text.startswith("Table\u00a01.") for text in texts)
    assert any(text.startswith("Figure\u00a01.") for text in texts)
    assert next(body.iter(f"{WORD}lnNumType")).get(f"{WORD}restart") == "continuous"
    assert list(body.iter(f"{WORD}gridSpan")), "headers over several columns"
    descriptions = [
        each.get("descr")
        for each in body.iter(
            "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
        )
    ]
    assert all(text and len(text) > 60 for text in descriptions)
    assert "source" not in " ".join(text for text in texts if text.startswith("Figure\u00a0"))


def test_the_reference_document_is_what_its_script_makes():
    from analysis.reporting.rendering.word_styles import reference_document

    committed, made = (
        zipfile.ZipFile(each)
        for each in (ROOT / "report" / "reference.docx", _file(reference_document()))
    )
    assert committed.namelist() == made.namelist()
    assert all(committed.read(name) == made.read(name) for name in made.namelist())


def _file(content: bytes):
    import io

    return io.BytesIO(content)


def test_jats_is_whole(rendered_project):
    path = rendered_project["index", ".xml"]
    tree = ElementTree.parse(path)
    names = {each.get("id") for each in tree.iter() if each.get("id")}
    references = {name for each in tree.iter("xref") for name in each.get("rid").split()}
    assert references
    assert references <= names
    assert "Purpose" in "".join(tree.find(".//front//abstract").itertext())
    assert all(
        (path.parent / each.get("{http://www.w3.org/1999/xlink}href")).is_file()
        for each in tree.iter("graphic")
    )
    assert len(tree.findall(".//table-wrap")) == len(tables_of(rendered_project["index", ".html"]))
    assert any(int(each.get("colspan", 1)) > 1 for each in tree.iter("th"))


def test_references_are_numbered_in_the_order_of_citation(rendered_project):
    page = re.sub(r"<[^>]+>", "", rendered_project["index", ".html"].read_text(encoding="utf-8"))
    first = [int(number) for number in re.findall(r"\[(\d+)\]", page)]
    assert first[:3] == sorted(first[:3])
    assert first[0] == 1
    assert re.search(r"1\.\s+van Griethuysen|1\.\s+Griethuysen", page)


def test_tables_are_saved_as_excel_and_csv(rendered_project):
    page = rendered_project["index", ".html"]
    tables = tables_of(page)
    book = load_workbook(page.with_name("index_tables.xlsx"))
    assert book.sheetnames == [table.label.removeprefix("tbl-") for table in tables]
    assert len(tables) >= 4
    sheet = book["regression"]
    assert sheet["A1"].value.startswith("Table")
    assert [sheet.cell(2, column).value for column in (1, 2, 4)] == [
        "Variable",
        "Univariable",
        "Multivariable",
    ]
    supplement = rendered_project["supplement", ".html"]
    further = load_workbook(supplement.with_name("supplement_tables.xlsx"))
    assert isinstance(further["flow"].cell(3, 2).value, (int, float))
    table = next(each for each in tables_of(supplement) if each.label == "tbl-auc")
    content = pd.read_csv(supplement.with_name("supplement_tables") / "tbl-auc.csv")
    assert list(content.columns) == table.column_names()
    assert content.columns[0] == "Model"
    assert any(name.startswith("AUC (95% CI): Validation, n = ") for name in content.columns)
    assert len(content) == len(table.body) == 5
    assert all(
        "source" not in each.caption.lower() or "data source" in each.caption.lower()
        for each in tables
    )
