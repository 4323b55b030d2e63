"""What pingouin computes for the study: partial correlations and comparisons between levels, held
to their definitions."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import statistics as st

random = np.random.default_rng(3)
HELD = random.standard_normal((30, 2))
FIRST = HELD[:, 0] + random.standard_normal(30)
SECOND = HELD[:, 0] - 0.5 * HELD[:, 1] + random.standard_normal(30)


def left_over(values, held):
    """Residuals of a regression on what is held."""
    design = np.column_stack([np.ones(len(values)), held])
    return values - design @ np.linalg.lstsq(design, values, rcond=None)[0]


@pytest.mark.parametrize(
    ("method", "rank"), [("pearson", np.asarray), ("spearman", stats.rankdata)]
)
def test_partial_correlation_is_that_of_what_regressions_leave(method, rank):
    """With its t test over n - 2 - 2 degrees of freedom, as ppcor::pcor.test has it."""
    held = np.column_stack([rank(HELD[:, 0]), rank(HELD[:, 1])])
    r = np.corrcoef(left_over(rank(FIRST), held), left_over(rank(SECOND), held))[0, 1]
    t = r * np.sqrt(26 / (1 - r**2))
    found = st.partial_correlation(FIRST, SECOND, [HELD[:, 0], HELD[:, 1]], method)
    assert found == pytest.approx((r, 2 * stats.t.sf(abs(t), 26)))
    assert abs(found[0]) < abs(st.correlation(FIRST, SECOND, method)[0])


def test_partial_correlation_of_one_variable_by_hand():
    """(r12 - r13 r23) / √((1 - r13²)(1 - r23²))."""
    a, b, c = (
        np.corrcoef(*pair)[0, 1]
        for pair in ((FIRST, SECOND), (FIRST, HELD[:, 0]), (SECOND, HELD[:, 0]))
    )
    expected = (a - b * c) / np.sqrt((1 - b**2) * (1 - c**2))
    assert st.partial_correlation(FIRST, SECOND, [HELD[:, 0]], "pearson")[0] == pytest.approx(
        expected
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "given: expected variables"),
        ([np.ones(30)], "given: expected variables"),
        ([HELD[:5, 0]], "given: expected variables of 30"),
        ([np.r_[np.nan, HELD[1:, 0]]], r"given\[0\]: 1 of 30 values are missing"),
        (list(random.standard_normal((27, 30))), "first: 30 pairs are too few"),
    ],
)
def test_what_can_not_be_held(given, message):
    with pytest.raises(ValueError, match=message):
        st.partial_correlation(FIRST, SECOND, given)


def test_pairs_of_levels_by_mann_whitney_and_holm():
    """pairwise.wilcox.test(exact = FALSE, correct = TRUE, p.adjust = "holm"), and the AUC between
    two levels."""
    values = np.r_[
        random.standard_normal(20),
        random.standard_normal(25) + 1,
        random.standard_normal(15) + 1.2,
        0.0,
    ]
    group = np.repeat(["early", "middle", "late", "alone"], [20, 25, 15, 1])
    found = st.pairwise_levels(values, group, ["early", "middle", "late", "alone"])
    assert list(zip(found["first"], found["second"], strict=True)) == [
        ("early", "middle"),
        ("early", "late"),
        ("middle", "late"),
    ]
    assert found["n_first"].tolist() == [20, 20, 25]
    assert found["n_second"].tolist() == [25, 15, 15]
    plain = []
    for row in found.itertuples():
        one, two = values[group == row.first], values[group == row.second]
        plain.append(stats.mannwhitneyu(one, two).pvalue)
        assert row.superiority == pytest.approx(
            st.auc(np.repeat([0, 1], [len(one), len(two)]), np.r_[one, two])
        )
    assert found["p_holm"].tolist() == pytest.approx(st.holm(plain).tolist())


def test_two_levels_need_no_adjustment_and_one_has_no_pair():
    found = st.pairwise_levels([1.0, 2, 2, 3, 4, 5], list("aaabbb"))
    assert found["superiority"].tolist() == [1.0]
    assert len(found) == 1
    assert 0 < found["p_holm"].iloc[0] < 0.2
    assert len(st.pairwise_levels([1.0, 2, 3], list("aab"))) == 0
    assert isinstance(found, pd.DataFrame)
    with pytest.raises(ValueError, match="group: 2 values for 3"):
        st.pairwise_levels([1.0, 2, 3], list("ab"))
    with pytest.raises(ValueError, match="values: 1 of 2 values are missing"):
        st.pairwise_levels([1.0, np.nan], list("ab"))
