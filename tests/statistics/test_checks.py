"""What is refused and what is just allowed, by its words: the checks that every statistic makes,
through the statistics."""

import numpy as np
import pytest

from analysis import statistics as st
from analysis.statistics import checks


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: checks.as_vector([], "x"), r"x: expected a non-empty vector, got shape \(0,\)"),
        (
            lambda: checks.as_vector([[1, 2]], "x"),
            r"x: expected a non-empty vector, got shape \(1, 2\)",
        ),
        (lambda: checks.as_vector(3.0, "x"), r"x: expected a non-empty vector, got shape \(\)"),
        (
            lambda: checks.as_vector([np.nan, 1, np.nan], "x"),
            "x: 2 of 3 values are missing; leave those patients out first and report how many",
        ),
        (
            lambda: checks.as_vector([np.inf, 1, -np.inf, 2], "x"),
            "x: 2 of 4 values are infinite; they must be finite",
        ),
        (
            lambda: checks.as_label([0, 1, 0.5]),
            r"label: expected 0 and 1 only, got \[0.  0.5 1. \]",
        ),
        (
            lambda: checks.as_label([0, 1, 2, 3, 4, 5, 6]),
            r"label: expected 0 and 1 only, got \[0. 1. 2. 3. 4.\]",
        ),
        (
            lambda: checks.as_label([1, 1], name="outcome"),
            "outcome: all 2 patients have outcome 1; both classes are needed",
        ),
        (
            lambda: checks.as_label([0, 0]),
            "label: all 2 patients have label 0; both classes are needed",
        ),
        (
            lambda: checks.as_score([1, 2, 3], np.zeros(2), "marker"),
            "marker: 3 values for 2 labels",
        ),
        (
            lambda: checks.as_probability([-0.01, 0.5], np.zeros(2)),
            r"probability: values must lie in \[0, 1\], found -0.01 to 0.5",
        ),
        (
            lambda: checks.as_probability([0.5, 1.01], np.zeros(2)),
            r"probability: values must lie in \[0, 1\], found 0.5 to 1.01",
        ),
        (
            lambda: checks.as_probability([0, 0.5], np.zeros(2), open_interval=True),
            "probability: 0 and 1 have no logit",
        ),
        (
            lambda: checks.as_probability([0.5, 1], np.zeros(2), open_interval=True),
            "probability: 0 and 1 have no logit",
        ),
        (lambda: checks.as_level(0), "level: a confidence level lies between 0 and 1, got 0"),
        (lambda: checks.as_level(1), "level: a confidence level lies between 0 and 1, got 1"),
        (lambda: checks.as_level(95), "level: a confidence level lies between 0 and 1, got 95"),
        (
            lambda: checks.as_thresholds([0, 0.5]),
            "thresholds: threshold probabilities lie strictly between 0 and 1",
        ),
        (
            lambda: checks.as_thresholds(1),
            "thresholds: threshold probabilities lie strictly between 0 and 1",
        ),
        (
            lambda: checks.as_category([], "group"),
            r"group: expected a non-empty vector, got shape \(0,\)",
        ),
        (
            lambda: checks.as_category([["a"], ["b"]], "group"),
            r"group: expected a non-empty vector, got shape \(2, 1\)",
        ),
        (
            lambda: checks.as_category(np.array(["a", None, "b", np.nan], dtype=object), "group"),
            "group: 2 of 4 values are missing",
        ),
        (lambda: checks.as_event_type([1, 2], [0]), "time: 2 values for 1 event"),
        (
            lambda: checks.as_event_type([1, 2], [0, 1.5]),
            (
                r"event: expected 0 \(censored\), 1 \(event\) and 2 \(competing event\) only, got"
                r" \[0.  1.5\]"
            ),
        ),
        (
            lambda: checks.as_event_type([1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5]),
            r"event: .* only, got \[0. 1. 2. 3. 4.\]",
        ),
        (lambda: checks.as_event_type([1, -1e-9], [0, 1]), "time: follow-up can't be negative"),
        (lambda: checks.as_follow_up([1, 2], [0]), "time: 2 values for 1 event"),
        (lambda: checks.as_follow_up([1, 2], [0, 2]), "event: expected 0 and 1 only"),
        (lambda: checks.as_follow_up([1, -1e-9], [0, 1]), "time: follow-up can't be negative"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_what_is_just_allowed():
    assert checks.as_vector([True, 2], "x").tolist() == [1.0, 2.0]
    assert checks.as_vector([5], "x").dtype == np.float64
    assert (
        checks.as_label([0, 0], both_classes=False).tolist()
        == checks.as_label([False, False], False).tolist()
        == [0, 0]
    )
    assert checks.as_probability([0, 1], np.zeros(2)).tolist() == [0, 1]
    assert checks.as_probability([1e-300, 1 - 1e-15], np.zeros(2), open_interval=True)[0] > 0
    assert checks.as_level(1e-9) == 1e-9
    assert checks.as_level(0.999) == 0.999
    assert checks.as_thresholds(0.2).tolist() == [0.2]
    assert checks.as_thresholds([1e-9, 1 - 1e-9]).shape == (2,)
    assert checks.as_category(["a"], "group").tolist() == ["a"]
    assert [part.tolist() for part in checks.as_event_type([0, 1, 2], [2, 1, 0])] == [
        [0, 1, 2],
        [2, 1, 0],
    ]
    assert [part.tolist() for part in checks.as_follow_up([0, 3], [0, 0])] == [
        [0, 3],
        [0, 0],
    ]  # times first, one class allowed


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
@pytest.mark.parametrize(
    "function",
    [
        lambda level: st.auc_bootstrap([0, 1], [1, 2], level, resamples=5),
        lambda level: st.auc_bootstrap_test([0, 1], [1, 2], [2, 1], level, 5),
        lambda level: st.bland_altman([1, 2, 3], [2, 2, 2], level),
        lambda level: st.brier_interval([0, 1], [0.2, 0.3], level),
        lambda level: st.brier_difference([0, 1], [0.2, 0.3], [0.1, 0.3], level),
        lambda level: st.observed_expected_ratio([0, 1], [0.2, 0.3], level),
        lambda level: st.calibration_in_the_large([0, 1], [0.2, 0.3], level),
        lambda level: st.classification_metrics([0, 1], [0.2, 0.3], 0.25, level, resamples=5),
        lambda level: st.cumulative_incidence([1, 2], [1, 2], 1, level),
        lambda level: st.concordance_index([1, 2], [1, 1], [1, 2], level),
        lambda level: st.icc_1_1([[1, 2], [2, 4]], level),
        lambda level: st.icc_2_1([[1, 2], [2, 4]], level),
        lambda level: st.icc_3_1([[1, 2], [2, 4]], level),
        lambda level: st.weighted_kappa([1, 2], [1, 1], level=level),
        lambda level: st.net_benefit_interval([0, 1], [0.2, 0.8], [0.5], 5, level=level),
        lambda level: st.net_benefit_difference(
            [0, 1], [0.2, 0.8], [0.6, 0.8], 0.5, 5, level=level
        ),
    ],
)
def test_a_level_lies_between_0_and_1(function, level):
    with pytest.raises(
        ValueError, match=f"^level: a confidence level lies between 0 and 1, got {level:g}"
    ):
        function(level)
