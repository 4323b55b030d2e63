"""Differences of C-index and of Brier score, and proportional hazards of a whole factor: survival
3.5-3 and riskRegression 2022.11.28."""

import numpy as np
import pytest
from scipy.stats import t as student

from analysis import statistics as st
from tests.support.competing_patients import EVENT, RISK_X, RISK_Y, TABLE, TIME, X, Y

ANY = (EVENT > 0).astype(int)


def test_difference_of_concordance():
    """concordance(coxph(Surv(t, s > 0) ~ x, init = 1, iter.max = 0), coxph(… ~ y, …)): c(1, -1) %*%
    concordance, and with its var."""
    found = st.concordance_difference(TIME, ANY, X, Y)
    assert (found.value, found.standard_error) == pytest.approx(
        (0.748427672956 - 0.738993710692, 0.05787504810460), rel=1e-9
    )
    half = student.ppf(0.975, ANY.sum() - 1) * found.standard_error
    assert (found.ci_low, found.ci_high) == pytest.approx((found.value - half, found.value + half))
    assert found.p == pytest.approx(2 * student.sf(found.z, ANY.sum() - 1))
    single = st.concordance_index(TIME, ANY, X)
    assert (single.value, single.standard_error**2) == pytest.approx(
        (0.748427672956, 0.00324708764058), rel=1e-9
    )
    other = st.concordance_difference(TIME, ANY, Y, X)
    assert (other.value, other.p, other.n) == (-found.value, found.p, 30)


def test_difference_of_brier_scores():
    """Score(list(a, b), Hist(t, s) ~ 1, times = 25, metrics = "brier", cens.model = "km"):
    Brier$contrasts, b minus a."""
    found = st.ipcw_brier_difference(TIME, EVENT, RISK_Y, RISK_X, 25)
    theirs = (-0.000934066338086, 0.0279710770667)
    assert (found.value, found.standard_error) == pytest.approx(theirs, rel=1e-9)
    half = student.ppf(0.975, ((TIME <= 25) & (EVENT == 1)).sum() - 1) * found.standard_error
    assert (found.ci_low, found.ci_high) == pytest.approx((found.value - half, found.value + half))
    first, second = (st.ipcw_brier_score(TIME, EVENT, risk, 25) for risk in (RISK_X, RISK_Y))
    assert (first.value, first.standard_error, second.value) == pytest.approx(
        (0.174008794992, 0.0307823179607, 0.173074728654), rel=1e-9
    )


@pytest.mark.parametrize(
    "compare",
    [
        lambda a, b: st.concordance_difference(TIME, ANY, a, b),
        lambda a, b: st.ipcw_brier_difference(TIME, EVENT, a, b, 25),
    ],
)
def test_the_same_score_twice_differs_by_nothing(compare):
    found = compare(RISK_X, RISK_X)
    assert (found.value, found.standard_error, found.p) == (0, 0, 1)


def test_type_one_error_of_a_difference_of_concordance():
    """Two scores as good as each other, correlated, 100 patients: 5 % of 600 within three
    Monte-Carlo errors (.0089 each)."""
    random = np.random.default_rng(4)
    rejected = 0
    for _ in range(600):
        common = random.standard_normal(100)
        scores = [common + random.standard_normal(100) for _ in range(2)]
        time, censoring = random.exponential(np.exp(-common)), random.exponential(2, 100)
        rejected += (
            st.concordance_difference(
                np.minimum(time, censoring), (time <= censoring).astype(int), *scores
            ).p
            < 0.05
        )
    assert abs(rejected / 600 - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 600)


def test_proportional_hazards_of_a_whole_factor():
    """cox.zph(coxph(Surv(t, s > 0) ~ x + g)), and with terms = FALSE."""
    fit = st.cox_regression(TABLE, TIME, ANY)
    whole, each = st.proportional_hazards_test(fit), st.proportional_hazards_test(fit, terms=False)
    assert whole.index.tolist() == ["x", "g", "GLOBAL"]
    assert whole["degrees_of_freedom"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(
        whole["statistic"], [0.374534735902, 2.687116121849, 2.766764543856], rtol=1e-8
    )
    np.testing.assert_allclose(
        whole["p"], [0.540542765216, 0.260915661231, 0.429000327758], rtol=1e-8
    )
    assert each.index.tolist() == ["x", "g=b", "g=c", "GLOBAL"]
    np.testing.assert_allclose(
        each["statistic"],
        [0.374534735902, 1.065378313747, 0.389921692875, 2.766764543856],
        rtol=1e-8,
    )
