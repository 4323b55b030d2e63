"""The band of a ROC curve against the variance of the sensitivity at a fixed specificity."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.statistics import roc_band, roc_curve


def binormal(events, others, seed=3):
    random = np.random.default_rng(seed)
    score = np.r_[random.normal(1, 1, events), random.normal(0, 1, others)]
    return np.r_[np.ones(events), np.zeros(others)], score


def test_the_width_is_that_of_the_normal_approximation():
    """Hsieh & Turnbull 1996: both the sensitivity and the threshold that gives the specificity are
    estimated."""
    events, others = 2000, 1500
    band = roc_band(*binormal(events, others), resamples=1000, seed=1)
    for place in (20, 50):
        rate = band.false_positive_rate[place]
        threshold = norm.isf(rate)
        sensitivity = norm.sf(threshold - 1)
        slope = norm.pdf(threshold - 1) / norm.pdf(threshold)
        variance = sensitivity * (1 - sensitivity) / events + slope**2 * rate * (1 - rate) / others
        width = band.ci_high[place] - band.ci_low[place]
        assert width == pytest.approx(2 * 1.96 * np.sqrt(variance), rel=0.12)
        assert band.ci_low[place] < sensitivity < band.ci_high[place]


def test_the_band_holds_the_curve_and_is_its_own_for_a_seed():
    label, score = binormal(30, 40)
    band, curve = roc_band(label, score, resamples=300, seed=2), roc_curve(label, score)
    for rate, low, high in zip(band.false_positive_rate, band.ci_low, band.ci_high, strict=True):
        below = curve.true_positive_rate[curve.false_positive_rate <= rate]
        assert low <= below.max() + 1e-12
        assert high >= below.max() - 1e-12
    again = roc_band(label, score, resamples=300, seed=2)
    assert np.array_equal(band.ci_low, again.ci_low)
    narrow = roc_band(label, score, resamples=300, seed=2, level=0.5)
    assert np.all(narrow.ci_high - narrow.ci_low <= band.ci_high - band.ci_low + 1e-12)


def test_ties_make_a_line_and_a_perfect_score_no_band():
    band = roc_band([0] * 20 + [1] * 20, [1.0] * 40, resamples=50)
    assert np.allclose(band.ci_low, band.false_positive_rate)
    assert np.allclose(band.ci_high, band.false_positive_rate)
    perfect = roc_band([0] * 5 + [1] * 5, range(10), resamples=50)
    assert perfect.ci_low.min() == 1.0
