"""The rendered article as its readers meet it: the page in a browser at three widths, the Word
file, JATS and the spreadsheets."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering.calculator import nomogram_model
from analysis.reporting.rendering.spreadsheets import tables_of
from tests.conftest import ROOT
from tests.support.browser import CHROMIUM, Browser

pytestmark = pytest.mark.whole
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What sticks out of the page to the right; a table may be wider than the page inside a box that
# scrolls.
OUTSIDE = """[...document.querySelectorAll('body *')]
  .filter((each) => !each.closest('.skip-link, svg, math, script, style'))
  .filter((each) => !(each.closest('.table-scroll') && !each.matches('.table-scroll')))
  .filter((each) => each.getBoundingClientRect().width)
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((each) => each.tagName + ' ' + each.textContent.slice(0, 40))"""


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
    assert len(texts) >= 12
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
    assert len(pictures) >= 12
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
    assert len([each for each in titles if each.startswith(("figures/", "tbl-"))]) >= 20


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
    assert styles.count("ImageCaption") >= 12
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
    assert len(tables) >= 9
    sheet = book["regression"]
    assert sheet["A1"].value.startswith("Table")
    assert [sheet.cell(2, column).value for column in (1, 2, 4)] == [
        "Variable",
        "Univariable",
        "Multivariable",
    ]
    assert isinstance(book["flow"].cell(3, 2).value, (int, float))
    table = next(each for each in tables if each.label == "tbl-auc")
    content = pd.read_csv(page.with_name("index_tables") / "tbl-auc.csv")
    assert list(content.columns) == table.rows()[0]
    assert len(content) == len(table.body) == 5
    assert all(
        "source" not in each.caption.lower() or "data source" in each.caption.lower()
        for each in tables
    )


def expected_risk(model: dict, values: dict[str, float]) -> float:
    """The formula again, in Python."""
    total = model["intercept"]
    for term in model["terms"]:
        value = values[term["term"]]
        if term["kind"] == "doubling":
            value = math.log2(value)
        elif term["kind"] == "logit":
            inside = min(max(value, term["clip"]), 1 - term["clip"])
            value = math.log(inside / (1 - inside))
        total += term["slope"] * value
    return 1 / (1 + math.exp(-total))


def validation_inputs(study, model: dict) -> dict[str, tuple[dict[str, float], float]]:
    """Validation patient → (what a reader would type, the locked model's probability)."""
    predictions = pd.read_csv(study.output_folder / "predictions.csv")
    probability = predictions[predictions["how"] == "validation"].pivot(
        index="patient_id", columns="model", values="probability"
    )
    clinical = pd.read_csv(study.cohort_folder / "clinical.csv").set_index("patient_id")
    found = {}
    for patient in probability.index:
        values = {}
        for term in model["terms"]:
            name, _, level = term["term"].partition("=")
            values[term["term"]] = (
                float(probability.loc[patient, name])
                if term["kind"] == "logit"
                else (
                    float(clinical.loc[patient, name] == level)
                    if level
                    else float(clinical.loc[patient, name])
                )
            )
        if not any(math.isnan(value) for value in values.values()):
            found[patient] = values, float(probability.loc[patient, model["model"]])
    return found


def test_the_calculator_gives_the_locked_models_probability(whole_study):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on the PATH")
    model = nomogram_model(open_results(whole_study.path))
    patients = validation_inputs(whole_study, model)
    assert len(patients) >= 5
    assert len(model["terms"]) >= 3
    library = json.dumps(str(ROOT / "analysis/reporting/rendering/style/nomogram.js"))
    given = json.dumps({"model": model, "patients": [values for values, _ in patients.values()]})
    script = (
        f"const {{ nomogramRisk }} = require({library}); const input = {given};"
        "const risks = input.patients.map((values) => nomogramRisk(input.model, values));"
        "console.log(JSON.stringify(risks))"
    )
    risks = json.loads(
        subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout
    )
    assert risks == pytest.approx([probability for _, probability in patients.values()], rel=1e-6)
    assert risks == pytest.approx(
        [expected_risk(model, values) for values, _ in patients.values()], rel=1e-9
    )


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH")
    with Browser() as page:
        yield page


@pytest.mark.parametrize("document", ["index", "supplement"])
def test_nothing_sticks_out_of_the_page(browser, rendered_project, document):
    browser.open(rendered_project[document, ".html"])
    for width, media in ((1366, ""), (390, ""), (720, "print")):
        browser.size(width, media=media)
        # On paper nothing scrolls.
        assert (
            browser.value(
                OUTSIDE.replace(
                    "!(each.closest('.table-scroll') && !each.matches('.table-scroll'))", "true"
                )
                if media
                else OUTSIDE
            )
            == []
        ), (width, media)
    assert browser.faults() == []
    assert [
        address for address in browser.requests() if not address.startswith(("file:", "data:"))
    ] == []


@pytest.mark.parametrize("document", ["index", "supplement"])
def test_axe_finds_no_serious_fault(browser, rendered_project, document):
    package = find_spec("axe_core_python")
    if package is None:
        pytest.skip("axe-core-python is not installed")
    browser.open(rendered_project[document, ".html"])
    browser.value((Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8") + "; 0")
    for state in ("", "document.querySelector('.show-sources')?.click()"):
        browser.value(f"{state}; 0")
        found = browser.value(
            "axe.run(document, {resultTypes: ['violations']}).then((result) =>"
            " result.violations.map((each) => [each.id, each.impact, each.nodes[0].html.slice(0,"
            " 120)]))"
        )
        assert [each for each in found if each[1] in ("serious", "critical")] == []


def test_the_page_answers_its_reader(browser, rendered_project, whole_study):
    browser.open(rendered_project["index", ".html"])
    # A number, by mouse and by keyboard.
    browser.value("document.querySelector('span.result').click()")
    assert "cohort" in browser.value("document.querySelector('.source-box').innerText")
    assert browser.value("document.activeElement.className") == "source-box"
    browser.value(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))"
    )
    assert browser.value("document.querySelector('.source-box').hidden")
    assert browser.value("document.querySelectorAll('span.result[tabindex]').length") == 0
    browser.value("document.querySelector('.show-sources').click()")
    assert browser.value("document.querySelectorAll('span.result[tabindex=\"0\"]').length") > 100
    browser.value(
        "{ const each = document.querySelectorAll('span.result')[3]; each.focus();"
        " each.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})); }"
    )
    assert not browser.value("document.querySelector('.source-box').hidden")
    browser.value(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))"
    )
    assert browser.value(
        "document.activeElement === document.querySelectorAll('span.result')[3]"
    ), "the focus goes back"
    # A table that sorts.
    column = (
        "[...document.querySelectorAll('#tbl-auc tbody tr')].map((row) =>"
        " row.cells[3].textContent.trim())"
    )
    before = browser.value(column)
    browser.value("document.querySelectorAll('#tbl-auc th button.sort')[3].click()")
    after = browser.value(column)
    assert sorted(before) == sorted(after)
    assert [float(cell[:5]) for cell in after] == sorted(float(cell[:5]) for cell in before)
    assert (
        browser.value("document.querySelectorAll('#tbl-auc th')[3].getAttribute('aria-sort')")
        == "ascending"
    )
    assert browser.value("document.querySelectorAll('#tbl-baseline button.sort').length") == 0, (
        "levels stay under their variable"
    )
    assert browser.value("document.querySelectorAll('button.save-table').length") == len(
        tables_of(rendered_project["index", ".html"])
    )
    # A figure that is enlarged.
    browser.value("document.querySelector('#fig-roc button.enlarge').click()")
    assert browser.value("document.querySelector('dialog').open")
    assert browser.value("document.querySelector('dialog img').alt").startswith("ROC curves")
    browser.value("document.querySelector('dialog button').click()")
    assert not browser.value("document.querySelector('dialog').open")


def test_the_calculator_of_the_page_computes_the_same(browser, rendered_project, whole_study):
    model = nomogram_model(open_results(whole_study.path))
    browser.open(rendered_project["index", ".html"])
    values, probability = next(iter(validation_inputs(whole_study, model).values()))
    # One field a number, one list a factor, in the order of the terms.
    typed = {
        term.get("factor", term["term"]): "" if term["kind"] == "level" else values[term["term"]]
        for term in model["terms"]
    }
    typed |= {
        term["factor"]: term["term"]
        for term in model["terms"]
        if term["kind"] == "level" and values[term["term"]]
    }
    browser.value(
        "[...document.querySelectorAll('.nomogram-calculator input, .nomogram-calculator"
        " select')].forEach((input, place) => { input.value ="
        f" {json.dumps(list(typed.values()))}[place]; input.dispatchEvent(new Event('input',"
        " {bubbles: true})); })"
    )
    assert float(
        browser.value("document.querySelector('.nomogram-calculator output').dataset.risk")
    ) == pytest.approx(probability, rel=1e-6)
    browser.value(
        "{ const input = document.querySelector('.nomogram-calculator input[type=number]');"
        " input.value = ''; input.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    assert browser.value(
        "document.querySelector('.nomogram-calculator output').textContent"
    ).startswith("Needs a value")


def _article_of(page: str) -> dict:
    """What two renderings of one article must share: numbers in order of size, rows of tables, and
    captions' first words."""
    body = re.sub(r"<(script|style|nav|math)\b.*?</\1>", " ", page, flags=re.DOTALL)
    text = re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:span|em|strong)\b[^>]*>", "", body))
    )
    return {
        "numbers": sorted(set(re.findall(r"\d+\.\d{2,}", text))),
        "figures": len(re.findall(r'id="fig-[a-z-]+"', page)),
        "tables": len(re.findall(r'id="tbl-[a-z-]+"', page)),
        "references": len(re.findall(r'id="ref-[a-z0-9]+"', page)),
    }


@pytest.mark.quarto
def test_quarto_and_the_preview_give_the_same_article(
    rendered_project, whole_study, tmp_path, monkeypatch
):
    if shutil.which("quarto") is None:
        pytest.skip(
            "quarto is not on the PATH: the preview is not compared with Quarto's page here"
        )
    from analysis.reporting.rendering import render

    project = rendered_project["index", ".html"].parents[2]
    shutil.copytree(
        project, tmp_path / "project", symlinks=True, ignore=shutil.ignore_patterns("_report")
    )
    monkeypatch.setenv("EARLY_RECURRENCE_STUDY", str(whole_study.path))
    monkeypatch.delenv("EARLY_RECURRENCE_QUARTO", raising=False)
    rendering = render(
        tmp_path / "project", ["html"], data=whole_study.output_folder, progress=False
    )
    assert rendering.renderer == "quarto", rendering.message
    for document in ("index", "supplement"):
        ours, theirs = (
            _article_of(path.read_text(encoding="utf-8"))
            for path in (
                rendered_project[document, ".html"],
                next(path for path in rendering.paths if path.stem == document),
            )
        )
        assert ours == theirs
