"""The lasso by its optimality conditions and mRMR by its definition."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

import analysis.statistics as st

RANDOM = np.random.default_rng(7)
TABLE = pd.DataFrame(
    RANDOM.normal(size=(50, 4)) * [1, 5, 0.2, 1] + [0, 30, -4, 2], columns=list("abcd")
)
LABEL = (
    (RANDOM.random(50) < expit(1.5 * TABLE["a"] - 0.3 * (TABLE["b"] - 30))).astype(int).to_numpy()
)
SCALED = ((TABLE - TABLE.mean()) / TABLE.std(ddof=0)).to_numpy()


def test_largest_penalty():
    expected = max(abs(np.mean(SCALED[:, j] * (LABEL - LABEL.mean()))) for j in range(4))
    largest = st.lasso_largest_penalty(TABLE, LABEL)
    assert largest == pytest.approx(expected)
    above, below = (
        st.lasso_path(TABLE, LABEL, factor * largest).iloc[0] for factor in (1.0001, 0.99)
    )
    assert (above[list("abcd")] == 0).all()
    assert (below[list("abcd")] != 0).sum() == 1
    assert above["(intercept)"] == pytest.approx(logit(LABEL.mean()), abs=1e-12)
    assert above["deviance_ratio"] == pytest.approx(0, abs=1e-9)


def test_without_a_coefficient_the_intercept_is_the_log_odds():
    """Two events of twenty: ln(2/18); saga stopped at -2.09, with a deviance ratio below 0."""
    row = st.lasso_path(
        pd.DataFrame({"x": np.sin(np.arange(20.0))}), np.r_[1, 1, np.zeros(18)], 2.0
    ).iloc[0]
    assert row.tolist() == pytest.approx([np.log(1 / 9), 0, 0], abs=1e-12)


def test_path_meets_the_conditions_of_optimality():
    """Gradient of the mean loss: 0 for the intercept, -λ sign(b) for a coefficient, within λ of 0
    for one that is 0."""
    penalties = [0.1, 0.03, 0.002]
    path = st.lasso_path(TABLE, LABEL, penalties)
    assert path.index.tolist() == penalties
    assert path.index.name == "lambda"
    assert path.columns.tolist() == ["(intercept)", "deviance_ratio", *"abcd"]
    for penalty, row in path.iterrows():
        p = expit(row["(intercept)"] + TABLE.to_numpy() @ row[list("abcd")].to_numpy())
        assert p.mean() == pytest.approx(LABEL.mean(), abs=1e-6)
        gradient, beta = SCALED.T @ (LABEL - p) / 50, row[list("abcd")].to_numpy()
        np.testing.assert_allclose(
            gradient[beta != 0], penalty * np.sign(beta[beta != 0]), atol=1e-6
        )
        assert (np.abs(gradient[beta == 0]) <= penalty + 1e-9).all()
        model, null = (
            np.log(np.where(LABEL == 1, each, 1 - each)).sum() for each in (p, LABEL.mean())
        )
        assert row["deviance_ratio"] == pytest.approx(1 - model / null)
    assert (path.iloc[0][list("abcd")] == 0).any()
    assert (path.iloc[-1][list("abcd")] != 0).all()


def test_what_the_lasso_refuses():
    for penalties in (0, [0.1, -1]):
        with pytest.raises(ValueError, match="penalties: each lambda must be a positive number"):
            st.lasso_path(TABLE, LABEL, penalties)
    for call in (
        lambda table: st.lasso_path(table, LABEL, 0.1),
        lambda table: st.lasso_largest_penalty(table, LABEL),
    ):
        with pytest.raises(ValueError, match="table: constant columns e; leave them out"):
            call(TABLE.assign(e=1.0))
        with pytest.raises(
            ValueError,
            match=r"table: expected 50 patients without missing values, got shape \(49, 4\)",
        ):
            call(TABLE.iloc[1:])
        with pytest.raises(ValueError, match="table: expected 50 patients without missing"):
            call(TABLE.where(TABLE["a"] > 0))


def _information(x, y):
    return -np.log(1 - np.corrcoef(x, y)[0, 1] ** 2) / 2


def test_mrmr_step_by_step():
    """A copy of the best feature with noise is relevant, but redundant."""
    table = TABLE.assign(e=TABLE["a"] + 0.3 * np.sin(np.arange(50.0)))
    outcome = table["a"] + 0.1 * table["b"] + np.cos(np.arange(50.0))
    left, chosen, scores = list(table), [], []
    while left:
        worth = {
            name: (
                _information(table[name], outcome)
                - np.mean([_information(table[name], table[other]) for other in chosen] or [0])
            )
            for name in left
        }
        best = max(worth, key=worth.get)
        chosen.append(best)
        scores.append(worth[best])
        left.remove(best)
    for count in (1, 3, 5):
        found = st.mrmr_ranking(table, outcome, count)
        assert found.index.tolist() == chosen[:count]
        assert found.tolist() == pytest.approx(scores[:count])
    assert chosen.index("e") > 1 or chosen.index("a") > 1


def test_a_feature_that_is_the_outcome():
    """Its information would be infinite; 1 - r² counts as 1e-15 then."""
    found = st.mrmr_ranking(TABLE, 3 - 2 * TABLE["c"], 2)
    assert found.index[0] == "c"
    assert found.iloc[0] == pytest.approx(-0.5 * np.log(1e-15), rel=0.01)


def test_what_mrmr_refuses():
    for count in (0, 5):
        with pytest.raises(ValueError, match=f"count: 1 to 4 features, got {count}"):
            st.mrmr_ranking(TABLE, LABEL, count)
    with pytest.raises(ValueError, match="outcome: all 50 patients have the same value"):
        st.mrmr_ranking(TABLE, np.ones(50), 1)
    with pytest.raises(ValueError, match="table: constant columns have no correlation"):
        st.mrmr_ranking(TABLE.assign(e=1.0), LABEL, 1)
    for table in (TABLE.iloc[1:], TABLE.where(TABLE["a"] > 0)):
        with pytest.raises(ValueError, match="table: expected 50 patients without missing"):
            st.mrmr_ranking(table, LABEL, 1)
