"""AUC, DeLong and its bootstrap: what holds for any scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.metrics import roc_auc_score

from analysis import statistics as st
from tests.support.strategies import labelled_scores


@given(labelled_scores())
def test_auc_is_that_of_scikit_learn_and_invariant_under_monotone_maps(data):
    label, score, _ = data
    assert st.auc(label, score) == pytest.approx(roc_auc_score(label, score), abs=1e-12)
    assert st.auc(label, np.exp(score / 3)) == st.auc(label, score)
    assert st.auc(label, -score) == pytest.approx(1 - st.auc(label, score), abs=1e-12)


@given(labelled_scores())
def test_auc_is_the_share_of_pairs_won(data):
    label, score, _ = data
    difference = score[label == 1][:, None] - score[label == 0]
    assert st.auc(label, score) == pytest.approx(
        np.mean((difference > 0) + (difference == 0) / 2), abs=1e-12
    )


@given(labelled_scores())
def test_delong_is_invariant_under_monotone_maps_and_the_order_of_patients(data):
    label, first, second = data
    one, other = (
        st.delong_test(label, first, second),
        st.delong_test(label[::-1], np.exp(first / 3)[::-1], second[::-1] ** 3),
    )
    assert (one.difference, one.z) == pytest.approx((other.difference, other.z), abs=1e-9)


@given(labelled_scores())
def test_delong_is_antisymmetric_and_its_interval_stays_inside(data):
    label, first, second = data
    one, other = st.delong_test(label, first, second), st.delong_test(label, second, first)
    assert one.difference == pytest.approx(-other.difference, abs=1e-12)
    assert one.p == pytest.approx(other.p, abs=1e-9)
    assert (one.ci_low, one.ci_high) == pytest.approx((-other.ci_high, -other.ci_low), abs=1e-9)
    for method in ("wald", "logit"):
        interval = st.delong_interval(label, first, method=method)
        assert 0 <= interval.ci_low <= interval.auc <= interval.ci_high <= 1


@given(labelled_scores())
def test_global_test_of_two_scores_is_the_paired_one(data):
    label, first, second = data
    paired, overall = (
        st.delong_test(label, first, second),
        st.delong_global_test(label, np.column_stack([first, second])),
    )
    if overall.degrees_of_freedom:
        assert overall.statistic == pytest.approx(paired.z**2, rel=1e-6)
        assert overall.p == pytest.approx(paired.p, rel=1e-6, abs=1e-12)
    else:
        assert overall.p == 1.0


@given(labelled_scores(), some.integers(0, 1000))
def test_resampled_auc_is_that_of_the_drawn_patients(data, seed):
    label, score, _ = data
    drawn = np.random.default_rng(seed).integers(len(label), size=(5, len(label)))
    found = st.resampled_auc(label, score, st.resample_counts(label, indices=drawn))
    for value, rows in zip(found, drawn, strict=True):
        assert (
            np.isnan(value)
            if len(set(label[rows])) == 1
            else value == pytest.approx(roc_auc_score(label[rows], score[rows]), abs=1e-12)
        )


@given(labelled_scores())
def test_partial_auc_approaches_the_whole(data):
    label, score, _ = data
    assert st.partial_auc(label, score, 1 - 1e-9, corrected=False) == pytest.approx(
        st.auc(label, score), abs=1e-6
    )


@given(labelled_scores())
def test_roc_curve_holds_the_auc_under_it(data):
    label, score, _ = data
    curve = st.roc_curve(label, score)
    assert np.trapezoid(curve.true_positive_rate, curve.false_positive_rate) == pytest.approx(
        st.auc(label, score), abs=1e-12
    )
