"""The gain over the better of treating all and treating none: its value by counting, its limits by
R's binom.test, its errors by simulation."""

import numpy as np
import pytest

from analysis import statistics as st


def test_value_is_net_benefit_minus_the_better_default():
    random = np.random.default_rng(2)
    for _ in range(60):
        label, probability, threshold = (
            random.integers(0, 2, 31),
            random.random(31),
            random.uniform(0.05, 0.95),
        )
        gain = st.net_benefit_gain(label, probability, threshold)
        assert gain.value == pytest.approx(
            st.net_benefit(label, probability, [threshold])[0]
            - max(0, st.net_benefit_treat_all(label, [threshold])[0]),
            abs=1e-12,
        )
        assert gain.ci_low <= gain.value <= gain.ci_high
        assert gain.n == 31


def test_limits_by_hand():
    """Of 9 treated patients 7 have the event, of 11 others 3: binom.test(7, 9)$conf.int is .399906
    to .971855, binom.test(3, 11) .060218 to .609743."""
    label = np.repeat([1, 0, 1, 0], [7, 2, 3, 8])
    gain = st.net_benefit_gain(label, np.repeat([0.7, 0.2], [9, 11]), 0.4)
    none = [9 / 20 * (share - 0.4) / 0.6 for share in (7 / 9, 0.399906426284, 0.971855026522)]
    everyone = [11 / 20 * (0.4 - share) / 0.6 for share in (3 / 11, 0.609742559572, 0.060217734173)]
    assert (gain.value, gain.ci_low, gain.ci_high) == pytest.approx(
        [min(pair) for pair in zip(none, everyone, strict=True)], abs=1e-9
    )


def test_a_constant_probability_gains_nothing():
    """At 27 % to 30 %, on both sides of a prevalence, where a comparison of rounded numbers once
    found a gain."""
    label = np.repeat([1, 0], [29, 71])
    for threshold in np.arange(27, 31) / 100:
        gain = st.net_benefit_gain(label, np.full(100, 0.285), threshold)
        assert gain.value <= 0
        assert gain.ci_low <= 0


@pytest.mark.parametrize("n", [33, 200])
def test_a_useless_model_is_seldom_found_useful(n):
    """Scores without relation to the outcome, mean .5, prevalence .58: at .5 treating all is
    better, and the true gain is below zero. The lower limit lies above zero in at most 2.5 % of
    cohorts, and two Monte-Carlo errors (2,000 cohorts, seed 1).
    """
    random, found = np.random.default_rng(1), 0
    for _ in range(2000):
        label, probability = (random.random(n) < 0.58).astype(int), random.beta(4, 4, n)
        found += st.net_benefit_gain(label, probability, 0.5).ci_low > 0
    assert found / 2000 <= 0.025 + 2 * np.sqrt(0.025 * 0.975 / 2000)


def test_limits_hold_the_truth():
    """PPV .7 and FOR .3 at .5: the true gain given k treated of 60 is the smaller of k/60 × .4 and
    (60 - k)/60 × .4; at least 95 % of the intervals hold it (1,000 cohorts, seed 3, Monte-Carlo
    error .007)."""
    random, held = np.random.default_rng(3), 0
    for _ in range(1000):
        treated = random.random(60) < 0.5
        label = (random.random(60) < np.where(treated, 0.7, 0.3)).astype(int)
        gain, k = st.net_benefit_gain(label, np.where(treated, 0.8, 0.2), 0.5), treated.sum()
        held += gain.ci_low <= min(k, 60 - k) / 60 * 0.4 <= gain.ci_high
    assert held / 1000 >= 0.95 - 2 * 0.007
