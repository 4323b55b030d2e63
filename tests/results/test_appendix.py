"""What the supplement prints in full: no identifier among the predictions, every setting and every
feature once."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.inputs.radiomics import RadiomicsTable
from analysis.inputs.radiomics.definitions import CLASS_NAMES, definition_of, feature_definitions
from analysis.inputs.radiomics.ibsi_features import ibsi_codes
from analysis.results.appendix import (
    dictionary_summary,
    feature_dictionary,
    patient_predictions,
    settings_table,
)
from analysis.study import load_study
from tests.conftest import ROOT


def predictions(patients: list[str]) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    rows = [
        (
            patient,
            "training" if number < 6 else "validation",
            model,
            how,
            float(rng.uniform()),
            number % 2 if number else None,
        )
        for number, patient in enumerate(patients)
        for model in ("cr", "dl", "other")
        for how in (("apparent", "out_of_fold") if number < 6 else ("validation",))
    ]
    return pd.DataFrame(rows, columns=["patient_id", "cohort", "model", "how", "score", "label"])


def test_predictions_lead_back_to_nobody():
    first, second = (
        predictions([f"{prefix}-{number:03d}" for number in range(9)]) for prefix in ("anna", "zoe")
    )
    table = patient_predictions(first, ["cr", "dl"])
    assert list(table) == ["patient", "cohort", "outcome", "cr", "dl"]
    assert list(table["patient"]) == [f"R{number:03d}" for number in range(1, 10)]
    assert not table.astype(str).apply(lambda column: column.str.contains("anna")).any().any()
    # Neither names nor the order of the rows decide which patient is which.
    pd.testing.assert_frame_equal(table, patient_predictions(second, ["cr", "dl"]))
    pd.testing.assert_frame_equal(
        table, patient_predictions(first.sample(frac=1, random_state=1), ["cr", "dl"])
    )
    expected = first[first["model"] == "cr"].set_index(["patient_id", "how"])["score"]
    assert sorted(table["cr"]) == sorted(
        expected[expected.index.get_level_values("how") != "apparent"].round(4)
    )
    assert list(table["cr"]) != list(
        expected[expected.index.get_level_values("how") != "apparent"].round(4)
    )
    assert table["outcome"].isna().sum() == 1


def test_the_dictionary_judges_by_perturbations_alone():
    rng = np.random.default_rng(0)
    patients = [f"P{number}" for number in range(12)]
    names = ["late_original_glcm_Imc1", "late_original_glcm_Contrast"]
    first = pd.DataFrame(rng.normal(size=(12, 2)), patients, names)
    table = RadiomicsTable(first, {}, {"noise": first + rng.normal(size=(12, 2)) * [0.05, 5.0]})
    study = load_study(ROOT / "study.yml")
    cohort = SimpleNamespace(
        study=study.model_copy(update={"phases": {"late": study.phases["arterial"]}}),
        patients=pd.Index(patients),
        cohort=pd.Series("training", patients),
    )
    fitted = SimpleNamespace(chosen={"final": {}}, selected_in_folds={}, selected={})
    dictionary = feature_dictionary(cohort, SimpleNamespace(fitted=fitted), table)
    assert list(dictionary["reproducible"]) == ["yes", "no"]
    assert dictionary_summary(dictionary)["reproducible"].sum() == 1
    alone = feature_dictionary(cohort, SimpleNamespace(fitted=fitted), RadiomicsTable(first, {}))
    assert set(alone["reproducible"]) == {""}


def test_every_setting_is_listed_as_set_or_default():
    study = load_study(ROOT / "study.yml")
    table = settings_table(study).set_index("setting")
    elsewhere = settings_table(
        study.model_copy(update={"output": Path("/home/somebody/results")})
    ).set_index("setting")
    assert elsewhere.loc["output", "value"] == "results"
    assert table.loc["output", "value"] == "outputs/demo"
    assert table.index.is_unique
    assert not table.index.str.startswith(("reporting", "published", "path")).any()
    assert table.loc["radiomics.icc_threshold"].tolist() == ["0.75", "set"]
    assert table.loc["validation.repeats"].tolist() == ["1", "default"]
    assert table.loc["radiomics.extraction.log_sigma_mm", "value"] == "2, 4"
    assert table.loc["phases.arterial.mask", "origin"] == "set"
    assert table.loc["subgroups.2.variable", "value"] == "sex"
    assert table.loc["radiomics.extraction.bin_count"].tolist() == ["–", "default"]


def test_every_feature_of_pyradiomics_is_described():
    from radiomics import getFeatureClasses

    classes = getFeatureClasses()
    for kind, features in feature_definitions().items():
        assert set(map(str, features)) == set(classes[kind].getFeatureNames())
        assert all(words.endswith(".") for words in features.values())
    of_ibsi = {kind for kind, _ in ibsi_codes()}
    assert set(CLASS_NAMES) == set(feature_definitions()) | of_ibsi
    assert definition_of("glcm", "Contrast") != definition_of("ngtdm", "Contrast")
    assert definition_of("glcm", "Nothing") is None


def test_the_appendices_of_a_whole_study(whole_study):
    folder = whole_study.output_folder / "tables"
    dictionary = pd.read_csv(folder / "feature_dictionary.csv")
    assert len(dictionary) == dictionary["feature"].nunique() == 3111
    assert dictionary["definition"].notna().all()
    assert set(dictionary["selected_of"]) == {whole_study.validation.outer_folds}
    assert 0 < (dictionary["final"] == "yes").sum() <= 3
    assert (dictionary.loc[dictionary["selected_n"] > 0, "reproducible"] == "yes").all()
    summary = pd.read_csv(folder / "feature_dictionary_summary.csv")
    assert summary["features"].sum() == 3111
    assert summary["reproducible"].sum() == (dictionary["reproducible"] == "yes").sum()
    assert set(summary["image"]) == {"original", "wavelet", "Laplacian of Gaussian"}
    tuning = pd.read_csv(folder / "tuning.csv")
    if tuning.empty:
        pytest.skip("the fits tell nothing of their tuning")
    assert tuning["model"].nunique() == 5
    assert "final" in set(tuning["context"])
    assert tuning["context"].nunique() == 1 + whole_study.validation.outer_folds
