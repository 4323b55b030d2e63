"""A column that tells the outcome alone, and a centre that nearly is the outcome, are found and
named; sound ones are silent."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.training.leakage.strong_predictors import centre_outcome, cramers_v, single_predictor
from models.inputs import Inputs
from tests.support.clinical_copies import with_clinical


def _larger(cohort, repeat=5):
    """The cohort several times over, which is enough for an alarm."""
    names = pd.Index(
        [f"P{place:03d}" for place in range(repeat * len(cohort.patients))], name="patient_id"
    )
    clinical, outcome, of = (
        pd.concat([table] * repeat).set_axis(names)
        for table in (cohort.clinical, cohort.outcome, cohort.cohort)
    )
    random = np.random.default_rng(0)
    for name in ("ast", "tumour_diameter"):
        clinical[name] = random.permutation(clinical[name])
    return replace(cohort, clinical=clinical, outcome=outcome, cohort=of)


def _features(cohort, columns=300):
    table = pd.DataFrame(
        np.random.default_rng(5).standard_normal((len(cohort.patients), columns)),
        index=cohort.patients,
    )
    return Inputs(cohort.patients, radiomics=table.rename(columns=lambda place: f"f{place}"))


@pytest.fixture(scope="module")
def cohort(sound_cohort):
    return _larger(sound_cohort)


def test_a_sound_cohort_passes(sound_cohort, sound_inputs, cohort):
    assert single_predictor(sound_cohort, sound_inputs).verdict == "pass"
    assert single_predictor(cohort, _features(cohort)).verdict == "pass"
    assert centre_outcome(sound_cohort).verdict in ("pass", "note")


def test_a_predictor_that_was_measured_after_the_outcome_is_named(cohort):
    random, clinical = np.random.default_rng(1), cohort.clinical.copy()
    clinical["ast"] = 40 + 60 * cohort.label.fillna(0) + random.normal(0, 20, len(clinical))
    found = single_predictor(with_clinical(cohort, clinical), _features(cohort))
    label = cohort.dictionary.variables["ast"].label
    assert found.verdict == "fail"
    assert label in found.finding
    assert found.named == label


def test_in_a_tiny_cohort_it_is_a_note(sound_cohort, sound_inputs):
    """Eight patients of each outcome: chance orders one of a dozen columns perfectly once in a
    thousand studies or so."""
    clinical = sound_cohort.clinical.assign(
        ast=40 + 60 * sound_cohort.label.fillna(0) + np.arange(len(sound_cohort.patients)) / 10
    )
    found = single_predictor(with_clinical(sound_cohort, clinical), sound_inputs)
    assert found.verdict == "note"
    assert "AUC 1.000" in found.finding


def test_the_direction_does_not_matter_and_a_feature_is_found_among_many(cohort):
    inputs = _features(cohort)
    features = inputs.radiomics.assign(
        planted=-5 * cohort.label.fillna(0)
        + np.random.default_rng(3).normal(size=len(cohort.patients))
    )
    found = single_predictor(cohort, replace(inputs, radiomics=features))
    assert found.verdict == "fail"
    assert found.named == "planted"


def test_a_strong_true_predictor_is_no_alarm(cohort):
    """A true AUC of .80 is beyond every known predictor of recurrence, and still not .95."""
    verdicts = set()
    for seed in range(30):
        strong = 1.19 * cohort.label.fillna(0) + np.random.default_rng(seed).standard_normal(
            len(cohort.patients)
        )
        verdicts.add(
            single_predictor(
                with_clinical(cohort, cohort.clinical.assign(ast=strong)), Inputs(cohort.patients)
            ).verdict
        )
    assert verdicts == {"pass"}


def test_a_column_of_names_that_is_the_outcome_is_found(cohort):
    clinical = cohort.clinical.assign(sex=np.where(cohort.label.fillna(0) == 1, "male", "female"))
    found = single_predictor(with_clinical(cohort, clinical), Inputs(cohort.patients))
    assert found.verdict == "fail"
    assert cohort.dictionary.variables["sex"].label in found.named


def _of_centres(cohort, share, seed=0):
    """Centres that are the label in `share` of the patients."""
    same = np.random.default_rng(seed).random(len(cohort.patients)) < share
    return with_clinical(
        cohort, cohort.clinical.assign(centre=np.where((cohort.label == 1) == same, "A", "B"))
    )


def test_a_centre_that_is_the_outcome_in_nine_of_ten_is_found(cohort):
    found = centre_outcome(_of_centres(cohort, 0.9))
    assert found.verdict == "fail"
    assert "of centre A" in found.finding
    assert "of one centre" in found.named


@pytest.mark.parametrize(("share", "verdicts"), [(0.5, {"pass"}), (0.7, {"note", "pass"})])
def test_centres_of_another_case_mix_are_no_alarm(cohort, share, verdicts):
    assert {
        centre_outcome(_of_centres(cohort, share, seed)).verdict for seed in range(20)
    } <= verdicts


def test_without_a_column_of_centres_it_says_so(sound_cohort):
    section = sound_cohort.study.cohort.model_copy(update={"centre": None})
    assert (
        centre_outcome(
            replace(sound_cohort, study=sound_cohort.study.model_copy(update={"cohort": section}))
        ).verdict
        == "not run"
    )


def test_cramers_v_without_its_bias():
    """R 4: p <- chisq.test(x, correct = FALSE)$statistic / n, then Bergsma's formulas by hand."""
    assert cramers_v([[18, 5], [4, 17]]) == pytest.approx(0.5782887039, abs=1e-9)
    assert cramers_v([[10, 6], [3, 9], [2, 4]]) == pytest.approx(0.2579864678, abs=1e-9)
    assert cramers_v([[10, 10], [10, 10]]) == 0.0
    assert cramers_v([[30, 0], [0, 30]]) == pytest.approx(1.0, abs=1e-12)
