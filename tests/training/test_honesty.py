"""Where there is nothing to find, nothing is found: out-of-fold AUCs of selection and fusion on
noise lie at one half."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from analysis.training import contexts_of
from analysis.training.contexts import Folds
from models.clinical import ClinicalModel
from models.fusion import FusionModel, as_score
from models.inputs import Inputs
from models.radiomics import RadiomicsModel

REPEATS, PATIENTS = 6, 60


def _noise(seed):
    random = np.random.default_rng(seed)
    patients = pd.Index([f"P{i:02d}" for i in range(PATIENTS)])
    label = pd.Series(random.permutation(np.tile([0.0, 1.0], PATIENTS // 2)), index=patients)
    features = pd.DataFrame(
        random.standard_normal((PATIENTS, 200)),
        index=patients,
        columns=[f"f{i}" for i in range(200)],
    )
    clinical = pd.DataFrame(
        random.standard_normal((PATIENTS, 4)), index=patients, columns=list("abcd")
    )
    return Inputs(patients, clinical, features), label


def _radiomics(features):
    return RadiomicsModel(
        "logistic", features, univariable_features=20, selected_features=5, tuning_folds=2
    )


def _nested_fusion(inputs, label):
    """Out-of-fold scores of radiomics and of a fusion, by the same contexts as the study's."""
    contexts = contexts_of(list(inputs.patients), [], label, Folds(3, 3, seed=1))
    radiomics, clinical = {}, {}
    for context in contexts:
        learn, score = inputs.subset(context.learn), inputs.subset(context.score)
        radiomics[context.name] = (
            _radiomics(list(inputs.radiomics)).fit(learn, label[list(context.learn)]).predict(score)
        )
        clinical[context.name] = (
            ClinicalModel(list("abcd")).fit(learn, label[list(context.learn)]).predict(score)
        )
    outer = [each for each in contexts if each.parent == "final" and each.name != "final"]
    fused = []
    for context in outer:
        inside = [
            each.name
            for each in contexts
            if each.name != context.name and each.parent == context.name
        ]
        parts = pd.DataFrame(
            {
                "r": as_score(pd.concat([radiomics[name] for name in inside])),
                "c": as_score(pd.concat([clinical[name] for name in inside])),
            }
        )
        fusion = FusionModel().fit(parts, label)
        fused.append(
            fusion.predict(
                pd.DataFrame(
                    {"r": as_score(radiomics[context.name]), "c": as_score(clinical[context.name])}
                )
            )
        )
    return pd.concat([radiomics[each.name] for each in outer]), pd.concat(fused)


def test_noise_scores_one_half_within_monte_carlo_error_and_a_planted_leak_does_not():
    honest, fused, leaked = [], [], []
    for seed in range(REPEATS):
        inputs, label = _noise(seed)
        out_of_fold, fusion = _nested_fusion(inputs, label)
        honest.append(roc_auc_score(label[out_of_fold.index], out_of_fold))
        fused.append(roc_auc_score(label[fusion.index], fusion))
        # The leak that this guards against: features selected on all patients, then cross-fitted.
        chosen = _radiomics(list(inputs.radiomics)).fit(inputs, label).selected_
        contexts = contexts_of(list(inputs.patients), [], label, Folds(3, 2, seed=1))
        scores = [
            _radiomics(chosen)
            .fit(inputs.subset(each.learn), label[list(each.learn)])
            .predict(inputs.subset(each.score))
            for each in contexts
            if each.name in ("outer_1", "outer_2", "outer_3")
        ]
        leaked.append(roc_auc_score(label[pd.concat(scores).index], pd.concat(scores)))
    error = 0.075 / np.sqrt(REPEATS)  # standard deviation of an AUC of 30 against 30 at one half
    assert abs(np.mean(honest) - 0.5) < 3.5 * error
    assert abs(np.mean(fused) - 0.5) < 3.5 * error
    assert np.mean(leaked) > 0.5 + 4 * error


@pytest.mark.parametrize("classifier", ["logistic", "svm", "knn", "xgboost", "mlp"])
def test_every_classifier_finds_a_planted_signal(classifier):
    inputs, label = _noise(99)
    inputs.radiomics["f0"] += 3 * label
    model = RadiomicsModel(
        classifier,
        list(inputs.radiomics)[:40],
        univariable_features=20,
        selected_features=5,
        tuning_folds=2,
    )
    half = inputs.patients[::2], inputs.patients[1::2]
    score = model.fit(inputs.subset(half[0]), label[half[0]]).predict(inputs.subset(half[1]))
    assert "f0" in model.selected_
    assert score.between(0, 1).all()
    assert roc_auc_score(label[half[1]], score) > 0.75


def test_clinical_model_keeps_the_true_predictor_and_takes_missing_values():
    inputs, label = _noise(7)
    inputs.clinical["a"] += 1.5 * label
    inputs.clinical.loc[inputs.patients[:3], "a"] = np.nan
    model = ClinicalModel(list("abcd")).fit(inputs, label)
    assert "a" in model.selected_
    assert model.predict(inputs).notna().all()
