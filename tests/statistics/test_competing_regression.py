"""Fine-Gray's regression and Gray's test beside cmprsk 2.2-11 (crr with gtol = 1e-12, cuminc), and
what both give at their edges."""

import numpy as np
import pandas as pd
import pytest

from analysis import statistics as st
from tests.support.competing_patients import EVENT, GROUP, SWAPPED, TABLE, TIME, X


# crr(t, s, cbind(x, gb = g == "b", gc = g == "c"), failcode = 1 and 2): coef, sqrt(diag(var)),
# loglik, loglik.null
@pytest.mark.parametrize(
    ("event", "coefficient", "error", "likelihood"),
    [
        (
            EVENT,
            [1.233318932933, -1.229959897924, -0.211371226685],
            [0.292583117463, 0.715946753881, 0.538913127941],
            (-34.2013026346, -40.7181787852),
        ),
        (
            SWAPPED,
            [-0.00850818417352, 0.59777744064221, -0.74308091063041],
            [0.338135017073, 0.822351490252, 1.144628490768],
            (-17.4817514246, -18.2765529414),
        ),
    ],
)
def test_subdistribution_hazards_of_crr(event, coefficient, error, likelihood):
    fit = st.fine_gray(TABLE, TIME, event)
    np.testing.assert_allclose(fit.terms["coefficient"], coefficient, rtol=1e-8)
    np.testing.assert_allclose(fit.terms["standard_error"], error, rtol=1e-8)
    assert (fit.log_likelihood, fit.null_log_likelihood) == pytest.approx(likelihood, rel=1e-10)
    assert (fit.n, fit.events, fit.competing) == (
        30,
        (event == 1).sum(),
        (event == 2).sum(),
    )
    assert fit.terms.index.tolist() == ["x", "g=b", "g=c"]
    row = fit.terms.loc["x"]
    assert (row["ci_low"], row["hazard_ratio"], row["ci_high"]) == pytest.approx(
        [
            np.exp(row["coefficient"] + side * 1.959963985 * row["standard_error"])
            for side in (-1, 0, 1)
        ]
    )


def test_without_competing_events_it_is_cox_with_breslows_ties():
    fit, cox = (
        st.fine_gray(TABLE, TIME, (EVENT == 1).astype(int)),
        st.cox_regression(TABLE, TIME, (EVENT == 1).astype(int), ties="breslow"),
    )
    np.testing.assert_allclose(fit.terms["coefficient"], cox.terms["coefficient"], rtol=1e-7)


def test_units_and_order_of_patients_make_no_difference():
    order, fit = np.random.default_rng(1).permutation(30), st.fine_gray(TABLE, TIME, EVENT)
    again = st.fine_gray(
        TABLE.iloc[order].assign(x=lambda table: 1000 * table["x"] + 7),
        30.4375 * TIME[order],
        EVENT[order],
    )
    np.testing.assert_allclose(
        again.terms.loc["x", ["coefficient", "standard_error"]].to_numpy(float) * 1000,
        fit.terms.loc["x", ["coefficient", "standard_error"]].to_numpy(float),
        rtol=1e-7,
    )


def test_the_planted_ratio_is_found():
    """Subdistribution 1 - (1 - p (1 - exp(-t)))^exp(bx) (Fine & Gray 1999): b = .7 in 20,000
    patients, standard error .016."""
    random = np.random.default_rng(5)
    n, p, b = 20_000, 0.4, 0.7
    x = random.standard_normal(n)
    reached = 1 - (1 - p) ** np.exp(b * x)
    u = random.random(n)
    first = u < reached
    t = np.where(
        first,
        -np.log(1 - (1 - (1 - np.minimum(u, reached * 0.999999)) ** np.exp(-b * x)) / p),
        random.exponential(np.exp(-b * x)),
    )
    censoring = random.uniform(0, 4, n)
    event = np.where(censoring < t, 0, np.where(first, 1, 2))
    row = st.fine_gray(pd.DataFrame({"x": x}), np.minimum(t, censoring), event).terms.loc["x"]
    assert abs(row["coefficient"] - b) < 3 * row["standard_error"] < 0.06


@pytest.mark.parametrize(
    ("table", "event", "message"),
    [
        (
            pd.DataFrame({"x": [0, 0, 0, 0, 1, 1, 1, 1.0]}),
            [1, 1, 1, 0, 0, 0, 2, 0],
            "table: a coefficient diverges",
        ),
        (
            pd.DataFrame({"x": [0.0, 1, 0, 1, 0, 1, 0, 1]}),
            [0, 2, 0, 2, 0, 2, 0, 2],
            "event: nobody has the event of interest",
        ),
        (
            pd.DataFrame({"x": np.ones(8)}),
            [1, 2, 0, 1, 2, 0, 1, 1],
            "table: the columns x are constant or linearly dependent",
        ),
        (pd.DataFrame({"x": [1.0, 2]}), [1, 2, 0, 1, 2, 0, 1, 1], "table: 2 patients for 8 times"),
    ],
)
def test_what_has_no_fine_gray_model(table, event, message):
    with pytest.raises(ValueError, match=message):
        st.fine_gray(table, np.arange(1.0, 9), event)


# cuminc(t, s, g)$Tests; g2 = ifelse(g == "a", "a", "b")
@pytest.mark.parametrize(
    ("event", "group", "statistic", "p", "freedom"),
    [
        (EVENT, GROUP, 2.02918614041, 0.362549932189, 2),
        (SWAPPED, GROUP, 1.57584111903, 0.454789520432, 2),
        (EVENT, np.where(GROUP == "a", "a", "b"), 1.383952586625, 0.239429023787, 1),
        (SWAPPED, np.where(GROUP == "a", "a", "b"), 0.042084097943, 0.837459549511, 1),
    ],
)
def test_grays_test_of_cuminc(event, group, statistic, p, freedom):
    found = st.gray_test(TIME, event, group)
    assert (found.statistic, found.p, found.degrees_of_freedom, found.name) == (
        pytest.approx(statistic, rel=1e-10),
        pytest.approx(p, rel=1e-10),
        freedom,
        "Gray",
    )


def test_grays_weights():
    """cuminc(t, s, g, rho = 1)$Tests."""
    assert [
        st.gray_test(TIME, event, GROUP, rho=1).statistic for event in (EVENT, SWAPPED)
    ] == pytest.approx([2.06394801227, 1.77437802072], rel=1e-9)


def test_type_one_error_of_grays_test_at_33_patients():
    """No difference: 5 % of 4000 cohorts within three Monte-Carlo errors (.0034 each), in two
    unequal groups."""
    random = np.random.default_rng(8)
    group = np.repeat(["high", "low"], [20, 13])
    rejected = 0
    for _ in range(4000):
        first, second, censoring = (
            random.exponential(20, 33),
            random.exponential(60, 33),
            random.uniform(5, 60, 33),
        )
        time = np.minimum(np.minimum(first, second), censoring)
        rejected += (
            st.gray_test(
                time, np.where(time == censoring, 0, np.where(time == first, 1, 2)), group
            ).p
            < 0.05
        )
    assert abs(rejected / 4000 - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 4000)


def test_edges_of_grays_test():
    assert (
        st.gray_test([1, 2, 3, 4], [2, 0, 2, 0], ["a", "b", "a", "b"]).p,
        st.gray_test([1, 2], [0, 0], ["a", "b"]).statistic,
    ) == (1, 0)
    same = st.gray_test(np.r_[TIME, TIME], np.r_[EVENT, EVENT], np.repeat(["a", "b"], 30))
    assert same.statistic == pytest.approx(0, abs=1e-12)
    assert same.p == pytest.approx(1)
    with pytest.raises(ValueError, match="group: at least two"):
        st.gray_test([1, 2], [1, 0], ["a", "a"])
    with pytest.raises(ValueError, match="group: 3 values for 2 times"):
        st.gray_test([1, 2], [1, 0], ["a", "a", "b"])
    assert np.ptp(X) > 0
