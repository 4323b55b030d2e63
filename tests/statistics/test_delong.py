"""AUC, DeLong's variance, intervals and tests beside the definition: every pair of an event and
another is compared, ties count half."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import chi2, norm, t

import analysis.statistics as st

LABEL = np.array([1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
# Whole numbers with ties within and across the classes; the second and third have none.
SCORES = np.column_stack(
    [
        [3, 5, 4, 6, 2, 7, 5, 1, 2, 3, 3, 4, 1, 5, 0, 2, 6],
        [
            4.1,
            2.2,
            6.3,
            3.4,
            8.5,
            5.6,
            1.7,
            2.8,
            0.9,
            4.05,
            1.15,
            3.25,
            5.35,
            0.45,
            7.55,
            2.65,
            1.75,
        ],
        [
            1.1,
            6.2,
            2.3,
            4.4,
            3.5,
            2.6,
            9.7,
            1.8,
            6.9,
            2.05,
            3.15,
            4.25,
            0.35,
            5.45,
            1.55,
            0.65,
            2.75,
        ],
    ]
)


def _by_pairs(label, scores):
    """AUCs and covariance of Sen's structural components (DeLong et al. 1988, equations 3 to 6)."""
    kernels = [
        np.where(e > o, 1.0, np.where(e == o, 0.5, 0.0))
        for e, o in (
            (s[label == 1][:, None], s[label == 0]) for s in np.asarray(scores, dtype=float).T
        )
    ]
    of_events, of_others = (
        np.array([k.mean(axis=1) for k in kernels]),
        np.array([k.mean(axis=0) for k in kernels]),
    )
    centre = np.array([k.mean() for k in kernels])
    m, n = of_events.shape[1], of_others.shape[1]
    covariance = sum(
        (v - centre[:, None]) @ (v - centre[:, None]).T / (size - 1) / size
        for v, size in ((of_events, m), (of_others, n))
    )
    return centre, covariance


def test_areas_and_covariance_are_those_of_all_pairs():
    areas, covariance = st.delong_covariance(LABEL, SCORES)
    expected = _by_pairs(LABEL, SCORES)
    np.testing.assert_allclose(areas, expected[0], atol=1e-14)
    np.testing.assert_allclose(covariance, expected[1], atol=1e-15)
    assert st.auc(LABEL, SCORES[:, 0]) == pytest.approx(expected[0][0], abs=1e-14)


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_interval_on_either_scale(level, column):
    (area,), ((variance,),) = _by_pairs(LABEL, SCORES[:, [column]])
    z, error = norm.isf((1 - level) / 2), np.sqrt(variance)
    wald, log_odds = (
        st.delong_interval(LABEL, SCORES[:, column], level, method) for method in ("wald", "logit")
    )
    assert (wald.auc, wald.ci_low, wald.ci_high, wald.variance) == pytest.approx(
        (area, area - z * error, min(area + z * error, 1), variance), abs=1e-12
    )
    assert (log_odds.ci_low, log_odds.ci_high) == pytest.approx(
        tuple(expit(logit(area) + np.array([-z, z]) * error / (area * (1 - area)))), abs=1e-12
    )
    assert (wald.n, wald.events, log_odds.n, log_odds.events) == (17, 7, 17, 7)


@pytest.mark.parametrize("method", ["wald", "logit"])
@pytest.mark.parametrize(
    ("score", "area"), [([1, 2, 3, 4, 5], 1.0), ([5, 4, 3, 2, 1], 0.0), ([7, 7, 7, 7, 7], 0.5)]
)
def test_without_variance_the_interval_is_a_point(method, score, area):
    found = st.delong_interval([0, 0, 1, 1, 1], score, method=method)
    assert (found.auc, found.ci_low, found.ci_high, found.variance) == (area, area, area, 0.0)


def test_wald_ends_are_cut_at_0_and_1():
    """Two events, two others, one pair wrong: AUC 3/4, placements (1, 1/2) and (1, 1/2), each of
    variance 1/8, so 1/8 / 2 twice."""
    found = st.delong_interval([0, 1, 0, 1], [1, 2, 3, 4])
    assert found.variance == pytest.approx(1 / 8)
    assert found.ci_high == 1.0
    assert found.ci_low == pytest.approx(0.75 - 1.959963984540054 / np.sqrt(8))
    below = st.delong_interval([1, 0, 1, 0], [1, 2, 3, 4])
    assert below.ci_low == 0.0
    assert below.ci_high == pytest.approx(0.25 + 1.959963984540054 / np.sqrt(8))


@pytest.mark.parametrize("label", [[1, 0, 0, 0], [1, 1, 1, 0]])
def test_one_event_or_one_other_has_no_variance(label):
    scores = np.array([[1.0, 2], [3, 1], [2, 4], [4, 3]])
    found, test, every = (
        st.delong_interval(label, scores[:, 0]),
        st.delong_test(label, scores[:, 0], scores[:, 1]),
        st.delong_global_test(label, scores),
    )
    assert np.isfinite(found.auc)
    assert np.isnan(
        [found.ci_low, found.ci_high, found.variance, test.ci_low, test.ci_high, test.p]
    ).all()
    assert np.isnan([every.statistic, every.degrees_of_freedom, every.p]).all()
    assert every.name == "DeLong global chi-square"
    assert np.isfinite(test.difference)


@pytest.mark.parametrize("level", [0.95, 0.7])
def test_paired(level):
    areas, covariance = _by_pairs(LABEL, SCORES)
    difference, error = (
        areas[0] - areas[1],
        np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]),
    )
    half = norm.isf((1 - level) / 2) * error
    found = st.delong_test(LABEL, SCORES[:, 0], SCORES[:, 1], level)
    expected = (
        areas[0],
        areas[1],
        difference,
        difference - half,
        difference + half,
        difference / error,
        2 * norm.cdf(-abs(difference / error)),
    )
    assert (
        found.auc_a,
        found.auc_b,
        found.difference,
        found.ci_low,
        found.ci_high,
        found.z,
        found.p,
    ) == pytest.approx(expected, abs=1e-12)
    assert found.n == 17
    assert found.degrees_of_freedom == np.inf
    greater, less = (
        st.delong_test(LABEL, SCORES[:, 0], SCORES[:, 1], alternative=side).p
        for side in ("greater", "less")
    )
    assert greater == pytest.approx(norm.sf(difference / error))
    assert less == pytest.approx(norm.cdf(difference / error))
    assert difference > 0


def test_ends_of_a_difference_are_cut_at_one():
    """AUCs 1 and 1/4: difference 3/4, error that of the second, √(1/8), so the end would be
    1.44."""
    found = st.delong_test([0, 0, 1, 1], [1, 2, 3, 4], [2, 4, 1, 3])
    assert found.difference == pytest.approx(0.75)
    assert found.z == pytest.approx(0.75 * np.sqrt(8))
    assert found.ci_high == 1.0
    assert found.ci_low == pytest.approx(0.75 - 1.959963984540054 / np.sqrt(8))
    assert st.delong_test([0, 0, 1, 1], [2, 4, 1, 3], [1, 2, 3, 4]).ci_low == -1.0
    certain = st.delong_test([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1])
    assert (certain.difference, certain.z, certain.p, certain.ci_low, certain.ci_high) == (
        1.0,
        np.inf,
        0.0,
        1.0,
        1.0,
    )
    assert st.delong_test([0, 0, 1, 1], [4, 3, 2, 1], [1, 2, 3, 4]).z == -np.inf


@pytest.mark.parametrize(
    ("level", "alternative"), [(0.95, "two-sided"), (0.8, "greater"), (0.8, "less")]
)
def test_unpaired_is_welch_on_two_variances(level, alternative):
    label, score = LABEL[2:16], SCORES[2:16, 1]
    (first,), ((v,),) = _by_pairs(LABEL, SCORES[:, [0]])
    (second,), ((w,),) = _by_pairs(label, score[:, None])
    freedom = (v + w) ** 2 / (v**2 / 16 + w**2 / 13)
    statistic = (first - second) / np.sqrt(v + w)
    half = t.isf((1 - level) / 2, freedom) * np.sqrt(v + w)
    found = st.delong_test_unpaired(LABEL, SCORES[:, 0], label, score, level, alternative)
    p = {
        "two-sided": 2 * t.cdf(-abs(statistic), freedom),
        "greater": t.sf(statistic, freedom),
        "less": t.cdf(statistic, freedom),
    }[alternative]
    assert (found.auc_a, found.auc_b, found.z, found.degrees_of_freedom, found.p) == pytest.approx(
        (first, second, statistic, freedom, p)
    )
    assert (found.difference, found.ci_low, found.ci_high) == pytest.approx(
        (first - second, first - second - half, first - second + half)
    )
    assert found.n == 31


def test_unpaired_without_variance_and_at_the_bounds():
    same = st.delong_test_unpaired([0, 1, 0], [1, 1, 1], [0, 1, 1, 0, 1], [2] * 5)
    assert np.isnan(same.p)  # one event in the first: no variance
    same = st.delong_test_unpaired([0, 1, 0, 1], [1, 1, 1, 1], [0, 1, 1, 0, 1], [2] * 5)
    assert (same.difference, same.z, same.p, same.degrees_of_freedom, same.n) == (
        0.0,
        0.0,
        1.0,
        7.0,
        9,
    )
    apart = st.delong_test_unpaired([0, 0, 1, 1], [1, 2, 3, 4], [0, 0, 1, 1], [4, 3, 2, 1])
    assert (apart.z, apart.p, apart.ci_low, apart.ci_high, apart.degrees_of_freedom) == (
        np.inf,
        0.0,
        1.0,
        1.0,
        6.0,
    )
    wide = [
        st.delong_test_unpaired([0, 1, 0, 1], a, [0, 1, 0, 1], b, 0.999)
        for a, b in (([1, 2, 3, 4], [4, 3, 2, 1]), ([4, 3, 2, 1], [1, 2, 3, 4]))
    ]
    assert wide[0].ci_high == 1.0
    assert wide[1].ci_low == -1.0


def test_global_test_does_not_depend_on_the_contrasts():
    """Here each AUC against the last, where the code takes neighbours: a Wald statistic is the same
    for every basis of contrasts."""
    areas, covariance = _by_pairs(LABEL, SCORES)
    contrast = np.array([[1, 0, -1], [0, 1, -1]])
    statistic = (
        contrast @ areas @ np.linalg.inv(contrast @ covariance @ contrast.T) @ contrast @ areas
    )
    found = st.delong_global_test(LABEL, SCORES)
    assert (found.statistic, found.degrees_of_freedom, found.p) == pytest.approx(
        (statistic, 2, chi2.sf(statistic, 2))
    )
    assert found.name == "DeLong global chi-square"
    pair, doubled = (
        st.delong_global_test(LABEL, SCORES[:, :2]),
        st.delong_global_test(LABEL, SCORES[:, [0, 1, 0]]),
    )
    z = st.delong_test(LABEL, SCORES[:, 0], SCORES[:, 1]).z
    assert (pair.statistic, pair.degrees_of_freedom) == pytest.approx((z**2, 1))
    assert (
        doubled.statistic,
        doubled.degrees_of_freedom,
    ) == pytest.approx((z**2, 1))
    same = st.delong_global_test(LABEL, SCORES[:, [0, 0, 0]])
    assert (same.statistic, same.degrees_of_freedom, same.p) == (0.0, 0, 1.0)


def test_curve_of_four_patients():
    observed, middle = (
        st.roc_curve([0, 0, 1, 1], [1, 2, 2, 3], each) for each in ("observed", "midpoint")
    )
    assert observed.thresholds.tolist() == [np.inf, 3, 2, 1]
    assert middle.thresholds.tolist() == [
        np.inf,
        2.5,
        1.5,
        -np.inf,
    ]
    for curve in (observed, middle):
        assert curve.false_positive_rate.tolist() == [
            0,
            0,
            0.5,
            1,
        ]
        assert curve.true_positive_rate.tolist() == [0, 0.5, 1, 1]


def test_points_on_a_line_are_kept():
    assert st.roc_curve([0, 0, 0, 1], [1, 2, 3, 4]).thresholds.tolist() == [np.inf, 4, 3, 2, 1]


def test_names_of_what_is_unknown():
    label, score = [0, 1, 0, 1], [1, 2, 3, 4]
    with pytest.raises(ValueError, match="thresholds: 'observed' or 'midpoint', got 'all'"):
        st.roc_curve(label, score, "all")
    with pytest.raises(ValueError, match="method: 'wald' or 'logit', got 'exact'"):
        st.delong_interval(label, score, method="exact")
    for call in (
        lambda: st.delong_test(label, score, score, alternative="both"),
        lambda: st.delong_test_unpaired(label, score, label, score, alternative="both"),
    ):
        with pytest.raises(
            ValueError, match="alternative: 'two-sided', 'greater' or 'less', got 'both'"
        ):
            call()
    with pytest.raises(ValueError, match="score_b: 3 values for 4 labels"):
        st.delong_test(label, score, [1, 2, 3])
