"""A radiomics model of a feature table is exported and scores a row of features; each prediction
says how good the model was."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.results.record import Record, read_records
from analysis.study import load_study
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import export_model
from analysis.workflow.locked_model.performance import model_performance, performance_words
from analysis.workflow.locked_model.predict import predict_patients
from analysis.workflow.locked_model.prediction import as_text
from models.locked import LockedModelError
from tests.support.blank_figures import run_with_blank_figures
from tests.support.command_line import command
from tests.support.small_cohort import table_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Features of nobody's tumour: a model of noise."""
    found = load_study(table_study(tmp_path_factory.mktemp("features")))
    run_with_blank_figures(found)
    return found


def _patient(study, name, folder):
    features = pd.read_csv(study.cohort_folder / "features.csv").set_index("patient_id")
    (folder / name).mkdir(parents=True)
    features.loc[[name]].to_csv(folder / name / "features.csv", index=False)
    clinical = load_cohort(study).clinical.loc[name]
    rows = [
        (variable, clinical[variable], {"ast": "U/L", "albumin": "g/L"}.get(variable, ""))
        for variable in ("ast", "albumin", "sex")
    ]
    pd.DataFrame(rows, columns=["variable", "value", "unit"]).to_csv(
        folder / name / "clinical.csv", index=False
    )
    return folder / name


@pytest.mark.parametrize("model", ["radiomics", "rcr"])
def test_a_row_of_features_gets_the_score_of_the_study(study, tmp_path, model):
    export_model(study, model, tmp_path / "model")
    predictions = pd.read_csv(study.output_folder / "predictions.csv", dtype={"patient_id": str})
    expected = predictions[
        (predictions["model"] == model) & (predictions["how"] == "validation")
    ].set_index("patient_id")["probability"]
    patients = [_patient(study, name, tmp_path / "new") for name in expected.index[:2]]
    found = predict_patients(tmp_path / "model", patients)
    np.testing.assert_allclose([each.probability for each in found], expected.iloc[:2], atol=1e-9)


def test_a_row_that_lacks_features_is_refused_in_words(study, tmp_path, capsys):
    export_model(study, "radiomics", tmp_path / "model")
    patient = _patient(study, "P07", tmp_path / "new")
    used = list(
        json.loads((tmp_path / "model" / "model.json").read_text())["feature_table"][
            "columns"
        ].values()
    )
    table = pd.read_csv(patient / "features.csv")
    for spoilt, words in [
        (table.drop(columns=used[0]), f"features? is not there: {used[0]}"),
        (pd.concat([table, table]), "must hold one row, it holds 2"),
        (table.assign(**{used[0]: "much"}), f"{used[0]} must be a number"),
    ]:
        spoilt.to_csv(patient / "features.csv", index=False)
        with pytest.raises(LockedModelError, match=words):
            predict_patients(tmp_path / "model", [patient])
    (patient / "features.csv").unlink()
    assert command("predict", "--model", tmp_path / "model", patient) != 0
    assert "features.csv is missing; the model reads a row of features" in capsys.readouterr().err


def test_a_prediction_says_how_good_its_model_was(study, tmp_path):
    export_model(study, "radiomics", tmp_path / "model")
    prediction = predict_patients(tmp_path / "model", [_patient(study, "P07", tmp_path / "new")])[0]
    assert prediction.performance in as_text(prediction)
    assert prediction.plain()["performance"] == prediction.performance
    assert "in the validation cohort, 10 patients" in prediction.performance
    # Five of either outcome in the validation cohort.
    assert (
        "too few of one outcome" in prediction.performance
        or "not shown to discriminate" in prediction.performance
    )


@pytest.mark.parametrize(
    ("low", "high", "rarer", "words"),
    [
        (0.31, 0.73, 14, "was not shown to discriminate better than chance"),
        (0.61, 0.93, 14, "AUC 0.520 (0.610 to 0.930) in the validation cohort, 33 patients."),
        (0.1, 0.4, 14, "ordered patients in reverse"),
        (0.61, 0.93, 4, "too few of one outcome"),
        (None, None, 14, "could not be estimated"),
    ],
)
def test_the_words_follow_the_interval(low, high, rarer, words):
    records = {
        "auc.cr.validation": Record("auc.cr.validation", 0.52, ci_low=low, ci_high=high, n=33),
        "rarer_outcome.cr.validation": Record("rarer_outcome.cr.validation", rarer),
        "comparisons.least": Record("comparisons.least", 10),
    }
    assert words in performance_words(model_performance(records, "cr"))


def test_without_an_auc_nothing_is_known():
    assert model_performance({}, "cr") is None
    assert "is not known" in performance_words(None)


def test_a_cohort_table_is_scored_in_one_file(study, tmp_path, capsys):
    """Clinical values of all patients, and their features in the same table."""
    export_model(study, "rcr", tmp_path / "model")
    features = pd.read_csv(study.cohort_folder / "features.csv")
    clinical = pd.read_csv(study.cohort_folder / "clinical.csv")
    clinical.merge(features, on="patient_id").to_csv(tmp_path / "cohort.csv", index=False)
    words = ["--table", tmp_path / "cohort.csv"]
    model = ["predict", "--model", tmp_path / "model"]
    # Values have no unit without their dictionary.
    assert command(*model, *words) == 2
    assert "a value without a unit is no value" in capsys.readouterr().err
    words += ["--dictionary", study.cohort_folder / "dictionary.yml"]
    assert command(*model, *words, "--csv", tmp_path / "scores.csv") == 0
    assert f"{len(features)} patients scored, 0 not" in capsys.readouterr().out
    found = pd.read_csv(tmp_path / "scores.csv").set_index("patient_id")
    assert list(found.index) == clinical["patient_id"].tolist()
    predictions = pd.read_csv(study.output_folder / "predictions.csv", dtype={"patient_id": str})
    expected = predictions[
        (predictions["model"] == "rcr") & (predictions["how"] == "validation")
    ].set_index("patient_id")["probability"]
    np.testing.assert_allclose(found.loc[expected.index, "probability"], expected, atol=1e-9)
    assert {"probability_radiomics", "warnings", "problem"} <= set(found)
    # Without the features, each patient's folder is asked for before anything is computed.
    clinical.to_csv(tmp_path / "cohort.csv", index=False)
    assert command(*model, *words) == 2
    assert "the model reads features.csv of each patient" in capsys.readouterr().err


def test_a_folder_of_folders_and_one_that_cannot_be_scored(study, tmp_path, capsys):
    export_model(study, "rcr", tmp_path / "model")
    patients = [_patient(study, name, tmp_path / "new") for name in ("P07", "P08", "P09")]
    table = pd.read_csv(patients[1] / "features.csv")
    pd.concat([table, table]).to_csv(patients[1] / "features.csv", index=False)
    words = ["predict", "--model", tmp_path / "model", "--folders", tmp_path / "new"]
    assert command(*words, "--csv", tmp_path / "scores.csv") == 2
    said = capsys.readouterr()
    assert "2 patients scored, 1 not" in said.out
    assert "must hold one row, it holds 2" in said.err
    found = pd.read_csv(tmp_path / "scores.csv").set_index("patient_id")
    assert list(found.index) == ["P07", "P08", "P09"]
    assert found["probability"].notna().tolist() == [True, False, True]
    assert "must hold one row" in found.loc["P08", "problem"]
    # Printed, it is refused as a whole.
    assert command(*words) == 2
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "whom? Name patients' folders"),
        (["--dictionary", "d.yml", "P01"], "are about a --table"),
        (["--folders", "nowhere"], "nowhere: no such folder"),
    ],
)
def test_whom_is_asked(study, tmp_path, capsys, words, message):
    export_model(study, "radiomics", tmp_path / "model")
    assert command("predict", "--model", tmp_path / "model", *words) == 2
    assert message in capsys.readouterr().err


def test_the_model_card_has_the_study_s_numbers(study, tmp_path):
    export_model(study, "rcr", tmp_path / "model")
    text = (tmp_path / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    records = read_records(study.output_folder / "results.json")
    area = records["auc.rcr.validation"]
    assert f"| AUC | {area.value:.3f} ({area.ci_low:.3f}–{area.ci_high:.3f})" in text
    for heading in ("Intended use", "Training cohort", "Performance", "Limits", "Ranges"):
        assert f"\n## {heading}\n" in text
    description = json.loads((tmp_path / "model" / "model.json").read_text())
    assert description["identity"] in text
    low, high = description["ranges"]["variables"]["ast"]
    assert f"| {low:.4g} to {high:.4g} |" in text
    # It names nobody, and may be completed: the model is the same.
    assert not [name for name in load_cohort(study).patients if name in text]
    (tmp_path / "model" / "MODEL_CARD.md").write_text("ours")
    assert predict_patients(tmp_path / "model", [_patient(study, "P07", tmp_path / "new")])


def test_a_clinical_value_far_outside_is_refused(study, tmp_path, capsys):
    """An AST that is possible, and many times that of any training patient."""
    export_model(study, "cr", tmp_path / "model")
    patient = _patient(study, "P07", tmp_path / "new")
    table = pd.read_csv(patient / "clinical.csv", dtype=object)
    table.loc[table["variable"] == "ast", "value"] = "4900"
    table.to_csv(patient / "clinical.csv", index=False)
    assert command("predict", "--model", tmp_path / "model", patient) == 2
    assert "too far from what the model knows" in capsys.readouterr().err
    assert command("predict", "--model", tmp_path / "model", patient, "--csv", tmp_path) == 2
    assert "this is a folder; name a file in it" in capsys.readouterr().err
