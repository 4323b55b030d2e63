"""Feature tables of any column names, lesions as rows, and what is wrong with either."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from analysis.cohort.tables.feature_columns import feature_columns, feature_phases, recognised
from analysis.cohort.tables.feature_table import read_features
from analysis.cohort.tables.lesions import one_row_a_patient
from analysis.core.problems import Problems
from analysis.study import FeatureTable, LesionRows, load_study

STUDY = """
study: {{name: t, title: T, disease: d, event: e}}
cohort: {{folder: ., table: clinical.csv}}
endpoint: {{label: y}}
split: {{validation_fraction: 0.5}}
radiomics: {{table: {table}}}
output: out
"""
PATIENTS = pd.Index(["A", "B", "C", "D"])


def study_of(tmp_path, table, frame, name="features.csv"):
    (tmp_path / "study.yml").write_text(STUDY.format(table=table))
    frame.to_csv(tmp_path / name, index=False)
    return load_study(tmp_path / "study.yml")


def frame(**columns):
    return pd.DataFrame({"patient_id": list("ABCD"), **columns})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("original_glcm_Contrast", "original_glcm_Contrast"),
        ("GLCM_contrast", "original_glcm_Contrast"),
        ("wavelet-LLH_firstorder_Mean", "wavelet-LLH_firstorder_Mean"),
        ("shape.VoxelVolume", "original_shape_VoxelVolume"),
        ("log-sigma-2-0-mm-3D_glszm_ZoneEntropy", "log-sigma-2-0-mm-3D_glszm_ZoneEntropy"),
        ("my_feature_7", None),
        ("glcm_Nothing", None),
    ],
)
def test_names_of_pyradiomics_are_recognised(name, expected):
    assert recognised(name) == expected


def test_patterns_find_phase_and_feature():
    columns = ["ART_x", "ART_LATE_x", "y_PORT", "other"]
    found = feature_columns(
        FeatureTable(
            file="f",
            columns={
                "arterial": "ART_{feature}",
                "late": "ART_LATE_{feature}",
                "portal": "{feature}_PORT",
            },
        ),
        columns,
    )
    assert found == {
        "ART_x": ("arterial", "x"),
        "ART_LATE_x": ("late", "x"),
        "y_PORT": ("portal", "y"),
    }
    table = FeatureTable(
        file="f", columns="(?P<phase>ART|PORT)_(?P<feature>.+)", phases={"ART": "arterial"}
    )
    assert feature_columns(table, ["ART_x", "PORT_x", "z"]) == {
        "ART_x": ("arterial", "x"),
        "PORT_x": ("port", "x"),
    }
    assert feature_columns(FeatureTable(file="f"), ["x"]) == {"x": ("features", "x")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"a": "A_"}},
        {"columns": "("},
        {"columns": "A_(.*)"},
        {"phases": {"A": "a"}},
        {"lesions": {"column": "l", "rule": "all_as_one"}},
    ],
)
def test_patterns_that_can_not_work(wrong):
    with pytest.raises(ValidationError):
        FeatureTable(file="f", **wrong)


def test_a_table_is_read_and_what_says_nothing_is_left_out(tmp_path):
    study = study_of(
        tmp_path,
        "{file: features.csv, columns: {art: 'ART_{feature}'}}",
        frame(
            ART_GLCM_contrast=[1.0, 2, 3, 4],
            ART_own=[4.0, 3, 2, 1],
            ART_constant=1,
            ART_holes=[1, None, 2, 3],
            diagnostics_x=9,
        ),
    )
    problems = Problems()
    features, repeats = read_features(study, PATIENTS, problems)
    assert list(features) == ["art_original_glcm_Contrast", "art_own"]
    assert repeats == {}
    assert not problems.of("error")
    assert feature_phases(study) == ["art"]
    assert any(
        "missing for some patients" in each.what and "art_holes" in each.what
        for each in problems.of("warning")
    )
    assert any("same value in all" in each.what for each in problems.of("note"))
    assert any("3 of 4 features are not named" in each.what for each in problems.of("note"))


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("{file: features.csv, columns: {art: 'XX_{feature}'}}", {}, "no column fits"),
        (
            "{file: features.csv, columns: {art: 'ART_{feature}', por: 'POR_{feature}'}}",
            {},
            "no column fits the pattern of phase por",
        ),
        ("{file: nothing.csv}", {}, "no such table"),
        ("{file: features.csv}", {"patient_id": list("ABCE")}, "no row of features"),
        ("{file: features.csv}", {"ART_x": [np.nan, 1, 2, 3]}, "all features are missing"),
        (
            "{file: features.csv, columns: {art: 'ART_{feature}'}}",
            {"ART_x": ["n/a", 1, 2, 3]},
            "'n/a' is no number",
        ),
        (
            "{file: features.csv, columns: {art: 'ART_{feature}'}}",
            {"ART_glcm_Contrast": 1, "ART_GLCM_contrast": 2},
            "the same feature of the same phase",
        ),
        (
            "{file: features.csv, lesions: {column: lesion, rule: largest}}",
            {},
            "no column 'lesion'",
        ),
        ("{file: features.csv, repeats: {reader2: second.csv}}", {}, "no such table"),
    ],
)
def test_faults_are_errors(tmp_path, table, change, words):
    problems = Problems()
    read_features(
        study_of(tmp_path, table, frame(ART_x=[1.0, 2, 3, 5]).assign(**change)), PATIENTS, problems
    )
    assert any(words in each.what for each in problems.of("error")), [
        str(each) for each in problems
    ]


LESIONS = pd.DataFrame(
    {"lesion": [1, 2, 1, 1, 2, 3], "volume": [5, 9, 2, 3, 3, 1], "x": [1.0, 2, 3, 4, 5, np.nan]},
    index=list("AABCCC"),
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("largest", [2, 3, 4]), ("mean", [1.5, 3, np.nan]), ("max", [2, 3, np.nan])],
)
def test_lesions_become_one_row_by_the_rule(rule, expected):
    problems = Problems()
    np.testing.assert_equal(
        one_row_a_patient(LESIONS, ["x"], LesionRows(column="lesion", rule=rule), "f", problems)[
            "x"
        ].to_numpy(),
        expected,
    )
    assert not problems.of("error")


def test_lesions_that_can_not_be_told_apart_are_errors():
    problems = Problems()
    one_row_a_patient(
        LESIONS.assign(lesion=1), ["x"], LesionRows(column="lesion", rule="mean"), "f", problems
    )
    assert {each.patient for each in problems.of("error")} == {"A", "C"}
    problems = Problems()
    one_row_a_patient(
        LESIONS.assign(volume=[np.nan, 9, np.nan, 3, 3, 1]),
        ["x"],
        LesionRows(column="lesion", rule="largest"),
        "f",
        problems,
    )
    assert {each.patient for each in problems.of("error")} == {"A"}
    problems = Problems()
    one_row_a_patient(
        LESIONS.drop(columns="volume"),
        ["x"],
        LesionRows(column="lesion", rule="largest"),
        "f",
        problems,
    )
    assert "no column says which lesion is the largest" in problems.of("error")[0].what
