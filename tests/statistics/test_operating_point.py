"""Cut-offs: on patients few enough to count, and the bootstrap beside a search in each resample
written out patient by patient."""

from itertools import pairwise

import numpy as np
import pytest

import analysis.statistics as st

LABEL = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
SCORE = np.array([1.0, 2, 2, 5, 7, 4, 5, 8, 9])


def test_youden_by_counting():
    """Scores 1, 2, 4, 5, 7, 8, 9; above 3: 4 of 4 events and 3 of 5 others below, index 1.6; above
    7.5: 2 of 4 and 5 of 5, 1.5."""
    found = st.youden_cutoff(LABEL, SCORE)
    assert (found.value, found.sensitivity, found.specificity, found.ties) == (
        3.0,
        1.0,
        0.6,
        (3.0,),
    )


def test_youden_tells_every_tie_and_takes_the_smallest():
    """Above 1.5: 1/2 + 1 with the others at 1 and 4 is 1 + 1/2; above 2.5: 1/2 + 1/2; above 4.5:
    1/2 + 1."""
    found = st.youden_cutoff([0, 1, 0, 1], [1, 2, 4, 5])
    assert (found.value, found.sensitivity, found.specificity, found.ties) == (
        1.5,
        1.0,
        0.5,
        (1.5, 4.5),
    )


def test_a_tie_that_rounding_hides_is_a_tie():
    """Cut at 1.5: 1 + 1/3; 2.5: 2/3 + 1/3; 3.25: 1/3 + 1/3; 3.75: 1/3 + 2/3; 4.5: (1 - 2/3) + 1,
    which is 1/3 + 1 but for the last digit."""
    label, score = [1, 0, 0, 1, 0, 1], [3, 1, 3.5, 2, 4, 5]
    assert st.youden_cutoff(label, score).ties == (1.5, 4.5)


@pytest.mark.parametrize(
    ("asked", "value", "sensitivity", "specificity"),
    [
        (1.0, 3.0, 1.0, 0.6),
        (0.76, 3.0, 1.0, 0.6),
        (0.75, 4.5, 0.75, 0.6),
        (0.5, 7.5, 0.5, 1.0),
        (0.25, 8.5, 0.25, 1.0),
        (0.01, 8.5, 0.25, 1.0),
    ],
)
def test_highest_cutoff_of_a_sensitivity(asked, value, sensitivity, specificity):
    found = st.sensitivity_cutoff(LABEL, SCORE, asked)
    assert (found.value, found.sensitivity, found.specificity, found.ties) == (
        value,
        sensitivity,
        specificity,
        (value,),
    )


def test_sensitivity_of_nine_tenths_unless_said_otherwise():
    label, score = np.r_[np.zeros(3), np.ones(10)], np.r_[0.5, 2.6, 9.5, np.arange(1.0, 11.0)]
    assert st.sensitivity_cutoff(label, score).value == pytest.approx(
        1.5
    )  # one of ten events at 1, below it


@pytest.mark.parametrize("sensitivity", [0, -0.1, 1.0001, np.nan])
def test_no_such_sensitivity(sensitivity):
    with pytest.raises(ValueError, match=r"sensitivity: must lie in \(0, 1\]"):
        st.sensitivity_cutoff(LABEL, SCORE, sensitivity)


def test_a_sensitivity_out_of_reach():
    """The event lies below the other: a cut between them finds none."""
    with pytest.raises(ValueError, match="sensitivity: no cut-off between two scores reaches 0.5"):
        st.sensitivity_cutoff([1, 0], [1, 2], 0.5)
    with pytest.raises(ValueError, match="score: all patients have the same score"):
        st.sensitivity_cutoff([1, 0], [2, 2], 0.5)


def _searched(label, score):
    """The smallest best midpoint of patients, each cut tried on each patient; None where all scores
    are equal."""
    scores, best, value = sorted(set(score)), -np.inf, None
    for low, high in pairwise(scores):
        cut = (low + high) / 2
        index = sum(s >= cut for s, y in zip(score, label, strict=True) if y == 1) * sum(
            y == 0 for y in label
        ) + sum(s < cut for s, y in zip(score, label, strict=True) if y == 0) * sum(
            y == 1 for y in label
        )
        if index > best:
            best, value = index, cut
    return value


@pytest.mark.parametrize(
    ("label", "score"),
    [
        (LABEL, SCORE),
        (LABEL, SCORE[::-1]),
        (np.tile([0, 1, 1], 8), np.random.default_rng(1).normal(size=24)),
        (np.array([1, 1, 1, 0, 0, 0]), np.arange(6.0)),  # every cut is worse than none
        (
            np.array([0, 0, 1]),
            np.array([1.0, 2, 1]),
        ),  # about a quarter of the resamples have one score only
        (np.array([0, 1, 1, 0, 1, 0]), np.array([3.0, 1, 3, 3.5, 10, 3.75])),
    ],
)
def test_interval_is_that_of_searched_resamples(label, score):
    order = np.argsort(score, kind="stable")  # patients are drawn in the order of their scores
    label, score = np.asarray(label)[order], np.asarray(score)[order]
    counts = st.resample_counts(label, 150, 3)
    cuts = [
        _searched(np.repeat(label, each), np.repeat(score, each)) for each in counts.astype(int)
    ]
    cuts = [cut for cut in cuts if cut is not None]
    for level in (0.95, 0.8, 0.5, 0.1):
        found = st.cutoff_interval(label, score, level, resamples=150, seed=3)
        assert (found.ci_low, found.ci_high) == pytest.approx(
            tuple(np.quantile(cuts, [(1 - level) / 2, (1 + level) / 2])), abs=1e-12
        )
    assert found.value == st.youden_cutoff(label, score).value
    assert found.n == len(label)
    assert len(cuts) < 150 or len(label) > 3


def test_default_is_2000_resamples_of_seed_0():
    assert st.cutoff_interval(LABEL, SCORE) == st.cutoff_interval(LABEL, SCORE, 0.95, 2000, 0)
    assert st.cutoff_interval(LABEL, SCORE, 0.5) != st.cutoff_interval(LABEL, SCORE)
