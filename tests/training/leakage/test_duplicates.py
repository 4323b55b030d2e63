"""One patient entered twice is found by name, by values, by features and by images; a sound cohort
passes."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.study import DeepLearning, NetworkInput
from analysis.training.leakage.duplicates import same_features, same_images, same_name, same_values
from analysis.training.leakage.near_duplicates import twins, uncorrelated
from tests.support.clinical_copies import with_clinical


def test_a_sound_cohort_passes(sound_cohort, sound_inputs):
    for guard in (
        same_name(sound_cohort),
        same_values(sound_cohort),
        same_features(sound_cohort, sound_inputs),
        same_images(sound_cohort, sound_inputs),
    ):
        assert guard.verdict == "pass", guard


def test_a_name_written_in_another_way_is_found(sound_cohort, pair):
    training, validation = pair
    number = "".join(each for each in training if each.isdigit())
    twin = training.replace(number, f"-0{number}").lower()
    names = {validation: twin}
    spoilt = replace(
        sound_cohort,
        clinical=sound_cohort.clinical.rename(index=names),
        outcome=sound_cohort.outcome.rename(index=names),
        cohort=sound_cohort.cohort.rename(index=names),
    )
    found = same_name(spoilt)
    assert found.verdict == "fail"
    assert training in found.finding
    assert twin in found.finding


def test_a_row_that_stands_in_two_cohorts_is_found_although_one_value_is_missing(
    sound_cohort, pair
):
    training, validation = pair
    clinical = sound_cohort.clinical.copy()
    clinical.loc[validation] = clinical.loc[training]
    clinical.loc[validation, "ast"] = np.nan
    found = same_values(with_clinical(sound_cohort, clinical))
    assert found.verdict == "fail"
    assert training in found.finding
    assert validation in found.finding
    clinical.loc[validation, "alt"] = clinical.loc[training, "alt"] + 1
    assert same_values(with_clinical(sound_cohort, clinical)).verdict == "pass"


def test_two_rows_of_one_patient_within_a_cohort_are_found(sound_cohort):
    """They meet on both sides of a fold."""
    one, two = sound_cohort.patients[sound_cohort.cohort == "training"][:2]
    clinical = sound_cohort.clinical.copy()
    clinical.loc[two] = clinical.loc[one]
    found = same_values(with_clinical(sound_cohort, clinical))
    assert found.verdict == "fail"
    assert f"{one} and {two} (both training)" in found.finding
    assert found.named == "1 pair of patients"


def test_names_of_a_centre_and_a_number_are_two_patients(sound_cohort):
    one, two = sound_cohort.patients[:2]
    names = {one: "1-11", two: "11-1"}
    other = replace(
        sound_cohort,
        clinical=sound_cohort.clinical.rename(index=names),
        outcome=sound_cohort.outcome.rename(index=names),
        cohort=sound_cohort.cohort.rename(index=names),
    )
    assert same_name(other).verdict == "pass"


@pytest.mark.parametrize("cohorts", [("training", "validation"), ("training", "training")])
def test_twins_with_one_per_cent_of_noise_are_found_by_features(
    sound_cohort, sound_inputs, cohorts
):
    one = sound_cohort.patients[sound_cohort.cohort == cohorts[0]][0]
    two = sound_cohort.patients[sound_cohort.cohort == cohorts[1]][-1]
    random, features = np.random.default_rng(7), sound_inputs.radiomics.copy()
    features.loc[two] = features.loc[one] + 0.01 * features.std() * random.standard_normal(
        features.shape[1]
    )
    found = same_features(sound_cohort, replace(sound_inputs, radiomics=features))
    assert found.verdict == "fail"
    assert one in found.finding
    assert two in found.finding
    assert one not in found.named


def test_twins_with_one_per_cent_of_noise_are_found_by_clinical_values():
    """Ten laboratory values of 132 patients, each measured again with 1 % of error."""
    random = np.random.default_rng(2)
    values = np.exp(
        random.standard_normal((132, 4)) @ random.standard_normal((4, 10)) / 2
        + 0.5 * random.standard_normal((132, 10))
        + 3
    )
    assert twins(uncorrelated(values)) == []
    values[-1] = values[0] * (1 + 0.01 * random.standard_normal(10))
    assert twins(uncorrelated(values)) == [(0, 131)]


def test_several_copies_of_one_patient_are_found_with_one_another():
    random = np.random.default_rng(4)
    values = random.standard_normal((60, 25))
    values[1:4] = values[0] + 0.01 * random.standard_normal((3, 25))
    assert twins(uncorrelated(values)) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_too_few_values_prove_nothing_and_say_so(sound_cohort):
    kept = [
        name
        for name, variable in sound_cohort.dictionary.variables.items()
        if variable.type != "continuous" and name in sound_cohort.clinical
    ]
    assert (
        same_values(with_clinical(sound_cohort, sound_cohort.clinical[kept])).verdict == "not run"
    )


def test_a_tumour_extracted_twice_is_found(sound_cohort, sound_inputs, pair):
    training, validation = pair
    features = sound_inputs.radiomics.copy()
    features.loc[validation] = features.loc[training] * (1 + 1e-6)
    found = same_features(sound_cohort, replace(sound_inputs, radiomics=features))
    assert found.verdict == "fail"
    assert training in found.finding
    assert validation in found.finding


def test_a_noisy_copy_of_an_image_is_found(sound_cohort, sound_inputs, pair):
    places = sound_inputs.patients.get_indexer(pair)
    images = sound_inputs.images.copy()
    images[places[1]] = (
        images[places[0]] * 1.3
        + 5
        + np.random.default_rng(0).normal(0, 0.02, images[places[0]].shape)
    )
    found = same_images(sound_cohort, replace(sound_inputs, images=images))
    assert found.verdict == "fail"
    assert all(name in found.finding for name in pair)


def test_phases_that_keep_their_scale_hide_no_twin_and_make_none(sound_cohort, sound_inputs, pair):
    """The second phase is in a unit, far above the others, and ends before the crop."""
    study = sound_cohort.study
    seen = NetworkInput(normalisation="reference")
    phases = {
        name: phase.model_copy(update={"networks": seen if place == 1 else None})
        for place, (name, phase) in enumerate(study.phases.items())
    }
    deep = DeepLearning(reference_phase=next(iter(phases)))
    cohort = replace(
        sound_cohort, study=study.model_copy(update={"phases": phases, "deep_learning": deep})
    )
    images = sound_inputs.images.copy()
    images[:, :, 1] = 1000 + 10 * images[:, :, 1]
    images[:, :, 1, :3] = np.nan
    assert same_images(cohort, replace(sound_inputs, images=images)).verdict == "pass"
    places = sound_inputs.patients.get_indexer(pair)
    images[places[1]] = images[places[0]]
    found = same_images(cohort, replace(sound_inputs, images=images))
    assert found.verdict == "fail"
    assert all(name in found.finding for name in pair)


def test_without_features_or_images_the_guards_say_that_they_did_not_run(
    sound_cohort, sound_inputs
):
    bare = replace(sound_inputs, radiomics=None, images=None)
    assert {same_features(sound_cohort, bare).verdict, same_images(sound_cohort, bare).verdict} == {
        "not run"
    }
