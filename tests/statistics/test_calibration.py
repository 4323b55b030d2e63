"""Calibration as numbers: statsmodels' Newton fit for slope and intercepts, closed forms for O:E,
Spiegelhalter and Hosmer-Lemeshow, groups by hand."""

from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.special import logit

from analysis import statistics as st

RANDOM = np.random.default_rng(5)
PROBABILITY = np.round(RANDOM.uniform(0.05, 0.95, 80), 2)
LABEL = (RANDOM.random(80) < PROBABILITY**1.5).astype(int)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_slope_and_intercepts_are_those_of_logistic_models(level):
    linear = logit(PROBABILITY)
    joint = sm.Logit(LABEL, sm.add_constant(linear)).fit(disp=0, tol=1e-12)
    large = sm.GLM(LABEL, np.ones(80), family=sm.families.Binomial(), offset=linear).fit(
        method="newton", tol=1e-12
    )
    for found, fit, column in (
        (st.calibration_intercept(LABEL, PROBABILITY, level), joint, 0),
        (st.calibration_slope(LABEL, PROBABILITY, level), joint, 1),
        (st.calibration_in_the_large(LABEL, PROBABILITY, level), large, 0),
    ):
        assert (found.value, found.n) == pytest.approx((fit.params[column], 80))
        assert (found.ci_low, found.ci_high) == pytest.approx(
            fit.conf_int(1 - level)[column], rel=1e-6
        )
    from analysis.statistics.calibration import recalibration_line

    assert recalibration_line(LABEL, PROBABILITY) == pytest.approx(tuple(joint.params))


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_at_an_end_of_the_profile_interval_the_deviance_is_chi_square(level):
    found, linear = (
        st.calibration_slope(LABEL, PROBABILITY, level, interval="profile"),
        logit(PROBABILITY),
    )
    largest = sm.Logit(LABEL, sm.add_constant(linear)).fit(disp=0).llf
    for end in (found.ci_low, found.ci_high):
        fixed = (
            sm.GLM(LABEL, np.ones(80), family=sm.families.Binomial(), offset=end * linear).fit().llf
        )
        assert 2 * (largest - fixed) == pytest.approx(stats.chi2.ppf(level, 1), rel=1e-6)
    assert found.ci_low < found.value < found.ci_high
    assert found.n == 80
    assert found.value == st.calibration_slope(LABEL, PROBABILITY).value


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.calibration_slope(LABEL, PROBABILITY, interval="exact"),
            "interval: 'wald' or 'profile', got 'exact'",
        ),
        (
            lambda: st.calibration_slope([0, 1], [0.5, 0.5]),
            "probability: all patients have the same one",
        ),
        (
            lambda: st.calibration_intercept([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]),
            "probability: it separates",
        ),
        (
            lambda: st.calibration_in_the_large([0, 1], [0.0, 0.5]),
            "probability: 0 and 1 have no logit",
        ),
        (lambda: st.observed_expected_ratio([0, 1], [0, 0]), "probability: all are 0"),
        (
            lambda: st.hosmer_lemeshow([0, 1] * 6, [0.2, 0.4, 0.6] * 4, groups=4),
            "groups: the probabilities have too few distinct values for 4 groups, 2 remain",
        ),
        (
            lambda: st.hosmer_lemeshow([0, 1] * 6, [0.2] * 12, groups=4),
            "groups: .* for 4 groups, 1 remain",
        ),
        (
            lambda: st.hosmer_lemeshow(
                [1, 0] * 7, [0] * 4 + [0.2, 0.3, 0.35, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9], groups=4
            ),
            "probability: a whole group has probability 0 or 1",
        ),
        (
            lambda: st.hosmer_lemeshow(
                [1, 0] * 7, [1] * 4 + [0.2, 0.3, 0.35, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9], groups=4
            ),
            "probability: a whole group has probability 0 or 1",
        ),
    ],
)
def test_what_cannot_be_calibrated_is_said(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


@pytest.mark.parametrize(("level", "z"), [(0.95, 1.959963985), (0.9, 1.644853627)])
def test_observed_to_expected_by_hand(level, z):
    """4 events of 10, 5 expected: .8; SE of the log √(.6 / 4)."""
    found = st.observed_expected_ratio([1] * 4 + [0] * 6, [0.5] * 10, level)
    assert (found.value, found.n) == (0.8, 10)
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (0.8 * np.exp(-z * np.sqrt(0.15)), 0.8 * np.exp(z * np.sqrt(0.15)))
    )


@pytest.mark.parametrize(("label", "value"), [([0, 0], 0), ([1, 1], 4)])
def test_no_event_or_events_only_have_a_ratio_without_an_interval(label, value):
    found = st.observed_expected_ratio(label, [0.2, 0.3])
    assert found.value == pytest.approx(value)
    assert np.isnan(found.ci_low)
    assert np.isnan(found.ci_high)
    assert found.n == 2
    one = st.observed_expected_ratio([1, 0], [0.2, 0.3])
    assert (one.value, one.ci_high) == pytest.approx((2, 2 * np.exp(1.959963985 * np.sqrt(0.5))))


def test_spiegelhalter_by_hand():
    """(y - p)(1 - 2p): -.2 × .6, .1 × -.8, .6 × .2, -.7 × -.4 = .2; variances .36 × .16 + .64 × .09
    + .04 × .24 + .16 × .21 = .1584."""
    found = st.spiegelhalter_test([0, 1, 1, 0], [0.2, 0.9, 0.4, 0.7])
    assert found.statistic == pytest.approx(0.2 / np.sqrt(0.1584))
    assert found.p == pytest.approx(2 * stats.norm.sf(0.2 / np.sqrt(0.1584)))
    assert np.isnan(found.degrees_of_freedom)
    assert found.name == "Spiegelhalter z"
    mirrored = st.spiegelhalter_test([0, 0, 1, 0], [0.2, 0.1, 0.1, 0.3])
    assert mirrored.statistic == pytest.approx(
        (-0.12 - 0.08 + 0.72 - 0.12) / np.sqrt(0.36 * 0.16 + 2 * 0.64 * 0.09 + 0.16 * 0.21)
    )
    assert mirrored.p < 1


@pytest.mark.parametrize(("external", "freedom"), [(False, 1), (True, 3)])
def test_hosmer_lemeshow_by_hand(external, freedom):
    """Three groups of three, cut at .3 and .6 and closed above: expected .6, 1.5, 2.4; observed 1,
    1, 3."""
    probability, label = (
        np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        [0, 1, 0, 0, 0, 1, 1, 1, 1],
    )
    order = [4, 8, 0, 2, 6, 1, 3, 7, 5]
    cuts = np.quantile(probability, [1 / 3, 2 / 3])
    assert ((probability <= cuts[0]).sum(), (probability <= cuts[1]).sum()) == (3, 6)
    found = st.hosmer_lemeshow(np.array(label)[order], probability[order], 3, external)
    expected = 0.4**2 / (0.6 * 0.8) + 0.5**2 / (1.5 * 0.5) + 0.6**2 / (2.4 * 0.2)
    assert found.n_in_group.tolist() == [3, 3, 3]
    assert found.observed.tolist() == [1, 1, 3]
    assert found.expected == pytest.approx([0.6, 1.5, 2.4])
    assert (found.statistic, found.degrees_of_freedom) == pytest.approx((expected, freedom))
    assert found.p == pytest.approx(stats.chi2.sf(expected, freedom))


def test_tied_cuts_merge_and_an_empty_group_is_none():
    """Quintiles of six .2 and .3, .4, .5, .6 end at .2, .2, .24, .42, .6: six up to .24, two up to
    .42, two more."""
    probability = np.array([0.2] * 6 + [0.3, 0.4, 0.5, 0.6])
    found = st.hosmer_lemeshow([0, 1] * 5, probability, groups=5)
    assert found.n_in_group.tolist() == [6, 2, 2]
    assert found.degrees_of_freedom == 1
    # Cuts that fall between two patients more than once have a group of nobody between them.
    gap = np.array([0.1] * 5 + [0.2] + [0.8] + [0.9] * 5)
    cuts = np.unique(np.quantile(gap, np.linspace(0, 1, 25)))
    sizes = [
        ((gap > low) & (gap <= high)).sum() + (gap == cuts[0]).sum() * (low == cuts[0])
        for low, high in pairwise(cuts)
    ]
    found = st.hosmer_lemeshow([0, 1] * 6, gap, groups=24)
    assert 0 in sizes
    assert found.n_in_group.tolist() == [size for size in sizes if size]
    assert found.degrees_of_freedom == len(found.n_in_group) - 2


def test_groups_end_where_their_share_is_complete():
    """Seven patients in three groups: shares of 7/3 end at the 3rd, 5th and 7th patient."""
    found = st.calibration_groups([0, 0, 1, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], 3)
    assert found.n.tolist() == [3, 2, 2]
    assert found.mean_probability == pytest.approx([0.2, 0.45, 0.65])
    assert found.observed == pytest.approx([1 / 3, 1 / 2, 1])
    # An exact share ends at its patient: 3 of 9, thrice, in any order.
    assert st.calibration_groups(
        [0, 1, 0] * 3, [0.9, 0.1, 0.5, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8], 3
    ).n.tolist() == [3, 3, 3]
    # Five tied values fill one group and more: 5, and what is left.
    tied = st.calibration_groups([0, 1, 0, 1, 1, 1], [0.2, 0.2, 0.2, 0.2, 0.2, 0.7], 3)
    assert tied.n.tolist() == [5, 1]
    assert tied.mean_probability == pytest.approx([0.2, 0.7])
    assert tied.observed == pytest.approx([0.6, 1])
