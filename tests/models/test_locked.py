"""A locked model gives the same scores after it was written and read; what was changed, or would
build other things, is refused."""

import json

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.linear_model import Ridge

from models.classifiers import BY_DEFAULT, CLASSIFIERS
from models.clinical import ClinicalModel
from models.deep import DeepModel
from models.fusion import FusionModel, as_score
from models.inputs import Inputs
from models.locked import LockedModel, LockedModelError, read_folder, write_folder
from models.locked.estimators import estimator_of
from models.locked.radiomics import LockedRadiomics
from models.radiomics import RadiomicsModel

PATIENTS = 40


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(4)
    patients = pd.Index([f"P{place:02d}" for place in range(PATIENTS)])
    label = pd.Series(np.tile([0.0, 1.0], PATIENTS // 2), index=patients)
    features = pd.DataFrame(
        random.standard_normal((PATIENTS, 30)),
        index=patients,
        columns=[f"f{place}" for place in range(30)],
    )
    features["f3"] += 1.5 * label
    clinical = pd.DataFrame(
        {
            "ast": random.lognormal(3.5, 0.5, PATIENTS) * (1 + label),
            "size": random.normal(5, 2, PATIENTS),
            "grade": random.choice(["low", "high"], PATIENTS),
        },
        index=patients,
    )
    clinical.loc[patients[:4], "size"] = np.nan
    images = random.standard_normal((PATIENTS, 2, 3, 24, 24)).astype(np.float32)
    centre = pd.Series(random.choice(["a", "b"], PATIENTS), index=patients)
    return Inputs(patients, clinical, features, images, centre), label


def _clinical(inputs, label, **settings):
    return ClinicalModel(
        ["ast", "size", "grade"], {"grade": ["low", "high"]}, ["ast"], entry_p=0.9, **settings
    ).fit(inputs, label)


def _read_again(model, folder):
    description, files = model.description()
    write_folder(folder, description, files)
    return LockedModel.from_description(*read_folder(folder))


@pytest.mark.parametrize(
    ("classifier", "harmonisation"),
    [*((name, None) for name in CLASSIFIERS), *((name, {}) for name in BY_DEFAULT)],
)
def test_radiomics(data, tmp_path, classifier, harmonisation):
    inputs, label = data
    fitted = RadiomicsModel(
        classifier,
        list(inputs.radiomics),
        selected_features=4,
        tuning_folds=2,
        harmonisation=harmonisation,
        seed=1,
    ).fit(inputs, label)
    again = _read_again(LockedModel({"radiomics": LockedRadiomics.of(fitted)}), tmp_path / "model")
    np.testing.assert_allclose(again.predict(inputs), fitted.predict(inputs), rtol=0, atol=1e-12)
    assert again.needed_features == fitted.selected_
    assert len(again.needed_features) <= 4
    # The features that the model does not read may be absent.
    few = Inputs(
        inputs.patients, radiomics=inputs.radiomics[again.needed_features], centre=inputs.centre
    )
    np.testing.assert_allclose(again.predict(few), fitted.predict(inputs), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("classifier", "steps"),
    [("logistic", ["variance", "anova", "pca"]), ("svm", ["pca"]), ("logistic", ["variance"])],
)
def test_radiomics_by_components_or_all_features(data, tmp_path, classifier, steps):
    inputs, label = data
    fitted = RadiomicsModel(
        classifier,
        list(inputs.radiomics),
        selection=steps,
        anova_features=9,
        tuning_folds=2,
        harmonisation={},
        seed=1,
    ).fit(inputs, label)
    again = _read_again(LockedModel({"radiomics": LockedRadiomics.of(fitted)}), tmp_path / "model")
    np.testing.assert_allclose(again.predict(inputs), fitted.predict(inputs), rtol=0, atol=1e-12)
    assert len(again.needed_features) == (9 if "anova" in steps else 30)
    assert (again.parts["radiomics"].components is None) is ("pca" not in steps)


def test_a_centre_that_harmonisation_does_not_know_is_named(data, tmp_path):
    inputs, label = data
    fitted = RadiomicsModel(
        "logistic",
        list(inputs.radiomics),
        selected_features=4,
        tuning_folds=2,
        harmonisation={},
        seed=1,
    ).fit(inputs, label)
    again = _read_again(LockedModel({"radiomics": LockedRadiomics.of(fitted)}), tmp_path / "model")
    elsewhere = Inputs(
        inputs.patients,
        radiomics=inputs.radiomics,
        centre=inputs.centre.replace({"a": "elsewhere"}),
    )
    with pytest.raises(ValueError, match="centre elsewhere"):
        again.predict(elsewhere)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"splines": {"size": 3}},
        {"imputation": "iterative"},
        {"imputation": "multiple", "imputations": 3},
    ],
)
def test_clinical(data, tmp_path, settings):
    inputs, label = data
    fitted = _clinical(inputs, label, **settings)
    again = _read_again(LockedModel(regression=fitted), tmp_path / "model")
    np.testing.assert_allclose(again.predict(inputs), fitted.predict(inputs), rtol=0, atol=1e-12)
    terms = again.linear_terms(inputs)
    assert 1 / (1 + np.exp(-(again.intercept + terms["contribution"].sum()))) == pytest.approx(
        fitted.predict(inputs).iloc[0], abs=1e-12
    )
    assert set(again.needed_variables) >= set(fitted.selected_)


def test_a_fusion_of_everything(data, tmp_path):
    inputs, label = data
    radiomics = RadiomicsModel(
        "svm", list(inputs.radiomics), selected_features=4, tuning_folds=2, seed=1
    ).fit(inputs, label)
    deep = DeepModel("resnet18", epochs=1, width=0.1, batch_size=8, members=2, seed=3).fit(
        inputs, label
    )
    regression = _clinical(inputs, label)
    parts = pd.DataFrame(
        {"dl": as_score(deep.predict(inputs)), "radiomics": as_score(radiomics.predict(inputs))}
    ).join(regression.design_.matrix(inputs.clinical, regression.selected_))
    fusion = FusionModel().fit(parts, label)
    model = LockedModel(
        {"dl": deep, "radiomics": LockedRadiomics.of(radiomics)},
        None,
        regression.design_,
        tuple(regression.selected_),
        (),
        fusion,
    )
    again = _read_again(model, tmp_path / "model")
    np.testing.assert_allclose(again.predict(inputs), fusion.predict(parts), rtol=0, atol=1e-12)
    assert again.needs_images
    assert set(again.needed_variables) == set(regression.selected_)
    terms = again.linear_terms(inputs)
    assert 1 / (1 + np.exp(-(again.intercept + terms["contribution"].sum()))) == pytest.approx(
        fusion.predict(parts).iloc[0], abs=1e-12
    )
    assert {path.suffix for path in (tmp_path / "model").iterdir()} == {
        ".json",
        ".safetensors",
        ".skops",
    }


@pytest.fixture
def written(data, tmp_path):
    inputs, label = data
    model = LockedModel(
        {
            "radiomics": LockedRadiomics.of(
                RadiomicsModel(
                    "svm", list(inputs.radiomics), selected_features=3, tuning_folds=0, seed=1
                ).fit(inputs, label)
            )
        }
    )
    description, files = model.description()
    write_folder(tmp_path / "model", description, files)
    return tmp_path / "model"


def test_a_changed_file_is_found(written):
    (written / "radiomics.skops").write_bytes((written / "radiomics.skops").read_bytes() + b" ")
    with pytest.raises(
        LockedModelError, match=r"radiomics\.skops was changed after it was written"
    ):
        read_folder(written)


def test_a_changed_number_is_found(written):
    description = json.loads((written / "model.json").read_text())
    description["parts"]["radiomics"]["mean"][0] += 1e-6
    (written / "model.json").write_text(json.dumps(description))
    with pytest.raises(LockedModelError, match="model.json was changed after it was written"):
        read_folder(written)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "model.json").unlink(), "holds no locked model"),
        (lambda folder: (folder / "model.json").write_text("{"), "not valid JSON"),
        (
            lambda folder: (folder / "model.json").write_text('{"format": 99}'),
            "has format 99, this version of the program reads format 1",
        ),
        (lambda folder: (folder / "radiomics.skops").unlink(), "radiomics.skops is missing"),
    ],
)
def test_what_is_no_locked_model_is_refused(written, spoil, message):
    spoil(written)
    with pytest.raises(LockedModelError, match=message):
        read_folder(written)


def test_only_listed_types_are_built(tmp_path):
    with pytest.raises(
        LockedModelError, match="holds a Ridge; a locked model holds one of LogisticRegression"
    ):
        estimator_of("x.skops", skops.io.dumps(Ridge().fit([[0], [1]], [0, 1])))
    with pytest.raises(
        LockedModelError, match="wants to build .*which no locked model holds; it was not opened"
    ):
        estimator_of("x.skops", skops.io.dumps(LockedModelError("a class of somebody's own")))


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(LockedModelError, match="holds something that is no locked model"):
        write_folder(tmp_path, {"parts": {}}, {})
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
