"""Covariates, CovBat and rules for new centres from study.yml to `predict`."""

import numpy as np
import pandas as pd
import pytest

from analysis.reporting.wordings.models import harmonisation_rules
from analysis.study import Harmonisation, StudyError, load_study
from analysis.workflow.check.examine import examine
from analysis.workflow.locked_model.cohort_table import read_cohort_table
from analysis.workflow.locked_model.export import export_model
from analysis.workflow.locked_model.predict import model_for, patients_of, score_patients
from analysis.workflow.locked_model.prediction import Refusal
from tests.support.blank_figures import run_with_blank_figures
from tests.support.small_cohort import edit_study, edit_table, table_study

LOADED = {
    "classifiers": ["logistic"],
    "tuning_folds": 2,
    "univariable_features": 6,
    "selected_features": 2,
    "table": {
        "file": "features.csv",
        "columns": "(?P<phase>arterial|delayed)_(?P<feature>.+)",
        "phases": {"arterial": "arterial", "delayed": "delayed"},
    },
}


def _harmonised(folder, **harmonisation):
    return edit_study(table_study(folder), radiomics=LOADED | {"harmonisation": harmonisation})


def _errors(path):
    return [str(each) for each in examine(load_study(path))[1].of("error")]


def _validation_elsewhere(path):
    def moved(frame):
        return frame.assign(centre=frame["centre"].where(frame["cohort"] == "training", "C"))

    edit_table(path, moved)


def test_an_older_section_is_digested_as_it_was():
    assert Harmonisation().model_dump() == {
        "method": "combat",
        "reference": None,
        "new_centre": "error",
    }
    assert Harmonisation(reference="A", new_centre="reference").arguments == {
        "reference": "A",
        "new_centre": "reference",
    }


@pytest.mark.parametrize(
    ("harmonisation", "words"),
    [
        ({"covariates": ["event_type"]}, "'event_type' is endpoint.event_type and can't be a cova"),
        ({"covariates": ["cohort"]}, "'cohort' is split.column and can't be a covariate"),
        ({"covariates": ["sex", "sex"]}, "covariates: sex is named more than once"),
        ({"method": "covbat", "reference": "A"}, "covbat brings all centres to their common mean"),
        ({"least_patients": 5}, "least_patients is for new_centre: estimate"),
        ({"covbat_variance": 0.5}, "covbat_variance is for method: covbat"),
    ],
)
def test_wrong_keys_are_named(tmp_path, harmonisation, words):
    with pytest.raises(StudyError, match=words):
        load_study(_harmonised(tmp_path, **harmonisation))


def test_check_refuses_covariates_that_are_the_outcome_missing_or_the_centre(tmp_path):
    path = _harmonised(tmp_path, covariates=["sex", "ast", "sexx"])
    edit_table(
        path,
        lambda frame: frame.assign(ast=frame["ast"].where(frame["patient_id"] != "P05", "")),
    )
    found = _errors(path)
    assert any("'sexx' is no variable of the cohort" in each and "sex" in each for each in found)
    assert any("P05" in each and "ast is missing, and harmonisation" in each for each in found)
    dictionary = path.parent / "data" / "dictionary.yml"
    text = dictionary.read_text()
    place = text.index("albumin")
    dictionary.write_text(text[:place] + text[place:].replace("predictor", "outcome", 1))
    path = edit_study(path, clinical={"candidates": ["ast"]})
    path = edit_study(path, radiomics=LOADED | {"harmonisation": {"covariates": ["albumin"]}})
    assert any(
        "'albumin' can't be a covariate of harmonisation: the dictionary gives it the role outcome"
        in each
        for each in _errors(path)
    )


def test_check_names_a_covariate_that_is_the_centre_in_other_words(tmp_path):
    path = _harmonised(tmp_path, covariates=["sex"])
    edit_table(
        path,
        lambda frame: frame.assign(sex=np.where(frame["centre"] == "A", "male", "female")),
    )
    assert any("final: the covariates of harmonisation" in each for each in _errors(path))


def test_check_counts_patients_of_a_new_centre(tmp_path):
    path = _harmonised(tmp_path, new_centre="estimate", least_patients=11)
    _validation_elsewhere(path)
    assert any(
        "centre C is scored by the final fit" in each and "takes 11" in each
        for each in _errors(path)
    )


def test_check_refuses_to_learn_a_new_centre_from_one(tmp_path):
    path = _harmonised(tmp_path, new_centre="estimate", least_patients=6)
    edit_table(path, lambda frame: frame.assign(centre="A"))
    assert not _errors(path)
    _validation_elsewhere(path)
    assert any(
        "the final fit learnt from patients of one centre" in each and "takes two centres" in each
        for each in _errors(path)
    )


def test_a_run_and_predict_agree_on_patients_of_a_new_centre(tmp_path):
    path = edit_study(
        _harmonised(
            tmp_path,
            method="covbat",
            covariates=["sex"],
            new_centre="estimate",
            least_patients=6,
        ),
        controls={"permutations": 0},
    )
    _validation_elsewhere(path)
    assert not _errors(path)
    study = load_study(path)
    run_with_blank_figures(study)
    export_model(study, "radiomics", tmp_path / "model")
    clinical = pd.read_csv(study.cohort_folder / "clinical.csv", dtype={"patient_id": str})
    whole = clinical.merge(pd.read_csv(study.cohort_folder / "features.csv"), on="patient_id")
    validation = whole[whole["cohort"] == "validation"]
    table = tmp_path / "new.csv"
    validation.drop(columns=["follow_up", "event_type", "cohort"]).to_csv(table, index=False)
    description = model_for(tmp_path / "model")

    def scored(names):
        rows = read_cohort_table(
            description, table, study.cohort_folder / "dictionary.yml", None, "centre"
        )
        rows = {name: rows[name] for name in names}
        return score_patients(tmp_path / "model", description, patients_of([], rows), 1)

    found = scored(validation["patient_id"])
    predictions = pd.read_csv(study.output_folder / "predictions.csv", dtype={"patient_id": str})
    of_run = predictions.query("model == 'radiomics' and how == 'validation'")
    np.testing.assert_allclose(
        [each.probability for each in found],
        of_run.set_index("patient_id").loc[validation["patient_id"], "probability"],
        rtol=0,
        atol=1e-12,
    )
    assert any("no patient of centre C was in training" in each for each in found[0].warnings)
    (refused,) = scored(validation["patient_id"][:1])
    assert isinstance(refused, Refusal)
    assert "centre C has 1 patient here" in refused.faults


def test_methods_say_the_rules():
    assert not harmonisation_rules(Harmonisation())
    words = harmonisation_rules(
        Harmonisation(method="covbat", new_centre="estimate", least_patients=12)
    )
    assert "held 95% of the variance" in words
    assert "at least 12 of them were scored together" in words
