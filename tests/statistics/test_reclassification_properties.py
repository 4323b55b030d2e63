"""NRI and IDI: identities."""

import numpy as np
import pytest
from hypothesis import given

from analysis import statistics as st
from tests.support.strategies import labelled_probabilities, thresholds


@given(labelled_probabilities())
def test_net_reclassification_is_the_sum_of_its_parts(data):
    label, old, new = data
    for method in ("asymptotic", "bootstrap"):
        found = st.net_reclassification(label, old, new, method=method, resamples=50)
        assert found.total.value == pytest.approx(found.events.value + found.non_events.value)
        assert found.events.value == pytest.approx(found.up_events - found.down_events)
        assert found.non_events.value == pytest.approx(found.down_non_events - found.up_non_events)
        assert -2 <= found.total.value <= 2
        assert found.total.method.startswith(method)


@given(labelled_probabilities(), thresholds)
def test_exchanging_the_models_turns_the_sign(data, cutoff):
    label, old, new = data
    for cutoffs in (None, [cutoff]):
        assert st.net_reclassification(label, old, new, cutoffs).total.value == pytest.approx(
            -st.net_reclassification(label, new, old, cutoffs).total.value
        )
    assert st.integrated_discrimination(label, old, new).value == pytest.approx(
        -st.integrated_discrimination(label, new, old).value
    )


@given(labelled_probabilities(), thresholds)
def test_one_cut_off_is_the_change_of_sensitivity_plus_specificity(data, cutoff):
    label, old, new = data
    gain = [
        ((p >= cutoff)[label == 1].mean() + (p < cutoff)[label == 0].mean()) for p in (new, old)
    ]
    assert st.net_reclassification(label, old, new, [cutoff]).total.value == pytest.approx(
        gain[0] - gain[1]
    )


@given(labelled_probabilities())
def test_integrated_discrimination_is_the_difference_of_discrimination_slopes(data):
    label, old, new = data
    slope = [p[label == 1].mean() - p[label == 0].mean() for p in (new, old)]
    assert st.integrated_discrimination(label, old, new).value == pytest.approx(
        slope[0] - slope[1], abs=1e-12
    )


def test_the_same_model_is_no_improvement():
    label, probability = np.tile([0, 1], 10), np.linspace(0.1, 0.9, 20)
    assert st.net_reclassification(label, probability, probability).total.p == 1
    assert st.integrated_discrimination(label, probability, probability).p == 1
