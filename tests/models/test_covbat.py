"""ComBat with covariates and CovBat beside their reference implementations; centres that a fit has
not seen.

combat_covariates.csv: simulated features of three centres (raw_*) with age and sex as covariates.
common_*, covbat_*, covbat_kept_*: ComBat with covariates, CovBat without and with them, by R 4.2.2
with the package CovBat 0.1.0 (github.com/andy1764/CovBat_Harmonization, commit 1ca2942;
percent.var = 0.8), its iteration run to 1e-12. neurocombat_*, reference_east_*: ComBat with
covariates by neuroCombat 0.2.12 (Python), without and with ref_batch="east", its iteration run to
1e-4 as it is, hence the wider tolerance."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.inputs import Inputs
from models.locked import LockedModel, read_folder, write_folder
from models.locked.harmonisation import combat_description, combat_of
from models.locked.radiomics import LockedRadiomics
from models.radiomics import ComBat, RadiomicsModel
from models.radiomics.covariates import check_told_apart, covariate_design
from models.radiomics.covbat import CovBat

GOLD = pd.read_csv(Path(__file__).with_name("combat_covariates.csv"))
RAW, CENTRE = GOLD.filter(like="raw_").to_numpy(), GOLD["centre"].to_numpy()
LEVELS = {"age": None, "sex": ["female", "male"]}
KEPT = covariate_design(GOLD, LEVELS)


def _gold(name):
    return GOLD.filter(regex=rf"^{name}_\d+$").to_numpy()


@pytest.mark.parametrize(
    ("reference", "columns", "tolerance"),
    [(None, "common", 1e-8), (None, "neurocombat", 5e-6), ("east", "reference_east", 5e-6)],
)
def test_combat_with_covariates_is_that_of_the_references(reference, columns, tolerance):
    found = ComBat(reference).fit_transform(RAW, centre=CENTRE, covariates=KEPT)
    np.testing.assert_allclose(found, _gold(columns), rtol=0, atol=tolerance)


@pytest.mark.parametrize(("covariates", "columns"), [(None, "covbat"), (KEPT, "covbat_kept")])
def test_covbat_is_that_of_its_authors(covariates, columns):
    found = CovBat(variance=0.8).fit_transform(RAW, centre=CENTRE, covariates=covariates)
    np.testing.assert_allclose(found, _gold(columns), rtol=0, atol=1e-8)


def test_components_of_all_centres_have_one_mean_and_variance_afterwards():
    fitted = CovBat(variance=0.8).fit(RAW, centre=CENTRE)
    left = (fitted.transform(RAW, CENTRE) - fitted.mean_) / fitted.deviation_
    scores = fitted._standardised(left) @ fitted.components_.T
    for name in np.unique(CENTRE):
        np.testing.assert_allclose(scores[CENTRE == name].mean(axis=0), 0, atol=1e-9)
        np.testing.assert_allclose(
            scores[CENTRE == name].std(axis=0, ddof=1), fitted.score_deviation_
        )


@pytest.mark.parametrize("covariates", [None, KEPT])
def test_a_feature_that_is_constant_within_all_centres_stays_and_moves_no_other(covariates):
    """It tells the centres apart, so that a component of it would be harmonised away."""
    levels = {name: 3.0 * place for place, name in enumerate(np.unique(CENTRE))}
    constant = np.array([levels[name] for name in CENTRE])[:, None]
    both = np.hstack([RAW, constant])
    known = CENTRE != "west"
    kept = {"covariates": None if covariates is None else covariates[known]}
    given = {"new_centre": "estimate", "least_patients": 5, "variance": 0.8}
    alone, fitted = (
        CovBat(**given).fit(values[known], centre=CENTRE[known], **kept) for values in (RAW, both)
    )
    found = fitted.transform(both, CENTRE, covariates)
    np.testing.assert_allclose(found[:, -1], constant[:, 0], rtol=0, atol=1e-9)
    expected = alone.transform(RAW, CENTRE, covariates)
    np.testing.assert_allclose(found[:, :-1], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", [ComBat, CovBat])
def test_a_new_patient_is_harmonised_as_in_the_fit_and_changes_nothing_in_it(kind):
    train = np.arange(len(RAW)) % 4 > 0
    fitted = kind().fit(RAW[train], centre=CENTRE[train], covariates=KEPT[train])
    new, kept, centre = RAW[~train], KEPT[~train], CENTRE[~train]
    together = fitted.transform(new, centre, kept)
    alone = [
        fitted.transform(new[[place]], centre[[place]], kept[[place]])[0]
        for place in range(len(new))
    ]
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-12)
    shifted = RAW.copy()
    shifted[~train] += 50
    np.testing.assert_array_equal(
        fitted.transform(shifted[train], CENTRE[train], KEPT[train]),
        kind()
        .fit(shifted[train], centre=CENTRE[train], covariates=KEPT[train])
        .transform(RAW[train], CENTRE[train], KEPT[train]),
    )


@pytest.mark.parametrize("kind", [ComBat, CovBat])
def test_a_new_centre_is_refused_or_estimated_from_enough_of_its_own_patients(kind):
    east = CENTRE == "east"
    with pytest.raises(ValueError, match=r"centre east was in the training set.*new_centre: estim"):
        kind().fit(RAW[~east], centre=CENTRE[~east]).transform(RAW[east], CENTRE[east])
    fitted = kind(new_centre="estimate", least_patients=12)
    fitted.fit(RAW[~east], centre=CENTRE[~east])
    found = fitted.transform(RAW, CENTRE)
    # Those of known centres do not depend on whom they are scored with.
    np.testing.assert_array_equal(found[~east], fitted.transform(RAW[~east], CENTRE[~east]))
    before = np.abs(RAW[east].mean(axis=0) - RAW[~east].mean(axis=0)) / fitted.deviation_
    after = np.abs(found[east].mean(axis=0) - found[~east].mean(axis=0)) / fitted.deviation_
    assert after.mean() < 0.35 * before.mean()
    assert "east" not in fitted.location_  # nothing is learnt for later
    with pytest.raises(ValueError, match=r"east has 11 patients here.*takes 12 who"):
        fitted.transform(RAW[east][:11], CENTRE[east][:11])
    known = fitted.with_new_centres(RAW[east], CENTRE[east])
    np.testing.assert_allclose(known.transform(RAW[east][:1], ["east"]), found[east][:1])


@pytest.mark.parametrize("kind", [ComBat, CovBat])
def test_one_centre_in_training_is_too_few_to_estimate_another(kind):
    """Nothing would be done to the new centre's patients, and nobody told."""
    west = CENTRE == "west"
    fitted = kind(new_centre="estimate", least_patients=5).fit(RAW[west], centre=CENTRE[west])
    np.testing.assert_array_equal(fitted.transform(RAW[west], CENTRE[west]), RAW[west])
    with pytest.raises(ValueError, match=r"east, north was.* all of west; .* two or more centres"):
        fitted.transform(RAW, CENTRE)
    again = combat_of(combat_description(fitted))
    with pytest.raises(ValueError, match="two or more centres were in training"):
        again.with_new_centres(RAW, CENTRE)


def test_the_reference_rule_leaves_a_new_centre_as_it_is_with_covariates_too():
    centre = np.where(CENTRE == "west", "elsewhere", CENTRE)
    fitted = ComBat("east", "reference").fit(RAW, centre=CENTRE, covariates=KEPT)
    there = centre == "elsewhere"
    np.testing.assert_allclose(fitted.transform(RAW, centre, KEPT)[there], RAW[there])


def test_covariates_that_are_the_centre_in_other_words_are_refused():
    centres = (CENTRE[:, None] == np.unique(CENTRE)).astype(float)
    with pytest.raises(ValueError, match="can't be told from the centres"):
        ComBat().fit(RAW, centre=CENTRE, covariates=(CENTRE == "east")[:, None].astype(float))
    with pytest.raises(ValueError, match="or from each other"):
        check_told_apart(centres, KEPT[:, [0, 0]])
    check_told_apart(centres, np.column_stack([KEPT, np.ones(len(KEPT))]))


def test_a_missing_covariate_names_its_patient():
    table = GOLD.set_index(pd.Index([f"P{place}" for place in range(len(GOLD))]))
    table.loc["P3", "sex"] = None
    with pytest.raises(ValueError, match="the effect of sex, which is missing for P3"):
        covariate_design(table, LEVELS)
    with pytest.raises(ValueError, match="CovBat brings all centres to their common mean"):
        CovBat("east").fit(RAW, centre=CENTRE)


@pytest.mark.parametrize(
    "harmonisation",
    [
        {"covariates": LEVELS, "reference": "east"},
        {"method": "covbat", "covariates": LEVELS, "variance": 0.8},
        {"new_centre": "estimate", "least_patients": 5},
        {"method": "covbat", "new_centre": "estimate", "least_patients": 5},
    ],
)
def test_a_locked_model_harmonises_as_the_fitted_one(tmp_path, harmonisation):
    patients = pd.Index([f"P{place}" for place in range(len(GOLD))])
    inputs = Inputs(
        patients,
        GOLD[["age", "sex"]].set_axis(patients),
        GOLD.filter(like="raw_").set_axis(patients),
        centre=GOLD["centre"].set_axis(patients),
    )
    label = pd.Series(np.arange(len(GOLD)) % 2.0, index=patients)
    known = list(patients[CENTRE != "west"])
    fitted = RadiomicsModel(
        "logistic",
        list(inputs.radiomics),
        selected_features=3,
        tuning_folds=2,
        harmonisation=harmonisation,
    ).fit(inputs.subset(known), label[known])
    model = LockedModel({"radiomics": LockedRadiomics.of(fitted)})
    write_folder(tmp_path / "model", *model.description())
    again = LockedModel.from_description(*read_folder(tmp_path / "model"))
    scored = known
    if "new_centre" in harmonisation:
        scored = list(patients)
        assert again.centres == {"east", "north"}
        again = again.knowing(inputs.subset(list(patients[CENTRE == "west"])))
    expected = fitted.predict(inputs.subset(scored))
    one_by_one = [again.predict(inputs.subset([patient])).iloc[0] for patient in scored]
    np.testing.assert_allclose(one_by_one, expected, rtol=0, atol=1e-12)
    assert again.needed_variables == (list(LEVELS) if "covariates" in harmonisation else [])
