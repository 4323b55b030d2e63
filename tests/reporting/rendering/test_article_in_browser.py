"""The article as a browser shows it, and its calculator."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.rendering.calculator import nomogram_model
from analysis.reporting.rendering.spreadsheets import tables_of
from tests.conftest import ROOT

pytestmark = pytest.mark.whole


# What sticks out of the page to the right; a table may be wider than the page inside a box that
# scrolls.
OUTSIDE = """[...document.querySelectorAll('body *')]
  .filter((each) => !each.closest('.skip-link, svg, math, script, style'))
  .filter((each) => !(each.closest('.table-scroll') && !each.matches('.table-scroll')))
  .filter((each) => each.getBoundingClientRect().width)
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((each) => each.tagName + ' ' + each.textContent.slice(0, 40))"""


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
        "[...document.querySelectorAll('#tbl-added-value tbody tr')].map((row) =>"
        " row.cells[2].textContent.trim())"
    )
    before = browser.value(column)
    # The third column is below a header that stands over three.
    header = (
        "[...document.querySelectorAll('#tbl-added-value th')]"
        ".find((each) => each.textContent.trim().startsWith('Alone'))"
    )
    browser.value(f"{header}.querySelector('button.sort').click()")
    after = browser.value(column)
    assert sorted(before) == sorted(after)
    assert [float(cell[:5]) for cell in after] == sorted(float(cell[:5]) for cell in before)
    assert browser.value(f"{header}.getAttribute('aria-sort')") == "ascending"
    assert browser.value("document.querySelectorAll('#tbl-baseline button.sort').length") == 0, (
        "levels stay under their variable"
    )
    assert browser.value("document.querySelectorAll('button.save-table').length") == len(
        tables_of(rendered_project["index", ".html"])
    )
    # One menu for each figure and table, and no other button on a figure.
    assert browser.value("document.querySelectorAll('#fig-roc details.part-menu').length") == 1
    assert (
        browser.value(
            "document.querySelectorAll('button:is(.enlarge, .save-table, .made-by)').length"
        )
        == browser.value("document.querySelectorAll('.part-menu button').length")
        > 2 * len(tables_of(rendered_project["index", ".html"]))
    )
    assert browser.value("document.querySelectorAll('#fig-roc .part-menu button').length") == 2
    assert re.match(
        r"More on (Figure|figure)\s",
        browser.value("document.querySelector('#fig-roc summary').getAttribute('aria-label')"),
    )
    # By keyboard: it opens, Escape closes it, and the focus goes back.
    browser.value("document.querySelector('#fig-roc summary').click()")
    assert browser.value("document.querySelector('#fig-roc details').open")
    browser.value("document.querySelector('#fig-roc button.enlarge').focus()")
    browser.value(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))"
    )
    assert not browser.value("document.querySelector('#fig-roc details').open")
    assert browser.value("document.activeElement === document.querySelector('#fig-roc summary')")
    # The source of a figure, from its menu.
    browser.value("document.querySelector('#fig-roc summary').click()")
    browser.value("document.querySelector('#fig-roc button.made-by').click()")
    assert not browser.value("document.querySelector('#fig-roc details').open")
    assert "figures/roc" in browser.value("document.querySelector('.source-box').innerText")
    browser.value(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))"
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
