"""Diagnostic odds ratio, Youden index, net benefit in another population or with competing events,
and reclassified patients."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis import statistics as st
from tests.support.competing_patients import EVENT, RISK_X, RISK_Y, TIME

LABEL = np.repeat([1, 0], [20, 13])
SCORE = np.repeat(
    [1.0, 0, 1, 0], [15, 5, 4, 9]
)  # 15 of 20 events and 4 of 13 others above the cut-off


def test_odds_ratio_with_the_limits_of_fishers_test():
    """15 × 9 / (5 × 4); fisher.test(matrix(c(15, 5, 4, 9), 2))$conf.int is 1.150640 to
    42.733928."""
    found = st.diagnostic_odds_ratio(LABEL, SCORE, 0.5)
    assert (found.value, found.n) == (6.75, 33)
    assert (found.ci_low, found.ci_high) == pytest.approx((1.15064017032, 42.73392843721), rel=1e-3)
    perfect = st.diagnostic_odds_ratio(LABEL, LABEL, 0.5)
    assert perfect.value == np.inf
    assert 20 < perfect.ci_low < np.inf
    assert perfect.ci_high == np.inf
    turned = st.diagnostic_odds_ratio(LABEL, 1 - LABEL, 0.5)
    assert turned.value == 0
    assert turned.ci_low == 0
    assert turned.ci_high == pytest.approx(1 / perfect.ci_low)
    for label, score in ((LABEL, np.ones(33)), (np.ones(33), SCORE)):
        assert np.isnan(st.diagnostic_odds_ratio(label, score, 0.5).value)


def test_youden_index_by_newcombe():
    """Wilson's limits of 15/20 and 4/13 by prop.test(correct = FALSE) are .531299 to .888138 and
    .126807 to .576307."""
    found = st.youden_index(LABEL, SCORE, 0.5)
    p1, p2, (l1, u1), (l2, u2) = (
        15 / 20,
        4 / 13,
        (0.531299122381, 0.888138298592),
        (0.126807036557, 0.576306568195),
    )
    assert found.value == pytest.approx(p1 - p2)
    assert found.n == 33
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (p1 - p2 - np.hypot(p1 - l1, u2 - p2), p1 - p2 + np.hypot(u1 - p1, p2 - l2)), rel=1e-6
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(
        confint_proportions_2indep(15, 20, 4, 13, method="newcomb")
    )
    assert np.isnan(st.youden_index(np.ones(33), SCORE, 0.5).value)
    perfect = st.youden_index(LABEL, LABEL, 0.5)
    assert perfect.value == perfect.ci_high == 1
    assert 0.5 < perfect.ci_low < 1


@pytest.mark.parametrize(("sensitivity", "false_positives"), [(0.7, 0.3), (0.9, 0.2), (0.95, 0.05)])
def test_coverage_of_the_youden_index_at_20_and_13_patients(sensitivity, false_positives):
    """Exactly, over all tables of 20 events and 13 others."""
    from scipy.stats import binom

    covered = 0.0
    for tp in range(21):
        for fp in range(14):
            found = st.weighted_proportions((tp, 20), (fp, 13))
            covered += (
                (found.ci_low <= sensitivity - false_positives <= found.ci_high)
                * binom.pmf(tp, 20, sensitivity)
                * binom.pmf(fp, 13, false_positives)
            )
    assert 0.92 < covered < 0.98


def test_net_benefit_at_another_prevalence():
    """dcurves::dca(…, prevalence = 0.1) by its definition: sensitivity × .1 - false positive share
    × .9 × odds; the cohort's own prevalence gives its own net benefit."""
    found = st.net_benefit_at_prevalence(LABEL, SCORE * 0.5 + 0.2, [0.25, 0.5], 0.1)
    assert [each.value for each in found] == pytest.approx(
        [0.75 * 0.1 - 4 / 13 * 0.9 / 3, 0.75 * 0.1 - 4 / 13 * 0.9]
    )
    assert all(each.ci_low < each.value < each.ci_high and each.n == 33 for each in found)
    own = st.net_benefit_at_prevalence(LABEL, RISK_33, [0.3, 0.5], 20 / 33)
    assert [each.value for each in own] == pytest.approx(st.net_benefit(LABEL, RISK_33, [0.3, 0.5]))
    with pytest.raises(ValueError, match="prevalence: a share"):
        st.net_benefit_at_prevalence(LABEL, RISK_33, [0.3], 1.0)


RISK_33 = np.random.default_rng(1).random(33)


def test_net_benefit_with_competing_events():
    """Treated share × (I - (1 - I) odds), I = summary(survfit(Surv(t, factor(s)) ~ 1, subset = p >=
    threshold), times = 25)$pstate."""
    thresholds = [0.1, 0.2, 0.3, 0.4]
    for risk, values in (
        (RISK_X, [0.207286145501, 0.1494791666667, 0.0119047619048, 0.0222222222222]),
        (RISK_Y, [0.207286145501, 0.0913476874003, 0.1406926406926, 0.0666666666667]),
        (np.ones(30), [0.207286145501, 0.1081969136889, -0.0192035272127, -0.1890707817481]),
    ):
        found = st.net_benefit_competing(TIME, EVENT, risk, 25, thresholds)
        assert [each.value for each in found] == pytest.approx(values, abs=1e-11)
        assert all(each.ci_low < each.value < each.ci_high for each in found)
    (nobody,) = st.net_benefit_competing(TIME, EVENT, RISK_X, 25, [0.99])
    assert (nobody.value, nobody.ci_low, nobody.ci_high) == (0, 0, 0)
    assert np.isnan(st.net_benefit_competing(TIME, EVENT, np.ones(30), 61, [0.3])[0].value)


def test_without_censoring_and_competing_events_it_is_the_plain_net_benefit():
    time, risk = np.arange(1.0, 34), np.linspace(0.9, 0.1, 33) ** 1.1
    found = st.net_benefit_competing(time, np.ones(33), risk, 20, [0.3, 0.5])
    assert [each.value for each in found] == pytest.approx(
        st.net_benefit(time <= 20, risk, [0.3, 0.5])
    )


def test_reclassified_patients_are_counted_in_the_upper_category_of_a_cutoff():
    label, old, new = (
        [1, 1, 1, 0, 0, 0],
        [0.1, 0.3, 0.65, 0.3, 0.2, 0.7],
        [0.3, 0.7, 0.6, 0.1, 0.29, 0.69],
    )
    found = st.reclassification_table(label, old, new, [0.7, 0.3])
    assert st.risk_categories([0.7, 0.3]) == ["< 0.3", "0.3 to < 0.7", "≥ 0.7"]
    assert found["n"].sum() == 6
    assert len(found) == 18
    moved = {(row.outcome, row.old, row.new): row.n for row in found.itertuples() if row.n}
    low, middle, high = st.risk_categories([0.7, 0.3])
    assert moved == {
        ("event", low, middle): 1,
        ("event", middle, high): 1,
        ("event", middle, middle): 1,
        ("non_event", middle, low): 1,
        ("non_event", low, low): 1,
        ("non_event", high, middle): 1,
    }
    nri = st.net_reclassification(label, old, new, [0.7, 0.3])
    order = {name: place for place, name in enumerate((low, middle, high))}
    up = (
        found.assign(step=np.sign(found["new"].map(order) - found["old"].map(order)) * found["n"])
        .groupby("outcome")["step"]
        .sum()
        / 3
    )
    assert nri.events.value == pytest.approx(up["event"])
    assert nri.non_events.value == pytest.approx(-up["non_event"])
    assert isinstance(found, pd.DataFrame)
