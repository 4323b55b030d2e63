"""Intervals cover the truth as often as they say, within three Monte-Carlo errors of simulations
with a fixed seed."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom, norm

from analysis import statistics as st

TRIALS = 600
THREE_ERRORS = 3 * np.sqrt(0.95 * 0.05 / TRIALS)
NORMAL = np.linspace(-8, 8, 20_001)
DENSITY = norm.pdf(NORMAL) * (NORMAL[1] - NORMAL[0])


def coverage(interval_of, truth, trials=TRIALS, seed=1):
    random = np.random.default_rng(seed)
    intervals = (interval_of(random) for _ in range(trials))
    return np.mean([interval.ci_low <= truth <= interval.ci_high for interval in intervals])


@pytest.mark.parametrize("method", ["wald", "logit"])
def test_delong_interval_of_one_auc(method):
    """Two unit normals a distance of 1 apart."""
    label = np.r_[np.ones(80), np.zeros(80)]
    found = coverage(
        lambda random: st.delong_interval(
            label, random.standard_normal(160) + label, method=method
        ),
        norm.cdf(1 / np.sqrt(2)),
    )
    assert found == pytest.approx(0.95, abs=THREE_ERRORS)


def test_delong_interval_of_a_paired_difference():
    """Two correlated scores whose distances are 1 and .5."""
    label = np.r_[np.ones(80), np.zeros(80)]

    def interval(random):
        shared = random.standard_normal(160)
        first, second = (
            0.6 * shared + 0.8 * random.standard_normal(160) + distance * label
            for distance in (1, 0.5)
        )
        return st.delong_test(label, first, second)

    assert coverage(
        interval, norm.cdf(1 / np.sqrt(2)) - norm.cdf(0.5 / np.sqrt(2))
    ) == pytest.approx(0.95, abs=THREE_ERRORS)


def test_paired_delong_test_rejects_a_true_null_as_often_as_it_says():
    label, random = np.r_[np.ones(60), np.zeros(60)], np.random.default_rng(2)

    def p():
        shared = random.standard_normal(120) + label
        return st.delong_test(
            label, shared + random.standard_normal(120), shared + random.standard_normal(120)
        ).p

    assert np.mean([p() < 0.05 for _ in range(TRIALS)]) == pytest.approx(0.05, abs=THREE_ERRORS)


@pytest.mark.parametrize(("of", "truth"), [(13, 0.85), (20, 0.8), (100, 0.3)])
def test_exact_interval_never_covers_too_rarely_and_wilson_nearly_as_said(of, truth):
    """Not simulated: the binomial distribution tells the coverage. Wilson's is .95 on average, and
    here at least .92."""
    counts = np.arange(of + 1)
    for method, least in (("exact", 0.95), ("wilson", 0.92)):
        hits = [
            interval.ci_low <= truth <= interval.ci_high
            for interval in (st.proportion(int(count), of, method=method) for count in counts)
        ]
        covered = binom.pmf(counts, of, truth)[hits].sum()
        assert least <= covered <= 0.995


def test_observed_expected_ratio():
    """Calibrated risks. Debray's error is that of a binomial count, so it covers a little more
    often where risks differ."""

    def interval(random):
        risk = expit(0.5 * random.standard_normal(200))
        return st.observed_expected_ratio(random.random(200) < risk, risk)

    found = coverage(interval, 1.0)
    assert 0.95 - THREE_ERRORS <= found <= 0.98


@pytest.mark.parametrize("statistic", [st.calibration_slope, st.calibration_in_the_large])
def test_calibration_of_true_risks(statistic):
    truth = {st.calibration_slope: 1.0, st.calibration_in_the_large: 0.0}[statistic]

    def interval(random):
        risk = expit(random.standard_normal(200))
        return statistic((random.random(200) < risk).astype(float), risk)

    assert coverage(interval, truth, trials=400) == pytest.approx(
        0.95, abs=3 * np.sqrt(0.95 * 0.05 / 400)
    )


def test_bootstrap_of_a_net_benefit_difference():
    """True risks against risks shrunk by half, at threshold .3; the truth by quadrature over the
    normal predictor."""

    def contribution(slope):
        return (expit(slope * NORMAL) >= 0.3) * (expit(NORMAL) - (1 - expit(NORMAL)) * 3 / 7)

    truth = float(((contribution(1) - contribution(0.5)) * DENSITY).sum())

    def interval(random):
        linear = random.standard_normal(300)
        label = (random.random(300) < expit(linear)).astype(float)
        return st.net_benefit_difference(
            label,
            expit(linear),
            expit(linear / 2),
            0.3,
            resamples=400,
            seed=int(random.integers(2**31)),
        )

    assert truth > 0
    assert coverage(interval, truth, trials=400) == pytest.approx(
        0.95, abs=3 * np.sqrt(0.95 * 0.05 / 400)
    )


def test_stratified_bootstrap_of_the_auc():
    """Percentiles cover a little less often than they say in small samples; so one error more is
    allowed below."""
    label = np.r_[np.ones(80), np.zeros(80)]
    found = coverage(
        lambda random: st.auc_bootstrap(
            label,
            random.standard_normal(160) + label,
            resamples=300,
            seed=int(random.integers(2**31)),
        ),
        norm.cdf(1 / np.sqrt(2)),
        trials=400,
    )
    assert 0.95 - 4 * np.sqrt(0.95 * 0.05 / 400) <= found <= 0.95 + 3 * np.sqrt(0.95 * 0.05 / 400)


def test_intraclass_correlation():
    """ICC .8 of 30 patients and 2 readers without bias: ICC(3,1) and its F interval, exact under
    normality."""

    def values(random):
        return np.sqrt(0.8) * random.standard_normal((TRIALS, 30, 1)) + np.sqrt(
            0.2
        ) * random.standard_normal((TRIALS, 30, 2))

    found = st.icc_3_1(values(np.random.default_rng(3)))
    assert np.mean((found.ci_low <= 0.8) & (found.ci_high >= 0.8)) == pytest.approx(
        0.95, abs=THREE_ERRORS
    )
