"""Cut-offs and what they give, against trying every cut."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from analysis import statistics as st
from tests.support.strategies import labelled_scores


def every_cut(label, score):
    distinct = np.unique(score)
    cuts = (distinct[1:] + distinct[:-1]) / 2
    return (
        cuts,
        *np.array(
            [((score >= cut)[label == 1].mean(), (score < cut)[label == 0].mean()) for cut in cuts]
        ).T,
    )


@given(labelled_scores())
def test_youden_finds_every_best_cut(data):
    label, score, _ = data
    assume(len(np.unique(score)) > 1)
    cuts, sensitivity, specificity = every_cut(label, score)
    youden, found = sensitivity + specificity, st.youden_cutoff(label, score)
    assert list(found.ties) == cuts[youden > youden.max() - 1e-9].tolist()
    assert found.value == found.ties[0]
    assert found.sensitivity + found.specificity == pytest.approx(youden.max())


@given(labelled_scores(), some.floats(0.1, 0.9))
def test_prespecified_sensitivity_is_reached_by_the_highest_cut(data, wanted):
    label, score, _ = data
    assume(len(np.unique(score)) > 1)
    cuts, sensitivity, _ = every_cut(label, score)
    if sensitivity.max() < wanted:
        with pytest.raises(ValueError, match="sensitivity: no cut-off"):
            st.sensitivity_cutoff(label, score, wanted)
    else:
        assert (
            st.sensitivity_cutoff(label, score, wanted).value == cuts[sensitivity >= wanted].max()
        )


@given(labelled_scores())
def test_metrics_follow_from_the_table(data):
    label, score, _ = data
    table, found = (
        st.confusion_matrix(label, score, 5),
        st.classification_metrics(label, score, 5, resamples=20),
    )
    assert table.n == len(label)
    assert found["accuracy"].value == pytest.approx(
        (table.true_positive + table.true_negative) / table.n
    )
    assert found["balanced_accuracy"].value == pytest.approx(
        (found["sensitivity"].value + found["specificity"].value) / 2
    )
    if table.true_positive:
        assert found["f1"].value == pytest.approx(
            2 / (1 / found["sensitivity"].value + 1 / found["ppv"].value)
        )


@given(some.integers(1, 60), some.floats(0, 1), some.sampled_from(["exact", "wilson"]))
def test_proportion_intervals_hold_the_proportion_and_mirror(of, share, method):
    count = round(share * of)
    one, other = (
        st.proportion(count, of, method=method),
        st.proportion(of - count, of, method=method),
    )
    assert 0 <= one.ci_low <= one.value + 1e-12
    assert one.value - 1e-12 <= one.ci_high <= 1
    assert (one.ci_low, one.ci_high) == pytest.approx(
        (1 - other.ci_high, 1 - other.ci_low), abs=1e-12
    )
