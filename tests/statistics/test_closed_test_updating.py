"""Closed test of model updating: likelihood ratios in closed form, an independent maximisation, and
its error rate."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize
from scipy.special import expit, logit
from scipy.stats import chi2

from analysis.statistics import closed_test_updating

# Three levels of one factor: events of patients, and the probability that the locked model gives to
# each.
EVENTS, PATIENTS, LOCKED = np.array([1, 9, 18]), np.array([20, 20, 20]), np.array([0.3, 0.4, 0.5])


def _three_levels() -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    label = np.concatenate(
        [
            np.r_[np.ones(events), np.zeros(n - events)]
            for events, n in zip(EVENTS, PATIENTS, strict=True)
        ]
    )
    level = np.repeat([0, 1, 2], PATIENTS)
    return (
        label,
        logit(LOCKED)[level],
        pd.DataFrame({"b": (level == 1).astype(float), "c": (level == 2).astype(float)}),
    )


def _binomial(probability: np.ndarray) -> float:
    return float(
        np.sum(EVENTS * np.log(probability) + (PATIENTS - EVENTS) * np.log1p(-probability))
    )


def test_likelihood_ratios_are_those_computed_by_hand():
    """A factor's refit is saturated, so its likelihood is that of the observed proportions; the
    locked model's has nothing to fit; the intercept solves expected = observed events; the
    recalibration line is maximised by another optimiser.
    """
    label, linear, design = _three_levels()
    found = closed_test_updating(label, linear, design)
    intercept = brentq(
        lambda a: float(np.sum(PATIENTS * expit(a + logit(LOCKED))) - EVENTS.sum()),
        -5,
        5,
        xtol=1e-14,
    )
    line = minimize(
        lambda ab: -_binomial(expit(ab[0] + ab[1] * logit(LOCKED))),
        [0.0, 1.0],
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000},
    ).x
    by_hand = {
        "original": _binomial(LOCKED),
        "in_the_large": _binomial(expit(intercept + logit(LOCKED))),
        "recalibration": _binomial(expit(line[0] + line[1] * logit(LOCKED))),
        "revision": _binomial(EVENTS / PATIENTS),
    }
    np.testing.assert_allclose(found.steps["log_likelihood"], list(by_hand.values()), rtol=1e-9)
    assert found.steps["parameters"].tolist() == [0, 1, 2, 3]
    assert found.steps["degrees_of_freedom"].tolist() == [3, 2, 1, 0]
    ratios = [2 * (by_hand["revision"] - each) for each in list(by_hand.values())[:3]]
    np.testing.assert_allclose(found.steps["statistic"].iloc[:3], ratios, rtol=1e-7)
    np.testing.assert_allclose(found.steps["p"].iloc[:3], chi2.sf(ratios, [3, 2, 1]), rtol=1e-6)
    # With a table of logarithms: ln .05 + 19 ln .95 + 9 ln .45 + 11 ln .55 + 18 ln .9 + 2 ln .1 =
    # −24.23474, and ln .3 + 19 ln .7 + 9 ln .4 + 11 ln .6 + 20 ln .5 = −35.70944.
    assert found.steps.at["original", "statistic"] == pytest.approx(22.9494, abs=2e-4)
    assert found.chosen == "recalibration"
    assert found.coefficients.loc["(slope)", "value"] == pytest.approx(line[1], abs=1e-5)


def test_a_model_that_only_predicts_too_few_events_gets_a_new_intercept():
    random = np.random.default_rng(4)
    linear = random.normal(size=400)
    label = (random.random(400) < expit(linear + 1)).astype(float)
    found = closed_test_updating(
        label,
        linear,
        pd.DataFrame({"a": linear + 0.5 * (other := random.normal(size=400)), "b": other}),
    )
    assert found.chosen == "in_the_large"
    assert (
        found.coefficients.loc["(intercept)", "ci_low"]
        < 1
        < found.coefficients.loc["(intercept)", "ci_high"]
    )
    assert expit(found.linear).sum() == pytest.approx(label.sum())


def test_wrong_weights_call_for_a_refit():
    random = np.random.default_rng(6)
    design = pd.DataFrame(random.normal(size=(500, 2)), columns=["a", "b"])
    label = (random.random(500) < expit(design["a"] - design["b"])).astype(float)
    found = closed_test_updating(label, design["a"] + design["b"], design)
    assert found.chosen == "revision"
    assert (np.sign(found.coefficients.loc[["a", "b"], "value"]) == [1, -1]).all()


def test_a_model_that_fits_is_left_alone_as_often_as_promised():
    random, rejected = np.random.default_rng(8), 0
    for _ in range(200):
        linear = random.normal(size=150)
        rejected += (
            closed_test_updating((random.random(150) < expit(linear)).astype(float), linear).chosen
            != "original"
        )
    assert rejected / 200 < 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 200)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"linear": np.zeros(60)}, "no slope to update"),
        ({"design": pd.DataFrame({"a": np.arange(60.0), "b": np.arange(60.0)})}, "collinear"),
        (
            {"design": pd.DataFrame(np.random.default_rng(1).normal(size=(60, 2)))},
            "not made of its columns",
        ),
        ({"label": np.r_[np.zeros(20), np.ones(40)]}, "separates"),
    ],
)
def test_what_can_not_be_updated_is_said(change, message):
    label, linear, design = _three_levels()
    with pytest.raises(ValueError, match=message):
        closed_test_updating(**({"label": label, "linear": linear, "design": design} | change))
