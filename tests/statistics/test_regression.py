"""Logistic regression on two-by-two tables, where every number is a closed form, and beside
statsmodels' own optimiser."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from scipy.stats import chi2, norm

import analysis.statistics as st

# Exposed: 9 events, 4 others; unexposed: 5 and 11.
A, B, C, D = 9, 4, 5, 11
X, Y = np.repeat([1.0, 1, 0, 0], [A, B, C, D]), np.repeat([1, 0, 1, 0], [A, B, C, D])


def _likelihood(*cells):
    return sum(e * np.log(e / (e + o)) + o * np.log(o / (e + o)) for e, o in cells if e and o)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_two_by_two(level):
    fit = st.logistic_regression(pd.DataFrame({"x": X}), Y, level)
    slope, error, z = (
        np.log(A * D / (B * C)),
        np.sqrt(1 / A + 1 / B + 1 / C + 1 / D),
        norm.isf((1 - level) / 2),
    )
    row = fit.terms.loc["x"]
    assert (
        row["coefficient"],
        row["standard_error"],
        row["z"],
        row["odds_ratio"],
        row["p"],
    ) == pytest.approx((slope, error, slope / error, A * D / (B * C), 2 * norm.sf(slope / error)))
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(
        (np.exp(slope - z * error), np.exp(slope + z * error))
    )
    assert row["variable"] == "x"
    base, spread = np.log(C / D), np.sqrt(1 / C + 1 / D)
    first = fit.all_terms.iloc[0]
    assert (fit.intercept, first["standard_error"], first["p"], first["ci_low"]) == pytest.approx(
        (base, spread, 2 * norm.sf(-base / spread), np.exp(base - z * spread))
    )
    np.testing.assert_allclose(
        fit.covariance, [[spread**2, -(spread**2)], [-(spread**2), error**2]], rtol=1e-6
    )
    np.testing.assert_allclose(fit.fitted, np.where(X == 1, A / (A + B), C / (C + D)), rtol=1e-9)
    assert (fit.log_likelihood, fit.null_log_likelihood) == pytest.approx(
        (_likelihood((A, B), (C, D)), _likelihood((A + C, B + D)))
    )
    assert (fit.aic, fit.bic) == pytest.approx(
        (4 - 2 * fit.log_likelihood, 2 * np.log(29) - 2 * fit.log_likelihood)
    )
    assert (fit.n, fit.events, fit.parameters, fit.events_per_variable, fit.separated) == (
        29,
        14,
        2,
        14.0,
        False,
    )
    assert fit.method == "maximum likelihood, Wald interval"


def test_kinds_of_interval():
    table = pd.DataFrame({"x": X})
    profile, none = (
        st.logistic_regression(table, Y, interval=kind) for kind in ("profile", "none")
    )
    assert profile.method == "maximum likelihood, profile-likelihood interval"
    assert none.method == "maximum likelihood, no interval"
    assert np.isnan(none.all_terms[["ci_low", "ci_high"]]).all(axis=None)
    assert none.terms.loc["x", "p"] == profile.terms.loc["x", "p"]
    with pytest.raises(ValueError, match="interval: 'wald', 'profile' or 'none', got 'score'"):
        st.logistic_regression(table, Y, interval="score")


def test_several_columns_beside_another_optimiser():
    random = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "age": random.normal(60, 9, 120),
            "grade": random.choice(list("cab"), 120),
            "male": random.random(120) < 0.5,
        }
    )
    outcome = (
        (random.random(120) < expit(0.05 * (table["age"] - 60) + (table["grade"] == "b") - 0.4))
        .astype(int)
        .to_numpy()
    )
    fit = st.logistic_regression(table, outcome)
    design = np.column_stack(
        [np.ones(120), table["age"], table["grade"] == "b", table["grade"] == "c", table["male"]]
    ).astype(float)
    other = sm.Logit(outcome, design).fit(disp=0, method="newton", tol=1e-12)
    np.testing.assert_allclose(
        fit.all_terms[["coefficient", "standard_error", "z", "p"]].to_numpy().T,
        [other.params, other.bse, other.tvalues, other.pvalues],
        rtol=1e-6,
    )
    np.testing.assert_allclose(
        np.log(fit.all_terms[["ci_low", "ci_high"]]), other.conf_int(), rtol=1e-6, atol=1e-9
    )
    assert (fit.aic, fit.bic, fit.log_likelihood, fit.null_log_likelihood) == pytest.approx(
        (other.aic, other.bic, other.llf, other.llnull)
    )
    assert fit.all_terms.index.tolist() == [
        "(intercept)",
        "age",
        "grade=b",
        "grade=c",
        "male",
    ]
    assert fit.all_terms["variable"].tolist() == ["(intercept)", "age", "grade", "grade", "male"]
    assert fit.events_per_variable == min(outcome.sum(), 120 - outcome.sum()) / 4
    at = [2, 3]
    assert st.wald_p(fit)["grade"] == pytest.approx(
        chi2.sf(
            other.params[at] @ np.linalg.inv(other.cov_params()[np.ix_(at, at)]) @ other.params[at],
            2,
        ),
        rel=1e-5,
    )
    dropped = st.likelihood_ratio_tests(table, outcome)
    for name, out in (("age", [1]), ("grade", [2, 3]), ("male", [4])):
        rest = sm.Logit(outcome, np.delete(design, out, axis=1)).fit(disp=0)
        statistic = 2 * (other.llf - rest.llf)
        assert dropped.loc[name].tolist() == pytest.approx(
            [rest.aic, statistic, len(out), chi2.sf(statistic, len(out))], rel=1e-6
        )


def test_likelihood_ratio_of_one_variable():
    """G² of the table: 2 Σ observed log(observed / expected)."""
    found = st.likelihood_ratio_tests(pd.DataFrame({"x": X}), Y).loc["x"]
    cells, n = np.array([[A, B], [C, D]]), A + B + C + D
    g = 2 * np.sum(cells * np.log(cells * n / np.outer(cells.sum(axis=1), cells.sum(axis=0))))
    assert found.tolist() == pytest.approx(
        [2 - 2 * _likelihood((A + C, B + D)), g, 1, chi2.sf(g, 1)]
    )


def test_columns_of_a_design():
    table = pd.DataFrame(
        {
            "n": [1, 2, 3],
            "flag": [True, False, True],
            "text": ["b", "a", "c"],
            "kind": pd.Categorical(["x", "z", "x"], categories=["z", "y", "x"]),
        },
        index=[7, 8, 9],
    )
    matrix, source = st.design_matrix(table)
    assert matrix.columns.tolist() == [
        "n",
        "flag",
        "text=b",
        "text=c",
        "kind=x",
    ]
    assert matrix.index.tolist() == [7, 8, 9]
    assert matrix.to_numpy().T.tolist() == [[1, 2, 3], [1, 0, 1], [1, 0, 0], [0, 0, 1], [1, 0, 1]]
    assert source == {
        "n": "n",
        "flag": "flag",
        "text=b": "text",
        "text=c": "text",
        "kind=x": "kind",
    }
    for bad, message in (
        ([1.0, np.nan], "missing values in v"),
        ([1.0, np.inf], "infinite values in v"),
        (["a", None], "missing values in v"),
    ):
        with pytest.raises(ValueError, match=f"table: {message}"):
            st.design_matrix(pd.DataFrame({"v": bad}))


def test_a_level_that_nobody_has_is_no_column():
    """R: glm(y ~ factor(x, levels = c("none", "a", "spare", "b"))) has a as reference, and drops
    spare with a warning in model.matrix."""
    values = pd.Categorical(list("aabbabba"), ["none", "a", "spare", "b"])
    outcome, time = [0, 1, 1, 1, 0, 0, 1, 0], np.arange(8, 0, -1.0)
    plain = pd.DataFrame({"x": list("aabbabba")})
    for fit in (
        lambda table: st.logistic_regression(table, outcome),
        lambda table: st.cox_regression(table, time, np.ones(8)),
    ):
        pd.testing.assert_frame_equal(fit(pd.DataFrame({"x": values})).terms, fit(plain).terms)
    assert (
        st.variance_inflation(pd.DataFrame({"x": values, "y": [1.0, 2, 4, 3, 5, 2, 1, 6]})).loc[
            "x", "degrees_of_freedom"
        ]
        == 1
    )


def test_what_a_fit_refuses():
    with pytest.raises(ValueError, match="outcome: 3 values for 4 patients in the table"):
        st.logistic_regression(pd.DataFrame({"x": [1.0, 2, 3, 4]}), [0, 1, 0])
    with pytest.raises(ValueError, match="table: the columns x, twice are linearly dependent"):
        st.logistic_regression(pd.DataFrame({"x": X, "twice": 2 * X}), Y)
    with pytest.raises(ValueError, match="table: the columns one are linearly dependent"):
        st.logistic_regression(pd.DataFrame({"one": np.ones(29)}), Y)
    with pytest.raises(ValueError, match="outcome: it is separated"):
        st.logistic_regression(pd.DataFrame({"x": [1.0, 2, 3, 4]}), [0, 0, 1, 1], firth=False)
    # Columns of very different size are not dependent.
    assert (
        st.logistic_regression(
            pd.DataFrame({"x": X * 1e-9, "t": np.arange(29) * 1e9}), Y
        ).parameters
        == 3
    )


def test_each_variable_alone():
    """f: 2 of 29 unknown; of the rest the fit is that of the patients who have it. one and lonely:
    a single value, a single class."""
    table = pd.DataFrame(
        {
            "x": X,
            "f": np.r_[np.nan, np.nan, np.arange(27) % 4],
            "one": 5.0,
            "lonely": np.where(Y == 1, np.arange(29.0), np.nan),
            "half": np.where(np.arange(29) < 3, 1.0, np.nan),
        }
    )
    found = st.univariable_logistic(table, Y, 0.9)
    assert found.index.tolist() == ["x", "f"]
    assert found["n"].tolist() == [29, 27]
    assert found["missing"].tolist() == [0, 2]
    assert set(found["method"]) == {"maximum likelihood, Wald interval"}
    other = sm.Logit(Y[2:], sm.add_constant(table["f"].to_numpy()[2:])).fit(disp=0)
    assert found.loc["f", ["odds_ratio", "ci_low", "ci_high", "p"]].tolist() == pytest.approx(
        [*np.exp([other.params[1], *other.conf_int(0.1)[1]]), other.pvalues[1]]
    )
    assert st.univariable_logistic(table[["x"]], Y, interval="profile")["method"].tolist() == [
        "maximum likelihood, profile-likelihood interval"
    ]
    none = st.univariable_logistic(table[["one"]], Y)
    assert none.empty
    assert none.columns.tolist() == [
        "variable",
        "odds_ratio",
        "ci_low",
        "ci_high",
        "p",
        "n",
        "missing",
        "method",
    ]
    with pytest.raises(ValueError, match="outcome: 28 values for 29 patients"):
        st.univariable_logistic(table, Y[1:])


@pytest.mark.parametrize(
    ("x", "label", "expected"),
    [
        ([1, 2, 3, 4], [0, 0, 1, 1], True),
        ([1, 2, 3, 4], [1, 1, 0, 0], True),
        ([1, 2, 2, 3], [0, 0, 1, 1], True),
        ([1, 2, 2, 3], [0, 1, 0, 1], True),
        ([1, 3, 2, 4], [0, 0, 1, 1], False),
        ([1000, 1001, 1002, 1003], [0, 0, 1, 1], True),  # a narrow gap far from 0
        ([1000, 1002, 1001, 1003], [0, 0, 1, 1], False),
        ([0, 0, 0, 0], [0, 1, 0, 1], False),
        ([0, 0, 0, 1], [0, 1, 0, 1], True),
        ([0, 0, 1, 1], [0, 1, 0, 1], False),
        # An overlap that is small beside the largest value, as of AFP.
        ([1, 2, 2.05, 3, 7, 40, 1e6], [0, 1, 0, 1, 1, 1, 1], False),
        # The same numbers but for rounding.
        ([0.1 + 0.2, 0.3, 1, 2], [0, 1, 1, 1], True),
    ],
)
def test_separation_by_one_column(x, label, expected):
    """True also where only one value of x is seen in both classes, or all patients with x = 1 are
    events (quasi-complete)."""
    x, label = np.array(x, dtype=float)[:, None], np.array(label)
    for factor in (1, 1e-8, -1e8):
        assert st.is_separated(factor * x, label) is expected


def test_one_column_is_decided_as_by_linear_programming():
    """Twice the same column is decided by the programme, and is separated where the column is."""
    random = np.random.default_rng(8)
    found = []
    for _ in range(150):
        x = random.choice([random.normal(size=9), random.integers(0, 3, 9)])
        label = random.integers(0, 2, 9) if random.random() < 0.5 else (x > np.median(x)) * 1
        found.append(st.is_separated(x[:, None], label))
        assert found[-1] == st.is_separated(np.column_stack([x, x]), label), (x, label)
    assert 30 < sum(found) < 120


def test_separation_by_a_combination_of_columns():
    """Neither coordinate separates; their sum does. With an event among the others nothing does."""
    design, label = (
        np.array([[0, 1], [1, 0], [2, 1], [1, 2.0], [-1, 1.5], [1.5, -1]]),
        np.array([0, 0, 1, 1, 0, 0]),
    )
    assert not st.is_separated(design[:, :1], label)
    assert st.is_separated(design, label)
    assert not st.is_separated(np.r_[design, [[0.0, 0.0]]], np.r_[label, 1])


def test_intercept_alone_is_the_logit_of_the_prevalence():
    """Of a variable that is balanced, with odds ratio 1."""
    fit = st.logistic_regression(
        pd.DataFrame({"x": np.tile([0.0, 1], 12)}), np.repeat([1, 0], [8, 16])
    )
    assert fit.intercept == pytest.approx(logit(1 / 3))
    assert fit.terms.loc["x", "odds_ratio"] == pytest.approx(1)
    assert fit.terms.loc["x", "p"] == pytest.approx(1)
