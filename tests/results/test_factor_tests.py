"""P of a factor as a whole, against the G-test of its table and another implementation's fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import chi2, chi2_contingency

from analysis.results import keys
from analysis.results.factor_tests import add_factor_tests
from analysis.results.record import Records

RNG = np.random.default_rng(5)
N = 120
LEVELS = RNG.integers(0, 3, N)
DESIGN = pd.DataFrame(
    {
        "age": RNG.normal(60, 10, N),
        "grade=b": (LEVELS == 1).astype(float),
        "grade=c": (LEVELS == 2).astype(float),
        "sex=male": RNG.integers(0, 2, N).astype(float),
    }
)
LABEL = pd.Series((RNG.random(N) < 0.3 + 0.15 * LEVELS).astype(int))


def record_of(kind: str, designs: list[pd.DataFrame]):
    records = Records()
    add_factor_tests(records, kind, designs, LABEL)
    assert {each.key for each in records.sorted()} <= {keys.factor_test(kind, "grade")}
    return records.get(keys.factor_test(kind, "grade"))


def test_alone_it_is_the_likelihood_ratio_of_the_table():
    found = record_of("univariable", [DESIGN[["grade=b", "grade=c"]]])
    counts = pd.crosstab(LEVELS, LABEL)
    expected = chi2_contingency(counts, correction=False, lambda_="log-likelihood")
    assert found.number == pytest.approx(expected.statistic, rel=1e-6)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-6)
    assert "2 degrees of freedom" in found.method


def test_beside_others_it_is_that_of_the_fits_with_and_without_it():
    found = record_of("multivariable", [DESIGN])

    def likelihood(columns: list[str]) -> float:
        return sm.Logit(LABEL, sm.add_constant(DESIGN[columns])).fit(disp=0).llf

    statistic = 2 * (likelihood(list(DESIGN)) - likelihood(["age", "sex=male"]))
    assert found.number == pytest.approx(statistic, rel=1e-5)
    assert found.p == pytest.approx(chi2.sf(statistic, 2), rel=1e-5)


def test_of_several_imputations_it_is_pooled_and_two_levels_have_none():
    other = DESIGN.assign(age=DESIGN["age"] + RNG.normal(0, 3, N))
    pooled = record_of("multivariable", [DESIGN, other])
    assert "D2 over 2 imputations" in pooled.method
    assert record_of("univariable", [DESIGN[["sex=male"]]]) is None
