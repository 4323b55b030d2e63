"""Profile likelihoods, plain and Firth's, beside one-dimensional closed forms and a search of their
own."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, log_expit, logit
from scipy.stats import chi2, norm

import analysis.statistics as st

# Events and others of the unexposed and the exposed; Firth's penalty for such a table is half an
# event and half another in each group.
TABLES = [((5, 11), (9, 4)), ((0, 6), (7, 2)), ((0, 5), (4, 0))]


def _patients(table):
    (c, d), (a, b) = table
    return np.repeat([0.0, 0, 1, 1], [c, d, a, b]), np.repeat([1, 0, 1, 0], [c, d, a, b])


def _likelihood(table, intercept, slope, penalised):
    total, information = 0.0, 0.0
    for (events, others), odds in zip(table, (intercept, intercept + slope), strict=True):
        event, other = log_expit(odds), log_expit(-odds)
        total += events * event + others * other
        information += np.log(events + others) + event + other
    return total + penalised * information / 2


def _profile(table, slope, penalised):
    return -minimize_scalar(
        lambda intercept: -_likelihood(table, intercept, slope, penalised),
        bounds=(-40, 40),
        method="bounded",
        options={"xatol": 1e-11},
    ).fun


def _ends(curve, centre, level, far=30):
    """Where twice the drop of a curve from its largest value is the quantile of chi-square."""
    drop = lambda value: 2 * (curve(centre) - curve(value)) - chi2.ppf(level, 1)  # noqa: E731
    return brentq(drop, centre - far, centre, xtol=1e-10), brentq(
        drop, centre, centre + far, xtol=1e-10
    )


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_interval_of_a_slope(level):
    x, label = _patients(TABLES[0])
    design, slope = np.column_stack([np.ones(len(x)), x]), logit(9 / 13) - logit(5 / 16)
    expected = _ends(lambda value: _profile(TABLES[0], value, 0), slope, level, 8)
    assert st.profile_interval(design, label, 1, level) == pytest.approx(expected, abs=1e-6)
    fit = st.logistic_regression(pd.DataFrame({"x": x}), label, level, "profile")
    assert fit.terms.loc["x", ["ci_low", "ci_high"]].tolist() == pytest.approx(
        list(np.exp(expected)), rel=1e-6
    )
    for value in (-1.0, slope + 1):
        root = np.sign(value - slope) * np.sqrt(
            2 * (_profile(TABLES[0], slope, 0) - _profile(TABLES[0], value, 0))
        )
        assert st.signed_root(design, label, 1, value) == pytest.approx(root, abs=1e-6)
    assert st.profile_interval(design, label, 1) == st.profile_interval(design, label, 1, 0.95)


@pytest.mark.parametrize(("events", "n"), [(3, 10), (7, 9)])
def test_interval_of_an_intercept_alone(events, n):
    """Binomial likelihood: the ends solve 2 (l(p) - l(q)) = 1.96², and the root is signed by the
    side of the estimate."""
    curve = lambda value: events * value - n * np.log1p(np.exp(value))  # noqa: E731
    design, label = np.ones((n, 1)), np.r_[np.ones(events), np.zeros(n - events)]
    assert st.profile_interval(design, label, 0) == pytest.approx(
        _ends(curve, logit(events / n), 0.95, 8), abs=1e-7
    )
    for value in (-2.0, 3.0):
        assert st.signed_root(design, label, 0, value) == pytest.approx(
            np.sign(value - logit(events / n))
            * np.sqrt(2 * (curve(logit(events / n)) - curve(value)))
        )


def test_ends_of_any_curve():
    z = norm.isf(0.1)
    assert st.profile_ends(lambda value: (value - 3) / 2, 3.0, 0.01, 0.8) == pytest.approx(
        (3 - 2 * z, 3 + 2 * z), abs=1e-9
    )
    assert st.profile_ends(lambda value: (value - 3) ** 3, 3.0, 5.0, 0.8) == pytest.approx(
        (3 - z ** (1 / 3), 3 + z ** (1 / 3)), abs=1e-9
    )
    # From a step of 1 an end 900 away is found; one that never comes is refused.
    assert st.profile_ends(lambda value: value / 900 * z, 0.0, 1.0, 0.8) == pytest.approx(
        (-900, 900)
    )
    with pytest.raises(ValueError, match="the profile of the likelihood has no end"):
        st.profile_ends(np.tanh, 0.0, 1.0, 0.95)


def test_a_search_without_end_stops_at_a_thousand_steps():
    asked = []
    with pytest.raises(ValueError, match="has no end"):
        st.profile_ends(lambda value: asked.append(abs(value)) or 0.0, 0.0, 2.0, 0.95)
    assert 1000 < 1.5 * max(asked)
    assert max(asked) <= 2000
    assert asked[:3] == [2.0, 3.0, 4.5]


@pytest.mark.parametrize("table", TABLES)
def test_firth_of_a_table_adds_half_a_patient_to_each_cell(table):
    x, label = _patients(table)
    fit = st.logistic_regression(pd.DataFrame({"x": x}), label, firth=True)
    (c, d), (a, b) = table
    low, high = logit((c + 0.5) / (c + d + 1)), logit((a + 0.5) / (a + b + 1))
    assert fit.all_terms["coefficient"].tolist() == pytest.approx([low, high - low], abs=1e-5)
    # Information of a group: n p (1 - p) at these proportions.
    first, second = (c + d) * expit(low) * expit(-low), (a + b) * expit(high) * expit(-high)
    assert fit.all_terms["standard_error"].tolist() == pytest.approx(
        [np.sqrt(1 / first), np.sqrt(1 / first + 1 / second)], rel=1e-5
    )
    # The hat value of a patient is 1/n of his group, so the augmented information is that of n + 1.
    first, second = first * (c + d + 1) / (c + d), second * (a + b + 1) / (a + b)
    np.testing.assert_allclose(
        st.firth_augmented_errors(fit, pd.DataFrame({"x": x})),
        [np.sqrt(1 / first), np.sqrt(1 / first + 1 / second)],
        rtol=1e-5,
    )
    assert fit.log_likelihood == pytest.approx(_likelihood(table, low, high - low, 1), abs=1e-8)
    # Without the slope both groups share one proportion; the penalty of two columns adds two
    # patients to all, one an event.
    p = (a + c + 1) / (a + b + c + d + 2)
    assert fit.null_log_likelihood == pytest.approx(_likelihood(table, logit(p), 0.0, 1), abs=1e-8)
    assert np.isnan(fit.all_terms["z"]).all()
    assert fit.terms.loc["x", "p"] == pytest.approx(
        chi2.sf(2 * (fit.log_likelihood - _likelihood(table, logit(p), 0.0, 1)), 1), rel=1e-6
    )
    np.testing.assert_allclose(fit.fitted, expit(np.where(x == 1, high, low)), atol=1e-6)


@pytest.mark.parametrize("level", [0.95, 0.7])
@pytest.mark.parametrize("table", TABLES)
def test_firths_profile_of_a_table(table, level):
    x, label = _patients(table)
    design = np.column_stack([np.ones(len(x)), x])
    (c, d), (a, b) = table
    low, high = logit((c + 0.5) / (c + d + 1)), logit((a + 0.5) / (a + b + 1))
    slope = _ends(lambda value: _profile(table, value, 1), high - low, level)
    # The intercept's: the exposed then have their own proportion, so that the curve is that of the
    # unexposed alone.
    alone = lambda value: (c + 0.5) * value - (c + d + 1) * np.logaddexp(0, value)  # noqa: E731
    intercept = _ends(alone, low, level)
    found = st.firth_profile(design, label, np.array([low, high - low]), level)
    np.testing.assert_allclose(found[0], [intercept[0], slope[0]], atol=1e-5)
    np.testing.assert_allclose(found[1], [intercept[1], slope[1]], atol=1e-5)
    assert found[2][0] == pytest.approx(chi2.sf(2 * (alone(low) - alone(0.0)), 1), rel=1e-5)
    fit = st.logistic_regression(
        pd.DataFrame({"x": 7 - 3 * x}), label, level, firth=True
    )  # on another scale, the other way round
    np.testing.assert_allclose(
        np.log(fit.terms[["ci_low", "ci_high"]].to_numpy()[0]),
        [-slope[1] / 3, -slope[0] / 3],
        atol=1e-5,
    )


def test_penalised_likelihood_by_hand():
    """At 0: each patient ½, so n log ½; information X'X / 4, here [[4, 6], [6, 14]] / 4 of
    determinant 20 / 16."""
    design = np.column_stack([np.ones(4), np.arange(4.0)])
    assert st.penalised_log_likelihood(
        design, np.array([0, 1, 0, 1]), np.zeros(2)
    ) == pytest.approx(4 * np.log(0.5) + np.log(20 / 16) / 2)


@pytest.mark.parametrize(
    ("firth", "x", "method", "separated"),
    [
        (
            True,
            [1.0, 3, 2, 4],
            "Firth's penalised likelihood with profile intervals, as asked for",
            False,
        ),
        (
            None,
            [1.0, 2, 3, 4],
            "Firth's penalised likelihood with profile intervals, as the outcome is separated",
            True,
        ),
        (None, [1.0, 3, 2, 4], "maximum likelihood, Wald interval", False),
    ],
)
def test_what_was_fitted_is_told(firth, x, method, separated):
    fit = st.logistic_regression(pd.DataFrame({"x": x}), [0, 0, 1, 1], firth=firth)
    assert fit.method == method
    assert fit.separated is separated


def test_firth_without_intervals():
    fit = st.logistic_regression(pd.DataFrame({"x": [1.0, 2, 3, 4]}), [0, 0, 1, 1], interval="none")
    assert (
        fit.method
        == "Firth's penalised likelihood without profile intervals, as the outcome is separated"
    )
    assert np.isnan(fit.all_terms[["ci_low", "ci_high", "p"]]).all(axis=None)
    assert np.isfinite(fit.all_terms["standard_error"]).all()
