"""Cox regression: partial likelihoods written out, lifelines' fit, the p and interval of each term,
and where a coefficient diverges."""

import lifelines
import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from analysis import statistics as st

RANDOM = np.random.default_rng(11)
PATIENTS = pd.DataFrame(
    {"age": np.round(RANDOM.normal(60, 10, 60)), "grade": RANDOM.integers(0, 2, 60).astype(float)}
)
TIME = np.ceil(
    RANDOM.exponential(np.exp(-0.03 * (PATIENTS["age"] - 60) - 0.6 * PATIENTS["grade"]) * 10)
)
EVENT = (RANDOM.random(60) < 0.7).astype(int)


def efron(beta, x, time, event, breslow=False):
    """Log partial likelihood of one column, event by event."""
    risk, total = np.exp(beta * x), 0.0
    for moment in np.unique(time[event == 1]):
        dying, exposed = (time == moment) & (event == 1), time >= moment
        for order in range(dying.sum()):
            total -= np.log(
                risk[exposed].sum() - (0 if breslow else order / dying.sum()) * risk[dying].sum()
            )
        total += beta * x[dying].sum()
    return total


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_fit_is_lifelines(level):
    found = st.cox_regression(PATIENTS, TIME, EVENT, level)
    theirs = lifelines.CoxPHFitter(alpha=1 - level).fit(
        PATIENTS.assign(time=TIME, event=EVENT), "time", "event", fit_options={"precision": 1e-12}
    )
    for mine, other in (
        ("coefficient", "coef"),
        ("standard_error", "se(coef)"),
        ("z", "z"),
        ("p", "p"),
        ("hazard_ratio", "exp(coef)"),
    ):
        np.testing.assert_allclose(found.terms[mine], theirs.summary[other], rtol=1e-6)
    np.testing.assert_allclose(
        found.terms[["ci_low", "ci_high"]], np.exp(theirs.confidence_intervals_), rtol=1e-6
    )
    assert found.log_likelihood == pytest.approx(theirs.log_likelihood_)
    assert found.aic == pytest.approx(theirs.AIC_partial_)
    assert 2 * (found.log_likelihood - found.null_log_likelihood) == pytest.approx(
        theirs.log_likelihood_ratio_test().test_statistic
    )
    assert found.concordance.value == pytest.approx(theirs.concordance_index_)
    assert (
        found.n,
        found.events,
        found.ties,
    ) == (60, EVENT.sum(), "efron")
    assert found.terms.index.tolist() == ["age", "grade"]
    assert abs(found.linear_predictor.mean()) < 1e-12
    np.testing.assert_allclose(
        found.linear_predictor, theirs.predict_log_partial_hazard(PATIENTS), atol=1e-7
    )


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_likelihood_of_tied_events_is_at_its_top(ties):
    x, time, event = (
        np.array([0.0, 1, 3, 2, 5, 1, 4]),
        np.array([1.0, 2, 2, 2, 3, 4, 4]),
        np.array([1, 1, 1, 0, 1, 1, 0]),
    )
    found = st.cox_regression(pd.DataFrame({"x": x}), time, event, ties=ties)
    best = optimize.minimize_scalar(
        lambda beta: -efron(beta, x, time, event, ties == "breslow"),
        bounds=(-3, 3),
        method="bounded",
        options={"xatol": 1e-10},
    )
    step = 1e-4
    curvature = (
        -(
            efron(best.x + step, x, time, event, ties == "breslow")
            - 2 * -best.fun
            + efron(best.x - step, x, time, event, ties == "breslow")
        )
        / step**2
    )
    assert found.terms.loc["x", "coefficient"] == pytest.approx(best.x, abs=1e-6)
    assert found.log_likelihood == pytest.approx(-best.fun)
    assert found.terms.loc["x", "standard_error"] == pytest.approx(1 / np.sqrt(curvature), rel=1e-5)
    assert found.null_log_likelihood == pytest.approx(efron(0, x, time, event, ties == "breslow"))
    assert found.ties == ties


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_baseline_hazard_of_tied_events_by_hand(ties):
    """Risks r = exp(b (x - mean)); hazard at a time: 1 / Σ r, each tied event after the first
    without its share of those who fall (Efron)."""
    x, time, event = (
        np.array([0.0, 1, 3, 2, 5, 1, 4]),
        np.array([1.0, 2, 2, 2, 3, 4, 4]),
        np.array([1, 1, 1, 0, 1, 1, 0]),
    )
    fit = st.cox_regression(pd.DataFrame({"x": x}), time, event, ties=ties)
    beta = fit.terms.loc["x", "coefficient"]
    r = np.exp(beta * (x - 16 / 7))
    second = 1 / (r[1:].sum() - (r[1] + r[2]) / 2) if ties == "efron" else 1 / r[1:].sum()
    steps = np.cumsum([1 / r.sum(), 1 / r[1:].sum() + second, 1 / r[4:].sum(), 1 / r[5:].sum()])
    new = np.exp(beta * (np.array([2.0, 0.5]) - 16 / 7))
    expected = np.exp(-np.outer(new, np.r_[0, steps[0], steps[0], steps[1], steps[3]]))
    found = st.predicted_survival(
        fit, pd.DataFrame({"other": [0, 0], "x": [2.0, 0.5]}), [0.5, 1, 1.9, 2, 9]
    )
    np.testing.assert_allclose(found, expected)
    np.testing.assert_allclose(
        st.predicted_survival(fit, pd.DataFrame({"x": [2.0]}), 2), expected[:1, 3:4]
    )


def test_a_scale_changes_a_coefficient_alone():
    found = st.cox_regression(PATIENTS, TIME, EVENT)
    for factor in (1e-3, 1e3):
        scaled = st.cox_regression(PATIENTS * [factor, 1] + [5, 0], TIME, EVENT)
        assert scaled.terms.loc["age", "coefficient"] * factor == pytest.approx(
            found.terms.loc["age", "coefficient"], rel=1e-6
        )
        np.testing.assert_allclose(scaled.terms[["z", "p"]], found.terms[["z", "p"]], rtol=1e-6)


@pytest.mark.parametrize("factor", [0.001, 1, 1000])
def test_a_column_that_orders_the_events_diverges_whatever_its_scale(factor):
    with pytest.raises(ValueError, match="^table: a coefficient diverges"):
        st.cox_regression(
            pd.DataFrame({"x": factor * np.arange(8.0, 0, -1)}), np.arange(1.0, 9), np.ones(8)
        )


def test_a_large_finite_coefficient_is_given():
    """R: coxph(Surv(c(14,11,13,10,12,9,8,6,7,5,4,2,3,1)) ~ x), x = 0, .05, …, .65: 20.8447060891,
    6.23487984072, log-likelihood -10.4924841623."""
    x, time = np.arange(14) * 0.05, np.array([14, 11, 13, 10, 12, 9, 8, 6, 7, 5, 4, 2, 3, 1.0])
    found = st.cox_regression(pd.DataFrame({"x": x}), time, np.ones(14))
    assert found.terms.loc["x", ["coefficient", "standard_error"]].tolist() == pytest.approx(
        [20.8447060891, 6.23487984072], rel=1e-9
    )
    assert found.log_likelihood == pytest.approx(-10.4924841623)
    # Per standard deviation too: 300 patients, true coefficient 12, the likelihood at its top.
    random = np.random.default_rng(3)
    x = random.normal(size=300)
    time = random.exponential(np.exp(-12 * x))
    found = st.cox_regression(pd.DataFrame({"x": x}), time, np.ones(300))
    best = found.terms.loc["x", "coefficient"]
    assert abs(best - 12) < 3 * found.terms.loc["x", "standard_error"]
    assert found.log_likelihood == pytest.approx(efron(best, x, time, np.ones(300)))
    assert efron(best, x, time, np.ones(300)) > max(
        efron(best - 0.01, x, time, np.ones(300)), efron(best + 0.01, x, time, np.ones(300))
    )


def test_a_combination_that_orders_the_events_diverges_though_no_column_does():
    """Neither a nor b is largest at each event, but a + b is; with a tie at one event and one lost
    it is so still. One event against it: finite."""
    a, b = np.array([5.0, 2, 4, 0, 3, 0, 1, 0]), np.array([2.0, 4, 1, 4, 0, 2, 0, 0])
    time, event = np.arange(1.0, 9), np.array([1, 1, 1, 1, 1, 0, 1, 1])
    table = pd.DataFrame({"a": a, "b": b})
    for column in ("a", "b"):
        assert np.isfinite(
            st.cox_regression(table[[column]], time, event).terms["coefficient"]
        ).all()
    with pytest.raises(ValueError, match="^table: a coefficient diverges"):
        st.cox_regression(table, time, event)
    assert np.isfinite(
        st.cox_regression(
            table.iloc[::-1].reset_index(drop=True).iloc[[7, 6, 0, 4, 3, 2, 1, 5]], time, event
        ).terms["coefficient"]
    ).all()


def test_one_pair_that_is_hardly_out_of_order_has_a_finite_coefficient():
    """A column that orders all events but one, which it misses by a ten-thousandth of its range:
    the likelihood has its top."""
    x = np.arange(12.0, 0, -1)
    x[6] = x[5] + 1e-3
    found = st.cox_regression(pd.DataFrame({"x": x}), np.arange(1.0, 13), np.ones(12))
    best = found.terms.loc["x", "coefficient"]
    top = efron(best, x, np.arange(1.0, 13), np.ones(12))
    assert best > 3
    assert found.log_likelihood == pytest.approx(top)
    assert top >= max(
        efron(factor * best, x, np.arange(1.0, 13), np.ones(12)) for factor in (0.99, 1.01)
    )


def test_a_column_that_varies_in_nobody_at_risk_is_no_column():
    """Two patients were lost before the first event, and only they differ."""
    with pytest.raises(
        ValueError,
        match="^table: the columns x, y are constant or linearly dependent among those at risk",
    ):
        st.cox_regression(
            pd.DataFrame({"x": [1.0, 2, 0, 0, 0, 0], "y": [1.0, 2, 1, 3, 2, 1]}),
            [1, 2, 3, 4, 5, 6],
            [0, 0, 1, 1, 1, 1],
        )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.cox_regression(PATIENTS, TIME[1:], EVENT[1:]),
            "table: 60 patients for 59 times",
        ),
        (
            lambda: st.cox_regression(PATIENTS, TIME, EVENT, ties="exact"),
            "ties: 'efron' or 'breslow', got 'exact'",
        ),
        (lambda: st.cox_regression(PATIENTS, TIME, 0 * EVENT), "event: nobody has an event"),
        (
            lambda: st.cox_regression(PATIENTS.assign(same=2.0), TIME, EVENT),
            "table: the columns age, grade, same are constant or linearly dependent",
        ),
        (
            lambda: st.cox_regression(
                PATIENTS.assign(twice=2 * PATIENTS["age"] + PATIENTS["grade"]), TIME, EVENT
            ),
            "table: the columns age, grade, twice",
        ),
        (
            lambda: st.predicted_survival(
                st.cox_regression(PATIENTS, TIME, EVENT), PATIENTS[["age"]], [1]
            ),
            "table: lacks the columns grade",
        ),
    ],
)
def test_what_cannot_be_fitted_is_said(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_proportional_hazards_is_the_score_test_of_a_coefficient_that_grows(ties):
    """Log likelihood with x × (beta + theta × g(t)), g being 1 - Kaplan-Meier before t: score² over
    information of theta given beta, by differences."""
    x, time, event = (
        np.array([0.0, 1, 3, 2, 5, 1, 4, 2]),
        np.array([1.0, 2, 2, 2, 3, 4, 5, 6]),
        np.array([1, 1, 1, 0, 1, 1, 1, 1]),
    )
    fit = st.cox_regression(pd.DataFrame({"x": x}), time, event, ties=ties)
    # Kaplan-Meier: 7/8 after 1, × 5/7 after 2, × 3/4 after 3, × 2/3 after 4, × 1/2 after 5.
    before = dict(
        zip([1, 2, 3, 4, 5, 6], 1 - np.cumprod([1, 7 / 8, 5 / 7, 3 / 4, 2 / 3, 1 / 2]), strict=True)
    )

    def likelihood(beta, theta):
        total = 0.0
        for moment, growth in before.items():
            dying, exposed, risk = (
                (time == moment) & (event == 1),
                time >= moment,
                np.exp((beta + theta * growth) * x),
            )
            total += ((beta + theta * growth) * x[dying]).sum()
            total -= sum(
                np.log(
                    risk[exposed].sum()
                    - (order / dying.sum() if ties == "efron" else 0) * risk[dying].sum()
                )
                for order in range(dying.sum())
            )
        return total

    at, step = np.array([fit.terms.loc["x", "coefficient"], 0.0]), 1e-4
    moved = lambda one, two: likelihood(*(at + step * np.array([one, two])))  # noqa: E731
    score = (moved(0, 1) - moved(0, -1)) / (2 * step)
    of_beta, of_theta = (
        -(moved(*way) - 2 * moved(0, 0) + moved(*-way)) / step**2
        for way in (np.array([1, 0]), np.array([0, 1]))
    )
    both = -(moved(1, 1) - moved(1, -1) - moved(-1, 1) + moved(-1, -1)) / (4 * step**2)
    expected = score**2 / (of_theta - both**2 / of_beta)
    found = st.proportional_hazards_test(fit)
    assert found.loc["x", "statistic"] == pytest.approx(expected, rel=1e-4)
    assert found.loc["x", "statistic"] == pytest.approx(found.loc["GLOBAL", "statistic"])
    assert found.loc["x", "p"] == pytest.approx(stats.chi2.sf(expected, 1), rel=1e-3)
    assert found["degrees_of_freedom"].tolist() == [1, 1]


def test_the_global_test_has_a_degree_a_column():
    found = st.proportional_hazards_test(st.cox_regression(PATIENTS, TIME, EVENT))
    assert found.index.tolist() == ["age", "grade", "GLOBAL"]
    assert found["degrees_of_freedom"].tolist() == [1, 1, 2]
    np.testing.assert_allclose(found["p"], stats.chi2.sf(found["statistic"], [1, 1, 2]))
    assert found.loc["GLOBAL", "statistic"] >= found.loc[["age", "grade"], "statistic"].max()
