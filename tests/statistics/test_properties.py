"""What must hold for any data: invariance, antisymmetry, formulas, and errors that name the argument."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.metrics import roc_auc_score

from analysis import statistics as st


@some.composite
def labelled_scores(draw):
    """Labels of both classes and two scores with many ties."""
    n = draw(some.integers(6, 40))
    label = np.array(draw(some.lists(some.integers(0, 1), min_size=n, max_size=n)), dtype=float)
    label[:2], label[2:4] = 0, 1
    return label, *[np.array(draw(some.lists(some.integers(0, 9), min_size=n, max_size=n)), dtype=float) for _ in range(2)]


@settings(max_examples=60, deadline=None)
@given(labelled_scores())
def test_auc_is_that_of_scikit_learn_and_invariant_under_monotone_maps(data):
    label, score, _ = data
    assert st.auc(label, score) == pytest.approx(roc_auc_score(label, score), abs=1e-12)
    assert st.auc(label, np.exp(score / 3)) == pytest.approx(st.auc(label, score), abs=1e-12)
    assert st.auc(label, -score) == pytest.approx(1 - st.auc(label, score), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(labelled_scores())
def test_delong_is_antisymmetric_and_its_interval_stays_inside(data):
    label, first, second = data
    one, other = st.delong_test(label, first, second), st.delong_test(label, second, first)
    assert one.difference == pytest.approx(-other.difference, abs=1e-12) and one.p == pytest.approx(other.p, abs=1e-9)
    interval = st.delong_interval(label, first)
    assert 0 <= interval.ci_low <= interval.auc <= interval.ci_high <= 1


def test_identical_rankings_have_p_one():
    label, score = np.array([0, 0, 0, 1, 1, 1.0]), np.array([1, 2, 4, 3, 5, 6.0])
    test = st.delong_test(label, score, 10 * score)
    assert (test.difference, test.z, test.p) == (0.0, 0.0, 1.0)


@settings(max_examples=40, deadline=None)
@given(labelled_scores(), some.floats(0.05, 0.95))
def test_net_benefit_of_certain_treatment_is_that_of_treating_all(data, threshold):
    label, _, _ = data
    assert st.net_benefit(label, np.ones(len(label)), [threshold]) == pytest.approx(st.net_benefit_treat_all(label, [threshold]))


def test_delong_interval_covers_as_often_as_it_says():
    """True AUC of two unit normals a distance apart; 400 samples, so the Monte-Carlo error of 95 % is 1.1 %."""
    from scipy.stats import norm
    random, truth, hits = np.random.default_rng(5), norm.cdf(1 / np.sqrt(2)), 0
    for _ in range(400):
        label = np.r_[np.ones(60), np.zeros(60)]
        interval = st.delong_interval(label, random.standard_normal(120) + label)
        hits += interval.ci_low <= truth <= interval.ci_high
    assert abs(hits / 400 - 0.95) < 0.033


def test_tied_cut_offs_are_told():
    result = st.youden_cutoff([0, 1, 0, 1], [1, 2, 3, 4])
    assert result.value == 1.5 and result.ties == (1.5, 3.5)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: st.auc([1, 1], [1, 2]), "both classes are needed"),
    (lambda: st.auc([0, 1], [1, np.nan]), "score: 1 of 2 values are missing"),
    (lambda: st.auc([0, 1], [1, 2, 3]), "3 values for 2 labels"),
    (lambda: st.auc([0, 2], [1, 2]), "expected 0 and 1 only"),
    (lambda: st.brier_score([0, 1], [0.5, 1.2]), r"must lie in \[0, 1\]"),
    (lambda: st.calibration_slope([0, 1], [0.5, 1.0]), "0 and 1 have no logit"),
    (lambda: st.calibration_slope([0, 1, 1], [0.5, 0.5, 0.5]), "no slope"),
    (lambda: st.youden_cutoff([0, 1], [3, 3]), "no cut-off can separate"),
    (lambda: st.net_benefit([0, 1], [0.1, 0.2], [1.0]), "strictly between 0 and 1"),
    (lambda: st.kaplan_meier([1, -1], [0, 1]), "can't be negative"),
    (lambda: st.icc_2_1([[1, 2]]), "at least 2 subjects"),
])
def test_wrong_input_names_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
