"""A study whose CR model is imputed several times: every number by Rubin's rules, the locked
model's score the one that was judged."""

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from analysis.reporting.manuscript import Results
from analysis.reporting.tables import imputed_coefficients_markdown, imputed_performance_markdown
from analysis.reporting.wordings import worded
from analysis.results.clinical import _design, _natural_units
from analysis.results.imputation import imputed_probabilities
from analysis.results.record import read_records
from analysis.statistics import logistic_regression, place_estimate, pool_imputations
from analysis.study import StudyError, load_study
from analysis.training.train_cohort import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.locked_model.export import write_model
from models.inputs import Inputs
from models.locked import LockedModel
from models.locked.folder import read_folder
from tests.conftest import small_study
from tests.support.blank_figures import run_with_blank_figures

CANDIDATES = ["tumour_diameter", "albumin", "capsule"]


@pytest.fixture(scope="module")
def imputed(tmp_path_factory):
    """Sixty patients without images; a third have no albumin or diameter, a few no capsule."""
    folder = tmp_path_factory.mktemp("imputed")
    path = small_study(
        folder,
        "imputed",
        radiomics=None,
        deep_learning=None,
        comparators=[],
        comparators_supplement=[],
        subgroups=[],
        published=None,
        controls={"permutations": 0},
        robustness={"instability_resamples": 0},
        jobs=1,
    )
    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text())
    study["cohort"]["demo"] |= {
        "patients": 70,
        "events": 34,
        "validation": 26,
        "repeats": 0,
        "image_shape": [16, 16, 6],
    }
    study["clinical"] |= {
        "candidates": CANDIDATES,
        "log_transform": [],
        "rule": "aic",
        "screening": False,
        "imputation": "multiple",
        "imputations": 4,
    }
    study["statistics"] |= {"optimism_resamples": 0, "contrasts": {}}
    study["statistics"].pop("reclassification", None)
    with path.open("w") as file:
        yaml.dump(study, file)
    load_cohort(load_study(path))
    table = pd.read_csv(folder / "data" / "clinical.csv", dtype=str, keep_default_na=False)
    random = np.random.default_rng(2)
    for name, share in (("albumin", 0.3), ("tumour_diameter", 0.3), ("capsule", 0.15)):
        table.loc[random.random(len(table)) < share, name] = ""
    table.to_csv(folder / "data" / "gaps.csv", index=False)
    study["cohort"] |= {"table": "gaps.csv"}
    study["cohort"].pop("demo")
    with path.open("w") as file:
        yaml.dump(study, file)
    study = load_study(path)
    run_with_blank_figures(study)
    return study, load_cohort(study), read_records(study.output_folder / "results.json")


def test_odds_ratios_are_pooled_by_rubins_rules(imputed):
    _study, cohort, records = imputed
    patients = cohort.labelled("training")
    matrices = _natural_units(
        _design(cohort, patients, False), cohort.clinical.loc[patients], ["albumin"]
    )
    fits = [
        logistic_regression(matrix, cohort.label[patients]).terms.loc["albumin"]
        for matrix in matrices
    ]
    pooled = pool_imputations(
        [fit["coefficient"] for fit in fits],
        [fit["standard_error"] ** 2 for fit in fits],
        len(patients) - 2,
    )
    record = records["odds_ratio.univariable.albumin"]
    assert len(matrices) == 4
    assert "Rubin's rules over 4 imputations" in record.method
    assert (record.value, record.ci_low, record.ci_high, record.p) == pytest.approx(
        (np.exp(pooled.value), np.exp(pooled.ci_low), np.exp(pooled.ci_high), pooled.p)
    )
    lost = {
        key.removeprefix("regression.missing_information."): each.value
        for key, each in records.items()
        if key.startswith("regression.missing_information.")
    }
    assert lost
    assert all(0 <= value < 1 for value in lost.values())
    assert set(lost) == {
        key.removeprefix("odds_ratio.single_imputation.")
        for key in records
        if key.startswith("odds_ratio.single_imputation.")
    }
    words = worded(imputed[0], records)
    assert words["settings.imputation"].startswith("4 imputations by chained equations")


@pytest.mark.parametrize("how", ["out_of_fold", "validation"])
def test_performance_is_pooled_over_the_patients_completed_tables(imputed, how):
    _study, cohort, records = imputed
    training = trained(cohort)[1]
    probabilities = dict(imputed_probabilities(cohort, training))[how]
    label = cohort.label[probabilities.index]
    assert probabilities.shape[1] == 4
    assert not label.isna().any()
    assert len(probabilities) == len(cohort.labelled("training" if how == "out_of_fold" else how))
    each = [place_estimate("auc", label, probabilities[number]) for number in probabilities]
    pooled = pool_imputations(
        [one.effect for one in each], [one.variance for one in each], len(label) - 1
    )
    record = records[f"imputed.auc.cr.{how}"]
    assert (record.value, record.ci_low, record.ci_high) == pytest.approx(
        [1 / (1 + np.exp(-end)) for end in (pooled.value, pooled.ci_low, pooled.ci_high)]
    )
    assert record.ci_low < records[f"auc.cr.{how}"].value < record.ci_high
    # A patient without a gap has one probability, the one in predictions.csv.
    complete = cohort.clinical.loc[probabilities.index, CANDIDATES].notna().all(axis=1)
    scores = training.predictions.table.query("model == 'cr' and how == @how").set_index(
        "patient_id"
    )["score"]
    spread = probabilities.max(axis=1) - probabilities.min(axis=1)
    assert spread[complete].max() < 1e-12
    assert spread[~complete].max() > 0.01
    assert probabilities.loc[complete, 0].to_numpy() == pytest.approx(
        scores[complete[complete].index].to_numpy()
    )


def test_the_exported_model_imputes_a_new_patient_as_the_study_did(imputed, tmp_path):
    study, cohort, _ = imputed
    write_model(cohort, trained(cohort)[1], "cr", tmp_path / "locked")
    again = LockedModel.from_description(*read_folder(tmp_path / "locked"))
    predictions = (
        pd.read_csv(study.output_folder / "predictions.csv", dtype={"patient_id": str})
        .query("model == 'cr' and how == 'validation'")
        .set_index("patient_id")["score"]
    )
    patients = predictions.index
    alone = [
        again.predict(Inputs(patients[[place]], cohort.clinical.loc[[patient], CANDIDATES])).iloc[0]
        for place, patient in enumerate(patients)
    ]
    assert alone == pytest.approx(predictions.to_numpy(), abs=1e-9)


def test_tables_set_both_imputations_side_by_side(imputed):
    study, _, records = imputed
    results = Results(records, study, study.output_folder)
    assert imputed_coefficients_markdown(results).data.count("|\n") >= 2
    assert "Information lost" in imputed_coefficients_markdown(results).data
    performance = imputed_performance_markdown(results).data
    assert "| Validation | AUC |" in performance
    assert "| Training, out of fold | Brier score |" in performance


def test_the_number_of_imputations_is_checked(tmp_path):
    path = small_study(
        tmp_path, clinical={"candidates": ["ast"], "imputation": "multiple", "imputations": 1}
    )
    with pytest.raises(StudyError, match=r"clinical.imputations"):
        load_study(path)
