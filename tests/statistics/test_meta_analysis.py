"""Pooling over centres and cohorts, held to R: metafor 3.8-1, pROC 1.18.0, glm."""

import numpy as np
import pytest

from analysis import statistics as st
from analysis.statistics.meta_analysis import POOLED

EFFECTS, VARIANCES = (
    [1.10, 0.62, 1.45, 0.20, 0.95, 1.80, 0.75],
    [0.09, 0.04, 0.20, 0.06, 0.12, 0.35, 0.05],
)
# r <- rma(yi, vi, method = "REML", test = , control = list(threshold = 1e-12, maxiter = 1000)):
# c(r$beta, r$se, r$ci.lb, r$ci.ub, r$tau2, r$I2 / 100, r$QE, r$QEp), then r$beta ± qt(.975, k - 2)
# * sqrt(r$se^2 + r$tau2)
METAFOR = {
    "hartung_knapp": (
        0.834854114989,
        0.176732566886,
        0.402405102592,
        1.26730312739,
        0.0975362063871,
        0.538516592453,
        12.7571454059,
        0.0470587539979,
    ),
    "adhoc": (
        0.834854114989,
        0.176732566886,
        0.402405102592,
        1.26730312739,
        0.0975362063871,
        0.538516592453,
        12.7571454059,
        0.0470587539979,
    ),
    "wald": (
        0.834854114989,
        0.16684940135,
        0.507835297502,
        1.16187293248,
        0.0975362063871,
        0.538516592453,
        12.7571454059,
        0.0470587539979,
    ),
}
# dat.bcg of metafor, log relative risks: yi, vi
BCG = (
    [
        -0.88931133392,
        -1.5853886572,
        -1.3480731483,
        -1.44155119002,
        -0.217547322211,
        -0.786115585819,
        -1.6208982236,
        0.0119523335238,
        -0.469417648738,
        -1.37134480347,
        -0.339358828338,
        0.445913400571,
        -0.0173139482169,
    ],
    [
        0.325584765004,
        0.194581121398,
        0.415367965368,
        0.0200100319022,
        0.0512101721696,
        0.00690561845591,
        0.223017247572,
        0.00396157929782,
        0.0564342104632,
        0.073024793613,
        0.0124122139716,
        0.5325058452,
        0.071404659684,
    ],
)


def parts(found):
    return (
        found.value,
        found.standard_error,
        found.ci_low,
        found.ci_high,
        found.tau_squared,
        found.i_squared,
        found.q,
        found.q_p,
    )


@pytest.mark.parametrize("interval", METAFOR)
def test_restricted_maximum_likelihood_and_its_intervals(interval):
    assert parts(st.random_effects(EFFECTS, VARIANCES, interval=interval)) == pytest.approx(
        METAFOR[interval], rel=1e-6
    )


def test_a_published_meta_analysis_with_its_prediction_interval():
    found = st.random_effects(*BCG, interval="hartung_knapp")
    assert parts(found)[:7] == pytest.approx(
        (
            -0.714532342158,
            0.180791744093,
            -1.10844371369,
            -0.320620970631,
            0.313243258136,
            0.922213845213,
            152.233008082,
        ),
        rel=1e-6,
    )
    assert (found.prediction_low, found.prediction_high) == pytest.approx(
        (-2.00905765037, 0.579992966055), rel=1e-6
    )
    at_90 = st.random_effects(*BCG, level=0.9, interval="hartung_knapp")
    assert (at_90.ci_low, at_90.ci_high) == pytest.approx(
        (-1.03675521782, -0.392309466497), rel=1e-6
    )


def test_places_that_agree_by_chance():
    """rma(c(.50, .55, .48, .52), c(.04, .05, .03, .06), test = "knha") and "adhoc": tau² is 0, and
    the first interval short."""
    near = ([0.50, 0.55, 0.48, 0.52], [0.04, 0.05, 0.03, 0.06])
    assert parts(st.random_effects(*near, interval="hartung_knapp"))[:6] == pytest.approx(
        (0.50701754386, 0.0151393106783, 0.458837500527, 0.555197587192, 0, 0), rel=1e-6, abs=1e-9
    )
    assert parts(st.random_effects(*near, interval="adhoc"))[:4] == pytest.approx(
        (0.50701754386, 0.102597835209, 0.18050544227, 0.833529645449), rel=1e-6
    )


def test_two_places_have_a_mean_and_no_prediction_interval():
    """rma(c(.2, 1.1), c(.05, .08), test = "knha")."""
    found = st.random_effects([0.2, 1.1], [0.05, 0.08], interval="hartung_knapp")
    assert parts(found)[:6] == pytest.approx(
        (0.633333333333, 0.449691252108, -5.08053578401, 6.34720245068, 0.34, 0.83950617284),
        rel=1e-6,
    )
    assert np.isnan(found.prediction_low)
    assert np.isnan(found.prediction_high)


def places():
    """Five cohorts that R makes by the same arithmetic: i = 1..n, y = 7i mod 3 = 0, s = (37i mod
    101)/101, p = plogis(-1 + shift + slope (s - .5) + 1.1 y (13i mod 5 > 1))."""
    for n, shift, slope in (
        (90, 0, 2),
        (120, 0.3, 1.5),
        (75, -0.4, 2.5),
        (150, 0.8, 1),
        (60, 0.1, 3),
    ):
        i = np.arange(1, n + 1)
        y = ((i * 7) % 3 == 0).astype(float)
        yield (
            y,
            1
            / (
                1
                + np.exp(
                    1 - shift - slope * ((i * 37) % 101 / 101 - 0.5) - 1.1 * y * ((i * 13) % 5 > 1)
                )
            ),
        )


# Of each cohort qlogis(auc) and var(roc)/(auc (1 - auc))², log(sum(y)/sum(p)) and (1 -
# mean(y))/sum(y), slope and variance of glm(y ~ qlogis(p)); then of rma(test = "adhoc"): mean,
# ends, tau², I², and the prediction interval.
BY_PLACE = {
    "auc": (
        (
            1.421385681,
            1.787027886,
            0.9286434998,
            1.949572318,
            1.125459539,
            0.09185427655,
            0.09405648687,
            0.0910089033,
            0.09447240706,
            0.1265161826,
        ),
        (
            1.450077294,
            0.9097040302,
            1.990450558,
            0.09068970587,
            0.4797038307,
            0.3089598502,
            2.591194738,
        ),
    ),
    "observed_expected": (
        (
            0.007001007354,
            -0.1532242208,
            0.2591959569,
            -0.4108936546,
            -0.09211176677,
            0.02222222222,
            0.01666666667,
            0.02666666667,
            0.01333333333,
            0.03333333333,
        ),
        (
            -0.09390856208,
            -0.4074967339,
            0.2196796097,
            0.04210953696,
            0.6698486711,
            -0.8393508059,
            0.6515336817,
        ),
    ),
    "calibration_slope": (
        (
            2.138236073,
            3.208848047,
            1.244471905,
            4.499570103,
            1.103674335,
            0.2529560102,
            0.3928386163,
            0.157442629,
            0.5827290155,
            0.1380460716,
        ),
        (
            2.331088859,
            0.6033305571,
            4.058847161,
            1.562748427,
            0.8650406979,
            -2.112950071,
            6.775127789,
        ),
    ),
}


@pytest.mark.parametrize("statistic", POOLED)
def test_each_place_and_their_mean_on_the_scale_that_is_pooled(statistic):
    each, pooled = BY_PLACE[statistic]
    found = [st.place_estimate(statistic, label, probability) for label, probability in places()]
    assert [one.effect for one in found] + [one.variance for one in found] == pytest.approx(
        each, rel=1e-6
    )
    mean = st.random_effects(
        [one.effect for one in found], [one.variance for one in found], interval="adhoc"
    )
    assert (
        mean.value,
        mean.ci_low,
        mean.ci_high,
        mean.tau_squared,
        mean.i_squared,
        mean.prediction_low,
        mean.prediction_high,
    ) == pytest.approx(pooled, rel=1e-5)
    assert found[0].value == pytest.approx(st.back_transformed(statistic, each[0]), rel=1e-6)
    assert found[0].ci_low < found[0].value < found[0].ci_high


def test_an_auc_of_one_is_kept_half_a_pair_away():
    """Left out, the places that a model divides best would be missing from its mean. Newcombe's
    variance at (mn + .5)/(mn + 1)."""
    label, score = np.repeat([0.0, 1.0], [12, 10]), np.arange(22.0)
    found = st.place_estimate("auc", label, score)
    assert st.back_transformed("auc", found.effect) == pytest.approx(120.5 / 121)
    assert (
        found.value,
        found.ci_high,
    ) == (1, 1)
    area = 120.5 / 121
    assert found.variance == pytest.approx(
        st.newcombe_variance(area, 10, 12) / (area * (1 - area)) ** 2
    )
    assert found.variance > 0.5
    assert st.back_transformed(
        "auc", st.place_estimate("auc", label, -score).effect
    ) == pytest.approx(0.5 / 121)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: st.random_effects([1.0], [0.1]), "effects: 1 place; pooling needs at least two"),
        (lambda: st.random_effects([1.0, 2.0], [0.1]), "variances: 1 value for 2 effects"),
        (lambda: st.random_effects([1.0, 2.0], [0.1, 0.0]), "variances: each must be above 0"),
        (
            lambda: st.random_effects([1.0, np.nan], [0.1, 0.2]),
            "effects: 1 of 2 values are missing",
        ),
        (
            lambda: st.random_effects([1.0, 2.0], [0.1, 0.2], interval="knha"),
            "interval: one of hartung_knapp, adhoc, wald",
        ),
        (lambda: st.place_estimate("brier", [0, 1], [0.1, 0.9]), "statistic: one of auc"),
        (lambda: st.back_transformed("brier", 0.5), "statistic: one of auc"),
        (
            lambda: st.place_estimate("calibration_slope", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]),
            "separates the events",
        ),
    ],
)
def test_what_cannot_be_pooled_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("tau_squared", [0.0, 0.1])
def test_the_default_interval_covers_with_few_places_of_the_sizes_seen_here(tau_squared):
    """Logits of AUCs of five centres whose standard errors are .25 to .5; Wald's, for comparison,
    covers too seldom where places differ."""
    random, trials = np.random.default_rng(7), 400
    variances = np.array([0.06, 0.10, 0.15, 0.20, 0.25])
    hits = {"hartung_knapp": 0, "adhoc": 0, "wald": 0}
    for _ in range(trials):
        effects = 1.2 + random.normal(0, np.sqrt(tau_squared + variances))
        for interval in hits:
            found = st.random_effects(effects, variances, interval=interval)
            hits[interval] += found.ci_low <= 1.2 <= found.ci_high
    three_errors = 3 * np.sqrt(0.95 * 0.05 / trials)
    assert hits["hartung_knapp"] / trials == pytest.approx(0.95, abs=three_errors)
    assert hits["adhoc"] >= hits["hartung_knapp"]
    assert tau_squared == 0 or hits["wald"] < hits["hartung_knapp"]
