"""Nogueira's index: by hand, at its ends, and with an interval that covers."""

import numpy as np
import pytest

from analysis.statistics import selection_stability


def test_by_hand():
    """Three selections of 2, 2 and 1 of four features; p = (1, 1/3, 1/3, 0), k/d = 5/12.

    Mean unbiased variance: 3/2 × (2/9 + 2/9) / 4 = 1/6; at random 5/12 × 7/12 = 35/144; index 1 -
    24/35 = 11/35.
    """
    assert selection_stability([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]]).value == pytest.approx(
        11 / 35, abs=1e-14
    )


def test_its_ends():
    same = selection_stability(np.tile([1, 1, 0, 0, 0], (6, 1)))
    assert (same.value, same.ci_low, same.ci_high) == pytest.approx((1, 1, 1))
    assert same.n == 6
    pair = selection_stability([[1, 0], [0, 1]])
    assert pair.value == pytest.approx(-1)
    assert np.isnan([pair.ci_low, pair.ci_high]).all()
    assert np.isnan(selection_stability(np.ones((3, 4))).value)


def test_error_is_that_of_the_delta_method():
    """Beside the numerical derivative of the index by the weight of each selection."""
    random = np.random.default_rng(4)
    chosen = (random.random((8, 12)) < random.random(12)).astype(float)

    def index(weight):
        frequency = weight @ chosen / weight.sum()
        share = frequency.mean()
        return 1 - 8 / 7 * (frequency * (1 - frequency)).mean() / (share * (1 - share))

    step = 1e-5
    influence = np.array(
        [
            (index(np.ones(8) + step * np.eye(8)[i]) - index(np.ones(8) - step * np.eye(8)[i]))
            / (2 * step)
            for i in range(8)
        ]
    )
    found = selection_stability(chosen)
    # The published error differentiates the index with n in the place of n - 1, whose own index is
    # used in it.
    assert (found.ci_high - found.ci_low) / 2 / 1.959964 == pytest.approx(
        np.sqrt((influence**2).sum()), rel=0.25
    )


def test_the_interval_covers():
    random = np.random.default_rng(0)
    probability = np.r_[np.full(5, 0.8), np.full(45, 0.1)]
    mean = probability.mean()
    truth = 1 - (probability * (1 - probability)).mean() / (mean * (1 - mean))
    found = [selection_stability(random.random((100, 50)) < probability) for _ in range(400)]
    assert np.mean([each.ci_low <= truth <= each.ci_high for each in found]) == pytest.approx(
        0.95, abs=3 * np.sqrt(0.95 * 0.05 / 400)
    )
    assert np.mean([each.value for each in found]) == pytest.approx(truth, abs=0.005)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([[1, 0]], "at least two selections"),
        ([1, 0, 1], "at least two selections"),
        ([[1, 0], [0.5, 1]], "1 for a feature"),
        ([[1, np.nan], [0, 1]], "none missing"),
    ],
)
def test_wrong_input_is_named(chosen, message):
    with pytest.raises(ValueError, match=f"chosen: .*{message}"):
        selection_stability(chosen)
