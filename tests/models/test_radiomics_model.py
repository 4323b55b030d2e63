"""Classifiers fitted together are what each is by itself, calibrated by whole paths that had not
seen the patient."""

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import _SigmoidCalibration
from threadpoolctl import threadpool_limits

from benchmarks.nested_cross_validation import comparison, simulated
from models.classifiers import CLASSIFIERS
from models.folds import stratified_folds
from models.inputs import Inputs
from models.radiomics import RadiomicsModel, fit_together
from models.radiomics.calibration import out_of_fold_sigmoid
from models.radiomics.feature_path import FeaturePath, TrainingData
from models.radiomics.selection import FeatureSelection
from models.radiomics.tuning import tune

INPUTS, LABEL = simulated(60, 40)
FEATURES = list(INPUTS.radiomics)


def _model(name="logistic", **changes):
    return RadiomicsModel(
        name,
        FEATURES,
        **(
            {
                "univariable_features": 15,
                "mrmr_features": 8,
                "selected_features": 4,
                "tuning_folds": 2,
                "seed": 5,
            }
            | changes
        ),
    )


def test_the_same_scores_as_grid_search_around_a_pipeline():
    """To 1e-12, all five classifiers, nested and calibrated: the benchmark's own check, on small
    data."""
    task = comparison(
        patients=100, features=40, outer=2, folds=3, of_other=2
    )  # enough of them that no sigmoid falls
    with threadpool_limits(1):
        mine, theirs = task.answers(task.ours(), task.other())
    assert mine.shape == (5, 100)
    np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12)


def test_fitted_together_or_alone():
    together = fit_together([_model(name) for name in CLASSIFIERS], INPUTS, LABEL)
    for name, model in zip(CLASSIFIERS, together, strict=True):
        alone = _model(name).fit(INPUTS, LABEL)
        assert alone.selected_ == model.selected_
        assert alone.tuned_ == model.tuned_
        pd.testing.assert_series_equal(
            alone.predict(INPUTS), model.predict(INPUTS), check_exact=True
        )


def test_models_that_differ_in_more_than_their_classifier_are_refused():
    with pytest.raises(ValueError, match="must share features, selection, folds and seed"):
        fit_together([_model(), _model("svm", selected_features=3)], INPUTS, LABEL)


def test_the_path_is_recorded_step_by_step():
    model = _model(selection=["variance", "univariable", "lasso"]).fit(INPUTS, LABEL)
    assert list(model.remaining_) == ["variance", "univariable", "lasso"]
    assert model.remaining_["lasso"] == model.selected_
    assert len(model.remaining_["univariable"]) == 15
    assert set(model.selected_) <= set(model.remaining_["univariable"])


def test_the_sigmoid_is_platts_and_one_that_falls_is_not_used():
    random = np.random.default_rng(0)
    score = random.standard_normal(40) + LABEL.to_numpy()[:40]
    found, expected = (
        out_of_fold_sigmoid(score, LABEL.to_numpy()[:40]),
        _SigmoidCalibration().fit(score, LABEL.to_numpy()[:40]),
    )
    np.testing.assert_allclose(found.probability(score), expected.predict(score), rtol=1e-12)
    assert out_of_fold_sigmoid(-score, LABEL.to_numpy()[:40]) is None


def test_calibration_pulls_probabilities_in_that_selection_pushed_out():
    """On noise a classifier on features chosen by the same patients is sure of itself; out-of-fold
    calibration is not."""
    random = np.random.default_rng(8)
    index = pd.Index([f"N{i}" for i in range(60)])
    noise = Inputs(
        index,
        radiomics=pd.DataFrame(random.standard_normal((60, 40)), index=index, columns=FEATURES),
    )
    label = pd.Series(np.tile([0, 1], 30), index=index)
    spread = {
        folds: _model("svm", tuning_folds=folds, seed=seed).fit(noise, label)
        for folds in (0, 3)
        for seed in (1,)
    }
    raw, calibrated = spread[0], spread[3]
    assert raw.sigmoid_ is None
    assert raw.predict(noise).between(0, 1).all()
    if calibrated.sigmoid_ is not None:
        assert calibrated.predict(noise).std() < raw.predict(noise).std()


def test_harmonisation_needs_a_centre_for_everyone_and_changes_the_scores():
    centre = pd.Series(np.where(np.arange(60) % 3 == 0, "north", "south"), index=INPUTS.patients)
    shifted = INPUTS.radiomics.add(5.0 * (centre == "north"), axis=0)
    inputs = Inputs(INPUTS.patients, radiomics=shifted, centre=centre)
    model = _model(harmonisation={"reference": "south", "new_centre": "error"}).fit(inputs, LABEL)
    plain = _model().fit(inputs, LABEL)
    assert not np.allclose(model.predict(inputs), plain.predict(inputs))
    np.testing.assert_allclose(
        model.predict(inputs), model.probability_of(model.used_values(inputs).to_numpy())
    )
    with pytest.raises(ValueError, match="name its column as cohort.centre"):
        _model(harmonisation={}).fit(INPUTS, LABEL)
    gap = Inputs(INPUTS.patients, radiomics=shifted, centre=centre.where(centre.index != "P003"))
    with pytest.raises(ValueError, match="it is empty for P003"):
        _model(harmonisation={}).fit(gap, LABEL)
    new = Inputs(
        INPUTS.patients[:2],
        radiomics=shifted.iloc[:2],
        centre=pd.Series(["south", "Bergamo"], index=INPUTS.patients[:2]),
    )
    with pytest.raises(ValueError, match="no patient of centre Bergamo"):
        model.predict(new)


def test_copies_of_a_patient_stay_on_one_side_of_every_fold(monkeypatch):
    """Noise, each patient twice: folds that part the copies find what isn't there, and no fold that
    keeps them together does."""
    random = np.random.default_rng(4)
    values, label = (
        np.repeat(random.normal(size=(60, 8)), 2, axis=0),
        np.repeat(random.permutation(np.arange(60) % 2), 2),
    )
    patient = np.repeat(np.arange(60), 2)
    for learn, held in stratified_folds(3, label, 0, patient):
        assert not set(patient[learn]) & set(patient[held])
        assert set(label[held]) == {0, 1}
    assert any(
        set(patient[learn]) & set(patient[held]) for learn, held in stratified_folds(3, label, 0)
    )
    paths = {"variance": FeaturePath({"steps": ("variance",)})}
    parted, together = (
        tune(["xgboost"], paths, TrainingData(values, label, None, group), 3, 0)["xgboost"].sigmoid
        for group in (None, patient)
    )
    assert parted.slope > 4
    assert together is None or together.slope < 0.4 * parted.slope
    # LASSO's own folds are told as well, through all steps before it.
    told = []
    monkeypatch.setattr(
        "models.radiomics.lasso.stratified_folds",
        lambda *given: told.append(given[3]) or stratified_folds(*given),
    )
    FeatureSelection(("variance", "lasso")).fit(values, label, groups=patient)
    FeatureSelection(("variance", "lasso")).fit(values, label)
    assert told[0] is patient
    assert told[1] is None
