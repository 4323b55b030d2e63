"""The article and the checklist of a clinical study with one model and without images."""

from __future__ import annotations

import re

import pytest

from analysis.reporting.checklists.open_items import open_text
from analysis.reporting.checklists.records import shown_answers
from analysis.reporting.manuscript import open_results
from analysis.study import load_study
from tests.support.blank_figures import run_with_blank_figures
from tests.support.documents import rendered
from tests.support.tiny_study import tiny_study

STUDY = {
    "name": "alone",
    "title": "Clinical variables",
    "disease": "liver tumours",
    "event": "recurrence",
}
# What speaks of several models, or of a comparison that the study doesn't have.
OF_SEVERAL = (
    "AUCs were",
    "models that predict",
    "models of the study",
    "the study's models",
    "of each model",
    "of the models",
    "best model",
    "highest out-of-fold AUC",
    "two models are equal",
    "Paired models",
    "between models",
    "values of comparisons",
    "names no contrasts",
    "no comparison carries",
    "Nomogram",
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The study, computed."""
    study = load_study(tiny_study(tmp_path_factory.mktemp("alone"), radiomics=None, study=STUDY))
    run_with_blank_figures(study)
    return study


def test_the_article_of_one_model_speaks_of_one(alone, monkeypatch, capsys):
    text = rendered(alone.path, monkeypatch, capsys, "index", "clinical")
    text = re.sub(r"\[([^\]]*)\]\{\.(?:result|stated)[^}]*\}", r"\1", text)
    text = " ".join(re.sub(r"## Claims.*?# Results", "", text, flags=re.S).split())
    assert [words for words in OF_SEVERAL if words in text] == []
    assert "To develop and validate a model that predicts recurrence" in text
    assert re.search(r"CR had a validation AUC of 0\.\d+ \(95% CI", text)
    assert re.search(r"The AUC of CR was 0\.\d+ \(95% CI [^)]*\) out of fold in training and", text)
    assert re.search(r"At the cut-off fixed in training, sensitivity was 0\.\d+", text)
    conclusion = re.search(r"\*\*Conclusion\.\*\* (.*?)# Key points", text)[1]
    assert "in patients that it" not in conclusion
    assert "in patients not used to develop it" in conclusion


def test_a_study_without_images_is_not_asked_about_images(alone):
    table = shown_answers(alone, open_results(alone.path).records)
    said = open_text(table)
    assert "reporting.identification" in said
    assert "reporting.missing_inputs" in said
    assert not re.search(r"\bimages?\b|\bMRI\b|scanner|segment", said.split("TRIPOD+AI  ")[0])
    concerned = table[table["checklist"].isin(["CLEAR", "CLAIM 2024", "METRICS"])]
    assert set(concerned["status"]) == {"not applicable"}
    assert set(concerned["text"]) <= {
        "The study has neither images nor radiomics features.",
        "No model was developed here.",
    }
