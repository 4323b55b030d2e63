"""study.yml: the shipped files load; wrong ones give one error with every fault, its line and what is allowed."""

from pathlib import Path

import pytest

from analysis.study import StudyError, load_study

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", ["study.yml", "study.full.yml"])
def test_shipped_studies_load(name):
    study = load_study(ROOT / name)
    assert study.families == ["clinical", "radiomics", "deep_learning"]
    assert study.output_folder.is_relative_to(ROOT)


def test_the_two_protocols_read_the_same_cohort_but_keep_their_results_apart():
    demonstration, full = load_study(ROOT / "study.yml"), load_study(ROOT / "study.full.yml")
    assert demonstration.cohort == full.cohort
    assert demonstration.output_folder != full.output_folder
    assert full.validation.outer_folds > demonstration.validation.outer_folds


def test_every_fault_is_listed_with_its_line(tmp_path):
    text = (ROOT / "study.yml").read_text()
    wrong = {"outer_folds: 3": "outer_fold: 3", "horizon_months: 24": "horizon_months: -2", "reference_phase: portal_venous": "reference_phase: portal",
             "knn": "kmm", "bclc_2022": "bclc_1999", "reported_threshold: 0.5": "reported_threshold: 1.5"}
    for right, fault in wrong.items():
        assert right in text
        text = text.replace(right, fault, 1)
    path = tmp_path / "study.yml"
    path.write_text(text)
    with pytest.raises(StudyError) as caught:
        load_study(path)
    message, lines = str(caught.value), text.splitlines()
    assert "7 fault(s)" in message
    for needle, expected in {"horizon_months: -2": "greater than 0", "outer_fold: 3": "allowed here: outer_folds, inner_folds",
                             "reference_phase: portal": "phases are arterial, portal_venous, delayed", "bclc_1999": "is unknown; did you mean bclc_2018", "primary: cr": "'bclc_2022' is neither a model nor one of this study's comparators"}.items():
        line = next(number for number, content in enumerate(lines, start=1) if needle in content)
        assert any(f"line {line}:" in fault and expected in fault for fault in message.splitlines()), (needle, message)


@pytest.mark.parametrize(("content", "expected"), [("a: [1", "not valid YAML"), ("", "expected sections"), ("study: {name: x}", "cohort: required key is missing")])
def test_unreadable_files(tmp_path, content, expected):
    path = tmp_path / "study.yml"
    path.write_text(content)
    with pytest.raises(StudyError, match=expected):
        load_study(path)


def test_absent_file_says_what_to_do(tmp_path):
    with pytest.raises(StudyError, match="no such study file. Name one with --study"):
        load_study(tmp_path / "nothing.yml")
