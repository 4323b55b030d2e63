"""A path from features to a classifier is chosen with the classifier's parameters, in the tuning
folds alone."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import ParameterGrid

from benchmarks.nested_cross_validation import simulated
from models.folds import stratified_folds
from models.radiomics import RadiomicsModel, fit_together
from models.radiomics.classifiers import classifier, decision
from models.radiomics.feature_path import FeaturePath, TrainingData
from models.radiomics.model import MOST_EXPLAINED
from models.settings import RadiomicsSettings

INPUTS, LABEL = simulated(60, 40)
FEATURES = list(INPUTS.radiomics)
PATHS = {
    "lasso": ("variance", "univariable", "lasso"),
    "anova": ("anova",),
    "all": (),
    "pca": ("variance", "pca"),
}


def _model(name="logistic", paths=PATHS, **changes):
    settings = {"univariable_features": 15, "selected_features": 4, "anova_features": 6}
    return RadiomicsModel(
        name, FEATURES, paths=paths, **{**settings, "tuning_folds": 3, "seed": 5, **changes}
    )


def test_the_path_is_that_of_the_best_candidate_over_all_paths():
    """By hand: every path, and every candidate of the grid on it, in the same folds."""
    model = _model("svm").fit(INPUTS, LABEL)
    values, label = INPUTS.radiomics.to_numpy(), LABEL.to_numpy()
    estimator, grid = classifier("svm", 5, 40)
    areas = {}
    for name, path in model.feature_paths().items():
        for number, candidate in enumerate(ParameterGrid(grid)):
            found = []
            for learn, held in stratified_folds(3, label, 5):
                own = FeaturePath(path.selection, None, path.components)
                learnt, judged = (TrainingData(values[rows], label[rows]) for rows in (learn, held))
                own.fit(learnt)
                fitted = clone(estimator).set_params(**candidate)
                fitted.fit(own.transform(learnt), label[learn])
                score = decision(fitted, own.transform(judged))
                found.append(roc_auc_score(label[held], score))
            areas[name, number] = float(np.mean(found))
    best = max(areas, key=areas.get)  # the first of equals
    assert model.path_ == best[0]
    assert model.tuned_ == {"classify__C": list(ParameterGrid(grid))[best[1]]["C"]}
    for name, area in model.path_areas_.items():
        assert area == max(each for (path, _), each in areas.items() if path == name)


def test_each_classifier_chooses_its_own_together_or_alone():
    names = ["logistic", "knn"]
    together = fit_together([_model(name) for name in names], INPUTS, LABEL)
    for name, model in zip(names, together, strict=True):
        alone = _model(name).fit(INPUTS, LABEL)
        assert (alone.path_, alone.selected_) == (model.path_, model.selected_)
        pd.testing.assert_series_equal(
            alone.predict(INPUTS), model.predict(INPUTS), check_exact=True
        )


@pytest.mark.parametrize("name", PATHS)
def test_a_chosen_path_is_the_selection_of_the_same_steps(name):
    """With one other path that can't win the model is the one without paths, but for the name."""
    steps = list(PATHS[name]) or ["variance"]
    chosen = _model(paths={name: steps, "other": PATHS["all"]}, tuning_folds=0).fit(INPUTS, LABEL)
    plain = _model(paths=None, selection=steps, tuning_folds=0).fit(INPUTS, LABEL)
    assert (chosen.path_, plain.path_) == (name, None)
    assert (chosen.selected_, chosen.components_) == (plain.selected_, plain.components_)
    assert chosen.path_areas_ == {}  # nothing was tuned: the first path is taken
    pd.testing.assert_series_equal(chosen.predict(INPUTS), plain.predict(INPUTS), check_exact=True)


def test_patients_who_are_judged_have_no_say_in_the_path():
    learn, held = INPUTS.patients[:45], INPUTS.patients[45:]
    model = _model("svm").fit(INPUTS.subset(learn), LABEL[learn])
    turned = LABEL.copy()
    turned[held] = 1 - turned[held]
    other = INPUTS.radiomics.copy()
    other.loc[held] = 100.0
    again = _model("svm").fit(
        type(INPUTS)(INPUTS.patients, radiomics=other).subset(learn), turned[learn]
    )
    assert (again.path_, again.path_areas_) == (model.path_, model.path_areas_)


def test_on_noise_the_choice_of_a_path_does_not_lift_the_score_of_others():
    """Of an outcome that nothing follows, the best of four paths looks better than chance in the
    tuning folds and is not in patients whom it had not seen."""
    random = np.random.default_rng(3)
    inside, outside = [], []
    for _ in range(6):
        label = pd.Series(random.permutation(np.arange(60) % 2), index=INPUTS.patients)
        learn, held = INPUTS.patients[:40], INPUTS.patients[40:]
        model = _model().fit(INPUTS.subset(learn), label[learn])
        inside.append(max(model.path_areas_.values()))
        outside.append(roc_auc_score(label[held], model.predict(INPUTS.subset(held))))
    assert np.mean(inside) > 0.52
    assert abs(np.mean(outside) - 0.5) < 0.13  # three standard errors of six AUCs of 20 patients


def test_probabilities_from_the_features_alone_are_those_of_predict():
    for steps in (("pca",), ("anova", "pca"), ("anova",)):
        model = _model(paths=None, selection=steps).fit(INPUTS, LABEL)
        values = model.used_values(INPUTS).to_numpy()
        np.testing.assert_array_equal(model.probability_of(values), model.predict(INPUTS))
        assert (model.components_ is not None) is ("pca" in steps)


def test_only_a_model_of_later_steps_can_have_too_many_features_to_list():
    inputs, label = simulated(60, MOST_EXPLAINED + 20)
    settings = {"features": list(inputs.radiomics), "tuning_folds": 0}
    before = RadiomicsModel("logistic", selection=["variance"], **settings).fit(inputs, label)
    after = RadiomicsModel("logistic", selection=["variance", "pca"], **settings).fit(inputs, label)
    assert not before.has_many_features
    assert after.has_many_features


def test_settings_of_a_study_without_later_steps_keep_their_content():
    """The content that keys of fits are made of, as it was before there were paths."""
    settings = RadiomicsSettings(["a"], selection=["variance", "lasso"])
    assert set(settings.content()) == {
        *("features", "selection", "most_common", "univariable_features", "correlation_limit"),
        *("mrmr_features", "selected_features", "tuning_folds", "lasso_penalty", "harmonisation"),
    }
    assert (
        settings.content()
        == RadiomicsSettings(["a"], selection=["variance", "lasso"], anova_features=7).content()
    )
    later = RadiomicsSettings(["a"], selection=["anova"], anova_features=7)
    assert later.content()["anova_features"] == 7
    paths = {"b": ["anova"], "a": ["lasso"]}
    turned = dict(reversed(paths.items()))
    assert (
        RadiomicsSettings(["a"], paths=paths).content()
        != RadiomicsSettings(["a"], paths=turned).content()
    )
