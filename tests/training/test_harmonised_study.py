"""A study with ComBat runs with all controls that are on by default; what a fit could not harmonise
is reported by `check`."""

import numpy as np
import pandas as pd

from analysis.results.record import read_records
from analysis.study import load_study
from analysis.workflow.check.examine import examine
from models.inputs import Inputs
from models.radiomics import RadiomicsModel
from models.radiomics.combat import ComBat, within_resample
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
    return examine(load_study(path))[1].of("error")


def test_it_runs_with_every_control(tmp_path):
    path = edit_study(
        _harmonised(tmp_path), controls={"permutations": 4}, robustness={"instability_resamples": 3}
    )
    assert not _errors(path)
    study = load_study(path)
    run_with_blank_figures(study)
    records = read_records(study.output_folder / "results.json")
    assert records["permuted.radiomics"].n == 4
    assert 0 < records["permuted.rcr"].value < 1
    assert records["instability.radiomics"].n == 3


def test_a_centre_that_chance_leaves_out_of_a_fold_of_tuning_stops_nothing():
    random, count = np.random.default_rng(0), 40
    patients, label = (
        pd.Index([f"P{place:02d}" for place in range(count)]),
        np.tile([0.0, 1.0], count // 2),
    )
    features = pd.DataFrame(
        random.standard_normal((count, 12)), index=patients, columns=[f"f{i}" for i in range(12)]
    )
    centre = pd.Series(["large"] * (count - 1) + ["small"], index=patients)
    inputs = Inputs(patients, radiomics=features, centre=centre)
    for harmonisation in (
        {"reference": None, "new_centre": "error"},
        {"reference": "small", "new_centre": "reference"},
    ):
        arguments = within_resample(harmonisation, centre.to_numpy(dtype=object))
        assert arguments == {"reference": None, "new_centre": "unharmonised"}
    model = RadiomicsModel(
        "logistic",
        list(features),
        tuning_folds=3,
        selected_features=2,
        harmonisation={"reference": None, "new_centre": "error"},
    )
    assert model.fit(inputs, pd.Series(label, index=patients)).predict(inputs).between(0, 1).all()


def test_a_centre_of_copies_of_one_patient_has_no_variance_and_is_located():
    """A bootstrap sample can hold nothing else of a small centre."""
    random = np.random.default_rng(3)
    one = random.standard_normal((1, 6)) + 5
    values = np.concatenate([random.standard_normal((20, 6)), np.repeat(one, 3, axis=0)])
    found = (
        ComBat()
        .fit(values, centre=["A"] * 20 + ["B"] * 3)
        .transform(values, ["A"] * 20 + ["B"] * 3)
    )
    assert np.isfinite(found).all()
    assert np.abs(found[20:].mean() - found[:20].mean()) < np.abs(
        values[20:].mean() - values[:20].mean()
    )


def test_check_names_centres_that_a_fit_has_not_seen_and_patients_without_one(tmp_path):
    path = _harmonised(tmp_path)
    edit_table(
        path,
        lambda frame: frame.assign(
            centre=frame["centre"]
            .where(frame["cohort"] == "training", "C")
            .where(frame["patient_id"] != "P03", "")
        ),
    )
    found = _errors(path)
    assert any("centre C is scored by the final fit" in each.what for each in found), [
        str(each) for each in found
    ]
    assert any(each.patient == "P03" and "centre, which is missing" in each.what for each in found)


def test_check_names_a_reference_that_a_fit_lacks(tmp_path):
    path = _harmonised(tmp_path, reference="Z", new_centre="reference")
    found = _errors(path)
    assert any(
        "the reference centre Z has fewer than 2 patients" in each.what and "A, B" in each.mend
        for each in found
    )
