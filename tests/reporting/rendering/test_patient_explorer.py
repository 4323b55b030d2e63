"""The patient explorer shows what the table of predictions shows, and nothing that is withheld."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from analysis.reporting.manuscript import open_results
from analysis.reporting.number_style import format_number
from analysis.reporting.rendering import patient_explorer
from analysis.reporting.rendering.patient_explorer import patient_data, patient_explorer_block
from analysis.results import keys
from tests.support.browser import CHROMIUM, Browser


@pytest.fixture(scope="module")
def results(whole_study):
    return open_results(whole_study.path)


@pytest.fixture(scope="module")
def models(results):
    return results.names(keys.models_headline())


def identifiers(results) -> set[str]:
    return set(pd.read_csv(results.folder / "predictions.csv", dtype=str)["patient_id"])


def test_patients_are_those_of_the_table_and_no_identifier_is_told(results, models):
    data = patient_data(results, models)
    table = results.frame("tables/predictions_by_patient")
    assert [patient[0] for patient in data["patients"]] == list(table["patient"])
    for place, model in enumerate(data["models"]):
        shown = pd.Series([patient[4 + place] for patient in data["patients"]], dtype=float)
        pd.testing.assert_series_equal(shown, table[model["id"]], check_names=False)
    text = str(patient_explorer_block(results, models))
    assert not [each for each in identifiers(results) if each in text]


def test_sides_of_the_cut_off_are_those_of_sensitivity_and_specificity(results, models):
    data = patient_data(results, models)
    for place, model in enumerate(data["models"]):
        for cohort, how in (("training", "out_of_fold"), ("validation", "validation")):
            rows = [each for each in data["patients"] if each[1] == cohort]
            for outcome, name in ((1, "sensitivity"), (0, "specificity")):
                sides = [each[3][place] for each in rows if each[2] == outcome]
                record = results.record(keys.named(name)(model["id"], how))
                right = sum(side == str(outcome) for side in sides)
                assert right / len(sides) == pytest.approx(record.value), (model["id"], how, name)


def test_what_terms_add_is_of_the_right_patient_and_needs_leave(results, models, tmp_path):
    # Made up, as the small study's fused model has no terms to explain: 2 and -1 times the
    # probability.
    folder = tmp_path / "outputs"
    (folder / "curves").mkdir(parents=True)
    (folder / "tables").symlink_to(results.folder / "tables")
    (folder / "predictions.csv").symlink_to(results.folder / "predictions.csv")
    rows = pd.read_csv(results.folder / "predictions.csv", dtype={"patient_id": str})
    fused = results.plain(keys.nomogram_model())
    rows = rows[(rows["model"] == fused) & (rows["how"] == "validation")]
    pd.concat(
        [
            pd.DataFrame(
                {"patient_id": rows["patient_id"], "variable": term, "shap": times * rows["score"]}
            )
            for term, times in (("ast", -1), ("dl", 2))
        ]
    ).to_csv(folder / "curves" / "contributions.csv", index=False)
    results = replace(results, folder=folder)
    data = patient_data(results, models)
    assert data["explained"]["terms"][0] == "DL score"
    place = [each["id"] for each in data["models"]].index(fused)
    probability = {each[0]: each[4 + place] for each in data["patients"] if each[1] == "validation"}
    assert set(data["explained"]["by"]) == set(probability)
    for name, added in data["explained"]["by"].items():
        assert added == pytest.approx([2 * probability[name], -probability[name]], abs=1e-3)
    # Without leave of the study file, for patients who are real.
    records = {
        key: replace(record, value=False) if key == keys.cohort_synthetic() else record
        for key, record in results.records.items()
    }
    real = replace(results, records=records)
    assert patient_data(real, models)["explained"] is None
    sharing = real.study.sharing.model_copy(update={"clinical": True})
    allowed = replace(real, study=real.study.model_copy(update={"sharing": sharing}))
    assert patient_data(allowed, models)["explained"] == data["explained"]


def test_without_predictions_or_with_others_there_is_no_explorer(results, liver, monkeypatch):
    assert str(patient_explorer_block(liver, liver.names(keys.models_headline()))) == ""
    models = results.names(keys.models_headline())
    predictions = patient_explorer.page_predictions(results)
    other = predictions.assign(score=predictions["score"] / 2)
    monkeypatch.setattr(patient_explorer, "page_predictions", lambda _: other)
    assert patient_data(results, models) is None


@pytest.mark.whole
def test_the_page_shows_the_chosen_patient(rendered_project, results, models):
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH")
    data = patient_data(results, models)
    chosen = data["patients"][-1]
    name = chosen[0]
    with Browser() as browser:
        browser.open(rendered_project["supplement", ".html"])
        browser.value(
            f"(() => {{ const list = document.querySelectorAll('.patient-explorer select')[1];"
            f" list.value = {json.dumps(name)};"
            " list.dispatchEvent(new Event('input', {bubbles: true})); })()"
        )
        cells = browser.value(
            "[...document.querySelectorAll('.patient-explorer table')].map((table) =>"
            " [...table.tBodies[0].rows].map((row) => row.cells[2].textContent))"
        )
        words = browser.value("document.querySelector('.patient-explorer output').textContent")
        faults = browser.faults()
    assert cells[0] == [format_number(value, "score") for value in chosen[4:]]
    # The small study's fused model has nothing to explain.
    assert data["explained"] is None
    assert cells[1] == []
    assert words.startswith(name)
    assert faults == []
