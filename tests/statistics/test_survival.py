"""Kaplan-Meier, its bands, quantiles, restricted mean: by hand on seven patients, beside lifelines,
and by an identity without censoring."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from scipy.special import expit
from scipy.stats import norm

import analysis.statistics as st

TIME, EVENT = [2, 3, 3, 5, 6, 6, 8], [1, 1, 0, 1, 1, 0, 0]
# At risk 7, 6, 4, 3, 1 at times 2, 3, 5, 6, 8; deaths 1, 1, 1, 1, 0.
SURVIVAL = [1, 6 / 7, 6 / 7 * 5 / 6, 5 / 7 * 3 / 4, 15 / 28 * 2 / 3, 5 / 14]
GREENWOOD = np.sqrt(np.cumsum([0, 1 / (7 * 6), 1 / (6 * 5), 1 / (4 * 3), 1 / (3 * 2), 0]))


def test_curve_by_hand():
    curve = st.kaplan_meier(TIME, EVENT)
    assert curve.time.tolist() == [0, 2, 3, 5, 6, 8]
    assert curve.at_risk.tolist() == [7, 7, 6, 4, 3, 1]
    assert curve.events.tolist() == [0, 1, 1, 1, 1, 0]
    np.testing.assert_allclose(curve.survival, SURVIVAL, atol=1e-15)
    np.testing.assert_allclose(curve.standard_error, np.array(SURVIVAL) * GREENWOOD, atol=1e-15)
    assert curve.at([0, 1.9, 2, 7, 8, 99]).tolist() == [0, 0, 1, 4, 5, 5]


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_bands_by_hand(level):
    z, survival, spread = norm.isf((1 - level) / 2), np.array(SURVIVAL)[1:], GREENWOOD[1:]
    log_log = np.log(-np.log(survival))
    error = spread / -np.log(survival)
    ends = {
        "log-log": (np.exp(-np.exp(log_log + z * error)), np.exp(-np.exp(log_log - z * error))),
        "log": (
            np.exp(np.log(survival) - z * spread),
            np.minimum(np.exp(np.log(survival) + z * spread), 1),
        ),
        "plain": (
            np.maximum(survival - z * survival * spread, 0),
            np.minimum(survival + z * survival * spread, 1),
        ),
    }
    for interval, (low, high) in ends.items():
        curve = st.kaplan_meier(TIME, EVENT, level, interval)
        np.testing.assert_allclose(
            [curve.ci_low, curve.ci_high], [np.r_[1, low], np.r_[1, high]], atol=1e-13
        )
    default = st.kaplan_meier(TIME, EVENT, level)
    np.testing.assert_allclose(default.ci_low[1:], ends["log-log"][0], atol=1e-13)


def test_band_of_lifelines():
    random = np.random.default_rng(2)
    time, event = np.ceil(random.exponential(12, 80)), random.random(80) < 0.6
    curve, other = (
        st.kaplan_meier(time, event.astype(int), 0.9),
        KaplanMeierFitter(alpha=0.1).fit(time, event),
    )
    np.testing.assert_allclose(curve.survival, other.survival_function_.iloc[:, 0], atol=1e-12)
    keep = (curve.survival < 1) & (curve.survival > 0)
    np.testing.assert_allclose(
        np.column_stack([curve.ci_low, curve.ci_high])[keep],
        other.confidence_interval_.to_numpy()[keep],
        atol=1e-10,
    )


@pytest.mark.parametrize("interval", ["log-log", "log", "plain"])
def test_ends_of_the_curve(interval):
    """Before the first event the band is the point 1; where survival is 0 it is NaN."""
    curve = st.kaplan_meier([1, 2, 3], [0, 1, 1], interval=interval)
    assert curve.survival.tolist() == [1, 1, 0.5, 0]
    assert curve.ci_low[:2].tolist() == curve.ci_high[:2].tolist() == [1, 1]
    assert np.isnan([curve.ci_low[-1], curve.ci_high[-1]]).all()
    assert np.isfinite([curve.ci_low[2], curve.ci_high[2]]).all()
    with pytest.raises(ValueError, match="interval: 'log-log', 'log' or 'plain', got 'logit'"):
        st.kaplan_meier([1, 2], [1, 1], interval="logit")


def test_quantiles():
    """S: 6/7 from 2, 5/7 from 3, 15/28 from 5, 5/14 from 6: the median is 6, the first fifth 3,
    nine tenths aren't reached."""
    curve = st.kaplan_meier(TIME, EVENT)
    assert [st.survival_quantile(curve, each).value for each in (0.1, 0.2, 0.5)] == [
        2,
        3,
        6,
    ]
    assert np.isnan(st.survival_quantile(curve, 0.9).value)
    assert st.survival_quantile(curve).value == 6
    assert st.survival_quantile(curve).n == 7
    expected = [
        next((t for t, s in zip(curve.time, band, strict=True) if s <= 0.5), np.nan)
        for band in (curve.ci_low, curve.ci_high)
    ]
    found = st.survival_quantile(curve)
    np.testing.assert_array_equal([found.ci_low, found.ci_high], expected)


def test_a_level_that_the_curve_keeps_for_a_while_is_crossed_in_the_middle():
    """S is 3/4 from 1 and 1/2 from 4 to 9; on its last level, which nothing leaves, the first time
    is taken."""
    curve = st.kaplan_meier([1, 4, 9, 12], [1, 1, 1, 0])
    assert [st.survival_quantile(curve, each).value for each in (0.5, 0.25, 0.75)] == [
        6.5,
        2.5,
        9.0,
    ]
    # (1 - 1/10) and nine more such steps: 0.7 and 0.5 are reached but for rounding.
    assert (
        st.survival_quantile(st.kaplan_meier(range(1, 12), [1] * 11)).value == 6
    )  # 5/11, near a half but below it
    ten = st.kaplan_meier(range(1, 11), [1] * 10)
    np.testing.assert_allclose(
        [st.survival_quantile(ten, each / 10).value for each in range(1, 10)],
        np.arange(1, 10) + 0.5,
    )


@pytest.mark.parametrize(("limit", "level"), [(3.5, 0.95), (4.0, 0.8), (9.0, 0.9)])
def test_restricted_mean_without_censoring_is_the_mean_of_cut_times(limit, level):
    """And its error is that of a mean with the variance over n."""
    time = np.array([1, 2, 2, 3, 4, 5, 7, 9.0])
    cut = np.minimum(time, limit)
    found, error = st.restricted_mean_survival(time, np.ones(8), limit, level)
    assert (found.value, error) == pytest.approx((cut.mean(), cut.std() / np.sqrt(8)), abs=1e-12)
    half = norm.isf((1 - level) / 2) * cut.std() / np.sqrt(8)
    assert (found.ci_low, found.ci_high, found.n) == pytest.approx(
        (cut.mean() - half, cut.mean() + half, 8)
    )


def test_restricted_mean_with_censoring_by_hand():
    """To 6.5: 2 + 6/7 + 2 × 5/7 + 15/28 + 5/14 / 2 = 5; areas after 2, 3, 5, 6: 3, 15/7, 5/7, 5/28,
    each squared over n (n - 1)."""
    found, error = st.restricted_mean_survival(TIME, EVENT, 6.5)
    assert found.value == pytest.approx(2 + 6 / 7 + 10 / 7 + 15 / 28 + 5 / 28) == pytest.approx(5.0)
    assert error == pytest.approx(
        np.sqrt(3**2 / 42 + (15 / 7) ** 2 / 30 + (5 / 7) ** 2 / 12 + (5 / 28) ** 2 / 6)
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (5 - 1.959963984540054 * error, 5 + 1.959963984540054 * error)
    )


def test_limit_of_the_mean():
    assert st.restricted_mean_survival(TIME, EVENT, 0.5)[0].value == 0.5
    assert st.restricted_mean_survival(TIME, EVENT, 8)[0].value == pytest.approx(5 + 1.5 * 5 / 14)
    for limit in (0, 8.01, -1):
        with pytest.raises(ValueError, match=r"limit: must lie within the follow-up, \(0, 8\]"):
            st.restricted_mean_survival(TIME, EVENT, limit)


def test_patients_are_all_who_enter():
    """Also where one dies at time 0, so that fewer are at risk at the next."""
    time, event = [0, 1, 2, 3], [1, 1, 1, 0]
    assert (
        st.survival_quantile(st.kaplan_meier(time, event)).n
        == st.restricted_mean_survival(time, event, 2.5)[0].n
        == st.median_follow_up(time, event).n
        == 4
    )


def test_median_follow_up_counts_censorings():
    """Censored at 3, 6 and 8, of 6, 3 and 1 at risk: 5/6, then 5/6 × 2/3 = 5/9, then 0 at 8."""
    found = st.median_follow_up(TIME, EVENT)
    assert found.value == 8
    assert found.n == 7


@pytest.mark.parametrize("rho", [0.0, 1.0, 0.5])
def test_log_rank_by_hand(rho):
    """Groups a: 1, 3, 5+ and b: 2, 3, 4+, 6. At 1, 2, 3, 6 die (1,0), (0,1), (1,1), (0,1) of (3,4),
    (2,4), (2,3), (0,1)."""
    died, at_risk = (
        np.array([[1, 0], [0, 1], [1, 1], [0, 1.0]]),
        np.array([[3, 4], [2, 4], [2, 3], [0, 1.0]]),
    )
    before = (
        np.array([1, 6 / 7, 5 / 7, 3 / 7]) ** rho
    )  # survival of all just before: 6/7, 6/7 × 5/6, 5/7 × 3/5
    d, n = died.sum(axis=1), at_risk.sum(axis=1)
    expected = ((before * d / n)[:, None] * at_risk).sum(axis=0)
    variance = sum(
        w**2 * di * a * b * (ni - di) / (ni**2 * (ni - 1))
        for w, di, (a, b), ni in zip(before, d, at_risk, n, strict=True)
        if ni > 1
    )
    observed = (before[:, None] * died).sum(axis=0)
    found = st.log_rank([1, 3, 5, 2, 3, 4, 6], [1, 1, 0, 1, 1, 0, 1], list("aaabbbb"), rho)
    np.testing.assert_allclose(found.observed, observed)
    np.testing.assert_allclose(found.expected, expected)
    np.testing.assert_allclose(
        found.covariance, variance * np.array([[1, -1], [-1, 1]]), atol=1e-14
    )
    statistic = (observed[0] - expected[0]) ** 2 / variance
    assert found.statistic == pytest.approx(statistic)
    assert found.p == pytest.approx(2 * norm.sf(np.sqrt(statistic)))
    assert (found.n, found.degrees_of_freedom, found.groups) == (7, 1, ("a", "b"))


def test_log_rank_of_two_patients():
    """One of two dies: observed 1, expected 1/2, variance 1/4, so a statistic of 1; the other,
    alone, adds no variance."""
    found, trend = (
        st.log_rank([1, 2], [1, 1], ["a", "b"]),
        st.log_rank_trend([1, 2], [1, 1], [0, 1]),
    )
    assert (found.statistic, found.observed.tolist(), found.expected.tolist()) == (
        pytest.approx(1),
        [1, 1],
        [0.5, 1.5],
    )
    assert trend.statistic == pytest.approx(1)
    assert found.p == pytest.approx(trend.p) == pytest.approx(2 * norm.sf(1))


def test_log_rank_at_its_edges():
    none = st.log_rank([1, 2, 3], [0, 0, 0], [1, 2, 3])
    assert (none.statistic, none.p, none.degrees_of_freedom, none.groups) == (
        0.0,
        1.0,
        2,
        (1, 2, 3),
    )
    trend = st.log_rank_trend([1, 2, 3], [0, 0, 0], [1, 2, 3])
    assert (trend.statistic, trend.degrees_of_freedom, trend.p, trend.name) == (
        0.0,
        1.0,
        1.0,
        "log-rank test for trend (Tarone)",
    )
    for group in (["a"] * 3, ["a", "b"]):
        with pytest.raises(ValueError, match="group: one value a patient and at least two groups"):
            st.log_rank([1, 2, 3], [1, 1, 1], group)


def test_three_groups_and_their_trend():
    """Three groups beside lifelines; of two groups, the trend is the test itself, whatever the two
    ranks."""
    from lifelines.statistics import multivariate_logrank_test

    random = np.random.default_rng(5)
    group = np.repeat([0, 1, 2], 20)
    time, event = (
        np.ceil(random.exponential(np.exp(-0.4 * group) * 10)),
        (random.random(60) < expit(1.0)).astype(int),
    )
    found, other = st.log_rank(time, event, group), multivariate_logrank_test(time, group, event)
    assert (found.statistic, found.p) == pytest.approx(
        (other.test_statistic, other.p_value), rel=1e-9
    )
    two, trend = (
        st.log_rank(time[:40], event[:40], group[:40]),
        st.log_rank_trend(time[:40], event[:40], 3.0 * group[:40] - 7),
    )
    assert (trend.statistic, trend.p) == pytest.approx((two.statistic, two.p))
    mirrored = st.log_rank_trend(time, event, -group)
    assert st.log_rank_trend(time, event, group).statistic == pytest.approx(mirrored.statistic)
    assert mirrored.statistic != pytest.approx(found.statistic)
