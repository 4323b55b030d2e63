"""Optimism and the selection of variables: three resamples by hand, and every path searched over
again by statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit
from scipy.stats import chi2

import analysis.statistics as st

LABEL, ROWS = [0, 1, 1, 0], [[0, 0, 1, 1], [1, 2, 2, 1], [3, 1, 2, 0]]


def _mean(patients, label, group):
    """Predicts the prevalence of those it saw; refuses to see events alone."""
    if label.min() == label.max():
        raise ValueError("one class")
    assert len(patients) == len(label) == len(group)
    return lambda new: np.full(len(new), float(np.asarray(patients)[:, 0].mean()))


def _measure(label, prediction, own):
    return {"error": float(np.mean(label - prediction)), "own": float(own)}


def test_resamples_may_be_judged_in_any_order():
    """As several processes do; their values come back in the order of the resamples."""

    def last_first(judged, resamples):
        return [judged(rows) for rows in resamples[::-1]][::-1]

    patients = np.arange(4.0)[:, None]
    one, other = (
        st.optimism_correction(_mean, _measure, patients, LABEL, indices=ROWS, over=over)
        for over in (map, last_first)
    )
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)
    assert one.failed == other.failed == {"one class": 1}


@pytest.mark.parametrize(
    "patients", [np.arange(4.0)[:, None], pd.DataFrame({"x": np.arange(4.0)}, index=list("wxyz"))]
)
def test_by_hand(patients):
    """Means of x: 1.5 in all, .5 in 0 0 1 1, 1.5 in 3 1 2 0; the second resample has no class but
    one. Mean labels: .5 everywhere."""
    found = st.optimism_correction(_mean, _measure, patients, LABEL, indices=ROWS)
    assert found.failed == {"one class": 1}
    assert found.resamples == 3
    assert found.table.loc["error"].to_dict() == pytest.approx(
        {
            "apparent": -1.0,
            "training": (0 - 1) / 2,
            "test": (0 - 1) / 2,
            "optimism": 0,
            "corrected": -1,
            "n": 2,
        }
    )
    assert found.table.loc["own"].to_dict() == {
        "apparent": 1,
        "training": 1,
        "test": 0,
        "optimism": 1,
        "corrected": 0,
        "n": 2,
    }


def test_measures_of_training_and_of_all_patients():
    """Rows 0 0 0 1: mean label 1/4 and prediction 1/4 in training; all patients have 1/2."""
    fit = lambda patients, label, group: lambda new: np.full(len(new), label.mean())  # noqa: E731
    found = st.optimism_correction(
        fit,
        lambda label, prediction, own: {"sum": float(label.sum() + 10 * prediction.sum())},
        np.zeros((4, 1)),
        LABEL,
        indices=[[0, 0, 0, 1]],
    )
    assert found.table.loc["sum"].to_dict() == {
        "apparent": 22,
        "training": 11,
        "test": 12,
        "optimism": -1,
        "corrected": 23,
        "n": 1,
    }


def test_drawing():
    """Each resample holds n rows of all patients, told to the fit; the same seed draws the same,
    200 of seed 0 unless said otherwise."""
    seen = []

    def fit(patients, label, group):
        seen.append(group)
        return lambda new: np.zeros(len(new))

    def measure(label, prediction, own):
        return {"x": float(label.mean())}

    first = st.optimism_correction(fit, measure, np.zeros((4, 1)), LABEL)
    assert first.resamples == 200
    assert len(seen) == 201
    assert seen[0].tolist() == [0, 1, 2, 3]
    assert {*np.concatenate(seen[1:])} == {0, 1, 2, 3}
    for more in ({"resamples": 200, "seed": 0}, {"seed": 1}):
        st.optimism_correction(fit, measure, np.zeros((4, 1)), LABEL, **more)
    assert np.array_equal(seen[:201], seen[201:402])
    assert not np.array_equal(seen[:201], seen[402:])
    assert first.table.loc["x", "training"] == pytest.approx(
        np.mean([np.mean(np.array(LABEL)[rows]) for rows in seen[1:201]])
    )


def test_refusals_of_the_correction():
    for indices in ([0, 1, 2, 3], [[0, 1, 2, 4]], [[-1, 0, 1, 2]]):
        with pytest.raises(
            ValueError, match="indices: expected resamples × patients with values 0 to 3"
        ):
            st.optimism_correction(_mean, _measure, np.zeros((4, 1)), LABEL, indices=indices)
    with pytest.raises(ValueError, match="label: 4 values for 5 patients"):
        st.optimism_correction(_mean, _measure, np.zeros((5, 1)), LABEL)
    with pytest.raises(ValueError, match="fit: no resample gave a model: {'one class': 2}"):
        st.optimism_correction(
            _mean, _measure, np.zeros((4, 1)), LABEL, indices=[[1, 1, 2, 2], [0, 0, 3, 3]]
        )


RANDOM = np.random.default_rng(21)
TABLE = pd.DataFrame(
    {
        "a": RANDOM.normal(size=90),
        "b": RANDOM.normal(size=90),
        "g": RANDOM.choice(list("xyz"), 90),
        "c": RANDOM.normal(size=90),
    }
)
OUTCOME = (RANDOM.random(90) < expit(1.2 * TABLE["a"] + 0.4 * TABLE["b"])).astype(int).to_numpy()


def _fit(names):
    columns = [np.ones(90)]
    for name in names:
        columns += [TABLE["g"] == "y", TABLE["g"] == "z"] if name == "g" else [TABLE[name]]
    return sm.Logit(OUTCOME, np.column_stack(columns).astype(float)).fit(disp=0)


def test_backward_by_aic():
    names, steps, path = list(TABLE), [], [_fit(list(TABLE)).aic]
    while names:
        trials = {name: _fit([other for other in names if other != name]).aic for name in names}
        best = min(trials, key=trials.get)
        if trials[best] >= path[-1]:
            break
        names.remove(best)
        steps.append(f"- {best}")
        path.append(trials[best])
    found, both = st.aic_selection(TABLE, OUTCOME), st.aic_selection(TABLE, OUTCOME, "both")
    assert found.kept == tuple(names) == both.kept
    assert found.steps == tuple(steps)
    assert found.aic == pytest.approx(path)
    assert len(steps) >= 2
    assert found.fit.all_terms["coefficient"].tolist() == pytest.approx(
        _fit(names).params.tolist(), rel=1e-5
    )
    # Without variables: 2 less twice the null log-likelihood.
    nothing = st.aic_selection(TABLE[["c"]], OUTCOME)
    assert nothing.kept == ()
    assert nothing.fit is None
    assert nothing.aic[-1] == pytest.approx(_fit([]).aic)
    with pytest.raises(ValueError, match="direction: 'backward' or 'both', got 'forward'"):
        st.aic_selection(TABLE, OUTCOME, "forward")


def _ratio_p(names, name):
    full, rest = _fit(names), _fit([other for other in names if other != name])
    return chi2.sf(2 * (full.llf - rest.llf), 2 if name == "g" else 1)


@pytest.mark.parametrize("alpha", [0.05, 0.3, 1e-12])
def test_backward_by_p(alpha):
    names, steps = list(TABLE), []
    while names and max(p := {name: _ratio_p(names, name) for name in names}.values()) >= alpha:
        worst = next(name for name in names if _ratio_p(names, name) == max(p))
        names.remove(worst)
        steps.append(f"- {worst}")
    found = st.p_value_selection(TABLE, OUTCOME, alpha)
    assert found.kept == tuple(names)
    assert found.steps == tuple(steps)
    assert len(found.aic) == len(steps) + 1
    assert found.aic[-1] == pytest.approx(_fit(names).aic)
    assert (found.fit is None) == (not names)
    if alpha == 0.05:
        assert st.p_value_selection(TABLE, OUTCOME).steps == found.steps


def test_a_p_of_exactly_alpha_is_dropped():
    p = st.likelihood_ratio_tests(TABLE[["b"]], OUTCOME).loc["b", "p"]
    assert st.p_value_selection(TABLE[["b"]], OUTCOME, p).kept == ()
    assert st.p_value_selection(TABLE[["b"]], OUTCOME, np.nextafter(p, 1)).kept == ("b",)


def test_wald_by_hand_without_refitting():
    """After dropping a set the rest is b - C (C of the set)⁻¹ b of the set, which is the largest of
    the normal approximation."""
    fit = _fit(list(TABLE))
    places = {"a": [1], "b": [2], "g": [3, 4], "c": [5]}
    precision, names = np.linalg.inv(fit.cov_params()), list(TABLE)
    while True:
        keep = [0, *[place for name in names for place in places[name]]]
        covariance = np.linalg.inv(precision[np.ix_(keep, keep)])
        beta = covariance @ precision[keep] @ fit.params
        worth = {}
        for name in names:
            at = [keep.index(place) for place in places[name]]
            worth[name] = beta[at] @ np.linalg.inv(covariance[np.ix_(at, at)]) @ beta[at] - 2 * len(
                at
            )
        if not worth or min(worth.values()) >= 0:
            break
        names.remove(min(worth, key=worth.get))
    assert st.wald_aic_selection(TABLE, OUTCOME) == tuple(names)
    assert 0 < len(names) < 4
