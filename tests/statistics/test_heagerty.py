"""Heagerty's AUC by hand: Kaplan-Meier above each cut-off, and Akritas' neighbours, whose radius
reaches the score n × span places above."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from analysis import statistics as st

TIME, EVENT, SCORE = (
    np.array([1.0, 2, 3, 4, 5, 6]),
    np.array([1, 1, 0, 1, 1, 0]),
    np.array([5.0, 2, 4, 3, 1, 2]),
)


@pytest.mark.parametrize("method", ["kaplan_meier", "neighbours"])
def test_nobody_lost_and_no_neighbours_is_the_plain_auc(method):
    """With a span of none a radius is 0, so each score stands for itself; ties count half."""
    time, score = np.array([1.0, 2, 3, 4, 5, 6, 7]), np.array([5, 6, 3, 5, 2, 1, 3.0])
    for horizon in (2, 3.5, 6.9):
        assert st.heagerty_auc(time, np.ones(7), score, horizon, method, span=0.0) == pytest.approx(
            roc_auc_score(time <= horizon, score)
        )


def test_kaplan_meier_by_hand():
    """Horizon 4: survival 5/6 × 4/5 × 2/3 = 4/9 of all.

    Above 1 (without the patient of 5): 4/5 × 3/4 × 1/2 = .3 of 5/6. Above 2 (times 1, 3, 4): 2/3 ×
    0 = 0 of 3/6. Above 3 (1, 3): 1/2 of 2/6. Above 4 (1): 0 of 1/6.
    """
    beyond, share = np.array([4 / 9, 0.3, 0, 0.5, 0]), np.array([1, 5 / 6, 1 / 2, 1 / 3, 1 / 6])
    true, false = np.r_[(1 - beyond) * share / (5 / 9), 0], np.r_[beyond * share / (4 / 9), 0]
    area = sum(
        (false[place] - false[place + 1]) * (true[place] + true[place + 1]) / 2
        for place in range(5)
    )
    assert st.heagerty_auc(TIME, EVENT, SCORE, 4, "kaplan_meier") == pytest.approx(area)


@pytest.mark.parametrize("span", [1 / 6, 2 / 6, 0.24, 0.26])
def test_neighbours_by_their_definition(span):
    """Sorted scores 1, 2, 2, 3, 4, 5; the radius of a score is its distance to the one `span × 6`
    (rounded) places above the first of its ties, at most the last."""
    ordered, places = np.sort(SCORE), {1 / 6: 1, 2 / 6: 2, 0.24: 1, 0.26: 2}[span]

    def survival(score):
        radius = ordered[min(list(ordered).index(score) + places, 5)] - score
        near, value = [place for place in range(6) if abs(SCORE[place] - score) <= radius], 1.0
        for moment in (1, 2, 4):
            at_risk = [place for place in near if TIME[place] >= moment]
            dying = [place for place in at_risk if TIME[place] == moment and EVENT[place]]
            value *= 1 - (len(dying) / len(at_risk) if at_risk else 0)
        return value

    each = np.array([survival(score) for score in SCORE])
    cuts = [-np.inf, 1, 2, 3, 4, 5]
    true, false = (
        [np.sum(part[SCORE > cut]) / part.sum() for cut in cuts] for part in (1 - each, each)
    )
    area = sum(
        (false[place] - false[place + 1]) * (true[place] + true[place + 1]) / 2
        for place in range(5)
    )
    assert st.heagerty_auc(TIME, EVENT, SCORE, 4, "neighbours", span) == pytest.approx(area)
    # The order of patients and the scale of scores say nothing.
    assert st.heagerty_auc(
        TIME[::-1], EVENT[::-1], 3 * SCORE[::-1] - 7, 4, "neighbours", span
    ) == pytest.approx(area)


def test_the_span_is_a_quarter_of_the_fifth_root():
    random = np.random.default_rng(2)
    time, event, score = (
        random.exponential(5, 40),
        random.integers(0, 2, 40),
        random.normal(size=40),
    )
    assert st.heagerty_auc(time, event, score, 4) == st.heagerty_auc(
        time, event, score, 4, "neighbours", 0.25 / 40**0.2
    )
    assert (
        len(
            {
                round(st.heagerty_auc(time, event, score, 4, span=span), 9)
                for span in (0.08, 0.25 / 40**0.2, 0.2)
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.heagerty_auc(TIME, EVENT, SCORE, 0.5),
            "horizon: both events by 0.5 and patients beyond it are needed",
        ),
        (lambda: st.heagerty_auc(TIME, EVENT, SCORE, 6), "horizon: both events by 6 and patients"),
        (lambda: st.heagerty_auc([1, 2, 3], [0, 1, 1], [1, 2, 3], 1), "horizon: both events by 1"),
        (
            lambda: st.heagerty_auc(TIME, EVENT, SCORE, 3, "km"),
            "method: 'kaplan_meier' or 'neighbours', got 'km'",
        ),
        (lambda: st.heagerty_auc(TIME, EVENT, SCORE[1:], 3), "score: 5 values for 6 labels"),
    ],
)
def test_what_has_no_auc_is_said(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_an_event_at_the_horizon_has_happened():
    assert (
        st.heagerty_auc([1, 2], [1, 1], [2, 1], 1, "kaplan_meier")
        == st.heagerty_auc([1, 2], [1, 1], [2, 1], 1, span=0.0)
        == 1
    )
