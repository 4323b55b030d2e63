"""Bootstrap of the AUC on resamples given or recounted: each area by scikit-learn, ends by numpy's
quantiles, p by the normal."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from analysis import statistics as st

RANDOM = np.random.default_rng(7)
LABEL = np.tile([0, 1, 0], 10)
SCORE, OTHER = (
    np.round(LABEL + RANDOM.normal(0, 1, 30), 1),
    np.round(0.3 * LABEL + RANDOM.normal(0, 1, 30), 1),
)
INDICES = RANDOM.integers(30, size=(40, 30))


def area(score, rows):
    return roc_auc_score(LABEL[rows], score[rows])


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_given_resamples_are_taken_as_they_are(level):
    found, each = (
        st.auc_bootstrap(LABEL, SCORE, level, indices=INDICES),
        [area(SCORE, rows) for rows in INDICES],
    )
    np.testing.assert_allclose(found.resampled, each)
    assert (found.ci_low, found.ci_high) == pytest.approx(
        np.quantile(each, [(1 - level) / 2, 1 - (1 - level) / 2])
    )
    assert found.standard_error == pytest.approx(np.std(each, ddof=1))
    assert found.auc == pytest.approx(roc_auc_score(LABEL, SCORE))
    assert found.n == 30


def test_a_resample_of_one_class_is_nan_and_left_out():
    """Rows 0 to 3 hold 0, 1, 0, 0: of the resamples below, the second has no event and the third no
    other."""
    rows = np.array([[0, 1, 2, 3], [0, 2, 3, 0], [1, 1, 1, 1], [1, 1, 0, 2], [0, 0, 1, 2]])
    found = st.auc_bootstrap(LABEL[:4], [1.0, 2, 3, 2], indices=rows)
    # Event 2 against 1, 3, 2: wins 1 + 0 + .5 = 1.5 of 3; twice the event against 1 and 3: .5;
    # against 1, 1, 3: 2 of 3.
    np.testing.assert_allclose(found.resampled, [0.5, np.nan, np.nan, 0.5, 2 / 3])
    assert (found.ci_low, found.ci_high, found.standard_error) == pytest.approx(
        (0.5, np.quantile([0.5, 0.5, 2 / 3], 0.975), np.std([0.5, 0.5, 2 / 3], ddof=1))
    )


def test_a_stratified_draw_keeps_the_classes_and_a_plain_one_does_not():
    stratified, plain = (
        st.resample_counts(LABEL, 200, 3),
        st.resample_counts(LABEL, 200, 3, stratified=False),
    )
    assert stratified.shape == plain.shape == (200, 30)
    assert (stratified.sum(axis=1) == 30).all()
    assert (plain.sum(axis=1) == 30).all()
    assert (stratified[:, LABEL == 1].sum(axis=1) == 10).all()
    assert np.ptp(plain[:, LABEL == 1].sum(axis=1)) > 3
    # Everybody is drawn once on average: 200 draws of variance below 1 each, so within 5 × √(1 /
    # 200) of 1.
    assert (np.abs(stratified.mean(axis=0) - 1) < 0.36).all()
    assert (np.abs(plain.mean(axis=0) - 1) < 0.36).all()
    assert (st.resample_counts(LABEL, 200, 3) == stratified).all()
    assert (st.resample_counts(LABEL, 200, 4) != stratified).any()


def test_rows_are_counted():
    assert st.resample_counts([0, 1, 1], indices=[[0, 0, 2], [1, 2, 2]]).tolist() == [
        [2, 0, 1],
        [0, 1, 2],
    ]
    assert st.resample_counts([1, 1], 3).sum(axis=1).tolist() == [2, 2, 2]
    for wrong in ([0, 1], [[0, 3]], [[-1, 0]]):
        with pytest.raises(
            ValueError, match="indices: expected resamples × patients with values 0 to 2"
        ):
            st.resample_counts([0, 1, 1], indices=wrong)


def test_counts_are_weights_also_of_many_resamples():
    """More than one part of 50,000 counts, each resample by scikit-learn's weights."""
    counts = st.resample_counts(LABEL, 4000, 1)
    found = st.resampled_auc(LABEL, SCORE, counts)
    assert found.shape == (4000,)
    for place in (0, 1999, 2000, 3999):
        assert found[place] == pytest.approx(
            roc_auc_score(LABEL, SCORE, sample_weight=counts[place])
        )


@pytest.mark.parametrize(("first", "second"), [(SCORE, OTHER), (OTHER, SCORE)])
def test_the_difference_has_its_quantiles_its_error_and_a_normal_p(first, second):
    counts = st.resample_counts(LABEL, 60, 5)
    differences = np.array(
        [
            roc_auc_score(LABEL, first, sample_weight=row)
            - roc_auc_score(LABEL, second, sample_weight=row)
            for row in counts
        ]
    )
    found = st.auc_bootstrap_test(LABEL, first, second, 0.9, 60, 5)
    value, error = (
        roc_auc_score(LABEL, first) - roc_auc_score(LABEL, second),
        differences.std(ddof=1),
    )
    assert (found.value, found.standard_error, found.z) == pytest.approx(
        (value, error, value / error)
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(np.quantile(differences, [0.05, 0.95]))
    assert found.p == pytest.approx(2 * norm.cdf(-abs(value / error)))
    assert 0 < found.p < 1
    assert found.n == 30
    assert found.method == "stratified bootstrap, percentile interval"


def test_a_missing_score_names_itself():
    gap = np.r_[np.nan, SCORE[1:]]
    for name, call in (("score_a", (gap, SCORE)), ("score_b", (SCORE, gap))):
        with pytest.raises(ValueError, match=f"^{name}: 1 of 30"):
            st.auc_bootstrap_test(LABEL, *call, resamples=10)
