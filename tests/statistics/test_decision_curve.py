"""Decision curves by counting: net benefit, its standardised form and interventions avoided by
hand, bootstrap ends by the binomial, both ways to draw."""

from importlib import import_module

import numpy as np
import pytest
from scipy.stats import binom

from analysis import statistics as st

MODULE = import_module(
    "analysis.statistics.decision_curve"
)  # the package exports a function of this name
LABEL = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
PROBABILITY = np.array([0.9, 0.5, 0.2, 0.6, 0.5, 0.3, 0.2, 0.1, 0.1, 0.0])


def test_net_benefit_by_counting():
    """At .2 (a threshold itself is positive): 3 events and 4 others, odds 1/4; at .5: 2 and 2, odds
    1; at .75: 1 and 0."""
    expected = [0.3 - 0.4 / 4, 0.2 - 0.2, 0.1]
    assert st.net_benefit(LABEL, PROBABILITY, [0.2, 0.5, 0.75]) == pytest.approx(expected)
    assert st.standardized_net_benefit(LABEL, PROBABILITY, [0.2, 0.5, 0.75]) == pytest.approx(
        np.array(expected) / 0.3
    )
    assert st.net_benefit_treat_all(LABEL, [0.2, 0.5, 0.75]) == pytest.approx(
        [0.3 - 0.7 / 4, 0.3 - 0.7, 0.3 - 0.7 * 3]
    )
    # Untreated at .2: 3 others, no event; at .5: 5 and 1; at .75: 7 and 2, each event at the price
    # of (1 - t) / t.
    assert st.interventions_avoided(LABEL, PROBABILITY, [0.2, 0.5, 0.75]) == pytest.approx(
        [30, 100 * (0.5 - 0.1), 100 * (0.7 - 0.2 / 3)]
    )
    assert st.interventions_avoided(LABEL, PROBABILITY, 0.5, per=1000) == pytest.approx([400])
    assert (
        st.net_benefit(LABEL, PROBABILITY, 0.2) - st.net_benefit_treat_all(LABEL, 0.2)
    ) * 100 * 0.8 / 0.2 == pytest.approx(30)


def test_a_decision_curve_row_by_row():
    found = st.decision_curve(LABEL, {"model": PROBABILITY, "other": 1 - PROBABILITY}, [0.2, 0.5])
    assert found["model"].tolist() == [
        "all",
        "all",
        "none",
        "none",
        "model",
        "model",
        "other",
        "other",
    ]
    assert found["threshold"].tolist() == [0.2, 0.5] * 4
    assert found["net_benefit"].tolist()[:6] == pytest.approx([0.3 - 0.7 / 4, -0.4, 0, 0, 0.2, 0])
    assert found["true_positive_rate"].tolist()[:6] == pytest.approx([0.3, 0.3, 0, 0, 0.3, 0.2])
    assert found["false_positive_rate"].tolist()[:6] == pytest.approx([0.7, 0.7, 0, 0, 0.4, 0.2])
    assert found["interventions_avoided"].tolist()[:6] == pytest.approx(
        [0, 0, 100 * (0.7 - 0.3 * 4), 40, 30, 40]
    )
    assert found["standardized_net_benefit"].tolist() == pytest.approx(
        (found["net_benefit"] / 0.3).tolist()
    )
    assert found.index.tolist() == list(range(8))


def test_resamples_are_weights():
    counts = np.array(
        [
            [1] * 10,
            [10] + [0] * 9,
            [0, 0, 0, 5, 0, 0, 0, 0, 0, 5],
            [2, 0, 0, 1, 0, 0, 0, 0, 0, 0],
            [0] * 10,
        ]
    )
    # Five of .6 and five of 0, no event: -.5 at .5, -.5 / 4 at .2. Three patients: 2/3 - 1/3 at .5.
    expected = [[0.2, 0], [1, 1], [-0.125, -0.5], [2 / 3 - 1 / 12, 1 / 3], [np.nan, np.nan]]
    np.testing.assert_allclose(
        st.resampled_net_benefit(LABEL, PROBABILITY, [0.2, 0.5], counts), expected, atol=1e-12
    )
    for wrong in (np.ones(10), np.ones((3, 9))):
        with pytest.raises(
            ValueError, match="^counts: expected resamples × 10 patients, got shape"
        ):
            st.resampled_net_benefit(LABEL, PROBABILITY, [0.5], wrong)


@pytest.mark.parametrize("level", [0.92, 0.7])
@pytest.mark.parametrize(("copies", "most"), [(4, None), (4, 0)])
def test_the_interval_of_treated_events_is_binomial(monkeypatch, level, copies, most):
    """All treated are events, 12 of 40: net benefit of a resample is a binomial share at any
    threshold, drawn patient by patient or in cells.

    At these levels no tail lies near a step of the binomial, which 20,000 draws could miss.
    """
    if most is not None:
        monkeypatch.setattr(MODULE, "MOST_DRAWS", most)
    label, probability = np.tile(LABEL, copies), np.tile(np.where(LABEL == 1, 0.9, 0.05), copies)
    found = st.net_benefit_interval(
        label, probability, [0.2, 0.7], resamples=20_000, seed=1, level=level
    )
    ends = binom.ppf([(1 - level) / 2, 1 - (1 - level) / 2], 40, 0.3) / 40
    for each in found:
        assert (each.value, each.n) == (pytest.approx(0.3), 40)
        assert (
            each.ci_low,
            each.ci_high,
        ) == pytest.approx(ends)
    # Against treating nobody the difference is the same share; turned round it is minus it.
    for sign, pair in ((1, (probability, 0 * probability)), (-1, (0 * probability, probability))):
        difference = st.net_benefit_difference(label, *pair, 0.2, 20_000, 1, level)
        assert (difference.value, difference.n) == (pytest.approx(sign * 0.3), 40)
        assert sorted(np.abs([difference.ci_low, difference.ci_high])) == pytest.approx(ends)


@pytest.mark.parametrize("most", [5_000_000, 0])
def test_wrongly_treated_cost_the_odds_of_the_threshold(monkeypatch, most):
    """Only others are treated, 28 of 40, at .2: minus a quarter of a binomial share."""
    monkeypatch.setattr(MODULE, "MOST_DRAWS", most)
    label, probability = np.tile(LABEL, 4), np.tile(np.where(LABEL == 1, 0.05, 0.9), 4)
    ends = -binom.ppf([0.975, 0.025], 40, 0.7) / 40 / 4
    for found in (
        st.net_benefit_interval(label, probability, 0.2, 20_000, 2)[0],
        st.net_benefit_difference(label, probability, np.zeros(40), 0.2, 20_000, 2),
    ):
        assert (found.value, found.ci_low, found.ci_high) == pytest.approx((-0.175, *ends))


@pytest.mark.parametrize("most", [5_000_000, 0])
def test_both_ways_to_draw_see_mixed_patients_alike(monkeypatch, most):
    """Resamples drawn here one by one, three thresholds that tell patients apart; a tied threshold
    and probability among them."""
    monkeypatch.setattr(MODULE, "MOST_DRAWS", most)
    label, probability, thresholds = (
        np.tile(LABEL, 6),
        np.tile(PROBABILITY, 6),
        np.array([0.5, 0.1, 0.3]),
    )
    rows = np.random.default_rng(9).integers(60, size=(6000, 60))
    each = np.array(
        [
            ((probability[rows] >= t) * np.where(label[rows] == 1, 1, -t / (1 - t))).mean(axis=1)
            for t in thresholds
        ]
    )
    found = st.net_benefit_interval(label, probability, thresholds, 6000, 3)
    for place, ends in enumerate(np.quantile(each, [0.025, 0.975], axis=1).T):
        assert (found[place].ci_low, found[place].ci_high) == pytest.approx(ends, abs=0.018)
        assert found[place].value == pytest.approx(
            st.net_benefit(label, probability, thresholds[place])[0]
        )
    other = np.roll(probability, 1)
    treated = (probability[rows] >= 0.3).astype(float) - (other[rows] >= 0.3)
    ends = np.quantile(
        (treated * np.where(label[rows] == 1, 1, -3 / 7)).mean(axis=1), [0.025, 0.975]
    )
    difference = st.net_benefit_difference(label, probability, other, 0.3, 6000, 3)
    assert (difference.ci_low, difference.ci_high) == pytest.approx(ends, abs=0.018)
    assert difference.value == pytest.approx(
        st.net_benefit(label, probability, 0.3)[0] - st.net_benefit(label, other, 0.3)[0]
    )


def test_a_seed_draws_the_same_again():
    first, same, another = (
        st.net_benefit_interval(LABEL, PROBABILITY, [0.3], 200, seed)[0] for seed in (1, 1, 2)
    )
    assert first == same
    assert first.value == another.value


def test_a_difference_treats_at_the_threshold_and_one_class_alone():
    assert st.net_benefit_difference(
        LABEL, PROBABILITY, np.zeros(10), 0.2, 20
    ).value == pytest.approx(0.3 - 0.4 / 4)
    assert st.net_benefit_difference([0, 0], [0.5, 0.1], [0.1, 0.1], 0.5, 20).value == -0.5
    assert st.interventions_avoided([0, 0], [0.5, 0.1], 0.5).tolist() == [50]
