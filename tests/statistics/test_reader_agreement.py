"""Kappa, Bland-Altman and intraclass correlation: values, errors, interval ends and p against
published figures, closed forms and the delta method."""

import numpy as np
import pingouin
import pytest
from scipy import stats

from analysis import statistics as st

# Bland & Altman 1986, peak flow of 17 people by two meters, first readings.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
# Shrout & Fleiss 1979, six targets by four judges.
JUDGED = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)
FIRST, SECOND = (
    np.repeat([0, 0, 0, 1, 1, 1, 2, 2, 2], [14, 4, 1, 3, 9, 4, 2, 2, 8]),
    np.repeat([0, 1, 2, 0, 1, 2, 0, 1, 2], [14, 4, 1, 3, 9, 4, 2, 2, 8]),
)
DISTANCE = {
    None: np.ones((3, 3)) - np.eye(3),
    "linear": np.abs(np.subtract.outer(range(3), range(3))),
    "quadratic": np.subtract.outer(range(3), range(3)) ** 2,
}


def kappa_of(shares, distance):
    """1 - observed over expected disagreement, of a table of any mass."""
    shares = shares / shares.sum()
    return (
        1
        - (distance * shares).sum()
        / (distance * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum()
    )


def delta_error(shares, distance, n, step=1e-6):
    """Standard error of a function of multinomial shares: spread of its derivative to each cell."""
    slope = np.zeros(shares.shape)
    for cell in np.ndindex(*shares.shape):
        bump = np.zeros(shares.shape)
        bump[cell] = step
        slope[cell] = (kappa_of(shares + bump, distance) - kappa_of(shares - bump, distance)) / (
            2 * step
        )
    return np.sqrt(((shares * slope**2).sum() - (shares * slope).sum() ** 2) / n)


@pytest.mark.parametrize("weights", DISTANCE)
def test_kappa_with_its_error_by_the_delta_method(weights):
    shares, distance = np.array([[14, 4, 1], [3, 9, 4], [2, 2, 8]]) / 47, DISTANCE[weights]
    found = st.weighted_kappa(FIRST, SECOND, weights, level=0.9)
    value, error = kappa_of(shares, distance), delta_error(shares, distance, 47)
    z = value / delta_error(np.outer(shares.sum(axis=1), shares.sum(axis=0)), distance, 47)
    assert (found.value, found.standard_error, found.z) == pytest.approx(
        (value, error, z), rel=1e-6
    )
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (value - 1.6448536 * error, value + 1.6448536 * error), rel=1e-6
    )
    assert found.p == pytest.approx(2 * stats.norm.sf(z), rel=1e-4)
    assert found.n == 47
    assert found.method == f"Cohen's kappa{f', {weights} weights' if weights else ''}; p against 0"


def test_kappa_of_two_by_two_by_hand():
    """20, 5, 10, 15 of 50: agreement .7, by chance .5 × .6 + .5 × .4 = .5, kappa .2 / .5 = .4."""
    found = st.weighted_kappa(
        np.repeat([1, 1, 0, 0], [20, 5, 10, 15]), np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    )
    # Fleiss, Cohen & Everitt under independence: (pe + pe² - Σ r c (r + c)) / (n (1 - pe)²) = (.5 +
    # .25 - (.3 × 1.1 + .2 × .9)) / (50 × .25) = .0192.
    assert found.value == pytest.approx(0.4)
    assert found.z == pytest.approx(0.4 / np.sqrt(0.0192))
    # The sign of a kappa below 0 stays, and its p is two-sided.
    opposite = st.weighted_kappa(
        np.repeat([1, 1, 0, 0], [5, 20, 15, 10]), np.repeat([1, 0, 1, 0], [5, 20, 15, 10])
    )
    assert opposite.value < 0
    assert opposite.z < 0
    assert opposite.p == pytest.approx(2 * stats.norm.sf(-opposite.z))
    assert 0 < opposite.p < 1


def test_the_ends_of_kappas_interval_stay_within_its_range():
    opposite = st.weighted_kappa([0] * 5 + [1] * 5, [1] * 5 + [0] * 4 + [1])
    assert (
        opposite.value - 1.96 * opposite.standard_error
        < -1
        == opposite.ci_low
        < opposite.value
        < opposite.ci_high
    )
    nearly = st.weighted_kappa([0] * 10 + [1] * 10, [0] * 10 + [1] * 9 + [0])
    assert nearly.ci_high == 1
    assert nearly.ci_low == pytest.approx(nearly.value - 1.9599640 * nearly.standard_error)
    full = st.weighted_kappa([0, 1, 2], [0, 1, 2])
    assert (full.value, full.ci_low, full.ci_high) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize("raters", [2, 3, 5])
@pytest.mark.parametrize("subjects", [2, 3, 6, 20])
def test_limits_of_an_intraclass_correlation_stay_in_its_range(raters, subjects):
    """Random ratings, and ones that oppose each other: at least -1/(k - 1) for one rater, at most
    1, value between its limits."""
    random = np.random.default_rng(1)
    ratings = random.normal(size=(300, subjects, raters)) + random.choice(
        [0, 2], (300, 1, 1)
    ) * random.normal(size=(300, subjects, 1))
    ratings[:50] -= ratings[:50].mean(axis=2, keepdims=True)  # all subjects have the same mean
    for form in (st.icc_1_1, st.icc_2_1, st.icc_3_1):
        one = form(ratings)
        many = st.average_of_raters(one)
        for found, least in ((one, -1 / (raters - 1)), (many, -np.inf)):
            assert (found.ci_low >= least - 1e-9).all()
            assert (found.ci_high <= 1 + 1e-12).all()
            slack = 1e-9 * np.maximum(np.nan_to_num(np.abs(found.icc), posinf=1), 1)
            assert (found.ci_low <= found.icc + slack).all()
            assert (found.icc <= found.ci_high + slack).all()
    # Of ratings that agree, the average's limits are Spearman-Brown's of one rater's.
    agreeing = st.icc_2_1(JUDGED)
    low = agreeing.ci_low[0]
    assert st.average_of_raters(agreeing).ci_low[0] == pytest.approx(4 * low / (1 + 3 * low))


def test_the_order_of_levels_is_the_distance_and_an_unused_one_keeps_its_place():
    first, second = (
        ["low", "low", "mid", "high", "high", "low"],
        ["high", "high", "mid", "mid", "high", "low"],
    )
    code = {"low": 0, "mid": 1, "high": 2}
    given = st.weighted_kappa(first, second, "linear", levels=["low", "mid", "high"])
    assert given.value == pytest.approx(
        st.weighted_kappa([code[v] for v in first], [code[v] for v in second], "linear").value
    )
    assert given.value != pytest.approx(st.weighted_kappa(first, second, "linear").value)
    assert st.weighted_kappa(
        [0, 2, 2, 0], [0, 2, 0, 0], "quadratic", levels=[0, 1, 2]
    ).value == pytest.approx(st.weighted_kappa([0, 1, 1, 0], [0, 1, 0, 0]).value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.weighted_kappa([1, 2], [1, 2, 1]),
            r"second: \(3,\) values for \(2,\) in first",
        ),
        (lambda: st.weighted_kappa([1, 2], [1, 3], levels=[1, 2]), r"levels: \['3'\] occur"),
        (
            lambda: st.weighted_kappa([1, 2], [1, 2], "cubic"),
            "weights: None, 'linear' or 'quadratic', got 'cubic'",
        ),
        (
            lambda: st.weighted_kappa(["a", "a"], ["a", "a"]),
            "first: all ratings of both raters are the same",
        ),
        (
            lambda: st.weighted_kappa(["a", "a"], ["a", "a"], levels=["a", "b"]),
            "first: all ratings of both raters are the same",
        ),
        (lambda: st.bland_altman([1, 2, 3], [1, 2]), "second: 2 values for 3 in first"),
        (lambda: st.bland_altman([1, 2], [1, 2]), "first: 2 pairs; at least 3"),
        (lambda: st.icc_2_1([[1, 2]]), r"ratings: .* shape \(1, 2\)"),
        (lambda: st.icc_2_1([[1], [2]]), r"ratings: .* shape \(2, 1\)"),
        (lambda: st.icc_2_1([1, 2]), r"ratings: .* shape \(2,\)"),
    ],
)
def test_what_cannot_be_compared_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_one_rater_of_one_category_has_a_kappa_of_0():
    assert st.weighted_kappa(["a", "a", "a", "a"], ["a", "b", "a", "b"]).value == 0


def test_bland_altmans_own_peak_flows():
    """The paper prints a mean of -2.1 and an SD of 38.8 l/min, and -22.1 to 17.9 about the mean."""
    found = st.bland_altman(WRIGHT, MINI)
    assert round(found.bias.value, 1) == -2.1
    assert round(found.standard_deviation, 1) == 38.8
    assert found.bias.n == found.lower.n == found.upper.n == 17
    assert (found.bias.ci_low, found.bias.ci_high) == pytest.approx((-22.1, 17.9), abs=0.1)


@pytest.mark.parametrize(("level", "z"), [(0.95, 1.959963985), (0.9, 1.644853627)])
def test_limits_of_agreement_by_hand(level, z):
    """Differences -2, 0, 1, 3, 3: mean 1, squares 9 + 1 + 0 + 4 + 4 = 18, SD √(18 / 4); SE of a
    limit SD √(1/5 + z²/8)."""
    found = st.bland_altman([1, 5, 6, 9, 10], [3, 5, 5, 6, 7], level)
    deviation, quantile = np.sqrt(4.5), stats.t.ppf((1 + level) / 2, 4)
    assert (found.bias.value, found.standard_deviation) == pytest.approx((1, deviation))
    ends = stats.ttest_1samp([-2, 0, 1, 3, 3], 0).confidence_interval(level)
    assert (found.bias.ci_low, found.bias.ci_high) == pytest.approx((ends.low, ends.high))
    half = quantile * deviation * np.sqrt(1 / 5 + z**2 / 8)
    for limit, middle in ((found.lower, 1 - z * deviation), (found.upper, 1 + z * deviation)):
        assert (limit.value, limit.ci_low, limit.ci_high) == pytest.approx(
            (middle, middle - half, middle + half)
        )


def test_the_six_intraclass_correlations_of_shrout_and_fleiss():
    """Their table 4: .17, .29, .71 of one judge, .44, .62, .91 of four, by pingouin."""
    found = st.icc_table(JUDGED)
    assert found["icc"].round(2).tolist() == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    assert found["df2"].tolist() == [18, 15, 15, 18, 15, 15]


def test_correlations_of_many_features_are_pingouins_of_each():
    """Values, F, p and unrounded limits of the three forms and their means, features at once beside
    pingouin one by one."""
    random = np.random.default_rng(6)
    ratings = (
        random.standard_normal((40, 14, 1))
        + random.uniform(0.2, 2, (40, 1, 1)) * random.standard_normal((40, 14, 3))
        + random.standard_normal((40, 1, 3))
    )
    single = [form(ratings) for form in (st.icc_1_1, st.icc_2_1, st.icc_3_1)]
    for place in range(40):
        table = st.icc_table(ratings[place])
        for form, found in zip(
            table.index, [*single, *map(st.average_of_raters, single)], strict=True
        ):
            mine = (
                found.icc[place],
                found.f[place],
                found.p[place],
                found.ci_low[place],
                found.ci_high[place],
            )
            np.testing.assert_allclose(
                mine,
                table.loc[form, ["icc", "f", "p", "ci_low", "ci_high"]].to_numpy(float),
                rtol=1e-7,
                atol=1e-9,
            )


def test_agreement_of_readers_on_one_measure():
    found, own = st.reader_agreement(JUDGED), st.icc_2_1(JUDGED)
    assert (found.value, found.ci_low, found.ci_high, found.n) == pytest.approx(
        (own.icc[0], own.ci_low[0], own.ci_high[0], 6)
    )
    wide, other = st.reader_agreement(JUDGED, 0.9), st.icc_2_1(JUDGED, 0.9)
    assert (wide.ci_low, wide.ci_high) == pytest.approx((other.ci_low[0], other.ci_high[0]))
    assert wide.ci_low > found.ci_low
    assert (
        pingouin.options["round.column.CI95"] == 2
    )  # what others print with pingouin stays as it was


def test_full_agreement_is_one_and_a_constant_measure_has_none():
    assert (
        st.icc_table([[1, 1], [2, 2], [4, 4]])[["icc", "ci_low", "ci_high"]].to_numpy().tolist()
        == [[1.0] * 3] * 6
    )
    assert st.icc_table(np.ones((4, 2)))[["icc", "ci_low"]].isna().all(axis=None)
    opposed = st.icc_table([[1.0, 3], [3, 1], [1, 3.5], [3.5, 1]])
    assert (opposed.loc[["ICC1", "ICC2", "ICC3"], "ci_low"] >= -1).all()
    assert opposed.loc["ICC1k", "ci_low"] < -1
    for ratings, message in (
        ([[1, 2]], r"ratings: .* shape \(1, 2\)"),
        ([[1, 2], [np.nan, 3]], "ratings: missing"),
    ):
        with pytest.raises(ValueError, match=message):
            st.icc_table(ratings)


@pytest.mark.parametrize(("form", "df2"), [(st.icc_1_1, 18), (st.icc_3_1, 15)])
def test_ends_of_one_way_and_consistency_icc_by_f(form, df2):
    """The ends of F / its upper quantiles, turned to (F - 1) / (F + k - 1), at 90 %."""
    found = form(JUDGED, level=0.9)
    low, high = found.f[0] / stats.f.ppf(0.95, 5, df2), found.f[0] * stats.f.ppf(0.95, df2, 5)
    assert (found.ci_low[0], found.ci_high[0]) == pytest.approx(
        ((low - 1) / (low + 3), (high - 1) / (high + 3))
    )
    assert found.p[0] == pytest.approx(stats.f.sf(found.f[0], 5, df2))
    assert (
        found.subjects,
        found.raters,
        found.df2,
    ) == (6, 4, df2)


def test_ends_of_absolute_agreement_by_satterthwaite():
    """McGraw & Wong 1996, case 2A, from the mean squares that Shrout & Fleiss print: 11.24 between,
    32.49 judges, 1.02 error."""
    mean = JUDGED.mean()
    between, judges = (
        4 * ((JUDGED.mean(axis=1) - mean) ** 2).sum() / 5,
        6 * ((JUDGED.mean(axis=0) - mean) ** 2).sum() / 3,
    )
    error = (((JUDGED - mean) ** 2).sum() - 5 * between - 3 * judges) / 15
    assert (between, judges, error) == pytest.approx((11.24, 32.49, 1.02), abs=0.005)
    found = st.icc_2_1(JUDGED, level=0.9)
    icc = (between - error) / (between + 3 * error + 4 * (judges - error) / 6)
    ratio = judges / error  # Shrout & Fleiss write the freedom with F of judges, k, n and ICC
    freedom = (
        15
        * (4 * icc * ratio + 6 * (1 + 3 * icc) - 4 * icc) ** 2
        / (5 * 16 * icc**2 * ratio**2 + (6 * (1 + 3 * icc) - 4 * icc) ** 2)
    )
    high_f, low_f = stats.f.ppf(0.95, 5, freedom), stats.f.ppf(0.95, freedom, 5)
    low = 6 * (between - high_f * error) / (high_f * (4 * judges + 14 * error) + 6 * between)
    high = 6 * (low_f * between - error) / (4 * judges + 14 * error + 6 * low_f * between)
    assert (found.icc[0], found.ci_low[0], found.ci_high[0]) == pytest.approx((icc, low, high))
    assert found.p_satterthwaite[0] == pytest.approx(stats.f.sf(between / error, 5, freedom))
    assert found.p[0] == pytest.approx(stats.f.sf(between / error, 5, 15))


def test_a_constant_feature_has_no_icc_and_a_shifted_one_is_consistent():
    constant, shifted = np.ones((4, 2)), np.array([[1.0, 3], [2, 4], [4, 6], [6, 8]])
    for form in (st.icc_1_1, st.icc_2_1, st.icc_3_1):
        assert np.isnan(form(constant).icc[0])
        assert np.isnan(form(constant).ci_low[0])
        assert np.isnan(form(constant).ci_high[0])
    found = st.icc_3_1(shifted)
    assert (found.icc[0], found.ci_low[0], found.ci_high[0], found.p[0]) == (1, 1, 1, 0)
    # Subjects 2, 3, 5, 7 have mean squares 2 × 59/12 = 59/6 between and 4 × 2 = 8 of raters: (59/6)
    # / (59/6 + 2 × 8 / 4) = 59/83.
    assert st.icc_2_1(shifted).icc[0] == pytest.approx(59 / 83)
    assert st.icc_2_1(np.stack([constant, shifted])).icc.tolist()[1] == pytest.approx(59 / 83)


def test_two_subjects_are_enough_and_full_agreement_is_1_at_any_scale():
    """Subjects 1, 2 and 3, 5 (means 1.5, 4): between 6.25, within (.5 + 2) / 2 = 1.25, so 5 /
    7.5."""
    assert st.icc_1_1([[1.0, 2], [3, 5]]).icc[0] == pytest.approx(5 / 7.5)
    for form in (st.icc_1_1, st.icc_2_1, st.icc_3_1):
        for scale in (0.125, 1, 64):
            found = form(scale * np.array([[1.0, 1], [2, 2], [4, 4]]))
            assert (found.icc[0], found.ci_low[0], found.ci_high[0], found.p[0]) == (1, 1, 1, 0)


def test_raters_who_differ_alone_do_not_agree():
    """Subjects all alike, raters apart: no variance between subjects, so no agreement is
    perfect."""
    found = st.icc_3_1([[1.0, 2], [1, 2], [1, 2]])
    assert np.isnan(found.icc[0])
    assert st.icc_2_1([[1.0, 2], [1, 2], [1, 2]]).icc[0] != 1
    # Each subject's two values differ by 2 about the same mean: -1 is the least that ICC(1,1) of
    # two raters can be.
    assert st.icc_1_1([[1.0, 3], [1, 3], [3, 1]]).icc[0] == pytest.approx(-1)


def test_spearman_brown_of_a_half_is_two_thirds():
    """Mean of two raters: 2 × .5 / (1 + .5)."""
    single = st.IntraclassCorrelation(
        np.array([0.5]), np.array([0.0]), np.array([0.8]), 9, 2, np.array([0.1]), np.array([3.0]), 8
    )
    found = st.average_of_raters(single)
    assert (
        found.icc[0],
        found.ci_low[0],
        found.ci_high[0],
        found.p[0],
        found.f[0],
        found.df2,
    ) == pytest.approx((2 / 3, 0, 1.6 / 1.8, 0.1, 3, 8))
