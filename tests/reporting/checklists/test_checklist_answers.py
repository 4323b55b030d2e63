"""Answers of people and of results, in words."""

import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.reporting.checklists.answers import checklist_answers
from analysis.results.record import Record
from analysis.study import StudyError, load_study
from analysis.study.supplied_tables import FeatureTable
from tests.conftest import ROOT
from tests.support.checklist_answers import status, with_reporting
from tests.support.fake_kinds import LIVER


def test_the_width_of_a_grey_level_has_its_unit(studies):
    study, records = studies[LIVER]
    extraction = study.radiomics.extraction
    answers = {}
    for name, changes in {
        "normalised": {"normalise": True, "bin_width": 25.0, "bin_count": None},
        "as stored": {"normalise": False, "bin_width": 25.0, "bin_count": None},
        "bins": {"normalise": True, "bin_width": None, "bin_count": 32},
    }.items():
        radiomics = study.radiomics.model_copy(
            update={"extraction": extraction.model_copy(update=changes)}
        )
        table = checklist_answers(study.model_copy(update={"radiomics": radiomics}), records)
        answers[name] = status(table, "CLEAR", "23")["text"]
    assert answers == {
        "normalised": "Bins of a fixed width of 25, in normalised images.",
        "as stored": "Bins 25 units of the stored intensity wide.",
        "bins": "32 bins.",
    }


def test_answers_name_phases_variables_and_verdicts_in_words(studies, tmp_path):
    study, records = studies[LIVER]
    deep = study.deep_learning.model_copy(update={"reference_phase": "portal_venous"})
    named = Record("settings.reference_phase", "portal venous")
    clinical = study.clinical.model_copy(update={"log_transform": ["bilirubin", "other_name"]})
    (tmp_path / "tables").mkdir()
    pd.DataFrame({"variable": ["bilirubin"], "label": ["Total bilirubin"]}).to_csv(
        tmp_path / "tables" / "variables.csv", index=False
    )
    changed = study.model_copy(
        update={"deep_learning": deep, "clinical": clinical, "output": tmp_path}
    )
    assert changed.output_folder == tmp_path
    guards = [
        Record(f"guard.{name}", "pass") for name in ("outside_fold", "same_name", "same_values")
    ]
    table = checklist_answers(changed, {**records, **{one.key: one for one in [named, *guards]}})
    assert status(table, "CLEAR", "21")["text"].endswith("on the grid of the portal venous phase.")
    logarithms = "Logarithm of Total bilirubin; other name; other clinical variables as they are."
    assert logarithms in " ".join(table["text"])
    # Before an analysis there are no labels, and names are printed.
    bare = checklist_answers(study.model_copy(update={"clinical": clinical}), records)
    assert "Logarithm of bilirubin; other name; other" in " ".join(bare["text"])
    assert "(verdict: pass) or by equal values (verdict: pass)" in " ".join(table["text"])
    assert not table["text"].str.contains("(pass", regex=False).any()


def test_answers_of_people(studies):
    study, records = studies[LIVER]
    table = checklist_answers(
        with_reporting(
            study,
            clinical_context="Recurrence is common.",
            eligibility={"answer": "not applicable", "text": "Nobody was screened."},
            identification="confirmed",
            objectives={"text": "To see.", "place": "abstract"},
            overlap={"text": "Part of an earlier paper.", "place": "page 2, lines 3 to 8"},
            data_shared={"answer": False, "text": "The hospital does not allow it."},
            keywords="confirmed",
            **{"tripod_ai.12e": {"answer": "no", "text": "Only AUC."}},
        ),
        records,
    )
    assert [
        status(table, *each)["text"]
        for each in (("TRIPOD+AI", "3a"), ("CLEAR", "4"), ("CLAIM 2024", "3"))
    ] == ["Recurrence is common."] * 3
    assert status(table, "TRIPOD+AI", "6b")["status"] == "not applicable"
    # Only the tool's own conditions take an item out of its score.
    assert status(table, "METRICS", "2")["status"] == "no"
    assert (status(table, "TRIPOD+AI", "1")["status"], status(table, "TRIPOD+AI", "1")["text"]) == (
        "yes",
        f"“{records['study.title'].value}”.",
    )
    assert status(table, "TRIPOD+AI", "4")["places"] == '["abstract"]'
    assert status(table, "CLEAR", "14")["page"] == "page 2, lines 3 to 8"
    assert [
        status(table, *each)["status"]
        for each in (
            ("CLEAR", "53"),
            ("METRICS", "28"),
            ("TRIPOD+AI", "12e"),
            ("CLEAR", "3"),
            ("TRIPOD+AI", "27b"),
        )
    ] == ["no", "no", "no", "open", "open"]


@pytest.mark.parametrize(
    ("field", "answer", "expected"),
    [
        (
            "clinical_contxt",
            "Words.",
            "no question or item has this name; did you mean clinical_context",
        ),
        ("tripod_ai.3d", "Words.", "did you mean tripod_ai.3"),
        ("keywords", "confirmed", "there is nothing to confirm"),
        ("keywords", "  ", "an answer needs a text"),
        (
            "keywords",
            {"text": "Liver.", "place": "abstrct"},
            "'abstrct' is no place of the documents; did you mean abstract",
        ),
        (
            "keywords",
            {"text": "Liver.", "place": "methods"},
            "did you mean patients or division or images or models or statistics?",
        ),
        (
            "keywords",
            {"text": "Liver.", "place": "banana"},
            "'banana' is no place of the documents; valid places are title, abstract, introduction",
        ),
        ("data_shared", "no", "a bare yes or no leaves out why"),
        (
            "data_shared",
            {"answer": "perhaps", "text": "Soon."},
            "must be yes, no or not applicable",
        ),
        (
            "identification",
            {"confirmed": True, "text": "Mine."},
            "confirmed takes the software's words",
        ),
    ],
)
def test_wrong_answers_are_named_with_their_line(tmp_path, field, answer, expected):
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    study = yaml.load((ROOT / "study.yml").read_text(encoding="utf-8"))
    study["reporting"] = {field: answer}
    with (tmp_path / "study.yml").open("w") as file:
        yaml.dump(study, file)
    lines = (tmp_path / "study.yml").read_text().splitlines()
    with pytest.raises(StudyError) as caught:
        load_study(tmp_path / "study.yml")
    place = next(
        number
        for number, line in enumerate(lines, start=1)
        if line.strip().strip("'").startswith(field)
    )
    faults = [line for line in str(caught.value).splitlines() if expected in line]
    assert faults, caught.value
    assert any(
        f"line {line}: reporting.{field}" in faults[0] for line in (place, place + 1, place + 2)
    ), caught.value


def test_authors_of_a_feature_table_are_asked_how_features_were_extracted(studies):
    study, records = studies[LIVER]
    radiomics = study.radiomics.model_copy(update={"table": FeatureTable(file="features.csv")})
    given = study.model_copy(update={"radiomics": radiomics, "phases": {}, "deep_learning": None})
    words = {"answer": "yes", "text": "PyRadiomics 3.0.1, 25 bins."}
    asked, answered = (
        checklist_answers(each, records)
        for each in (with_reporting(given), with_reporting(given, extraction=words))
    )
    for checklist, item in (("CLEAR", "22"), ("CLEAR", "23"), ("CLEAR", "25"), ("METRICS", "13")):
        row = status(asked, checklist, item)
        assert (row["status"], row["field"]) == ("open", "reporting.extraction")
        row = status(answered, checklist, item)
        assert (row["status"], row["text"]) == ("yes", "PyRadiomics 3.0.1, 25 bins.")
    # Where the package extracted them, its own settings answer.
    own = checklist_answers(with_reporting(study), records)
    assert not own["field"].eq("reporting.extraction").any()
