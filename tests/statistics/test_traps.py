"""Mistakes known from other tools, each a test."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from analysis import statistics as st

LABEL = np.tile([0.0, 1.0], 30)
RANDOM = np.random.default_rng(4)
SCORE = LABEL + RANDOM.standard_normal(60)
PROBABILITY = expit(SCORE - 0.5)
TIME, EVENT = np.round(RANDOM.exponential(10, 60) + 0.1, 1), np.tile([1.0, 1.0, 0.0], 20)


@pytest.mark.parametrize(
    "p",
    [
        lambda: st.delong_test(LABEL, SCORE, SCORE).p,
        lambda: st.delong_test(LABEL, SCORE, 10 * SCORE).p,
        lambda: st.delong_test(LABEL, LABEL, 2 * LABEL).p,
        lambda: st.delong_test_unpaired(LABEL, LABEL, LABEL, LABEL).p,
        lambda: st.delong_global_test(LABEL, np.column_stack([SCORE, SCORE, SCORE])).p,
        lambda: st.auc_bootstrap_test(LABEL, SCORE, SCORE, resamples=50).p,
        lambda: st.brier_difference(LABEL, PROBABILITY, PROBABILITY).p,
        lambda: st.time_dependent_auc_difference(TIME, EVENT, SCORE, SCORE, 8).p,
        lambda: st.time_dependent_auc(TIME, EVENT, np.ones(60), 8).p,
        lambda: st.net_reclassification(LABEL, PROBABILITY, PROBABILITY).total.p,
        lambda: (
            st.integrated_discrimination(
                LABEL, PROBABILITY, PROBABILITY, method="bootstrap", resamples=50
            ).p
        ),
    ],
)
def test_identical_models_have_p_one_not_zero(p):
    assert p() == 1.0


def test_an_error_that_cannot_be_estimated_gives_no_p():
    """One event leaves DeLong's covariance undefined: neither 0 nor 1."""
    label, first, second = np.r_[1, np.zeros(9)], np.arange(10.0), np.arange(10.0)[::-1]
    assert np.isnan(st.delong_test(label, first, second).p)
    assert np.isnan(st.delong_global_test(label, np.column_stack([first, second, first])).p)
    assert np.isnan(st.brier_difference([1], [0.2], [0.9]).p)


def test_midranks_of_float32_scores_stay_exact():
    """Midranks of 200,000 patients in float32 gave an AUC of 1.0000001."""
    label = np.r_[np.zeros(100_000), np.ones(100_000)]
    score = np.linspace(0, 1, 200_000).astype(np.float32)
    assert st.auc(label, score) <= 1.0
    assert st.auc(label, label.astype(np.float32)) == 1.0
    assert st.auc(label, np.zeros(200_000, dtype=np.float32)) == 0.5


@pytest.mark.parametrize("n", [6, 10, 20])
def test_intervals_stay_within_the_possible(n):
    label = np.r_[np.zeros(n), np.ones(n)]
    score = np.r_[np.arange(n), np.arange(n) + n - 1.5]
    for method in ("wald", "logit"):
        interval = st.delong_interval(label, score, method=method)
        assert 0 <= interval.ci_low < interval.auc < interval.ci_high <= 1
    test = st.delong_test(label, score, -score)
    assert -1 <= test.ci_low <= test.difference <= test.ci_high <= 1
    assert st.brier_interval(label, np.where(label == 1, 0.99, 0.3)).ci_low >= 0
    assert st.concordance_index(np.arange(2 * n) + 1, np.ones(2 * n), -score).ci_high <= 1
    assert st.time_dependent_auc(np.arange(2 * n) + 1, np.ones(2 * n), -score, n).ci_high <= 1
    for method in ("exact", "wilson"):
        assert st.proportion(n, n, method=method).ci_high <= 1
        assert st.proportion(0, n, method=method).ci_low >= 0


def test_tied_cut_offs_are_told():
    result = st.youden_cutoff([0, 1, 0, 1], [1, 2, 3, 4])
    assert result.value == 1.5
    assert result.ties == (1.5, 3.5)


def test_the_intercept_beside_a_slope_is_not_calibration_in_the_large():
    random = np.random.default_rng(1)
    linear = 1 + random.standard_normal(500)
    label, too_extreme = (random.random(500) < expit(linear)).astype(float), expit(2 * linear)
    in_the_large, intercept = (
        st.calibration_in_the_large(label, too_extreme).value,
        st.calibration_intercept(label, too_extreme).value,
    )
    assert in_the_large < -0.5
    assert abs(intercept) < 0.35
    # Calibration-in-the-large is 0 exactly where as many events happened as were expected.
    shifted = expit(logit(too_extreme) + in_the_large)
    assert shifted.sum() == pytest.approx(label.sum(), abs=1e-5)


@pytest.mark.parametrize(("n", "unstable"), [(33, True), (198, True), (200, False)])
def test_a_flexible_curve_of_few_patients_is_labelled_unstable(n, unstable):
    label = np.resize([0.0, 1.0], n)
    probability = expit(label - 0.5 + np.random.default_rng(1).standard_normal(n))
    assert st.calibration_curve(label, probability).unstable is unstable
    # What carries the statement instead has an interval.
    assert all(
        np.isfinite([value.ci_low, value.ci_high]).all()
        for value in (
            st.observed_expected_ratio(label, probability),
            st.calibration_slope(label, probability),
        )
    )


def test_lowess_does_not_go_under_the_name_of_loess():
    values = {
        smoother: st.calibration_errors(LABEL, PROBABILITY, smoother)
        for smoother in ("loess", "lowess")
    }
    assert {name: value.smoother for name, value in values.items()} == {
        "loess": "loess",
        "lowess": "lowess",
    }
    assert values["loess"].ici != pytest.approx(values["lowess"].ici, rel=1e-3)
    assert st.calibration_errors(LABEL, PROBABILITY).smoother == "loess"


def test_fisher_beyond_two_by_two_is_exact_not_drawn():
    table = [[8, 2, 5, 1], [1, 7, 4, 6], [3, 3, 2, 9]]
    values = {st.fisher_exact_test(table).p for _ in range(3)}
    assert len(values) == 1


def test_separation_is_said_and_corrected():
    table, label = (
        pd.DataFrame({"marker": np.arange(20.0), "age": np.tile([60.0, 70, 65, 80], 5)}),
        np.r_[np.zeros(10), np.ones(10)],
    )
    fit = st.logistic_regression(table, label)
    assert fit.separated
    assert "Firth" in fit.method
    assert "separated" in fit.method
    assert (fit.terms["standard_error"] < 100).all()
    assert np.isfinite(fit.terms[["odds_ratio", "ci_low"]]).all(axis=None)
    assert "Firth" in st.univariable_logistic(table[["marker"]], label)["method"].iloc[0]
    with pytest.raises(ValueError, match="outcome: it is separated"):
        st.logistic_regression(table, label, firth=False)
    with pytest.raises(ValueError, match="separates"):
        st.calibration_slope(label, np.linspace(0.1, 0.9, 20))


@pytest.mark.parametrize("seed", range(6))
def test_the_interval_of_a_separated_column_does_not_depend_on_scale_or_origin(seed):
    """An age, or a marker around 1000, beside a column that separates: the likelihood is the same,
    and so are its slopes' ends."""
    random = np.random.default_rng(seed)
    patients = int(random.integers(14, 40))
    table = pd.DataFrame(
        {
            "marker": np.arange(patients) + random.normal(0, 0.3, patients),
            "age": random.choice([60.0, 65, 70, 80], patients),
        }
    )
    label = (np.arange(patients) >= patients // 2).astype(int)
    fit, moved = (
        st.logistic_regression(table, label),
        st.logistic_regression(table * [0.01, 1] + [1000, -50], label),
    )
    assert fit.separated
    assert fit.log_likelihood - fit.null_log_likelihood == pytest.approx(
        moved.log_likelihood - moved.null_log_likelihood, abs=1e-8
    )
    for ends in ("ci_low", "ci_high", "odds_ratio"):
        np.testing.assert_allclose(
            np.log(moved.terms[ends]), np.log(fit.terms[ends]) * [100, 1], rtol=1e-5, atol=1e-7
        )
    np.testing.assert_allclose(moved.terms["p"], fit.terms["p"], atol=1e-8)
    # An interval leaves 1 out where p is below 0.05, and holds the estimate; that of the intercept
    # as well.
    terms = fit.all_terms
    assert ((terms["ci_low"] > 1) | (terms["ci_high"] < 1)).eq(terms["p"] < 0.05).all()
    assert terms["odds_ratio"].between(terms["ci_low"], terms["ci_high"]).all()


def test_quasi_separation_by_an_empty_cell_is_found():
    table = pd.DataFrame({"grade": ["low"] * 10 + ["high"] * 10})
    assert st.logistic_regression(table, np.r_[np.tile([0.0, 1.0], 5), np.ones(10)]).separated
    assert not st.logistic_regression(table, np.r_[np.tile([0.0, 1.0], 5), 0, np.ones(9)]).separated


def test_decision_curves_of_survival_take_risk():
    """Early events have high risk. Given survival instead, the curve falls below treating
    nobody."""
    random = np.random.default_rng(3)
    linear = 2 * random.standard_normal(200)
    time, event = random.exponential(np.exp(-linear)) + 1e-3, np.ones(200)
    fit = st.cox_regression(pd.DataFrame({"x": linear}), time, event)
    survival = st.predicted_survival(fit, pd.DataFrame({"x": linear}), [1.0])[:, 0]
    for function in (st.net_benefit_survival, st.ipcw_net_benefit):
        of_risk, of_survival = (
            function(time, event, probability, 1.0, [0.5])[0]
            for probability in (1 - survival, survival)
        )
        assert of_risk > 0.2
        assert of_survival < 0
        # Everybody at risk 1 is treating all, at the Kaplan-Meier risk of the horizon.
        happened = (time <= 1).mean()
        assert function(time, event, np.ones(200), 1.0, [0.5])[0] == pytest.approx(
            happened - (1 - happened), abs=1e-9
        )


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda gap: st.delong_test(LABEL, SCORE, gap), "score_b: 1 of 60"),
        (
            lambda gap: st.delong_covariance(LABEL, np.column_stack([SCORE, gap])),
            r"scores\[:, 1\]: 1 of 60",
        ),
        (
            lambda gap: st.decision_curve(LABEL, {"good": PROBABILITY, "bad": gap}, [0.5]),
            "bad: 1 of 60",
        ),
        (lambda gap: st.icc_2_1(np.column_stack([SCORE, gap])), "ratings: missing"),
    ],
)
def test_a_missing_value_in_one_score_is_an_error_that_names_it(call, named):
    gap = SCORE.copy()
    gap[5] = np.nan
    with pytest.raises(ValueError, match=named):
        call(gap)


@pytest.mark.parametrize("how", ["apparent", "out_of_fold"])
def test_nested_models_on_training_patients_are_refused_with_the_reason(how):
    with pytest.raises(ValueError, match=r"how: no p-value.*training patients.*nested.*Demler"):
        st.compare_auc(LABEL, SCORE, SCORE + LABEL, how=how, nested=True)
    assert "nested" not in st.p_value_refusal(how)
    assert "training" in st.p_value_refusal(how)


def test_validation_needs_locked_models():
    with pytest.raises(ValueError, match="weren't locked"):
        st.compare_auc(LABEL, SCORE, -SCORE, how="validation", locked=False)
    assert st.compare_auc(LABEL, SCORE, -SCORE, how="validation") == st.auc_difference(
        LABEL, SCORE, -SCORE
    )


def test_no_difference_is_not_said_without_a_margin():
    with pytest.raises(ValueError, match="margin: no equivalence margin"):
        st.is_equivalent(-0.01, 0.01, None)
    assert st.is_equivalent(-0.01, 0.01, 0.05)
    assert not st.is_equivalent(-0.01, 0.06, 0.05)


def test_patients_censored_before_the_horizon_are_unknown_not_free_of_the_event():
    status = st.horizon_status([3, 5, 8, 9, 12], [0, 1, 0, 2, 0], 8)
    assert np.isnan(status.label[0])
    assert np.isnan(status.label[2])
    assert status.label[1] == 1
    assert status.label[3:].tolist() == [0, 0]
    assert status.weight[0] == status.weight[2] == 0


def test_the_dead_do_not_recur():
    """1 - Kaplan-Meier that censors deaths says more than Aalen-Johansen."""
    time, event = np.arange(1.0, 21), np.tile([1.0, 2.0], 10)
    naive = 1 - st.kaplan_meier(time, (event == 1).astype(float)).survival[-1]
    assert st.cumulative_incidence(time, event).incidence[-1] == pytest.approx(0.5)
    assert naive > 0.8
