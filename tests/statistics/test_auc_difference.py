"""Paired difference of two AUCs: Student's t on DeLong's error, no test with few events, no
certainty near an AUC of one."""

import numpy as np
import pytest
from scipy.stats import norm, t

import analysis.statistics as st
from analysis.statistics.auc_difference import LEAST_FOR_A_TEST

LABEL = np.r_[np.ones(20), np.zeros(13)]


def scores(random, label, distances, correlation=0.5):
    shared = random.standard_normal(len(label))
    return [
        np.sqrt(correlation) * shared
        + np.sqrt(1 - correlation) * random.standard_normal(len(label))
        + distance * label
        for distance in distances
    ]


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_t_on_delongs_error(level):
    first, second = scores(np.random.default_rng(1), LABEL, (1, 0.5))
    normal, found = (
        st.delong_test(LABEL, first, second, level),
        st.auc_difference(LABEL, first, second, level),
    )
    error = normal.difference / normal.z
    assert (found.difference, found.z, found.degrees_of_freedom) == (
        normal.difference,
        normal.z,
        12,
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (
            found.difference - t.ppf((1 + level) / 2, 12) * error,
            found.difference + t.ppf((1 + level) / 2, 12) * error,
        )
    )
    assert found.p == pytest.approx(2 * t.sf(abs(normal.z), 12))
    assert found.p > normal.p
    assert st.compare_auc(LABEL, first, second, "validation", level=level) == found


def test_below_ten_of_either_outcome_there_is_no_test():
    assert LEAST_FOR_A_TEST == 10
    for events, tested in ((9, False), (10, True)):
        label = np.r_[np.ones(events), np.zeros(40)]
        found = st.auc_difference(label, *scores(np.random.default_rng(2), label, (1, 0)))
        assert np.isfinite(found.p) == tested
        assert np.isfinite([found.ci_low, found.ci_high]).all()
        assert (
            np.isfinite(
                st.auc_difference(1 - label, *scores(np.random.default_rng(2), label, (1, 0))).p
            )
            == tested
        )
    one = st.auc_difference([1, 0, 0, 0], [1, 2, 3, 4], [2, 1, 4, 3])
    assert np.isnan([one.ci_low, one.ci_high, one.p, one.z]).all()
    assert one.difference == pytest.approx(-1 / 3)


def test_two_perfect_scores_are_not_known_to_be_equal():
    """DeLong: difference 0, error 0, interval 0 to 0. Two orders that both separate may differ in
    the next patients; one order does not."""
    random = np.random.default_rng(3)
    first, second = LABEL + 0.1 * random.random(33), LABEL + 0.1 * random.random(33)
    found = st.auc_difference(LABEL, first, second)
    low = st.auc_interval(LABEL, first).ci_low
    assert (found.difference, found.p) == (0, 1)
    assert (found.ci_low, found.ci_high) == pytest.approx((low - 1, 1 - low))
    same = st.auc_difference(LABEL, first, np.exp(first))
    assert (same.ci_low, same.ci_high, same.p) == (0, 0, 1)


def test_near_one_the_interval_and_p_agree():
    """AUC 1 against .9: DeLong's error is that of the second alone. The wider interval has the
    P-value of its own end at 0."""
    first, second = scores(np.random.default_rng(4), LABEL, (6, 1))
    for level in (0.5, 0.9, 0.95, 0.99):
        found = st.auc_difference(LABEL, first, second, level)
        assert (found.ci_low > 0) == (found.p < 1 - level)
    assert found.auc_a == 1
    assert found.ci_high <= 1
    opposite = st.auc_difference(LABEL, LABEL, -LABEL)
    assert opposite.difference == 1
    assert opposite.p < 1e-8
    assert 0.7 < opposite.ci_low < 1
    assert opposite.ci_high == 1


@pytest.mark.parametrize(
    ("events", "others", "area", "correlation"),
    [(20, 13, 0.7, 0.5), (20, 13, 0.95, 0.6), (10, 90, 0.5, 0.0)],
)
def test_type_one_error_and_coverage(events, others, area, correlation):
    """Equal models, 600 samples, Monte-Carlo error .009. benchmarks.coverage has more sizes, and
    unequal models."""
    label, random, distance = (
        np.r_[np.ones(events), np.zeros(others)],
        np.random.default_rng(5),
        np.sqrt(2) * norm.ppf(area),
    )
    found = [
        st.auc_difference(label, *scores(random, label, (distance, distance), correlation))
        for _ in range(600)
    ]
    assert np.mean([each.p < 0.05 for each in found]) <= 0.05 + 2 * 0.009
    assert np.mean([each.ci_low <= 0 <= each.ci_high for each in found]) >= 0.95 - 2 * 0.009


def test_coverage_with_three_events():
    """Wald's covered .78 to .85 here; Monte-Carlo error .007."""
    label, random = np.r_[np.ones(3), np.zeros(9)], np.random.default_rng(7)
    truth = norm.cdf(1.5 / np.sqrt(2)) - norm.cdf(0.7 / np.sqrt(2))
    pairs = [scores(random, label, (1.5, 0.7)) for _ in range(1000)]
    ours, wald = (
        [call(label, *pair) for pair in pairs] for call in (st.auc_difference, st.delong_test)
    )
    covered = [
        np.mean([each.ci_low - 1e-9 <= truth <= each.ci_high + 1e-9 for each in found])
        for found in (ours, wald)
    ]
    assert covered[0] >= 0.93
    assert covered[1] < 0.9
    assert all(np.isnan(each.p) for each in ours)
