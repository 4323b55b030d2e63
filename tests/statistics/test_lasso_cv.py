"""Cross-validated LASSO beside cv.glmnet 4.1.6 of R: the deviance of left-out folds, its error,
both penalties and their coefficients."""

import numpy as np
import pandas as pd
import pytest

from analysis import statistics as st

X = np.array(
    """
    0.22 -0.38 -0.13 -1.03 -0.98 -2.84 0.96 -0.58 -0.54 0.15 -1 0.07 -0.02 1.51 0.9 -1.22 0.89
    -0.03 1.87 0.38 -0.88 1.44 -1.23 0.17 0.6 1.45 -0.34 -1.62 0.49 0.51 -0.29 0.13 1.64 1.21
    0.97 1.9 -0.83 -0.76 -1.65 -0.24 0.69 0.37 0.99 -0.72 1.17 0.25 0.04 -0.57 -1.28 -1.1 -0.94
    0.38 0.06 -0.32 -2.04 0.04 -0.21 0.3 0.35 0.44 0.16 0.1 0.11 -1.91 1.9 1.59 -0.59 0.26 0.47
    -0.21 0.31 -0.03 1.78 1.16 -2.38 -0.18 0.55 0.27 -0.64 0.67 0.57 0.48 1.08 -0.69 0.4 -0.31
    0.93 1.32 0.02 -0.23 0.67 0 -0.92 0.89 -0.27 3.17 0.38 -0.21 -0.96 0.57 -0.68 0.39 1.24
    -1.87 -0.05 0.06 -1.98 -1.21 -1.94 -2.27 -1.06 -1.35 0.03 0.38 -0.58 -0.35 0.12 -0.55 1.89
    2.3 0.17 -0.07 0.97 -0.65 1.27 0.33 -1.17 0.26 1.17 0.94 0.55 -0.89 -1.1 -0.6 0.42 0.87
    -0.04 -0.36 -0.08 1.48 0.44 -1.26 -1.65 0.36 -0.1 -0.47 -1.68 -1.2 0.62 0.76 0.18 -1.15
    -0.28 -0.22 1.21 1.75 0.02 0.84 -0.14 0.3 1.54 1.72 1 1.21 -1.24 0.16 2.36 -0.7 0.17 0.01
    0.72 -1.55 -0.5 1.05 1.22 1.19 1.31 0.63 -0.84 -0.3 1.32 -0.65 0.4 1.53 1.29 0.17 0.62 1.04
    0.79 -0.96 0.64 0.42 0.59 -0.1 -0.72 -0.77 0.49 -0.2 -0.89 1.56 -0.28 -0.85 -0.45 1.52 2.37
    0.69 -1.32 1.63 1.26 0.46 -1.2 -2.42 -0.28 -1 0.18 0.17 0.91 0.07 0.39 0.56 0.2 -1 -1.42
    -0.34 -0.93 -0.47 -0.52 1.11 0.81 -0.36 -1.5 -1.28 1.24 0.77 0.91 0.17 -0.12 1.06 -1.08 0.06
    0.15 -0.54 0.88 -0.23 1.01 1.08 0.14 -1.13 1.05 0.33 -0.82 -0.23 0.52 1.24 0.26 -0.06 -0.75
    -0.44 1.54 -0.25 -0.23 0.85 1.19 -0.73 -1.48 -0.73 1.37 2.07 -0.17 -0.81 -1.69 1.07 0.86
    0.95 -0.48 1.58 -2.48 -0.37 0.24 1.48 -0.4 -0.3 0.55 -1.04 -0.6 1.12 -1.12 -2.53 -0.23 1
    -0.86 -0.01 0.03 0.11 -0.85 -0.82 0.93 0.36 -0.71 -1.33 1.23 -0.44 -0.34 0.32 -0.47 0.16
    -2.1 0.15 -0.7 -1.45 -0.06 -0.97 -0.64 -0.59 1.1 -0.79 -1.5 -0.38 -0.15 -0.39 1.34 1.28 0.34
    -0.29 -0.23 0.59 -1.18 -0.04 0.18 0.07 0.49 0.67 -0.01 0.25 0.46 0.79 1.29 0.72 -0.93 -0.14
    -1.48 -1.75 -0.24 0.43 -1.69 -1.24 -1.43 0.22 -1.85 0.06 0.81 0.66 -0.82 -0.55 0.98 1.12
    -0.85 -1.09 -0.73 -0.75 -0.86 -1.47 -1.55 -1.44 1.26 -0.11 -2.19 0.01 0.1 0.85 0.02 0.63
    -1.35 0.45 1 -0.61 -0.38 0.12 -0.77 -0.5 0.32 1.09 1.17 1.41 0.72 -0.05 -0.23 1.13 0.12 0.91
    0.77 -0.63 -1.8 -2.12 -0.27 -0.1 0.65 -1 1.59 -0.87 -0.66 -0.25 1.8 -1.11 0.68 -0.72 0.35
    -1.19 -0.62 -0.06 -0.48 0.66 2.52 0.42 -0.53 0.37 -0.08 0.38 -0.59 -0.04 0.3 0.43 -0.28 -0.7
    0.44 0.46 -2.26 0.63 -0.66 0.08 -0.05 -0.43 1.97 1.32 1.68 -0.94 0.06 0.55 0.06 1.01 -0.6
    -0.21 0.07 -0.36 -1.19 -0.54 -0.58 0.42 -0.55 -0.78 -0.44 -0.05 -0.42 0.13 -0.01 1.33 0.7
    0.19 0.63 -0.35 -0.75 1 0.91 1.04 -0.16 0.75 -0.8 -0.36 -0.13 1.07 -0.51 -0.65 1.35 0.58
    -1.13 0.4 -1.02 -0.45 0.22 -1.66
""".split(),
    dtype=float,
).reshape(60, 8)
Y = np.array(
    """
    1 1 0 1 1 1 0 0 1 1 0 0 1 1 0 0 1 1 1 0 1 0 1 1 1 1 1 1 0 1 1 1 0 0 1 1 1 1 1 0 1 1 1 0 0 0
    0 0 1 0 0 0 1 1 0 1 0 0 0 1
""".split(),
    dtype=int,
)
TABLE, FOLDS = pd.DataFrame(X, columns=list("abcdefgh")), np.arange(60) % 6
PLACES = np.array([1, 5, 10, 20, 30, 40]) - 1


def test_the_path_and_its_deviance_are_glmnets():
    """L = cv.glmnet(x, y, family = "binomial", foldid, thresh = 1e-14)$lambda; cv.glmnet(…, lambda
    = L), without which each fold has penalties of its own and R interpolates between them."""
    found = st.lasso_cross_validation(TABLE, Y, FOLDS)
    assert len(found.penalties) == 72
    assert found.folds == 6
    np.testing.assert_allclose(
        found.penalties[[0, 1, -1]],
        [0.260849782126694, 0.237676606414683, 0.000352942217206],
        rtol=1e-10,
    )
    np.testing.assert_allclose(
        found.deviance[PLACES],
        [
            1.415711757908,
            1.288101833340,
            1.129181979492,
            0.933357109372,
            0.934846011997,
            1.013609408632,
        ],
        rtol=2e-6,
    )
    np.testing.assert_allclose(
        found.error[PLACES],
        [
            0.0684915931253,
            0.0543808140527,
            0.0266405798961,
            0.0817141802063,
            0.1411866472794,
            0.1828832084477,
        ],
        rtol=1e-5,
    )
    assert (found.at_least, found.one_standard_error) == pytest.approx(
        (0.0279700671243, 0.0778283732571), rel=1e-10
    )
    least, one = (
        found.coefficients.loc[penalty].to_numpy()
        for penalty in (found.at_least, found.one_standard_error)
    )
    np.testing.assert_allclose(
        least,
        [
            0.0765482761226,
            1.8217131424031,
            0,
            -1.0042912820772,
            0.0708134286658,
            0,
            -0.2198970783830,
            -0.0376360891109,
            -0.5470172516782,
        ],
        rtol=2e-5,
        atol=1e-12,
    )
    np.testing.assert_allclose(
        one,
        [0.124331900621, 1.078848033618, 0, -0.517876961987, 0, 0, 0, 0, -0.202882747639],
        rtol=2e-5,
        atol=1e-12,
    )
    assert found.coefficients.columns.tolist() == ["(intercept)", *"abcdefgh"]


def test_given_penalties_are_taken_and_sorted():
    found = st.lasso_cross_validation(TABLE, Y, FOLDS, [0.01, 0.1])
    assert found.penalties.tolist() == [0.1, 0.01]
    slower = st.lasso_path(
        TABLE, Y, [0.1, 0.01]
    )  # scikit-learn's saga, which is held to glmnet elsewhere
    np.testing.assert_allclose(
        found.coefficients[list("abcdefgh")], slower[list("abcdefgh")], atol=1e-5
    )


def test_columns_are_scaled_in_the_fold():
    """A column that is large in one fold alone: scaled on all patients it would be nearly constant
    in the others."""
    table = TABLE.assign(a=np.where(FOLDS == 0, 1000 * TABLE["a"], TABLE["a"]))
    found = st.lasso_cross_validation(table, Y, FOLDS, [0.05])
    by_fold = []
    for fold in range(6):
        learnt, out = FOLDS != fold, FOLDS == fold
        path = st.lasso_path(table[learnt], Y[learnt], [0.05]).iloc[0]
        linear = np.clip(
            path["(intercept)"] + table[out].to_numpy() @ path[list("abcdefgh")].to_numpy(float),
            -11.5129155,
            11.5129155,
        )
        by_fold.append(-2 * (Y[out] * linear - np.logaddexp(0, linear)).mean())
    assert found.deviance[0] == pytest.approx(np.mean(by_fold), rel=1e-4)
    assert found.error[0] == pytest.approx(np.std(by_fold) / np.sqrt(5), rel=1e-4)


def test_names_of_folds_units_and_noise():
    again = st.lasso_cross_validation(TABLE * 1000 + 5, Y, np.array(list("abcdef"))[FOLDS])
    assert again.one_standard_error == pytest.approx(0.0778283732571, rel=1e-9)
    # Of noise the largest penalty, which keeps nothing, is within a standard error of the best in
    # nearly every draw.
    random = np.random.default_rng(2)
    noise = [
        st.lasso_cross_validation(
            pd.DataFrame(random.standard_normal((60, 10))), random.permutation(Y), FOLDS, 30
        )
        for _ in range(20)
    ]
    assert sum(each.one_standard_error == each.penalties[0] for each in noise) >= 17


@pytest.mark.parametrize(
    ("table", "folds", "penalties", "message"),
    [
        (TABLE.iloc[:-1], FOLDS, 10, "table: expected 60 patients"),
        (TABLE.assign(a=1.0), FOLDS, 10, "table: constant columns a"),
        (TABLE.assign(a=np.nan), FOLDS, 10, "table: expected 60 patients without missing"),
        (TABLE, FOLDS * 0, 10, "folds: .* at least two"),
        (TABLE, FOLDS[:-1], 10, "folds: one name a patient"),
        (TABLE, FOLDS, [0.0], "penalties: each lambda must be a positive number"),
        (TABLE, Y, 10, "folds: without one of the folds"),
    ],
)
def test_what_can_not_be_cross_validated(table, folds, penalties, message):
    with pytest.raises(ValueError, match=message):
        st.lasso_cross_validation(table, Y, folds, penalties)


@pytest.mark.parametrize("mixing", [0.2, 0.5, 1.0])
def test_the_elastic_net_is_that_of_scikit_learn(mixing):
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(2)
    values = random.normal(size=(40, 5))
    values[:, 1] = values[:, 0] + 0.1 * random.normal(size=40)
    label = (values[:, 0] + random.normal(size=40) > 0).astype(int)
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    penalty = 0.05
    found = st.lasso_cross_validation(
        pd.DataFrame(values), label, np.arange(40) % 4, [penalty], mixing=mixing
    )
    other = LogisticRegression(
        C=1 / (40 * penalty), l1_ratio=mixing, solver="saga", tol=1e-10, max_iter=100_000
    ).fit(values, label)
    np.testing.assert_allclose(found.coefficients.iloc[0, 1:], other.coef_[0], atol=1e-5)
    np.testing.assert_allclose(found.coefficients.iloc[0, 0], other.intercept_[0], atol=1e-5)


def test_a_mixing_without_a_share_of_lasso_is_refused():
    with pytest.raises(ValueError, match="mixing: above 0 and at most 1, got 0"):
        st.lasso_cross_validation(TABLE, Y, FOLDS, [0.1], mixing=0)
