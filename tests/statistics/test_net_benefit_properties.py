"""Net benefit: formulas that hold for any probabilities."""

import numpy as np
import pytest
from hypothesis import given

from analysis import statistics as st
from tests.support.strategies import labelled_probabilities, thresholds


@given(labelled_probabilities(), thresholds)
def test_of_certain_treatment_is_that_of_treating_all(data, threshold):
    label, _, _ = data
    odds = threshold / (1 - threshold)
    treat_all = st.net_benefit_treat_all(label, [threshold])
    assert st.net_benefit(label, np.ones(len(label)), [threshold]) == pytest.approx(treat_all)
    assert treat_all[0] == pytest.approx(label.mean() - (1 - label.mean()) * odds)
    assert st.net_benefit(label, np.zeros(len(label)), [threshold])[0] == 0


@given(labelled_probabilities(), thresholds)
def test_nothing_beats_knowing_the_outcome(data, threshold):
    label, probability, _ = data
    assert (
        st.net_benefit(label, probability, [threshold])[0]
        <= st.net_benefit(label, label, [threshold])[0] + 1e-12
    )
    assert st.standardized_net_benefit(label, label, [threshold])[0] == pytest.approx(1)


@given(labelled_probabilities(), thresholds)
def test_interventions_avoided_are_the_gain_over_treating_all(data, threshold):
    label, probability, _ = data
    gain = st.net_benefit(label, probability, [threshold]) - st.net_benefit_treat_all(
        label, [threshold]
    )
    assert st.interventions_avoided(label, probability, [threshold])[0] == pytest.approx(
        100 * gain[0] * (1 - threshold) / threshold, abs=1e-9
    )


@given(labelled_probabilities(), thresholds)
def test_difference_is_antisymmetric_and_that_of_the_two(data, threshold):
    label, first, second = data
    one, other = (
        st.net_benefit_difference(label, a, b, threshold, resamples=50)
        for a, b in ((first, second), (second, first))
    )
    assert one.value == pytest.approx(
        (st.net_benefit(label, first, [threshold]) - st.net_benefit(label, second, [threshold]))[0]
    )
    assert (one.value, one.ci_low, one.ci_high) == pytest.approx(
        (-other.value, -other.ci_high, -other.ci_low)
    )


@given(labelled_probabilities(), thresholds)
def test_resampled_is_that_of_the_drawn_patients(data, threshold):
    label, probability, _ = data
    drawn = np.random.default_rng(0).integers(len(label), size=(4, len(label)))
    found = st.resampled_net_benefit(
        label, probability, [threshold], st.resample_counts(label, indices=drawn)
    )
    assert found[:, 0] == pytest.approx(
        [st.net_benefit(label[rows], probability[rows], [threshold])[0] for rows in drawn]
    )


@given(labelled_probabilities(), thresholds)
def test_table_holds_the_same_values_for_every_strategy(data, threshold):
    label, probability, _ = data
    table = st.decision_curve(label, {"model": probability}, [threshold]).set_index("model")[
        "net_benefit"
    ]
    assert table.to_dict() == pytest.approx(
        {
            "all": st.net_benefit_treat_all(label, [threshold])[0],
            "none": 0,
            "model": st.net_benefit(label, probability, [threshold])[0],
        }
    )
