"""Multiple imputation: learnt without the outcome, the same for a new patient, and with intervals
that cover."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import logistic_regression, pool_imputations
from models.clinical import ClinicalDesign, ClinicalModel
from models.clinical.multiple_imputation import ChainedImputation
from models.inputs import Inputs

LEVELS = {"grade": ["low", "middle", "high"]}
VARIABLES = ["a", "b", "sign", "grade"]


def cohort(n, seed, share=0.3):
    """b and grade follow a; b, sign and grade have gaps at random. The outcome follows a and b."""
    random = np.random.default_rng(seed)
    a = random.normal(size=n)
    b = 0.7 * a + np.sqrt(1 - 0.49) * random.normal(size=n)
    table = pd.DataFrame(
        {
            "a": a,
            "b": b,
            "sign": (random.random(n) < 1 / (1 + np.exp(-2 * a))).astype(float),
            "grade": np.array(LEVELS["grade"])[
                np.digitize(a + 0.5 * random.normal(size=n), [-0.5, 0.5])
            ],
        },
        index=[f"P{place:04d}" for place in range(n)],
    )
    label = pd.Series(
        (random.random(n) < 1 / (1 + np.exp(-0.8 * a - 0.6 * b))).astype(float), index=table.index
    )
    seen = table.copy()
    for name in ("b", "sign", "grade"):
        seen.loc[random.random(n) < share, name] = np.nan
    return table, seen, label


@pytest.fixture(scope="module")
def fitted():
    table, seen, label = cohort(600, 1)
    return (
        table,
        seen,
        label,
        ClinicalDesign(LEVELS, imputation="multiple", imputations=10, seed=3).fit(seen, VARIABLES),
    )


def test_draws_have_the_spread_of_the_truth_and_differ_between_imputations(fitted):
    """A single imputation has too little spread: the regression's residual is missing. Known values
    stay."""
    table, seen, _, design = fitted
    drawn, gaps = design.drawn_matrices(seen, VARIABLES), seen["b"].isna()
    values = np.array([each["b"] * design.scale_["b"] + design.fill_["b"] for each in drawn])
    assert len(drawn) == 10
    assert np.allclose(values[:, ~gaps], table.loc[~gaps, "b"])
    spread = [np.std(each[gaps] - 0.7 * table.loc[gaps, "a"]) for each in values]
    assert np.mean(spread) == pytest.approx(np.sqrt(1 - 0.49), abs=0.1)
    assert np.std(design.complete(seen, VARIABLES)["b"][gaps] - 0.7 * table.loc[gaps, "a"]) < 0.3
    assert values[:, gaps].std(axis=0).min() > 0.1


def test_categories_are_drawn_as_often_as_they_are(fitted):
    table, seen, _, design = fitted
    gaps = seen["grade"].isna()
    drawn = np.mean(
        [each.loc[gaps, "grade=high"].mean() for each in design.drawn_matrices(seen, VARIABLES)]
    )
    assert drawn == pytest.approx((table.loc[gaps, "grade"] == "high").mean(), abs=0.06)
    binary = [
        each.loc[seen["sign"].isna(), "sign"] * design.scale_["sign"] + design.fill_["sign"]
        for each in design.drawn_matrices(seen, VARIABLES)
    ]
    assert set(np.round(np.concatenate(binary), 9)) == {0.0, 1.0}


def test_a_score_holds_no_chance_and_no_other_patient(fitted):
    _, seen, label, _ = fitted
    model = ClinicalModel(VARIABLES, LEVELS, imputation="multiple", imputations=4, seed=1).fit(
        Inputs(seen.index, seen), label
    )
    together = model.predict(Inputs(seen.index, seen))
    turned = seen.iloc[::-1]
    assert model.predict(Inputs(turned.index, turned))[seen.index].to_numpy() == pytest.approx(
        together.to_numpy(), abs=1e-12
    )
    assert "mean of 4 imputations" in model.method_
    assert {"a", "b"} <= set(model.selected_)
    # A variable that was complete in the fit may be missing in a new patient.
    new = seen.iloc[[0]].assign(a=np.nan)
    assert 0 < model.predict(Inputs(new.index, new)).iloc[0] < 1
    with pytest.raises(ValueError, match="of which sign is not in the table"):
        model.predict(Inputs(new.index, new.drop(columns="sign")))


def test_without_gaps_the_model_is_that_of_one_table():
    table, _, label = cohort(200, 2)
    inputs = Inputs(table.index, table)
    one, several = (
        ClinicalModel(VARIABLES, LEVELS, imputation=kind).fit(inputs, label)
        for kind in ("median", "multiple")
    )
    assert one.selected_ == several.selected_
    assert several.coefficients_ == pytest.approx(one.coefficients_)
    assert "imputations" not in several.method_


def test_the_outcome_is_no_variable_of_the_imputation(fitted):
    _, seen, label, _ = fitted
    first, second = (
        ClinicalModel(VARIABLES, LEVELS, imputation="multiple", imputations=2)
        .fit(Inputs(seen.index, seen), each)
        .design_
        for each in (label, 1 - label)
    )
    assert first.imputer_.description() == second.imputer_.description()


@pytest.mark.parametrize("rule", ["aic", "lasso"])
def test_every_rule_judges_the_imputations_together(rule):
    _, seen, label = cohort(300, 5)
    noise = np.random.default_rng(1).normal(size=300)
    seen = seen.assign(noise=noise)
    found = ClinicalModel(
        [*VARIABLES, "noise"], LEVELS, imputation="multiple", imputations=3, rule=rule
    ).fit(Inputs(seen.index, seen), label)
    assert "a" in found.selected_
    assert "noise" not in found.selected_ or rule == "lasso"


def test_a_single_imputation_is_no_multiple_one():
    with pytest.raises(ValueError, match="imputations: at least two, got 1"):
        ChainedImputation(1)


def test_rubins_interval_covers_the_mean_of_a_variable_with_gaps():
    """The mean of b, of which forty percent are missing where a is large; by simulation, within
    three Monte-Carlo errors. The interval of the one table with expected values covers too seldom,
    and the complete cases are biased.
    """
    trials, hits, single = 80, 0, 0
    for trial in range(trials):
        random = np.random.default_rng([9, trial])
        a = random.normal(size=100)
        b = 0.7 * a + np.sqrt(1 - 0.49) * random.normal(size=100)
        table = pd.DataFrame(
            {"a": a, "b": np.where(random.random(100) < 0.8 / (1 + np.exp(-3 * a)), np.nan, b)}
        )
        imputer = ChainedImputation(5, trial).fit(table, {})
        drawn = [each["b"][:, 0] for each in imputer.drawn(table)]
        found = pool_imputations(
            [each.mean() for each in drawn], [each.var(ddof=1) / 100 for each in drawn], 99
        )
        hits += found.ci_low <= 0 <= found.ci_high
        expected = imputer.expected(table)["b"][:, 0]
        single += abs(expected.mean()) <= 1.984 * expected.std(ddof=1) / 10
    assert hits / trials >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / trials)
    assert single < hits


def test_pooled_odds_ratios_cover_where_the_gaps_do_not_follow_the_outcome():
    """Coefficient of a, complete, beside b with gaps: pooled, against the coefficient of the
    complete tables."""
    differences = []
    for seed in range(12):
        table, seen, label = cohort(300, 100 + seed, 0.15)
        design = ClinicalDesign({}, imputation="multiple", imputations=4, seed=seed).fit(
            seen[["a", "b"]], ["a", "b"]
        )
        fits = [
            logistic_regression(each, label.to_numpy()).terms.loc["a"]
            for each in design.drawn_matrices(seen, ["a", "b"])
        ]
        pooled = pool_imputations(
            [fit["coefficient"] for fit in fits], [fit["standard_error"] ** 2 for fit in fits], 297
        )
        whole = logistic_regression(
            table[["a", "b"]] / pd.Series({"a": design.scale_["a"], "b": design.scale_["b"]}),
            label.to_numpy(),
        ).terms.loc["a"]
        differences.append((pooled.value - whole["coefficient"]) / whole["standard_error"])
        assert pooled.standard_error > 0.9 * whole["standard_error"]
    assert abs(np.mean(differences)) < 0.5
