"""Predictions of models that were made elsewhere: long and wide files, direction, how they were
judged, and what is wrong with them."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.tables.supplied_predictions import read_predictions
from analysis.core.problems import Problems
from analysis.study import StudyError, load_study

COHORT = pd.Series(
    ["training", "training", "validation", "validation"], index=list("ABCD"), dtype="string"
)
LONG = pd.DataFrame(
    {
        "patient_id": list("ABCD") * 2,
        "model": ["New model"] * 4 + ["ALBI"] * 4,
        "probability": [0.1, 0.9, 0.2, 0.8] + [np.nan] * 4,
        "score": [np.nan] * 4 + [-2.0, -1, -3, 0],
    }
)
STUDY = """
study: {{name: t, title: T, disease: d, event: e}}
cohort: {{folder: ., table: predictions.csv}}
endpoint: {{label: y}}
predictions: {predictions}
output: out
"""


def read(tmp_path, table, predictions="{file: predictions.csv}"):
    (tmp_path / "study.yml").write_text(STUDY.format(predictions=predictions))
    # The outcome's table is another one here, so that the predictions' own faults are told.
    table.to_csv(tmp_path / "p.csv", index=False)
    problems = Problems()
    return read_predictions(load_study(tmp_path / "study.yml"), COHORT, problems), problems


def test_a_long_file(tmp_path):
    (rows, labels), problems = read(tmp_path, LONG, "{file: p.csv}")
    assert labels == {"new_model": "New model", "albi": "ALBI"}
    assert not problems.of("error")
    found = rows.set_index(["model", "patient_id"])
    assert found.loc[("new_model", "B"), ["how", "score", "probability"]].tolist() == [
        "apparent",
        0.9,
        0.9,
    ]
    assert found.loc[("albi", "D"), "how"] == "validation"
    assert found.loc[("albi", "D"), "score"] == 0
    assert found.loc["albi"]["probability"].isna().all()
    assert any("taken as apparent" in each.what for each in problems.of("note"))


def test_a_wide_file_with_a_score_that_is_better_where_it_is_higher(tmp_path):
    wide = pd.DataFrame(
        {"patient_id": list("ABCD"), "p": [0.1, 0.9, 0.2, np.nan], "karnofsky": [90, 50, 80, 60]}
    )
    (rows, labels), problems = read(
        tmp_path,
        wide,
        "{file: p.csv, models: {new: {column: p, kind: probability, label: The new one}, kps:"
        " {column: karnofsky, kind: score, higher_is_worse: false}}}",
    )
    found = rows.set_index(["model", "patient_id"])
    assert labels == {"new": "The new one", "kps": "kps"}
    assert found.loc[("kps", "A"), "score"] == -90
    assert found.loc[("new", "A"), "probability"] == 0.1
    assert [each.what for each in problems.of("warning")] == [
        "1 patient has no prediction by The new one: D"
    ]


@pytest.mark.parametrize(
    ("change", "settings", "words"),
    [
        ({"probability": [10, 90, 20, 80] + [np.nan] * 4}, "", "is no probability"),
        ({"patient_id": list("ABCC") + list("ABCD")}, "", "more than one prediction by New model"),
        ({"probability": ["high", 0.9, 0.2, 0.8] + [np.nan] * 4}, "", "'high' is no number"),
        ({"model": ["New model"] * 4 + ["new-model"] * 4}, "", "differ in blanks or signs only"),
        (
            {"how": ["out_of_fold", "validation", "validation", "validation"] * 2},
            ", how: how",
            "the prediction is called 'validation'",
        ),
        ({}, ", how: judged", "no column 'judged'"),
        ({}, ", model: name", "no column 'name' that names the model"),
        ({}, ", models: {other: {}}", "of which there is no row"),
    ],
)
def test_faults_are_errors(tmp_path, change, settings, words):
    _, problems = read(tmp_path, LONG.assign(**change), f"{{file: p.csv{settings}}}")
    assert any(words in each.what for each in problems.of("error")), [
        str(each) for each in problems
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("clinical: {candidates: [x]}", "predictions come from models that were made elsewhere"),
        ("split: {everyone: validation}\nclinical: {candidates: [x]}", "predictions come from"),
        ("statistics: {contrasts: {primary: nobody}}", "neither a model"),
    ],
)
def test_a_study_trains_or_is_given_predictions(tmp_path, text, words):
    (tmp_path / "study.yml").write_text(
        STUDY.format(predictions="{file: p.csv, models: {a: {}, b: {}}}") + text
    )
    with pytest.raises(StudyError, match=words):
        load_study(tmp_path / "study.yml")


def test_contrasts_may_name_models_as_the_file_does(tmp_path):
    (tmp_path / "study.yml").write_text(
        STUDY.format(predictions="{file: p.csv}")
        + "statistics: {contrasts: {model: New model, primary: ALBI}}"
    )
    contrasts = load_study(tmp_path / "study.yml").statistics.contrasts
    assert (contrasts.model, contrasts.primary) == ("new_model", "albi")
