"""Quotients of phases, habitats and harmonisation with covariates in one radiomics model."""

import numpy as np
import pandas as pd
import pytest

from analysis.workflow.locked_model.new_centres import _together
from models.inputs import Inputs
from models.locked.radiomics import LockedRadiomics
from models.radiomics import RadiomicsModel
from models.settings import RadiomicsSettings
from models.voxels import Voxels

PATIENTS = [f"P{place:02d}" for place in range(60)]
HABITATS = {"method": "kmeans", "reference": "early", "number": 2}
ARGUMENTS = {
    "selection": ["variance", "anova"],
    "anova_features": 6,
    "tuning_folds": 2,
    "references": {"quotient": "below", "wild": "crossing"},
    "habitats": HABITATS,
}


@pytest.fixture(scope="module")
def inputs():
    random = np.random.default_rng(7)
    label = np.arange(60) % 2
    table = pd.DataFrame(
        {
            name: random.normal(0, 1, 60) + shift * label
            for name, shift in [("a", 0.5), ("b", 0.0), ("quotient", 1.0), ("wild", 3.0)]
        },
        index=PATIENTS,
    ).assign(below=random.normal(100, 5, 60), crossing=random.normal(0, 1, 60))
    voxels = [
        np.concatenate(
            [
                random.normal([10, 50], 1, (60 + 40 * event, 2)),
                random.normal([40, 20], 1, (120 - 40 * event, 2)),
            ]
        )
        for event in label
    ]
    return Inputs(
        pd.Index(PATIENTS),
        clinical=pd.DataFrame({"age": random.normal(60, 9, 60)}, index=PATIENTS),
        radiomics=table,
        centre=pd.Series(["one", "two", "three"] * 20, index=PATIENTS),
        voxels=Voxels.of(("early", "late"), voxels),
    )


@pytest.mark.parametrize(
    "harmonisation",
    [
        None,
        {"method": "combat", "covariates": {"age": None}},
        {"method": "covbat", "covariates": {"age": None}, "variance": 0.9},
    ],
    ids=["plain", "combat", "covbat"],
)
def test_a_locked_model_says_what_the_fitted_one_says(inputs, harmonisation):
    label = pd.Series(np.arange(60) % 2, index=PATIENTS)
    model = RadiomicsModel(
        "logistic", ["a", "b", "quotient", "wild"], harmonisation=harmonisation, **ARGUMENTS
    )
    model.fit(inputs.subset(PATIENTS[:48]), label[:48])
    used = set(model.selected_)
    assert "wild" not in used
    assert "quotient" in used
    assert any(name.startswith("habitats_") for name in used)
    others = inputs.subset(PATIENTS[48:])
    said = model.predict(others)
    assert said.nunique() == 12
    files = {}
    locked = LockedRadiomics.of(model)
    again = LockedRadiomics.from_description(locked.description("mine", files), files)
    for each in (locked, again):
        np.testing.assert_allclose(each.predict(others), said, rtol=1e-12)
    # A denominator that vanishes in a new patient changes what is predicted in both alike.
    vanished = others.radiomics.assign(below=0.0)
    moved = Inputs(**(vars(others) | {"radiomics": vanished}))
    np.testing.assert_allclose(again.predict(moved), model.predict(moved), rtol=1e-12)
    assert not np.allclose(model.predict(moved), said)


def test_patients_of_a_new_centre_bring_all_that_a_model_reads(inputs):
    patients = [inputs.subset([name]) for name in PATIENTS[:4]]
    found = _together(patients)
    assert list(found.patients) == PATIENTS[:4]
    assert found.radiomics.equals(inputs.radiomics.loc[PATIENTS[:4]])
    assert found.voxels.digests == inputs.voxels.digests[:4]
    bare = [Inputs(**(vars(each) | {"radiomics": None, "voxels": None})) for each in patients]
    assert _together(bare).radiomics is None
    assert _together(bare).voxels is None


def test_a_fit_reads_what_its_options_need(inputs):
    settings = RadiomicsSettings(
        features=["a", "quotient"],
        references={"quotient": "below"},
        habitats=HABITATS,
        harmonisation={"method": "combat", "covariates": {"age": None}},
    )
    read = settings.read(inputs)
    assert list(read["radiomics"]) == ["a", "quotient", "below"]
    assert list(read["clinical"]) == ["age"]
    assert read["centre"] is inputs.centre
    assert read["voxels"] is inputs.voxels
    plain = RadiomicsSettings(features=["a"]).read(inputs)
    assert list(plain) == ["radiomics"]
