"""Errors of a flexible curve beside those of a perfectly calibrated model, and tests of calibration
where they hold."""

import numpy as np
import pytest
from scipy.special import expit

import analysis.statistics as st
from analysis.statistics.calibration_tests import LEAST_EXPECTED


@pytest.mark.parametrize("smoother", ["loess", "spline"])
def test_a_calibrated_model_has_the_errors_of_the_reference(smoother):
    """Mean of 300 outcomes drawn here against the reference's 200 of other draws; both have a
    Monte-Carlo error of some 3 %."""
    random = np.random.default_rng(4)
    probability = expit(random.normal(0.3, 1, 60))
    own = []
    for _ in range(300):
        errors = st.calibration_errors(
            (random.random(60) < probability).astype(int), probability, smoother, 3
        )
        own.append([errors.ici, errors.e50, errors.e90, errors.emax])
    found = st.calibrated_errors(probability, smoother, 3)
    np.testing.assert_allclose(
        [found.ici, found.e50, found.e90, found.emax], np.mean(own, axis=0), rtol=0.12
    )
    assert (found.smoothed == probability).all()
    assert found.smoother == smoother


def test_it_falls_with_the_patients_and_is_not_small_at_33():
    """33 patients: a perfectly calibrated model has a mean ICI near .1, so that an ICI of .1 is no
    fault."""
    random = np.random.default_rng(5)
    few, many = (
        st.calibrated_errors(expit(random.normal(0.3, 1, n)), draws=60).ici for n in (33, 1000)
    )
    assert 0.07 < few < 0.2
    assert many < 0.03
    again = expit(np.linspace(-2, 2, 40))
    assert (
        st.calibrated_errors(again, draws=10, seed=2).ici
        == st.calibrated_errors(again, draws=10, seed=2).ici
        != st.calibrated_errors(again, draws=10, seed=3).ici
    )


def test_many_patients_are_represented_by_5000():
    """Errors of a smoother fall with the root of the patients; 40 draws of each have a Monte-Carlo
    error of some 7 %."""
    import sys

    random = np.random.default_rng(5)
    probability, module = (
        expit(random.normal(0.3, 1, 2000)),
        sys.modules["analysis.statistics.calibration_reference"],
    )
    whole = st.calibrated_errors(probability, "spline", 3, draws=40)
    most, module.MOST_PATIENTS = module.MOST_PATIENTS, 500
    try:
        few = st.calibrated_errors(probability, "spline", 3, draws=40)
    finally:
        module.MOST_PATIENTS = most
    assert few.ici == pytest.approx(whole.ici, rel=0.3)
    assert few.e50 == pytest.approx(whole.e50, rel=0.3)


def test_what_cannot_be_smoothed_is_said():
    with pytest.raises(ValueError, match="probability: no simulated outcome"):
        st.calibrated_errors(np.repeat([0.2, 0.4], 20), draws=5)


def test_least_expected_count_by_hand():
    """Groups of .1, .2 and .3, .4 … of two patients: .3 expected in the first, and as few others in
    the last."""
    found = st.hosmer_lemeshow([0, 1] * 5, np.arange(1, 11) / 10 - 0.05, groups=5)
    assert found.least_expected == pytest.approx(0.05 + 0.15)


@pytest.mark.parametrize(("n", "spread", "holds"), [(33, 2.5, False), (400, 0.8, True)])
def test_hosmer_lemeshow_keeps_its_level_where_enough_are_expected(n, spread, holds):
    """1500 calibrated cohorts each: Monte-Carlo error of a type I error of 1 % is .26 %."""
    random, tests = np.random.default_rng(6), []
    for _ in range(1500):
        probability = np.clip(expit(random.normal(0.3, spread, n)), 1e-6, 1 - 1e-6)
        tests.append(
            st.hosmer_lemeshow(
                (random.random(n) < probability).astype(int), probability, external=True
            )
        )
    assert np.mean([(test.least_expected >= LEAST_EXPECTED) == holds for test in tests]) > 0.9
    share = np.mean([test.p < 0.01 for test in tests])
    assert share < 0.01 + 3 * 0.0026 if holds else share > 0.03


def test_spiegelhalter_keeps_its_level_at_33():
    """4000 calibrated cohorts: Monte-Carlo error .34 %."""
    random, p = np.random.default_rng(7), []
    for _ in range(4000):
        probability = expit(random.normal(0.3, 1.4, 33))
        p.append(
            st.spiegelhalter_test((random.random(33) < probability).astype(int), probability).p
        )
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=3 * 0.0034)
