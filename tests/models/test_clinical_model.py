"""CR: each rule, gaps filled without the outcome, splines and separation."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit

from analysis.statistics import (
    aic_selection,
    likelihood_ratio_tests,
    logistic_regression,
    p_value_selection,
    restricted_cubic_spline,
)
from models.clinical import ClinicalDesign, ClinicalModel, selection, variable_of
from models.clinical.imputation import fitted_imputer
from models.clinical.likelihood import largest_log_likelihood
from models.inputs import Inputs

N = 120
LEVELS = {"grade": ["low", "middle", "high"]}


def _cohort(seed=0):
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {name: random.standard_normal(N) for name in "abcd"}, index=[f"P{i:03d}" for i in range(N)]
    )
    table["grade"] = random.choice(LEVELS["grade"], N)
    label = pd.Series(
        (1.2 * table["a"] + 0.9 * table["b"] + random.logistic(size=N) > 0).astype(float),
        index=table.index,
    )
    return table, label


TABLE, LABEL = _cohort()
CANDIDATES = list(TABLE)


def _inputs(table):
    return Inputs(table.index, clinical=table)


def test_likelihoods_are_those_of_statsmodels():
    random = np.random.default_rng(1)
    for columns in (1, 4):
        values = random.standard_normal((50, columns))
        label = (values[:, 0] + random.logistic(size=50) > 0).astype(float)
        expected = sm.GLM(label, sm.add_constant(values), family=sm.families.Binomial()).fit().llf
        assert largest_log_likelihood(values, label) == (pytest.approx(expected, abs=1e-8), columns)
    twice = np.column_stack([values, values[:, 0]])
    assert largest_log_likelihood(twice, label) == (pytest.approx(expected, abs=1e-7), columns)
    assert largest_log_likelihood(values[:, :1] * 0 + label[:, None], label) == (
        pytest.approx(0, abs=1e-6),
        1,
    )  # separated: the supremum


def test_a_likelihood_is_computed_once(monkeypatch):
    """Elimination of four variables, of which one is left: 4 + 1, 3, 2 and 1 models, the full one
    of each step known from the step before."""
    random, asked = np.random.default_rng(2), []
    columns = {name: random.standard_normal((60, 1)) for name in "abcd"}
    label = (columns["a"][:, 0] + random.logistic(size=60) > 0).astype(float)

    def counted(values, outcome):
        asked.append(values.tobytes())
        return largest_log_likelihood(values, outcome)

    monkeypatch.setattr(selection, "largest_log_likelihood", counted)
    assert selection.eliminated_by_p(columns, label, list("abcd"), 0.001) == ["a"]
    assert len(asked) == len(set(asked)) == 5 + 3 + 2 + 1
    asked.clear()
    selection.univariable_p_values(columns, label)
    assert len(asked) == len(set(asked)) == 4 + 1


@pytest.mark.parametrize(("rule", "reference"), [("p", p_value_selection), ("aic", aic_selection)])
def test_backward_elimination_is_that_of_the_statistics(rule, reference):
    """Which are held to R; without screening, on several draws."""
    for seed in range(4):
        table, label = _cohort(seed)
        table["grade"] = pd.Categorical(table["grade"], LEVELS["grade"])
        found = ClinicalModel(CANDIDATES, LEVELS, rule=rule, screening=False).fit(
            _inputs(table), label
        )
        assert tuple(found.selected_) == reference(table, label.to_numpy()).kept


def test_screening_is_by_univariable_likelihood_ratio():
    model = ClinicalModel(CANDIDATES, LEVELS).fit(_inputs(TABLE), LABEL)
    graded = TABLE.assign(grade=pd.Categorical(TABLE["grade"], LEVELS["grade"]))
    for name in CANDIDATES:
        assert model.univariable_p_[name] == pytest.approx(
            likelihood_ratio_tests(graded[[name]], LABEL.to_numpy()).loc[name, "p"], abs=1e-7
        )
    assert model.selected_ == ["a", "b"]


def test_the_probability_is_that_of_the_regression():
    model = ClinicalModel(CANDIDATES, LEVELS).fit(_inputs(TABLE), LABEL)
    expected = logistic_regression(TABLE[["a", "b"]], LABEL.to_numpy()).fitted
    np.testing.assert_allclose(model.predict(_inputs(TABLE)), expected, rtol=1e-8)


def test_lasso_keeps_the_true_variables_and_copies_of_a_patient_on_one_side():
    model = ClinicalModel(CANDIDATES, LEVELS, rule="lasso", seed=2).fit(_inputs(TABLE), LABEL)
    assert {"a", "b"} <= set(model.selected_)
    assert model.method_.startswith("maximum likelihood")
    drawn = np.random.default_rng(0).integers(N, size=N)
    resample = TABLE.iloc[drawn].reset_index(drop=True)
    again = ClinicalModel(CANDIDATES, LEVELS, rule="lasso", seed=2).fit(
        _inputs(resample), LABEL.iloc[drawn].reset_index(drop=True), drawn
    )
    assert {"a", "b"} <= set(again.selected_)


def test_a_separated_outcome_gets_firths_finite_coefficients():
    table = TABLE.assign(marker=LABEL * (TABLE["c"] > 0))  # only events have it
    model = ClinicalModel([*CANDIDATES, "marker"], LEVELS).fit(_inputs(table), LABEL)
    assert "marker" in model.selected_
    assert model.method_.startswith("Firth's penalised likelihood")
    assert np.isfinite(model.coefficients_).all()
    assert model.predict(_inputs(table)).between(0, 1, inclusive="neither").all()
    assert (
        ClinicalModel(CANDIDATES, LEVELS)
        .fit(_inputs(TABLE), LABEL)
        .method_.startswith("maximum likelihood")
    )


def test_a_spline_finds_a_bend_that_a_line_misses():
    random = np.random.default_rng(3)
    table = TABLE.assign(a=random.uniform(-2, 2, N))
    label = pd.Series(
        (random.random(N) < expit(3 * table["a"] ** 2 - 4)).astype(float), index=table.index
    )
    line, curve = (
        ClinicalModel(["a", "c"], splines=splines).fit(_inputs(table), label)
        for splines in ({}, {"a": 4})
    )
    assert line.univariable_p_["a"] > 0.05 > 0.001 > curve.univariable_p_["a"]
    assert curve.terms_ == ["a", "a'", "a''"]
    assert {variable_of(term) for term in curve.terms_} == {"a"}
    basis = restricted_cubic_spline(table["a"].to_numpy(), curve.design_.knots_["a"])
    expected = logistic_regression(pd.DataFrame(basis, index=table.index), label.to_numpy()).fitted
    np.testing.assert_allclose(curve.predict(_inputs(table)), expected, rtol=1e-6)


@pytest.mark.parametrize("imputation", ["median", "iterative", "multiple"])
def test_gaps_are_filled_from_the_learning_patients_without_the_outcome(imputation):
    table = TABLE.copy()
    table["b"] = 0.9 * table["a"] + 0.1 * table["b"]
    truth = table["b"].copy()
    table.loc[table.index[:20], "b"] = np.nan
    table.loc[table.index[5], "grade"] = np.nan
    design = ClinicalDesign(LEVELS, imputation=imputation, imputations=4).fit(table, CANDIDATES)
    complete = pd.DataFrame(design.complete(table, CANDIDATES), index=table.index)
    assert not complete.isna().any().any()
    if imputation == "multiple":
        shares = [values[5] for values in design.columns(table, CANDIDATES)["grade"].values()]
        assert min(shares) > 0
        assert sum(shares) < 1
    else:
        assert complete.loc[table.index[5], "grade"] == table["grade"].mode().iloc[0]
    if imputation == "median":
        assert (complete.loc[table.index[:20], "b"] == table["b"].median()).all()
    else:
        assert np.corrcoef(complete.loc[table.index[:20], "b"], truth[:20])[0, 1] > 0.95
    # A new patient is filled by what the fit knows, whoever else is scored with it.
    alone, together = (
        design.matrix(table.iloc[[3]], CANDIDATES),
        design.matrix(table, CANDIDATES).iloc[[3]],
    )
    pd.testing.assert_frame_equal(alone, together, rtol=1e-12)
    first = (
        ClinicalModel(CANDIDATES, LEVELS, imputation=imputation, imputations=2)
        .fit(_inputs(table), LABEL)
        .design_
    )
    second = (
        ClinicalModel(CANDIDATES, LEVELS, imputation=imputation, imputations=2)
        .fit(_inputs(table), 1 - LABEL)
        .design_
    )
    pd.testing.assert_frame_equal(first.matrix(table, CANDIDATES), second.matrix(table, CANDIDATES))


def test_a_variable_that_was_complete_in_the_fit_is_predicted_as_well():
    table = TABLE.assign(b=0.95 * TABLE["a"])
    imputer = fitted_imputer(table[["a", "b", "c"]])
    new = imputer.transform(np.array([[2.0, np.nan, 0.0]]))
    assert new[0, 1] == pytest.approx(1.9, abs=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ClinicalModel(["a"], rule="best"), "rule: one of p, aic, lasso, got 'best'"),
        (
            lambda: ClinicalModel(["a"], imputation="mean").fit(_inputs(TABLE), LABEL),
            "imputation: 'median', 'iterative' or 'multiple', got 'mean'",
        ),
        (
            lambda: ClinicalModel(["grade"], LEVELS, splines={"grade": 3}).fit(
                _inputs(TABLE), LABEL
            ),
            "grade is a factor; only numbers can have a spline",
        ),
        (
            lambda: ClinicalModel(["s", "a"], splines={"s": 4}).fit(
                _inputs(TABLE.assign(s=(TABLE["a"] > 0).astype(float))), LABEL
            ),
            "splines: s: values: too many ties for 4 different knots",
        ),
        (
            lambda: ClinicalModel(["a", "b"]).fit(_inputs(TABLE.assign(b=np.nan)), LABEL),
            "b is missing in all 120 patients",
        ),
    ],
)
def test_wrong_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_factor_with_one_level_says_nothing_and_stops_nothing():
    table = TABLE.assign(site="one")
    levels = {**LEVELS, "site": ["one"]}
    model = ClinicalModel([*CANDIDATES, "site"], levels).fit(_inputs(table), LABEL)
    without = ClinicalModel(CANDIDATES, LEVELS).fit(_inputs(TABLE), LABEL)
    assert model.univariable_p_["site"] == 1.0
    assert model.selected_ == without.selected_
    pd.testing.assert_series_equal(model.predict(_inputs(table)), without.predict(_inputs(TABLE)))
