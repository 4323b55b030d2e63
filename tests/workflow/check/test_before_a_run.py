"""What a run would refuse before it computes, `check` reports, all at once; a sound study stays
without an error."""

import pandas as pd
import pytest

from analysis.study import StudyError, load_study
from analysis.training import Predictions
from analysis.workflow.check.examine import examine
from tests.support.small_cohort import (
    DICTIONARY,
    clinical_study,
    edit_study,
    edit_table,
    predictions_study,
)
from tests.support.tiny_study import write_yaml

INPUTS = {
    "ascites": {
        "label": "Ascites",
        "role": "score_input",
        "type": "categorical",
        "levels": ["none", "mild", "marked"],
    },
    "encephalopathy": {
        "label": "Encephalopathy",
        "role": "score_input",
        "type": "categorical",
        "levels": ["no", "yes"],
    },
    "bilirubin": {
        "label": "Bilirubin",
        "role": "score_input",
        "type": "continuous",
        "unit": "umol/L",
    },
    "inr": {"label": "INR", "role": "score_input", "type": "continuous", "unit": "1"},
    "platelets": {
        "label": "Platelets",
        "role": "score_input",
        "type": "continuous",
        "unit": "10^9/L",
    },
}


def _scored_study(folder, **sections):
    path = clinical_study(folder, **({"comparators": ["child_pugh", "apri"]} | sections))
    write_yaml(folder / "data" / "dictionary.yml", {"variables": DICTIONARY["variables"] | INPUTS})
    edit_table(
        path,
        lambda frame: frame.assign(
            ascites=["none", "mild"] * 20,
            encephalopathy="no",
            bilirubin="12",
            inr="1.1",
            platelets="180",
        ),
    )
    return path


def _errors(path):
    return [str(problem) for problem in examine(load_study(path))[1].of("error")]


def test_levels_and_absent_inputs_of_scores_are_told_together(tmp_path):
    found = _errors(_scored_study(tmp_path))
    assert len(found) == 3, found
    assert any(
        "ascites: scores know no level mild, marked" in each
        and "none, slight, moderate_severe" in each
        for each in found
    )
    assert any("encephalopathy: scores know no level no, yes" in each for each in found)
    assert any(
        "APRI can't be computed for anybody: ast_uln is in no row" in each
        and "take apri out" in each
        for each in found
    )


def test_an_assumption_stands_in_for_an_absent_input_and_codes_for_levels(tmp_path):
    path = _scored_study(tmp_path, assume={"ast_uln": 40})
    variables = DICTIONARY["variables"] | INPUTS
    variables["ascites"] = variables["ascites"] | {
        "levels": {"none": "none", "mild": "slight", "marked": "moderate_severe"}
    }
    variables["encephalopathy"] = variables["encephalopathy"] | {
        "levels": {"no": "none", "yes": "grade_1_2"}
    }
    write_yaml(tmp_path / "data" / "dictionary.yml", {"variables": variables})
    assert _errors(path) == []


def test_scores_of_the_rest_that_nobody_can_have_are_one_note(tmp_path):
    path = _scored_study(tmp_path, comparators=["albi"], comparators_supplement="rest")
    edit_table(path, lambda frame: frame.drop(columns=["ascites", "encephalopathy"]))
    write_yaml(
        tmp_path / "data" / "dictionary.yml",
        {
            "variables": (
                DICTIONARY["variables"]
                | {name: INPUTS[name] for name in ("bilirubin", "inr", "platelets")}
            )
        },
    )
    problems = examine(load_study(path))[1]
    notes = [
        problem.what
        for problem in problems.of("note")
        if "can't be computed for anybody" in problem.what
    ]
    assert len(notes) == 1, _errors(path)
    assert "scores can't be computed" in notes[0], _errors(path)
    assert not problems.of("error"), _errors(path)


def test_a_value_that_no_score_knows_names_its_patient(tmp_path):
    path = clinical_study(tmp_path, comparators=["albi"])
    variables = DICTIONARY["variables"] | {
        "bilirubin": INPUTS["bilirubin"],
        "ecog": {
            "label": "ECOG",
            "role": "score_input",
            "type": "ordinal",
            "levels": [0, 1, 2, 3, 4, 5],
        },
    }
    write_yaml(tmp_path / "data" / "dictionary.yml", {"variables": variables})
    edit_table(path, lambda frame: frame.assign(bilirubin="12", ecog=["5", *["0"] * 39]))
    edit_study(path, comparators=["albi", "hklc"])
    found = _errors(path)
    assert any(
        "patient P01" in each and "ecog is" in each and "a whole number from 0 to 4" in each
        for each in found
    ), found


@pytest.mark.parametrize("candidate", ["follow_up", "event_type", "cohort"])
def test_the_columns_of_endpoint_and_split_can_not_predict(tmp_path, candidate):
    path = clinical_study(tmp_path, clinical={"candidates": ["ast", candidate]})
    described = {
        "label": candidate,
        "role": "predictor",
        **(
            {"type": "continuous", "unit": "months"}
            if candidate == "follow_up"
            else {
                "type": "categorical",
                "levels": ["recurrence", "censored", "death", "training", "validation"],
            }
        ),
    }
    write_yaml(
        tmp_path / "data" / "dictionary.yml",
        {"variables": DICTIONARY["variables"] | {candidate: described}},
    )
    found = _errors(path)
    assert len(found) == 1, found
    assert f"'{candidate}' can't be a predictor: it is " in found[0], found


def test_nor_can_they_under_another_name_or_as_an_input_of_a_score(tmp_path):
    other = {
        "label": "Months",
        "role": "predictor",
        "type": "continuous",
        "unit": "months",
        "column": "follow_up",
    }
    late = {
        "label": "Number of tumours",
        "role": "score_input",
        "type": "continuous",
        "unit": "1",
        "column": "follow_up",
    }
    path = clinical_study(
        tmp_path, clinical={"candidates": ["ast", "months"]}, comparators=["milan"]
    )
    write_yaml(
        tmp_path / "data" / "dictionary.yml",
        {"variables": DICTIONARY["variables"] | {"months": other, "tumour_number": late}},
    )
    found = _errors(path)
    assert any(
        "'months' can't be a predictor: it reads the column 'follow_up', which is endpoint.time"
        in each
        for each in found
    ), found
    assert any("'tumour_number' can't be an input of milan" in each for each in found), found


def test_a_model_of_ones_own_never_sees_the_outcome(tmp_path):
    cohort, _ = examine(load_study(clinical_study(tmp_path)))
    assert not {"follow_up", "event_type", "cohort"} & set(cohort.predictors)
    assert {
        "ast",
        "albumin",
        "sex",
    } <= set(cohort.predictors)


@pytest.mark.parametrize(
    ("code", "settings", "words"),
    [
        ("import nowhere_to_be_found", {}, "can't be imported: ModuleNotFoundError"),
        (
            (
                "class Mine:\n    reads = 'clinical'\n    def fit(self, i, l): ...\n    def"
                " predict(self, i): ...\n    description = 'It does nothing.'\n    def"
                " __init__(self, seed): ..."
            ),
            {"depth": 3},
            "can't be made with its settings: TypeError",
        ),
        (
            (
                "class Mine:\n    reads = ('clinical', 'images')\n    def fit(self, i, l): ...\n   "
                " def predict(self, i): ...\n    description = 'It does nothing.'\n    def"
                " __init__(self, seed): ..."
            ),
            {},
            "reads images, which this study does not have",
        ),
        ("x = 1", {}, "has no class 'Mine'"),
    ],
)
def test_models_of_ones_own_are_loaded_by_check(tmp_path, code, settings, words):
    path = clinical_study(
        tmp_path, additional_models={"mine": {"model": "mine.py:Mine", "settings": settings}}
    )
    (tmp_path / "mine.py").write_text(code)
    found = _errors(path)
    assert len(found) == 1, found
    assert words in found[0], found


@pytest.mark.parametrize("name", ["cr", "resnet18", "radiomics_knn", "bclc_2022", "erasl_refit"])
def test_names_that_are_taken_are_refused_for_models_of_ones_own(tmp_path, name):
    path = clinical_study(tmp_path, additional_models={name: "models.volume:VolumeModel"})
    with pytest.raises(StudyError, match=f"the name '{name}' is taken by the"):
        load_study(path)


def test_given_models_can_not_be_named_as_a_score_of_the_study(tmp_path):
    path = predictions_study(tmp_path)
    write_yaml(
        tmp_path / "data" / "dictionary.yml",
        {
            "variables": {
                "bilirubin": INPUTS["bilirubin"],
                "albumin": DICTIONARY["variables"]["albumin"],
            }
        },
    )
    frame = pd.read_csv(tmp_path / "data" / "predictions.csv").assign(
        model="ALBI", bilirubin=12, albumin=40
    )
    frame.to_csv(tmp_path / "data" / "predictions.csv", index=False)
    edit_study(
        path,
        comparators=["albi"],
        cohort={"folder": "data", "table": "predictions.csv", "dictionary": "dictionary.yml"},
    )
    assert any("the model 'ALBI' is named as the score albi" in each for each in _errors(path)), (
        _errors(path)
    )


def test_a_second_row_of_one_patient_model_and_way_is_refused_whatever_made_it():
    rows = pd.DataFrame(
        {
            "patient_id": ["P1", "P2", "P1"],
            "model": "mine",
            "how": ["validation", "validation", "apparent"],
        }
    )
    assert len(Predictions(rows).table) == 3
    with pytest.raises(ValueError, match="1 row.*patient P2, model 'mine', validation"):
        Predictions(pd.concat([rows, rows.iloc[[1]]], ignore_index=True))


def test_contrasts_of_models_that_the_study_lacks(tmp_path):
    path = clinical_study(
        tmp_path, statistics={"contrasts": {"model": "dlrcr", "primary": "radiomics"}}
    )
    problems = examine(load_study(path))[1]
    assert any("'dlrcr' will have no predictions" in each.what for each in problems.of("error"))
    assert any("radiomics will have no predictions" in each.what for each in problems.of("warning"))


def test_candidates_that_a_fold_lacks_or_no_spline_fits(tmp_path):
    path = clinical_study(
        tmp_path,
        clinical={"candidates": ["ast", "albumin", "sex"], "splines": {"sex": 3, "albumin": 4}},
    )
    edit_table(
        path,
        lambda frame: frame.assign(
            ast=frame["ast"].where(frame["patient_id"] == "P01", ""), albumin=["40", "41"] * 20
        ),
    )
    found = _errors(path)
    assert any("ast is missing for all" in each for each in found), found
    assert any("sex is a factor" in each for each in found), found
    assert any("clinical.splines: albumin in final" in each for each in found), found


def test_everything_of_one_study_at_once(tmp_path):
    path = _scored_study(
        tmp_path,
        additional_models={"mine": "mine.py:Mine"},
        clinical={"candidates": ["ast", "follow_up"]},
        manuscript={"example_patients": ["P99"]},
        subgroups=[{"variable": "sex", "cut": 3}],
    )
    write_yaml(
        tmp_path / "data" / "dictionary.yml",
        {
            "variables": (
                DICTIONARY["variables"]
                | INPUTS
                | {
                    "follow_up": {
                        "label": "Follow-up",
                        "role": "outcome",
                        "type": "continuous",
                        "unit": "months",
                    }
                }
            )
        },
    )
    found = _errors(path)
    for words in (
        "ascites",
        "encephalopathy",
        "APRI",
        "no file mine.py",
        "'follow_up' can't be a predictor",
        "P99: no such patient",
        "sex has a cut",
    ):
        assert any(words in each for each in found), (words, found)


def test_a_sound_study_has_no_error(tmp_path):
    assert _errors(clinical_study(tmp_path)) == []
