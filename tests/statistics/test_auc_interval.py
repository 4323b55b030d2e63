"""The score interval of an AUC: its equation, R's uniroot, its ends, and how often it covers beside
Wald's."""

import numpy as np
import pytest
from scipy.stats import norm

import analysis.statistics as st
from analysis.statistics.auc_interval import EQUAL_WEIGHT

Z = norm.ppf(0.975)
LABEL = np.r_[np.ones(20), np.zeros(13)]


@pytest.mark.parametrize(
    ("area", "events", "others", "ends"),
    [
        (0.8, 20, 13, (0.600388016797, 0.908830550372)),
        (0.75, 10, 90, (0.562251586866, 0.869445124231)),
    ],
)
def test_newcombes_limits_are_those_of_r(area, events, others, ends):
    """R 4: V <- function(t) { s <- (m + n) / 2 - 1; t * (1 - t) * (1 + s * (1 - t) / (2 - t) + s *
    t / (1 + t)) / (m * n) }; uniroot(function(t) (A - t)^2 - qnorm(.975)^2 * V(t), c(0, A), tol =
    1e-13), and the same from A to 1.
    """
    assert st.score_limits(area, np.nan, events * 10_000, others * 10_000) != pytest.approx(
        ends
    )  # the sizes matter
    label = np.r_[np.ones(events), np.zeros(others)]
    scale = EQUAL_WEIGHT  # where DeLong's variance is not known, Newcombe's stands as it is
    assert scale > 0
    assert st.score_limits(
        area, np.nan, *(int((label == each).sum()) for each in (1, 0))
    ) == pytest.approx(ends, abs=1e-9)
    assert st.score_limits(
        area, st.newcombe_variance(area, events, others), events, others
    ) == pytest.approx(ends, abs=1e-9)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_each_end_lies_as_far_away_as_its_own_error_allows(level):
    score = np.random.default_rng(2).standard_normal(33) + 1.2 * LABEL
    found, weight = st.auc_interval(LABEL, score, level), 13 / 33
    ratio = found.variance / st.newcombe_variance(found.auc, 20, 13)
    for end in (found.ci_low, found.ci_high):
        error = np.sqrt(st.newcombe_variance(end, 20, 13) * (1 - weight + weight * ratio))
        assert abs(found.auc - end) == pytest.approx(norm.ppf((1 + level) / 2) * error, abs=1e-9)
    assert (found.n, found.events, found.auc) == (33, 20, st.auc(LABEL, score))
    other_way = st.auc_interval(1 - LABEL, score, level)
    assert (1 - other_way.ci_high, 1 - other_way.ci_low) == pytest.approx(
        (found.ci_low, found.ci_high)
    )


def test_a_perfect_auc_is_not_certain():
    """Twelve patients, three events, all ranked first: 1.000 (1.000-1.000) before. Symmetric at 0;
    one event is enough."""
    best, worst = (
        st.auc_interval([0] * 9 + [1] * 3, range(12)),
        st.auc_interval([1] * 3 + [0] * 9, range(12)),
    )
    assert (best.auc, best.ci_high) == (1, 1)
    assert best.ci_low == pytest.approx(0.621, abs=5e-4)
    assert (worst.auc, worst.ci_low) == (0, 0)
    assert worst.ci_high == pytest.approx(1 - best.ci_low)
    end = best.ci_low  # the equation at 1
    assert 1 - end == pytest.approx(Z * np.sqrt(st.newcombe_variance(end, 3, 9)))
    one = st.auc_interval([0, 0, 0, 1], [1, 2, 4, 3])
    assert 0 < one.ci_low < one.auc < one.ci_high < 1
    wide = st.auc_interval([0] * 1000 + [1] * 1000, range(2000))
    assert 0.99 < wide.ci_low < 1
    assert st.score_limits(np.nan, np.nan, 5, 5)[0] != st.score_limits(np.nan, np.nan, 5, 5)[0]


def test_large_samples_have_delongs_width():
    label = np.r_[np.ones(3000), np.zeros(3000)]
    score = (
        np.random.default_rng(4).standard_normal(6000) * (1 + label) + label
    )  # events spread twice as much
    ours, wald, newcombe = (
        st.auc_interval(label, score, method=method) for method in ("score", "wald", "newcombe")
    )
    assert (ours.ci_high - ours.ci_low) == pytest.approx(wald.ci_high - wald.ci_low, rel=0.01)
    assert (newcombe.ci_high - newcombe.ci_low) != pytest.approx(
        wald.ci_high - wald.ci_low, rel=0.01
    )


def test_names():
    assert st.auc_interval([0, 1, 0, 1], [1, 2, 3, 4], method="logit") == st.delong_interval(
        [0, 1, 0, 1], [1, 2, 3, 4], method="logit"
    )
    with pytest.raises(
        ValueError, match="method: one of score, newcombe, logit, wald, got 'exact'"
    ):
        st.auc_interval([0, 1], [1, 2], method="exact")
    with pytest.raises(ValueError, match="method: 'logit' or 'wald', got 'score'"):
        st.concordance_index([1, 2], [1, 1], [1, 2], method="score")
    with pytest.raises(ValueError, match="method: 'score' or 'wald', got 'logit'"):
        st.time_dependent_auc([1, 2, 3, 4], [1, 1, 1, 1], [4, 3, 2, 1], 2.5, method="logit")


@pytest.mark.parametrize(
    ("area", "least", "wald"), [(0.75, 0.93, 0.95), (0.9, 0.93, 0.90), (0.95, 0.93, 0.85)]
)
def test_coverage_at_the_studys_own_size(area, least, wald):
    """20 events, 13 others, unit normals: 1,000 samples, Monte-Carlo error .007; the whole of it is
    benchmarks.coverage."""
    random, distance = np.random.default_rng(6), np.sqrt(2) * norm.ppf(area)
    hits = {"score": 0, "wald": 0}
    for _ in range(1000):
        score = random.standard_normal(33) + distance * LABEL
        for method in hits:
            found = st.auc_interval(LABEL, score, method=method)
            hits[method] += found.ci_low <= area <= found.ci_high
    assert least <= hits["score"] / 1000 <= 0.985
    assert hits["wald"] / 1000 < wald


def test_time_dependent_and_c_index_stay_inside_and_are_no_point_at_one():
    time, event, score = np.arange(1, 13), np.ones(12), -np.arange(12.0)
    for found in (
        st.concordance_index(time, event, score),
        st.time_dependent_auc(time, event, score, 4.5),
    ):
        assert found.value == pytest.approx(1)
        assert 0.5 < found.ci_low < 0.95
        assert found.ci_high == 1
    one = st.concordance_index([1, 2, 3, 4], [1, 0, 0, 0], [3, 4, 1, 2])
    assert np.isnan([one.ci_low, one.ci_high]).all()
