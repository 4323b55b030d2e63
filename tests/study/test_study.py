"""study.yml: the shipped files load; wrong ones give one error with every fault, its line and what
is allowed."""

import re
from pathlib import Path

import pytest

from analysis.study import StudyError, load_study
from analysis.study.validation_messages import place_words

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["study.yml", "study.full.yml", "study.overnight.yml"])
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
    wrong = {
        "outer_folds: 3": "outer_fold: 3",
        "horizon_months: 24": "horizon_months: -2",
        "reference_phase: portal_venous": "reference_phase: portal",
        "knn": "kmm",
        "bclc_2022": "bclc_1999",
        "reported_threshold: 0.5": "reported_threshold: 1.5",
    }
    for right, fault in wrong.items():
        assert right in text
        text = text.replace(right, fault, 1)
    path = tmp_path / "study.yml"
    path.write_text(text)
    with pytest.raises(StudyError) as caught:
        load_study(path)
    message, lines = str(caught.value), text.splitlines()
    assert "7 faults" in message
    for needle, expected in {
        "horizon_months: -2": "must be above 0",
        "outer_fold: 3": "allowed here: outer_folds, inner_folds",
        "reference_phase: portal": "phases are arterial, portal_venous, delayed",
        "bclc_1999": "is unknown; did you mean bclc_2018",
        "  bclc_2022, cnlc": "'bclc_2022' is neither a model nor one of this study's comparators",
    }.items():
        line = next(number for number, content in enumerate(lines, start=1) if needle in content)
        assert any(
            f"line {line}:" in fault and expected in fault for fault in message.splitlines()
        ), (needle, message)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: [1", "not valid YAML"),
        ("", "expected sections"),
        ("study: {name: x}", "cohort: required key is missing"),
    ],
)
def test_unreadable_files(tmp_path, content, expected):
    path = tmp_path / "study.yml"
    path.write_text(content)
    with pytest.raises(StudyError, match=expected):
        load_study(path)


def test_absent_file_says_what_to_do(tmp_path):
    with pytest.raises(StudyError, match="no such study file. Name one with --study"):
        load_study(tmp_path / "nothing.yml")


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (
            "primary: cr",
            "primary: crr",
            "'crr' is neither a model nor one of this study's comparators; did you mean cr",
        ),
        ("primary: cr", "primary: bclc_2022", "must not name the same model"),
        ("thresholds: [0.2, 0.8]", "thresholds: [0.8, 0.2]", "the lower must come first"),
        (
            "comparators_supplement: rest",
            "comparators_supplement: rest\nassume: {ecogg: 0}",
            "no score of this study has 'ecogg' among its inputs",
        ),
        (
            "comparators_supplement: rest",
            "comparators_supplement: [albi_grad]",
            "did you mean albi_grade",
        ),
    ],
)
def test_faults_of_contrasts_and_scores(tmp_path, right, wrong, expected):
    text = (ROOT / "study.yml").read_text()
    assert right in text
    (tmp_path / "study.yml").write_text(text.replace(right, wrong, 1))
    with pytest.raises(StudyError, match=re.escape(expected)):
        load_study(tmp_path / "study.yml")


def test_models_of_images_need_phases(tmp_path):
    text = (ROOT / "study.sarcoma.yml").read_text()
    start, end = text.index("phases:"), text.index("radiomics:")
    (tmp_path / "study.yml").write_text(text[:start] + text[end:])
    with pytest.raises(StudyError, match="radiomics: needs images: name them under phases"):
        load_study(tmp_path / "study.yml")


def test_an_unconfirmed_score_is_only_used_by_name():
    study = load_study(ROOT / "study.yml")
    assert "erasl_pre" not in study.supplement_scores
    assert "erasl_pre" not in study.comparators
    assert not set(study.supplement_scores) & set(study.comparators)
    assert "milan" in study.supplement_scores


@pytest.mark.parametrize(
    ("section", "fault", "message"),
    [
        ("declarations", "fundings: none", "allowed here: data, code, ethics, funding"),
        ("declarations", "ethics: ''", "at least 1 character"),
        ("manuscript", "numbers: apa", "must be ama, plain or esr"),
        ("manuscript", "columns: 3", "1 or 2"),
        ("manuscript", "citations: nature", "should match pattern"),
    ],
)
def test_faults_of_declarations_and_manuscript_are_named(tmp_path, section, fault, message):
    import re

    text = re.sub(
        r"^(declarations:\n(?:  .*\n)+|manuscript: .*\n)",
        "",
        (ROOT / "study.yml").read_text(),
        flags=re.MULTILINE,
    )
    (tmp_path / "study.yml").write_text(f"{text}\n{section}: {{{fault}}}\n")
    with pytest.raises(StudyError, match=re.escape(message)):
        load_study(tmp_path / "study.yml")


def test_a_number_as_a_key_is_a_key_and_no_entry(tmp_path):
    path = tmp_path / "study.yml"
    path.write_text("1: x\nstudy: {name: a, 2: b}\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_study(path)
    said = str(caught.value)
    assert "line 1: 1: a key must be text; write it in quotes" in said
    assert "study.2: a key must be text" in said


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((), "study file"),
        (("study", "authors", 0), "study.authors, entry 1"),
        (("study", "authors", 0, "name", "given"), "study.authors, entry 1: name.given"),
        (("a", 1, 2, "b"), "a, entry 2, entry 3: b"),
    ],
)
def test_entries_of_a_list_are_counted_from_1(place, words):
    assert place_words(place) == words
