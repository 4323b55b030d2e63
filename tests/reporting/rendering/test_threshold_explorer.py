"""The threshold explorer's counts are those behind the results, in Python and in its script."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.number_style import format_number
from analysis.reporting.rendering.threshold_explorer import (
    PERCENTS,
    _counts,
    threshold_data,
    threshold_explorer_block,
)
from analysis.results import keys
from analysis.statistics import classification_metrics
from tests.conftest import ROOT

SCRIPT = json.dumps(str(ROOT / "analysis/reporting/rendering/style/threshold_explorer.js"))
NAMES = ("sensitivity", "specificity", "ppv", "npv")


def by_node(expression: str, given: object) -> object:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on the PATH")
    script = (
        f"const {{ thresholdMeasures, thresholdNumber }} = require({SCRIPT});"
        "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        f"console.log(JSON.stringify({expression}))"
    )
    done = subprocess.run(
        [node, "-e", script], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def results(whole_study):
    return open_results(whole_study.path)


@pytest.fixture(scope="module")
def data(results):
    return threshold_data(results, results.names(keys.models_headline()))


def expected(results, data) -> list[tuple[dict, int, list[float], str, float]]:
    """counts, place, thresholds, measure and the record's value, wherever there is a record."""
    found = []
    for model in data["models"]:
        for how, counts in model["cohorts"].items():

            def each(name, threshold, record, counts=counts, model=model):
                place = model["thresholds"].index(threshold)
                found.append((counts, place, model["thresholds"], name, record.number))

            endings = {
                "cut-off of the tables": "",
                "cut-off for a given sensitivity": "_prespecified",
            }
            for words, ending in endings.items():
                for name in NAMES if words in model["named"] else ():
                    record = results.record(keys.named(f"{name}{ending}")(model["id"], how))
                    if record.value is not None:
                        each(name, model["named"][words], record)
            for parts, record in keys.net_benefit.of(results.records):
                if parts["evaluation"] == how and parts["model"] in (model["id"], keys.TREAT_ALL):
                    own = parts["model"] == model["id"]
                    name = "netBenefit" if own else "treatAll"
                    each(name, round(float(parts["percent"]) / 100, 6), record)
    return found


def test_every_number_of_the_explorer_that_has_a_record_equals_it(results, data):
    cases = expected(results, data)
    assert {name for *_, name, _ in cases} == {*NAMES, "netBenefit", "treatAll"}
    assert len(cases) > 100
    values = by_node(
        "given.map(([counts, place, thresholds, name]) => [thresholdMeasures(counts, thresholds,"
        " place)[name], thresholdNumber(thresholdMeasures(counts, thresholds, place)[name], 3)])",
        [case[:-1] for case in cases],
    )
    recorded = [case[-1] for case in cases]
    assert [value for value, _ in values] == pytest.approx(recorded, abs=1e-9)
    assert [text for _, text in values] == [
        format_number(value, "proportion") for value in recorded
    ]


def test_models_and_cohorts_are_those_of_the_article(results, data):
    headline = results.names(keys.models_headline())
    assert [model["id"] for model in data["models"]] == headline
    assert list(data["cohorts"]) == ["out_of_fold", "validation"]
    for model in data["models"]:
        assert set(PERCENTS) <= set(model["thresholds"])
        assert model["thresholds"] == sorted(model["thresholds"])
        for how, counts in model["cohorts"].items():
            assert counts["n"] == results.record(keys.n_evaluable(model["id"], how)).value
            assert counts["events"] == results.record(keys.events(model["id"], how)).value
            assert counts["tp"] == sorted(counts["tp"], reverse=True)
            # The point of every threshold lies on the ROC curve or on one of its steps.
            assert (counts["roc"][0][0], counts["roc"][1][-1]) == (0, 1)


def test_numbers_are_rounded_as_in_the_article():
    values = [0.0625, 0.8125, 0.9375, -0.0625, 0.0005, 1 / 3, -1.1212, 0, 1, -0.0001, 0.1875]
    assert by_node("given.map((each) => thresholdNumber(each, 3))", values) == [
        format_number(value, "proportion") for value in values
    ]
    assert by_node("thresholdNumber(given, 3)", None) == "–"


def test_repeated_folds_give_the_means_of_the_records():
    random = np.random.default_rng(7)
    label = random.integers(0, 2, 40)
    parts = [
        pd.DataFrame({"label": label, "probability": random.uniform(size=40)}) for _ in range(3)
    ]
    counts = _counts(parts, [0.3, 0.5])
    for name in NAMES:
        mean = np.mean(
            [
                classification_metrics(part["label"], part["probability"], 0.5)[name].value
                for part in parts
            ]
        )
        assert by_node(f"thresholdMeasures(given, [0.3, 0.5], 1).{name}", counts) == pytest.approx(
            mean
        )


def test_a_study_without_predictions_or_probabilities_has_no_explorer(liver, results, tmp_path):
    models = liver.names(keys.models_headline())
    assert str(threshold_explorer_block(liver, models)) == ""
    assert threshold_data(results, []) is None


@pytest.mark.whole
def test_the_explorer_of_the_page_shows_the_results(browser, rendered_project, results, data):
    browser.open(rendered_project["index", ".html"])
    measure = "document.querySelector('.threshold-explorer [data-measure={}]').textContent"
    best = results.plain(keys.best_model())
    reported = results.record(keys.decision_reported_threshold()).number
    net_benefit = results.record(keys.net_benefit(best, "validation", f"{100 * reported:g}"))
    assert browser.value(measure.format("netBenefit")) == format_number(
        net_benefit.value, "net benefit"
    )
    # Each model in each cohort, at the cut-off of the tables.
    for model in data["models"]:
        for how in model["cohorts"]:
            browser.value(
                "(([models, cohorts]) => { for (const [list, value] of [[models,"
                f" '{model['id']}'], [cohorts, '{how}']]) {{ list.value = value;"
                " list.dispatchEvent(new Event('input', {bubbles: true})); }"
                " document.querySelectorAll('.threshold-explorer .named button')[1].click();"
                " })(document.querySelectorAll('.threshold-explorer select'))"
            )
            for name in NAMES:
                record = results.record(keys.named(name)(model["id"], how))
                assert browser.value(measure.format(name)) == format_number(
                    record.value, "proportion"
                ), (model["id"], how, name)
    assert browser.faults() == []


@pytest.mark.whole
def test_the_slider_moves_by_keyboard_and_says_where_it_is(browser, rendered_project):
    browser.open(rendered_project["index", ".html"])
    browser.value("document.querySelector('.threshold-explorer [type=range]').focus()")
    before = browser.value(
        "document.querySelector('.threshold-explorer [type=range]').getAttribute('aria-valuetext')"
    )
    for kind in ("keyDown", "keyUp"):
        browser.call(
            "Input.dispatchKeyEvent",
            type=kind,
            key="ArrowRight",
            code="ArrowRight",
            windowsVirtualKeyCode=39,
        )
    after = browser.value(
        "document.querySelector('.threshold-explorer [type=range]').getAttribute('aria-valuetext')"
    )
    assert float(after.strip("%")) > float(before.strip("%"))
    words = browser.value("document.querySelector('.threshold-explorer output').textContent")
    assert words.startswith(after)
    labels = browser.value(
        "[...document.querySelectorAll('.threshold-explorer svg')].map((each) =>"
        " each.getAttribute('aria-label'))"
    )
    assert len(labels) == 3
    assert after in labels[0]
