"""Calibration curves: spline and its band by statsmodels' own prediction, loess by its definition,
summaries by numpy, and the edges of few or many patients."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from scipy.stats import norm
from skmisc.loess import loess
from statsmodels.nonparametric.smoothers_lowess import lowess

from analysis import statistics as st
from analysis.statistics.calibration_curve import _neighbours

RANDOM = np.random.default_rng(8)
PROBABILITY = np.round(RANDOM.uniform(0.05, 0.95, 120), 2)
LABEL = (RANDOM.random(120) < PROBABILITY**1.5).astype(int)


def local_quadratic(at, x, y, span=0.75):
    """Cleveland's loess at one place: tricube weights within the distance of the nearest 75 %, a
    parabola by weighted least squares."""
    distance = np.abs(x - at)
    reach = np.sort(distance)[int(span * len(x)) - 1]
    weight = np.sqrt(np.where(distance < reach, (1 - (distance / reach) ** 3) ** 3, 0))
    return np.linalg.lstsq(np.vander(x - at, 3) * weight[:, None], y * weight, rcond=None)[0][-1]


def test_loess_without_interpolation_is_its_definition_and_with_it_is_close():
    found = st.smoothed_outcome(LABEL, PROBABILITY, "loess_direct")
    for place in (0, 17, 60, 119):
        assert found[place] == pytest.approx(
            local_quadratic(PROBABILITY[place], PROBABILITY, LABEL), abs=1e-8
        )
    interpolated = st.smoothed_outcome(LABEL, PROBABILITY, "loess")
    assert 0 < np.abs(interpolated - found).max() < 0.02


@pytest.mark.parametrize("knots", [3, 4, 5])
def test_the_spline_and_its_band_are_a_logistic_models(knots):
    found = st.calibration_curve(
        LABEL, PROBABILITY, points=9, level=0.9, smoother="spline", knots=knots
    )
    assert found.predicted == pytest.approx(np.linspace(PROBABILITY.min(), PROBABILITY.max(), 9))
    places = st.spline_knots(logit(PROBABILITY), knots)
    fit = sm.Logit(
        LABEL, sm.add_constant(st.restricted_cubic_spline(logit(PROBABILITY), places))
    ).fit(disp=0, tol=1e-12)
    design = sm.add_constant(
        st.restricted_cubic_spline(logit(found.predicted), places), has_constant="add"
    )
    centre, error = design @ fit.params, np.sqrt([row @ fit.cov_params() @ row for row in design])
    for mine, theirs in (
        (found.observed, centre),
        (found.ci_low, centre - norm.ppf(0.95) * error),
        (found.ci_high, centre + norm.ppf(0.95) * error),
    ):
        np.testing.assert_allclose(mine, expit(theirs), rtol=1e-6)
    np.testing.assert_allclose(
        st.smoothed_outcome(LABEL, PROBABILITY, "spline", knots), fit.predict(), rtol=1e-6
    )


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_loess_band_is_skmiscs_cut_at_0_and_1(level):
    found = st.calibration_curve(LABEL, PROBABILITY, points=7, level=level)
    fit = loess(PROBABILITY, LABEL, span=0.75, degree=2)
    fit.fit()
    theirs = fit.predict(np.linspace(PROBABILITY.min(), PROBABILITY.max(), 7), stderror=True)
    band = theirs.confidence(1 - level)
    for mine, other in (
        (found.observed, theirs.values),
        (found.ci_low, band.lower),
        (found.ci_high, band.upper),
    ):
        np.testing.assert_allclose(mine, np.clip(other, 0, 1))
    assert found.ci_low.min() == 0
    assert found.ci_high.max() <= 1
    assert (found.ci_low <= found.observed).all()
    wide = st.calibration_curve(LABEL, PROBABILITY, points=7, level=0.99)
    assert (wide.ci_high >= found.ci_high).all()
    assert wide.ci_high.max() == 1


def test_lowess_averages_patients_of_one_probability():
    found = st.smoothed_outcome(LABEL, PROBABILITY, "lowess")
    order = np.argsort(PROBABILITY, kind="stable")
    theirs = lowess(
        LABEL[order],
        PROBABILITY[order],
        frac=2 / 3,
        it=0,
        delta=0.01 * np.ptp(PROBABILITY),
        return_sorted=True,
    )
    for value in (PROBABILITY.min(), np.median(PROBABILITY), PROBABILITY.max()):
        assert found[PROBABILITY == value] == pytest.approx(
            theirs[theirs[:, 0] == value, 1].mean(), abs=1e-9
        )


@pytest.mark.parametrize("smoother", ["loess", "loess_direct", "spline", "lowess"])
def test_summaries_of_the_distances(smoother):
    found, smoothed = (
        st.calibration_errors(LABEL, PROBABILITY, smoother, knots=3),
        st.smoothed_outcome(LABEL, PROBABILITY, smoother, knots=3),
    )
    distance = np.sort(np.abs(smoothed - PROBABILITY))
    # Of 120 patients E50 lies between the 60th and the 61st, E90 at 1 + .9 × 119 = 108.1.
    assert (found.ici, found.emax) == pytest.approx((distance.sum() / 120, distance[-1]))
    assert found.smoother == smoother
    assert (found.e50, found.e90) == pytest.approx(
        ((distance[59] + distance[60]) / 2, 0.9 * distance[107] + 0.1 * distance[108])
    )


def test_ten_distinct_probabilities_are_enough():
    label, ten = np.tile([0, 1, 1, 0], 10), np.tile(np.arange(1, 11) / 11, 4)
    assert np.isfinite(st.smoothed_outcome(label, ten)).all()
    assert np.isfinite(st.calibration_curve(label, ten).observed).all()
    for function in (st.smoothed_outcome, st.calibration_curve, st.calibration_errors):
        with pytest.raises(
            ValueError, match="^probability: a flexible curve needs at least 10 distinct"
        ):
            function(label, np.where(ten > 0.9, 1 / 11, ten))


@pytest.mark.parametrize(
    ("events", "others", "unstable"), [(100, 100, False), (99, 150, True), (150, 99, True)]
)
def test_a_curve_needs_100_of_each(events, others, unstable):
    label = np.r_[np.ones(events), np.zeros(others)]
    for smoother in ("loess", "spline"):
        assert (
            st.calibration_curve(
                label, np.linspace(0.1, 0.9, events + others)[::-1], 5, smoother=smoother
            ).unstable
            is unstable
        )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.smoothed_outcome(LABEL, PROBABILITY, "kernel"),
            "smoother: 'loess', 'loess_direct', 'spline' or 'lowess', got 'kernel'",
        ),
        (
            lambda: st.calibration_curve(LABEL, PROBABILITY, smoother="lowess"),
            "smoother: 'loess' or 'spline', got 'lowess'",
        ),
        (
            lambda: st.calibration_curve(LABEL, np.r_[0, PROBABILITY[1:]], smoother="spline"),
            "probability: 0 and 1 have no logit",
        ),
        (
            lambda: st.smoothed_outcome(LABEL, np.r_[1, PROBABILITY[1:]], "spline"),
            "probability: 0 and 1 have no logit",
        ),
        (lambda: st.calibration_curve(LABEL, PROBABILITY, level=1), "level: "),
    ],
)
def test_what_cannot_be_drawn_is_said(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_a_probability_of_0_or_1_has_a_loess_curve():
    edge = np.r_[0, 1, PROBABILITY[2:]]
    assert st.calibration_curve(LABEL, edge).predicted[[0, -1]].tolist() == [0, 1]
    assert len(st.smoothed_outcome(LABEL, edge, "lowess")) == 120


def test_neighbours_of_many_patients_are_their_means_and_the_ends_stand_alone():
    """5999 = 1 + 3 × 1999 + 1 ranks: 1 | 2, 3, 4 | 5, 6, 7 | ... | 5999, whose means are 1, 3, 6,
    ..., 5997, 5999; every third rank has the event."""
    rank = RANDOM.permutation(np.arange(1, 6000))
    x, y = _neighbours(rank / 6000, ((rank % 3 == 0) | (rank == 1)).astype(int))
    np.testing.assert_allclose(x * 6000, [1, *range(3, 5998, 3), 5999])
    np.testing.assert_allclose(y, [1, *[1 / 3] * 1999, 0])


def test_five_thousand_patients_are_each_themselves_and_more_are_neighbours():
    for n, exact in ((5000, True), (5001, False)):
        probability = np.arange(1, n + 1) / (n + 1)
        label = (np.arange(n) * 7919 % 1000 / 1000 < probability).astype(int)
        fit = loess(probability, label, span=0.75, degree=2)
        fit.fit()
        apart = np.abs(
            st.smoothed_outcome(label, probability) - fit.predict(probability).values
        ).max()
        assert bool(apart < 1e-12) is exact
        assert apart < 0.005
