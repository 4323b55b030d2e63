"""ComBat beside neuroCombat 0.2.12, and what it does with new centres.

combat_neurocombat.csv: simulated features of three centres (raw_*), harmonised by neuroCombat
without covariates (common_*) and with ref_batch="east" (reference_east_*), its iteration run to
1e-12 instead of 1e-4 (it_sol.__defaults__ = (1e-12,)).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.radiomics import ComBat

GOLD = pd.read_csv(Path(__file__).with_name("combat_neurocombat.csv"))
RAW, CENTRE = GOLD.filter(like="raw_").to_numpy(), GOLD["centre"].to_numpy()


@pytest.mark.parametrize(("reference", "columns"), [(None, "common_"), ("east", "reference_east_")])
def test_the_same_as_neurocombat(reference, columns):
    found = ComBat(reference).fit(RAW, centre=CENTRE).transform(RAW, CENTRE)
    np.testing.assert_allclose(found, GOLD.filter(like=columns).to_numpy(), rtol=0, atol=1e-8)


def test_what_it_knows_comes_from_the_patients_it_was_fitted_on():
    train, new = np.arange(24) % 3 > 0, np.arange(24) % 3 == 0
    fitted = ComBat().fit(RAW[train], centre=CENTRE[train])
    together, alone = fitted.transform(RAW, CENTRE)[new], fitted.transform(RAW[new], CENTRE[new])
    np.testing.assert_array_equal(together, alone)
    shifted = RAW.copy()
    shifted[new] += 100
    np.testing.assert_allclose(
        fitted.transform(shifted, CENTRE)[train], fitted.transform(RAW, CENTRE)[train]
    )
    assert not np.allclose(alone, ComBat().fit(RAW, centre=CENTRE).transform(RAW, CENTRE)[new])


def test_centres_differ_less_afterwards_and_the_reference_not_at_all():
    def spread(values):
        return np.ptp(
            [values[CENTRE == name].mean(axis=0) / RAW.std(axis=0) for name in np.unique(CENTRE)],
            axis=0,
        ).mean()

    harmonised = ComBat(reference="west").fit(RAW, centre=CENTRE).transform(RAW, CENTRE)
    assert spread(harmonised) < 0.4 * spread(RAW)
    np.testing.assert_allclose(harmonised[CENTRE == "west"], RAW[CENTRE == "west"])


def test_a_new_centre_is_named_or_taken_as_the_reference():
    centre = np.where(CENTRE == "west", "elsewhere", CENTRE)
    with pytest.raises(
        ValueError,
        match=(
            "no patient of centre elsewhere was in the training set, whose centres are east, north,"
            " west"
        ),
    ):
        ComBat().fit(RAW, centre=CENTRE).transform(RAW, centre)
    taken = (
        ComBat(reference="east", new_centre="reference")
        .fit(RAW, centre=CENTRE)
        .transform(RAW, centre)
    )
    np.testing.assert_allclose(taken[centre == "elsewhere"], RAW[centre == "elsewhere"])


@pytest.mark.parametrize(
    ("settings", "centre", "message"),
    [
        (
            {"reference": "lonely"},
            np.r_[["lonely"], CENTRE[1:]],
            "a single patient of centre 'lonely'",
        ),
        (
            {},
            np.r_[[None], CENTRE[1:]],
            "centre: 1 patient without a centre, the first in row 1",
        ),
        ({}, CENTRE[1:], "centre: 23 values for 24 patients"),
        (
            {"reference": "south"},
            CENTRE,
            "no patient of centre 'south' in this training set; its centres are east, north, west",
        ),
        ({"new_centre": "reference"}, CENTRE, "needs the name of the reference centre"),
        (
            {"new_centre": "guess"},
            CENTRE,
            "'error', 'reference', 'estimate' or 'unharmonised', got 'guess'",
        ),
    ],
)
def test_wrong_input_is_named(settings, centre, message):
    with pytest.raises(ValueError, match=message):
        ComBat(**settings).fit(RAW, centre=centre)


def test_a_single_patient_of_a_centre_is_shifted_and_not_scaled():
    values, centre = RAW[:18], np.r_[CENTRE[:17], ["lonely"]]
    fitted = ComBat().fit(values, centre=centre)
    np.testing.assert_array_equal(fitted.scale_["lonely"], 1)
    scaled = (values[17] - fitted.mean_) / fitted.deviation_
    spread = scaled.var(
        ddof=1
    )  # posterior mean of the location: shrunken to the mean over features, by a variance of 1
    np.testing.assert_allclose(
        fitted.location_["lonely"], (spread * scaled + scaled.mean()) / (spread + 1)
    )
    assert np.isfinite(fitted.transform(values, centre)).all()


def test_one_centre_and_constant_features_stay_as_they_are():
    np.testing.assert_array_equal(
        ComBat().fit(RAW, centre=["a"] * 24).transform(RAW, ["a"] * 24), RAW
    )
    constant = np.column_stack([RAW, np.full(24, 7.0)])
    harmonised = ComBat().fit(constant, centre=CENTRE).transform(constant, CENTRE)
    np.testing.assert_array_equal(harmonised[:, -1], 7)
    np.testing.assert_allclose(
        harmonised[:, :-1], ComBat().fit(RAW, centre=CENTRE).transform(RAW, CENTRE)
    )


def test_it_takes_its_place_in_a_pipeline():
    with config_context(enable_metadata_routing=True):
        pipeline = make_pipeline(
            ComBat().set_fit_request(centre=True).set_transform_request(centre=True),
            StandardScaler(),
        )
        found = pipeline.fit_transform(RAW, centre=CENTRE)
    np.testing.assert_allclose(
        found,
        StandardScaler().fit_transform(ComBat().fit(RAW, centre=CENTRE).transform(RAW, CENTRE)),
    )
