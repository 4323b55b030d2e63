"""Tests of calibration, and the groups that calibration plots show.

The tests are Spiegelhalter's z and Hosmer-Lemeshow.

By hand, as no Python library has the tests for patients whom the model did not learn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_label, as_probability
from analysis.statistics.estimate import SignificanceTest, standardised

# Expected count a group, of events and of others, from which the statistic is near enough to
# chi-square (Cochran 1954).
LEAST_EXPECTED = 5.0


@dataclass(frozen=True)
class HosmerLemeshow:
    """Hosmer-Lemeshow test of calibration.

    observed, expected: events a group. degrees_of_freedom: groups - 2 on development data, groups
    on external data.
    """

    statistic: float
    degrees_of_freedom: int
    p: float
    n_in_group: NDArray[np.intp]
    observed: NDArray[np.float64]
    expected: NDArray[np.float64]

    @property
    def least_expected(self) -> float:
        """Smallest expected number of events, or of patients without one, in a group.

        Where it is below LEAST_EXPECTED, P is not chi-square's.
        """
        return float(min(self.expected.min(), (self.n_in_group - self.expected).min()))


@dataclass(frozen=True)
class CalibrationGroups:
    """Groups of patients of a calibration plot, in the order of probability.

    Of each group: n patients, their mean probability, the observed share with the event.
    """

    n: NDArray[np.intp]
    mean_probability: NDArray[np.float64]
    observed: NDArray[np.float64]


def spiegelhalter_test(label: Any, probability: Any) -> SignificanceTest:
    """Spiegelhalter's z-test of calibration: Brier score against its expectation (1986).

    Validated against rms::val.prob.

    Probabilities that are all .5, or all 0 or 1 and right, carry no information on it: z is 0 and p
    is 1. All 0 or 1 and one of them wrong: z is infinite and p is 0.

    >>> spiegelhalter_test([0, 1], [0.5, 0.5]).p
    1.0
    """
    label = as_label(label, both_classes=False)
    probability = as_probability(probability, label)
    spread = np.sqrt(np.sum((1 - 2 * probability) ** 2 * probability * (1 - probability)))
    z = standardised(float(np.sum((label - probability) * (1 - 2 * probability))), float(spread))
    return SignificanceTest(z, np.nan, float(2 * norm.sf(abs(z))), "Spiegelhalter z")


def hosmer_lemeshow(
    label: Any, probability: Any, groups: int = 10, external: bool = False
) -> HosmerLemeshow:
    """Hosmer-Lemeshow test of calibration.

    Chi-square over groups cut at quantiles of type 7, intervals (a, b]; tied cut points merge
    groups, and a group that nobody falls into (between two tied values) is none.

    external: patients that the model didn't learn from, degrees of freedom = groups, else groups -
    2 (Hosmer & Lemeshow 2013). Validated against ResourceSelection::hoslem.test, which has groups -
    2 always. P is right where `least_expected` is at least LEAST_EXPECTED: of 33 patients with
    widely spread probabilities it is below .01 in 4.5 % of calibrated cohorts.

    >>> hosmer_lemeshow([0, 1] * 20, [i / 41 for i in range(1, 41)], groups=4).degrees_of_freedom
    2
    """
    label = as_label(label, both_classes=False)
    probability = as_probability(probability, label)
    cuts = np.unique(np.quantile(probability, np.linspace(0, 1, groups + 1)))
    if len(cuts) < 4:
        raise ValueError(
            "groups: the probabilities have too few distinct values for"
            f" {counted(groups, 'group')}, {max(len(cuts) - 1, 1)} remain"
        )
    group = np.clip(np.searchsorted(cuts, probability, side="left") - 1, 0, None)
    size = np.bincount(group)
    observed, expected = (
        np.bincount(group, weights).astype(float) for weights in (label, probability)
    )
    size, observed, expected = size[size > 0], observed[size > 0], expected[size > 0]
    if (expected <= 0).any() or (expected >= size).any():
        raise ValueError(
            "probability: a whole group has probability 0 or 1, so its expected events have no"
            " variance; use fewer groups"
        )
    statistic = float(np.sum((observed - expected) ** 2 / (expected * (1 - expected / size))))
    freedom = len(size) if external else len(size) - 2
    return HosmerLemeshow(
        statistic,
        freedom,
        p=float(chi2.sf(statistic, freedom)),
        n_in_group=size,
        observed=observed,
        expected=expected,
    )


def calibration_groups(label: Any, probability: Any, groups: int = 10) -> CalibrationGroups:
    """Groups of nearly equal size for a calibration plot.

    Each group ends at the first value that completes its share (Hmisc::cut2); ties stay together.

    >>> calibration_groups([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], groups=2).n.tolist()
    [2, 2]
    """
    label = as_label(label, both_classes=False)
    probability = as_probability(probability, label)
    distinct, count = np.unique(probability, return_counts=True)
    ends = np.searchsorted(np.cumsum(count), np.arange(1, groups + 1) * len(label) / groups - 1e-9)
    upper = np.unique(distinct[np.minimum(ends, len(distinct) - 1)])
    group = np.searchsorted(upper, probability, side="left")
    size = np.bincount(group)
    return CalibrationGroups(
        size, np.bincount(group, probability) / size, np.bincount(group, label) / size
    )
