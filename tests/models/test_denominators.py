"""Quotients of two phases: which the learning patients allow, and what others have instead."""

import numpy as np
import pandas as pd
import pytest

from models.inputs import Inputs
from models.locked.radiomics import LockedRadiomics
from models.radiomics import RadiomicsModel, fit_together
from models.radiomics.denominators import Denominators
from models.settings import RadiomicsSettings


def learnt(values):
    table = pd.DataFrame({"r": values, "q": np.arange(len(values), dtype=float)})
    return Denominators.fit(table, {"q": "r"})


@pytest.mark.parametrize(
    "values",
    [
        [100.0, 120.0, 80.0, 4.4],  # below 5% of the median magnitude, 90
        [100.0, 120.0, 80.0, -90.0],  # both signs
        [0.0, 0.0, 0.0, 5.0],  # zero in half
        [100.0, 90.0, 80.0, np.nan],
    ],
)
def test_a_denominator_near_zero_leaves_the_quotient_out(values):
    assert learnt(values).left_out == ("q",)


@pytest.mark.parametrize("values", [[100.0, 120.0, 80.0, 4.6], [-100.0, -120.0, -80.0, -5.0]])
def test_one_sign_and_five_percent_are_enough(values):
    found = learnt(values)
    assert found.left_out == ()
    assert found.of["q"].least == pytest.approx(0.05 * np.median(np.abs(values)))


def test_another_patient_near_zero_has_the_learning_patients_mean():
    found = learnt([100.0, 120.0, 80.0, 100.0])
    others = pd.DataFrame({"r": [50.0, 4.9, -80.0, 0.0], "q": [7.0, 8.0, 9.0, np.nan]})
    assert found.filled(others, ["q"])["q"].tolist() == [7.0, 1.5, 1.5, 1.5]
    assert others["q"].tolist()[:3] == [7.0, 8.0, 9.0]
    assert found.filled(others, ["r"]) is not None
    assert Denominators.from_description(found.description()) == Denominators(found.of)


@pytest.fixture(scope="module")
def inputs():
    random = np.random.default_rng(4)
    label = pd.Series(np.arange(60) % 2, index=[f"P{place:02d}" for place in range(60)])
    table = pd.DataFrame(
        {
            "r": random.normal(100, 10, 60),
            "crossing": random.normal(0, 1, 60),
            "q": random.normal(0, 1, 60) + label.to_numpy(),
            "wild": random.normal(0, 1, 60) + 3 * label.to_numpy(),
        },
        index=label.index,
    )
    # In the last patients only, whom no fit below learns from, the sound denominator fails.
    table.loc["P58", "r"], table.loc["P59", ["r", "q"]] = -100.0, [0.0, np.nan]
    return Inputs(table.index, radiomics=table), label


REFERENCES = {"q": "r", "wild": "crossing"}


def fitted(inputs, patients, references=REFERENCES, classifier="logistic"):
    found, label = inputs
    model = RadiomicsModel(
        classifier,
        list(found.radiomics),
        selection=("variance",),
        tuning_folds=0,
        references=references,
    )
    return fit_together([model], found.subset(patients), label.loc[patients])[0]


def test_the_fit_leaves_out_by_its_own_patients_alone(inputs):
    patients = list(inputs[0].patients)
    model = fitted(inputs, patients[:50])
    assert model.denominators_.left_out == ("wild",)
    assert model.features == ["r", "crossing", "q"]
    assert "wild" not in model.selected_
    # With one of the last patients among those learnt from, the other quotient goes too.
    assert fitted(inputs, patients[:59]).features == ["r", "crossing"]
    # What a model knows of denominators does not follow from patients it only scores.
    assert model.denominators_.of["q"].mean == pytest.approx(
        inputs[0].radiomics["q"].iloc[:50].mean()
    )


def test_scores_of_others_are_finite_and_a_locked_model_has_the_same(inputs):
    model = fitted(inputs, list(inputs[0].patients)[:50])
    scores = model.predict(inputs[0])
    assert np.isfinite(scores).all()
    by_hand = inputs[0].radiomics.copy()
    by_hand.loc[["P58", "P59"], "q"] = model.denominators_.of["q"].mean
    assert np.array_equal(model.predict(Inputs(by_hand.index, radiomics=by_hand)), scores)
    files = {}
    described = LockedRadiomics.of(model).description("mine", files)
    locked = LockedRadiomics.from_description(described, files)
    assert locked.read_features == ["r", "crossing", "q"]
    np.testing.assert_allclose(locked.predict(inputs[0]), scores, rtol=1e-12)


def test_without_quotients_a_fit_its_settings_and_its_description_are_as_before(inputs):
    patients = list(inputs[0].patients)[:50]
    none = fitted(inputs, patients, references=None)
    assert none.features == list(inputs[0].radiomics)
    assert "denominators" not in LockedRadiomics.of(none).description("mine", {})
    assert "references" not in RadiomicsSettings(["a"]).content()
    assert RadiomicsSettings(["a"], references={"a": "b"}).content()["references"] == {"a": "b"}


def test_nothing_but_quotients_near_zero_is_refused(inputs):
    found, label = inputs
    model = RadiomicsModel("logistic", ["wild"], references={"wild": "crossing"})
    with pytest.raises(ValueError, match="every feature is a quotient"):
        fit_together([model], found, label)
