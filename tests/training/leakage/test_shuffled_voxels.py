"""Shuffled voxels: texture goes, volume and histogram stay; a model that reads something else than
the tumour is found."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk

import analysis.training.leakage.shuffled_voxels as module
from analysis.inputs.radiomics.shuffling import shuffle_inside
from analysis.statistics import delong_test
from analysis.study import load_study
from analysis.training.content import code_digest
from analysis.training.contexts import Folds, contexts_of
from analysis.training.fits import fit_one
from analysis.training.leakage.shuffled_voxels import (
    compared,
    shuffled_voxels,
    shuffled_voxels_guard,
)
from analysis.training.scores import Scores
from analysis.training.trained import FitProvenance, FittedModels
from models.inputs import Inputs
from tests.conftest import small_study
from tests.support.configured import configured, task
from tests.support.new_centre import new_centre_training


def test_only_the_order_of_values_inside_changes():
    random = np.random.default_rng(0)
    values = random.normal(100, 20, (6, 12, 12))
    inside = np.zeros(values.shape, dtype=np.uint8)
    inside[1:5, 3:9, 3:9] = 1
    image, mask = sitk.GetImageFromArray(values), sitk.GetImageFromArray(inside)
    image.SetSpacing((0.7, 0.7, 3.0))
    shuffled = shuffle_inside(image, mask)
    after = sitk.GetArrayFromImage(shuffled)
    assert np.array_equal(after[inside == 0], values[inside == 0])
    assert np.array_equal(np.sort(after[inside == 1]), np.sort(values[inside == 1]))
    assert not np.array_equal(after[inside == 1], values[inside == 1])
    assert shuffled.GetSpacing() == image.GetSpacing()
    assert np.array_equal(sitk.GetArrayFromImage(shuffle_inside(image, mask)), after)


@pytest.fixture(scope="module")
def planted(tmp_path_factory, sound_cohort):
    """A training whose radiomics find a signal in feature `texture`."""
    study = load_study(small_study(tmp_path_factory.mktemp("shuffled"), "shuffled"))
    cohort = type(sound_cohort)(
        study,
        sound_cohort.clinical,
        sound_cohort.outcome,
        sound_cohort.cohort,
        sound_cohort.dictionary,
    )
    random = np.random.default_rng(1)
    features = pd.DataFrame(
        random.standard_normal((len(cohort.patients), 30)),
        index=cohort.patients,
        columns=["texture", *[f"noise{place}" for place in range(29)]],
    )
    features["texture"] += 8 * cohort.label.fillna(0)
    patients = list(cohort.labelled("training"))
    contexts = contexts_of(
        patients, list(cohort.labelled("validation")), cohort.label, Folds(2, 2, seed=1)
    )
    model = configured(
        "radiomics_logistic",
        features=list(features),
        univariable_features=3,
        selected_features=1,
        tuning_folds=0,
    )
    inputs, folder = Inputs(cohort.patients, radiomics=features), study.cache_folder / "fits"
    fits = [
        fit_one(task([model], context, inputs, cohort.label, folder, code_digest()))
        for context in contexts
    ]
    fitted = FittedModels(
        models={model.id: model},
        scores=Scores(fits, contexts, cohort.label),
        chosen={"final": {"radiomics": model.id}},
        fusions={},
    )
    training = SimpleNamespace(fitted=fitted, provenance=FitProvenance(inputs, ()))
    return cohort, training, features


def test_radiomics_that_reads_texture_passes(planted, monkeypatch):
    cohort, training, features = planted
    without = features.assign(
        texture=np.random.default_rng(2).permutation(features["texture"].to_numpy())
    )
    monkeypatch.setattr(module, "shuffled_features", lambda _, patients: without.loc[patients])
    found = shuffled_voxels(cohort, training)
    assert found.real > 0.85 > found.shuffled
    assert found.patients == len(cohort.labelled("training"))
    assert shuffled_voxels_guard(found, True, True).verdict == "pass"


def test_a_signal_that_survives_the_shuffling_is_found(planted, monkeypatch):
    """Planted: the outcome is written where no voxel of the tumour reaches, say in a mark of the
    mask or a file's header."""
    cohort, training, features = planted
    monkeypatch.setattr(module, "shuffled_features", lambda _, patients: features.loc[patients])
    found = shuffled_voxels(cohort, training)
    assert found.real == found.shuffled > 0.85
    guard = shuffled_voxels_guard(found, True, True)
    assert guard.verdict == "note"
    assert "something that is not in the tumour" in guard.finding


def test_a_new_centre_is_learnt_from_the_same_patients(tmp_path, monkeypatch):
    """Shuffling that changes nothing leaves every score as it was."""
    cohort, training = new_centre_training(tmp_path)
    features = training.provenance.inputs.radiomics
    monkeypatch.setattr(module, "shuffled_features", lambda _, patients: features.loc[patients])
    found = shuffled_voxels(cohort, training)
    assert found.real == found.shuffled
    assert found.lost == 1.0
    assert found.patients == len(cohort.labelled("training"))


@pytest.mark.parametrize("seed", range(5))
def test_a_study_without_a_signal_is_a_note_whichever_is_higher(seed):
    random = np.random.default_rng(seed)
    names = [f"P{place:02d}" for place in range(60)]
    real, other = (pd.Series(random.standard_normal(60), index=names) for _ in range(2))
    label = pd.Series(np.tile([0.0, 1.0], 30), index=names)
    found = compared("svm", real, other, label)
    guard = shuffled_voxels_guard(found, True, True)
    if found.signal >= 0.05:
        assert guard.verdict == "note"
        assert "no signal was found" in guard.finding
    assert guard.verdict != "fail"


def test_the_loss_is_tested_on_the_same_patients():
    """pROC 1.18: roc.test(roc(y, a), roc(y, b), paired = TRUE, alternative = "greater") is
    DeLong's, as delong_test is."""
    random = np.random.default_rng(9)
    names, label = [f"P{place}" for place in range(40)], np.tile([0.0, 1.0], 20)
    real, other = (
        pd.Series(random.standard_normal(40) + shift * label, index=names) for shift in (2, 0)
    )
    found = compared("svm", real, other, pd.Series(label, index=names))
    assert found.lost == pytest.approx(delong_test(label, real, other, alternative="greater").p)
    assert found.lost < 0.05
    assert compared("svm", real, real, pd.Series(label, index=names)).lost == 1.0


@pytest.mark.parametrize(
    ("has", "wanted", "reason"),
    [
        (False, True, "this study has none"),
        (True, False, "turned off"),
        (True, True, "no images to shuffle"),
    ],
)
def test_a_control_that_did_not_run_says_why(has, wanted, reason):
    guard = shuffled_voxels_guard(None, has, wanted)
    assert guard.verdict == "not run"
    assert reason in guard.finding
