"""The joint test of calibration: its statistic by R, its level in small cohorts and its power by
simulation."""

import numpy as np
import pytest
from scipy.special import expit, logit

from analysis import statistics as st

PROBABILITY = [0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.9]
LABEL = [0, 1, 0, 0, 1, 1, 0, 1, 1, 1]


def test_statistic_by_r():
    """l <- qlogis(p); anova(glm(y ~ 0 + offset(l), family = binomial), glm(y ~ l + offset(l),
    family = binomial), test = "Rao")"""
    test = st.calibration_score_test(LABEL, PROBABILITY, enough=0)
    assert (test.statistic, test.degrees_of_freedom, test.p) == (
        pytest.approx(1.19613150328855, abs=1e-10),
        2,
        pytest.approx(0.54987, abs=5e-6),
    )


def test_monte_carlo_p_is_a_share_of_draws_and_is_seeded():
    first, again, other = (
        st.calibration_score_test(LABEL, PROBABILITY, seed=seed) for seed in (0, 0, 1)
    )
    assert first == again
    assert first.statistic == other.statistic
    assert "Monte Carlo" in first.name
    assert (first.p * 5000) == pytest.approx(round(first.p * 5000))
    assert abs(first.p - other.p) < 4 * np.sqrt(0.25 / 4999) * np.sqrt(2)


def test_equal_probabilities_leave_one_degree_of_freedom():
    test = st.calibration_score_test([1] * 30 + [0] * 10, [0.5] * 40, enough=0)
    assert test.degrees_of_freedom == 1
    assert test.statistic == pytest.approx(100 / 10)


@pytest.mark.parametrize(("n", "prevalence"), [(33, 0.58), (33, 0.2), (200, 0.3)])
def test_level_where_the_probabilities_are_right(n, prevalence):
    """At most 5 % and two Monte-Carlo errors (1,000 cohorts, seed 4; 499 draws each)."""
    random, rejected = np.random.default_rng(4), 0
    for _ in range(1000):
        probability = expit(random.normal(logit(prevalence), 1, n))
        rejected += (
            st.calibration_score_test(random.random(n) < probability, probability, draws=499).p
            < 0.05
        )
    assert rejected / 1000 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 1000)


def test_seventy_four_events_where_thirty_one_were_expected():
    """O:E 2.39: the miscalibration is found although a flexible curve would be unstable with so few
    events."""
    probability = np.linspace(0.05, 0.362, 150)
    label = np.zeros(150)
    label[np.argsort(-probability * np.random.default_rng(0).random(150))[:74]] = 1
    assert label.sum() / probability.sum() == pytest.approx(2.39, abs=0.01)
    assert st.calibration_score_test(label, probability).p == pytest.approx(1 / 5000)
