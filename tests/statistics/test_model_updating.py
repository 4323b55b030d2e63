"""Updating a model: intervals from the information matrix, the rule at its very threshold, and
every refusal."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from scipy.stats import norm

import analysis.statistics as st

RANDOM = np.random.default_rng(12)
DESIGN = pd.DataFrame({"a": RANDOM.normal(size=90), "b": RANDOM.normal(size=90)})
LINEAR = (0.8 * DESIGN["a"] - 0.5 * DESIGN["b"] + 0.2).to_numpy()
LABEL = (RANDOM.random(90) < expit(LINEAR)).astype(int)
# Below each: labels for which the method is the one that is taken.
SHIFTED = (RANDOM.random(90) < expit(LINEAR + 1.2)).astype(int)
SHRUNKEN = (RANDOM.random(90) < expit(-1.0 * LINEAR)).astype(int)
OTHER = (RANDOM.random(90) < expit(0.2 + 2.5 * DESIGN["b"])).astype(int).to_numpy()


def _wald(label, design, level):
    """Newton's steps, and ends from the inverse of X'WX."""
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = expit(design @ beta)
        beta = beta + np.linalg.solve(design.T * (p * (1 - p)) @ design, design.T @ (label - p))
    half = norm.isf((1 - level) / 2) * np.sqrt(
        np.diag(np.linalg.inv(design.T * (p * (1 - p)) @ design))
    )
    return np.column_stack([beta, beta - half, beta + half])


def test_a_model_that_fits_is_left_as_it_is():
    found = st.closed_test_updating(LABEL, LINEAR, DESIGN)
    assert found.chosen == "original"
    assert (found.linear == LINEAR).all()
    assert (found.n, found.events) == (90, LABEL.sum())
    assert found.coefficients.index.tolist() == ["(intercept)", "(slope)"]
    assert found.coefficients["value"].tolist() == [0, 1]
    assert found.coefficients[["ci_low", "ci_high"]].isna().all(axis=None)
    assert found.steps.index.tolist() == ["original", "in_the_large", "recalibration", "revision"]
    assert found.steps.loc["revision", ["statistic", "p"]].isna().all()


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_a_new_intercept(level):
    """The score equation Σ expit(linear + a) = events; the error is 1 / √Σ p (1 - p)."""
    found = st.closed_test_updating(SHIFTED, LINEAR, DESIGN, level=level)
    p = expit(found.linear)
    assert found.chosen == "in_the_large"
    assert p.sum() == pytest.approx(SHIFTED.sum())
    value = (found.linear - LINEAR)[0]
    half = norm.isf((1 - level) / 2) / np.sqrt((p * (1 - p)).sum())
    assert found.coefficients.loc["(intercept)"].tolist() == pytest.approx(
        [value, value - half, value + half], rel=1e-6
    )
    assert found.coefficients.loc["(slope)", "value"] == 1
    assert found.coefficients.loc["(slope)", ["ci_low", "ci_high"]].isna().all()


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_a_new_intercept_and_slope(level):
    found, expected = (
        st.closed_test_updating(SHRUNKEN, LINEAR, level=level),
        _wald(SHRUNKEN, np.column_stack([np.ones(90), LINEAR]), level),
    )
    assert found.chosen == "recalibration"
    assert found.steps.index.tolist() == ["original", "in_the_large", "recalibration"]
    assert found.coefficients.index.tolist() == ["(intercept)", "(slope)"]
    np.testing.assert_allclose(found.coefficients, expected, rtol=1e-6)
    np.testing.assert_allclose(found.linear, expected[0, 0] + expected[1, 0] * LINEAR, rtol=1e-6)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_new_coefficients(level):
    found, expected = (
        st.closed_test_updating(OTHER, LINEAR, DESIGN, level=level),
        _wald(OTHER, sm.add_constant(DESIGN.to_numpy()), level),
    )
    assert found.chosen == "revision"
    assert found.coefficients.index.tolist() == [
        "(intercept)",
        "a",
        "b",
    ]
    np.testing.assert_allclose(found.coefficients, expected, rtol=1e-6)
    np.testing.assert_allclose(
        found.linear, sm.add_constant(DESIGN.to_numpy()) @ expected[:, 0], rtol=1e-6
    )


def test_a_p_of_exactly_alpha_does_not_reject():
    p = st.closed_test_updating(SHIFTED, LINEAR, DESIGN).steps["p"]
    assert (
        st.closed_test_updating(SHIFTED, LINEAR, DESIGN, alpha=p["original"]).chosen == "original"
    )
    assert (
        st.closed_test_updating(
            SHIFTED, LINEAR, DESIGN, alpha=np.nextafter(p["original"], 1)
        ).chosen
        == "in_the_large"
    )
    assert (
        st.closed_test_updating(
            SHIFTED, LINEAR, DESIGN, alpha=np.nextafter(p["in_the_large"], 1)
        ).chosen
        != "in_the_large"
    )
    assert p["original"] < 0.05 < p["in_the_large"]
    assert (
        st.closed_test_updating(SHIFTED, LINEAR, DESIGN).chosen
        == st.closed_test_updating(SHIFTED, LINEAR, DESIGN, 0.05, 0.95).chosen
    )


def test_a_design_of_one_term_is_a_recalibration():
    found = st.closed_test_updating(SHRUNKEN, 2 * DESIGN["a"] - 1, DESIGN[["a"]])
    assert found.steps.index.tolist() == [
        "original",
        "in_the_large",
        "recalibration",
    ]
    assert found.steps["degrees_of_freedom"].tolist() == [2, 1, 0]
    with pytest.raises(ValueError, match="design: the linear predictor is not made of its columns"):
        st.closed_test_updating(SHRUNKEN, LINEAR, DESIGN[["a"]])


def test_the_original_likelihood_is_that_of_its_probabilities():
    p = expit(LINEAR)
    found = st.closed_test_updating(LABEL, LINEAR).steps
    assert found.loc["original", "log_likelihood"] == pytest.approx(
        np.sum(LABEL * np.log(p) + (1 - LABEL) * np.log(1 - p))
    )
    # Two groups of ten: in a saturated recalibration the fit is the observed proportion.
    label, linear = (
        np.r_[np.ones(3), np.zeros(7), np.ones(6), np.zeros(4)],
        np.repeat([-1.0, 1.0], 10),
    )
    found = st.closed_test_updating(label, linear, alpha=0.999)
    assert found.linear[[0, -1]].tolist() == pytest.approx([logit(0.3), logit(0.6)])
    assert found.chosen == "recalibration"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda: st.closed_test_updating(LABEL, np.ones(90)),
            "linear: all patients have the same linear predictor",
        ),
        (
            lambda: st.closed_test_updating([0, 0, 1, 1], [1.0, 2, 3, 4]),
            "linear: it separates the events from the others completely",
        ),
        (
            lambda: st.closed_test_updating(LABEL, LINEAR, DESIGN.iloc[1:]),
            "design: 89 rows for 90 labels",
        ),
        (
            lambda: st.closed_test_updating(
                LABEL, LINEAR, DESIGN.assign(c=np.r_[np.nan, np.zeros(89)])
            ),
            "design: it has missing or infinite values",
        ),
        (
            lambda: st.closed_test_updating(LABEL, LINEAR, DESIGN.assign(c=2 * DESIGN["a"])),
            "design: its columns are collinear or constant",
        ),
        (
            lambda: st.closed_test_updating(LABEL, LINEAR, DESIGN.assign(c=3.0)),
            "design: its columns are collinear or constant",
        ),
        (
            lambda: st.closed_test_updating(LABEL, LINEAR + 1e-3 * DESIGN["a"] ** 2, DESIGN),
            "design: the linear predictor is not made of its columns",
        ),
        (
            lambda: st.closed_test_updating(
                LABEL, LINEAR, DESIGN.assign(c=LABEL + 0.1 * DESIGN["a"])
            ),
            "design: its columns separate the events",
        ),
        (lambda: st.closed_test_updating(LABEL, LINEAR, alpha=0), "level: "),
        (lambda: st.closed_test_updating(LABEL, LINEAR, level=1), "level: "),
    ],
)
def test_refusals(change, message):
    with pytest.raises(ValueError, match=message):
        change()


def test_a_linear_predictor_that_was_rounded_is_still_made_of_its_columns():
    """To a millionth of the larger of its range and 1: of a range of 1e6 an error of a half is no
    matter; of one of 1e-3 one of 1e-7 neither."""
    wide = st.closed_test_updating(
        LABEL, 1e6 * np.round(LINEAR, 7), DESIGN.assign(c=np.arange(90.0))
    )
    assert wide.steps.loc["revision", "parameters"] == 4
    assert (
        st.closed_test_updating(LABEL, np.round(1e-3 * LINEAR, 7), DESIGN).steps.loc[
            "revision", "parameters"
        ]
        == 3
    )
