"""The range of chance: its simulation held to the package's own statistics, and to what is known of
large samples."""

import numpy as np
import pytest
from scipy.special import expit

from analysis import statistics as st
from analysis.statistics.small_sample import _measures, _population


@pytest.mark.parametrize(("prevalence", "area"), [(0.58, 0.8), (0.1, 0.9), (0.5, 0.6)])
def test_the_population_has_the_prevalence_and_the_auc_asked_for(prevalence, area):
    """Within four Monte-Carlo errors in 200,000 patients."""
    middle, deviation = _population(prevalence, area)
    random = np.random.default_rng(1)
    linear = middle + deviation * random.standard_normal(200_000)
    label = (random.random(200_000) < expit(linear)).astype(float)
    assert label.mean() == pytest.approx(
        prevalence, abs=4 * np.sqrt(prevalence * (1 - prevalence) / 200_000)
    )
    found = st.delong_interval(label, linear)
    assert found.auc == pytest.approx(area, abs=4 * np.sqrt(found.variance))


def test_each_measure_is_the_packages_own():
    random = np.random.default_rng(2)
    linear = random.normal(0, 1.2, (5, 60))
    label = (random.random((5, 60)) < expit(linear)).astype(float)
    found = _measures(label, linear, 0.4)
    for row in range(5):
        y, risk = label[row], expit(linear[row])
        assert found["auc"][row] == pytest.approx(st.auc(y, risk))
        assert found["observed_expected"][row] == pytest.approx(
            st.observed_expected_ratio(y, risk).value
        )
        assert found["calibration_slope"][row] == pytest.approx(
            st.calibration_slope(y, risk).value, rel=1e-6
        )
        assert found["brier"][row] == pytest.approx(st.brier_score(y, risk))
        assert found["net_benefit"][row] == pytest.approx(float(st.net_benefit(y, risk, [0.4])[0]))
        metrics = st.classification_metrics(y, risk, 0.4, resamples=20)
        assert (found["sensitivity"][row], found["specificity"][row]) == pytest.approx(
            (metrics["sensitivity"].value, metrics["specificity"].value)
        )


def test_a_separated_sample_has_an_infinite_slope():
    linear = np.array([[-3.0, -2.0, -1.0, 1.0, 2.0, 3.0]])
    assert np.isinf(
        _measures(np.array([[0.0, 0, 0, 1, 1, 1]]), linear, 0.5)["calibration_slope"][0]
    )


def test_chance_is_narrower_in_larger_samples_and_the_truth_lies_within():
    small, large = (st.chance_range(n, 0.58, samples=400, seed=3) for n in (33, 400))
    assert ((small["low"] < small["truth"]) & (small["truth"] < small["high"])).all()
    assert ((large["low"] < large["truth"]) & (large["truth"] < large["high"])).all()
    assert ((large["high"] - large["low"]) < 0.5 * (small["high"] - small["low"])).all()
    # Newcombe's standard error of an AUC of .8 at 232 and 168 patients.
    assert (large.loc["auc", "high"] - large.loc["auc", "low"]) / (2 * 1.96) == pytest.approx(
        np.sqrt(st.newcombe_variance(0.8, 232, 168)), rel=0.15
    )
    assert st.chance_range(100, 0.02, area=0.99, samples=50).loc["auc", "truth"] == 0.99
    assert small.equals(st.chance_range(33, 0.58, samples=400, seed=3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: st.chance_range(1, 0.5), "n, samples: at least 2 each"),
        (lambda: st.chance_range(33, 1.0), "prevalence and threshold must lie between 0 and 1"),
        (lambda: st.chance_range(33, 0.5, area=0.5), "area between .5 and 0.99"),
        (lambda: st.chance_range(33, 0.5, area=0.995), "area between .5 and 0.99"),
    ],
)
def test_wrong_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
