"""Sample sizes: the published closed forms written out, and the smallest n that meets a criterion
shown to be the smallest."""

from math import asinh, ceil, exp, log, sqrt

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

import analysis.statistics as st


def _patients(parameters, shrinkage, r2):
    """Riley et al. 2019, equation 11."""
    return ceil(parameters / ((shrinkage - 1) * log(1 - r2 / shrinkage)))


@pytest.mark.parametrize("prevalence", [0.1, 0.3, 0.5, 0.8])
def test_largest_r2_is_that_of_a_certain_model(prevalence):
    """Cox-Snell's 1 - exp(2 (null - 0) / n) with the null model's log-likelihood of a patient."""
    assert st.largest_r2(prevalence) == pytest.approx(
        1 - exp(2 * (prevalence * log(prevalence) + (1 - prevalence) * log(1 - prevalence)))
    )


@pytest.mark.parametrize(
    ("r2", "parameters", "prevalence", "shrinkage", "ruling"),
    [
        (0.288, 24, 0.174, 0.9, 1),
        (0.1, 20, 0.3, 0.9, 0),
        (0.5, 1, 0.5, 0.9, 2),
        (0.2, 10, 0.4, 0.8, 2),
        (0.05, 12, 0.2, 0.95, 0),
    ],
)
def test_binary_outcome(r2, parameters, prevalence, shrinkage, ruling):
    largest = st.largest_r2(prevalence)
    second = r2 / (r2 + 0.05 * largest)
    criteria = (
        _patients(parameters, shrinkage, r2),
        _patients(parameters, second, r2),
        ceil(1.96**2 * prevalence * (1 - prevalence) / 0.05**2),
    )
    found = st.sample_size_binary(r2, parameters, prevalence, shrinkage)
    assert found.criteria == criteria
    assert found.n == max(criteria) == criteria[ruling]
    assert found.shrinkage == pytest.approx((shrinkage, second, max(shrinkage, second)))
    assert (found.max_r2, found.nagelkerke_r2, found.events_per_parameter) == pytest.approx(
        (largest, r2 / largest, max(criteria) * prevalence / parameters)
    )


def test_printed_examples():
    """Riley et al. BMJ 2020;368:m441: 662 patients and 4.8 events a parameter for pre-eclampsia;
    5143 for recurrent thromboembolism."""
    binary, survival = (
        st.sample_size_binary(0.288, 24, 0.174),
        st.sample_size_survival(0.051, 30, 0.065, 2, 2.07),
    )
    assert binary.n == 662
    assert binary.events_per_parameter == pytest.approx(4.8, abs=0.005)
    assert survival.n == 5143
    assert survival.events_per_parameter == pytest.approx(23.07, abs=0.005)
    assert st.sample_size_binary(0.288, 24, 0.174, 0.9) == binary
    assert st.sample_size_survival(0.051, 30, 0.065, 2, 2.07, 0.9) == survival


@pytest.mark.parametrize(
    ("r2", "parameters", "rate", "timepoint", "follow_up", "shrinkage"),
    [
        (0.051, 30, 0.065, 2.0, 2.07, 0.9),
        (0.3, 2, 0.4, 1.5, 3.0, 0.8),
        (0.4, 1, 0.25, 4.0, 1.25, 0.9),
        (0.4, 1, 0.05, 0.5, 7.0, 0.85),
    ],
)
def test_time_to_event(r2, parameters, rate, timepoint, follow_up, shrinkage):
    """Null model with a constant rate: events × log(events / patients) - events, in 10,000
    patients, as pmsampsize has it."""
    events = ceil(rate * follow_up * 10_000)
    largest = 1 - exp(2 * (events * log(events / 10_000) - events) / 10_000)
    second = r2 / (r2 + 0.05 * largest)
    found = st.sample_size_survival(r2, parameters, rate, timepoint, follow_up, shrinkage)
    assert found.criteria[:2] == (
        _patients(parameters, shrinkage, r2),
        _patients(parameters, second, r2),
    )
    assert found.n == max(found.criteria)
    assert found.shrinkage == pytest.approx((shrinkage, second, shrinkage))
    assert (found.max_r2, found.nagelkerke_r2, found.events_per_parameter) == pytest.approx(
        (largest, r2 / largest, found.n * rate * follow_up / parameters)
    )

    def widest(n):
        error = 1.96 * sqrt(rate / (follow_up * n))
        low, middle, high = (
            1 - exp(-each * timepoint) for each in (rate - error, rate, rate + error)
        )
        return max(high - middle, middle - low)

    third = found.criteria[2]
    assert widest(third) <= 0.05
    assert third == max(found.criteria[:2]) or widest(third - 1) > 0.05
    # The risk falls steeply below the rate, so that the lower end rules.
    if third > max(found.criteria[:2]):
        error = 1.96 * sqrt(rate / (follow_up * third))
        assert exp(-(rate - error) * timepoint) - exp(-rate * timepoint) == pytest.approx(
            0.05, rel=0.02
        )


def test_the_third_criterion_of_survival_rules_somewhere():
    found = st.sample_size_survival(0.4, 1, 0.25, 4.0, 1.25)
    assert found.n == found.criteria[2] > max(found.criteria[:2])


@pytest.mark.parametrize("r2", [0.0, 0.75, 0.9, -0.1])
def test_r2_within_its_bounds(r2):
    with pytest.raises(
        ValueError, match=r"r2: Cox-Snell R² must lie between 0 and its maximum 0\.750"
    ):
        st.sample_size_binary(r2, 3, 0.5)


@pytest.mark.parametrize("shrinkage", [0.2, 0.1, 1.0, 1.2])
def test_shrinkage_between_r2_and_1(shrinkage):
    """At or below the anticipated R² no sample size has so much shrinkage, and at 1 none is large
    enough."""
    for call in (
        lambda: st.sample_size_binary(0.2, 5, 0.4, shrinkage),
        lambda: st.sample_size_survival(0.2, 5, 0.4, 2, 3, shrinkage),
    ):
        with pytest.raises(
            ValueError,
            match=(
                "shrinkage: must lie between the anticipated Cox-Snell R² of 0.2 and 1, got"
                f" {shrinkage:g}"
            ),
        ):
            call()


def test_wrong_input_is_named():
    assert st.sample_size_binary(0.2, 1, 0.5).criteria[0] > 0
    for call in (
        lambda: st.sample_size_binary(0.2, 0, 0.5),
        lambda: st.sample_size_survival(0.05, 0, 0.1, 1, 1),
    ):
        with pytest.raises(ValueError, match="parameters: expected at least 1, got 0"):
            call()
    for prevalence in (0, 1, 1.2):
        with pytest.raises(ValueError, match="prevalence: must lie strictly between 0 and 1"):
            st.sample_size_binary(0.2, 3, prevalence)
    for arguments in ((0, 1, 1), (0.1, 0, 1), (0.1, 1, 0)):
        with pytest.raises(
            ValueError, match="rate: rate, timepoint and mean_follow_up must be positive"
        ):
            st.sample_size_survival(0.05, 3, *arguments)
    for prevalence, auc in ((0, 0.8), (1, 0.8), (0.5, 0.5), (0.5, 1)):
        with pytest.raises(
            ValueError, match=r"prevalence: prevalence in \(0, 1\) and auc in \(\.5, 1\) are needed"
        ):
            st.sample_size_validation(prevalence, auc)
    for auc in (0.5, 1, 0.4):
        with pytest.raises(ValueError, match=r"auc: must lie strictly between \.5 and 1"):
            st.auc_sample_size(auc)
    for prevalence in (0, 1, 1.2, -0.1):
        with pytest.raises(ValueError, match="prevalence: must lie strictly between 0 and 1"):
            st.largest_r2(prevalence)
    for arguments in ((0.8, 0, 10), (0.8, 10, 0), (1.0, 10, 10), (0.0, 10, 10)):
        with pytest.raises(ValueError, match="auc: an AUC in"):
            st.auc_standard_error(*arguments)
    for settings in ({"power": 1}, {"alpha": 0}, {"ratio": 0}):
        with pytest.raises(ValueError, match="power: power and alpha in"):
            st.auc_sample_size(0.8, **settings)
    for correlation in (-1, 1):
        with pytest.raises(ValueError, match="correlation: must lie strictly between -1 and 1"):
            st.minimum_detectable_auc_difference(0.8, 20, 20, correlation)


@pytest.mark.parametrize(
    ("area", "events", "others"), [(0.8, 50, 50), (0.7, 12, 40), (0.95, 30, 8), (0.5, 10, 10)]
)
def test_error_of_an_auc_in_hanley_and_mcneils_form(area, events, others):
    """Their Q1 and Q2 with both sizes less one replaced by N* = (events + others) / 2 - 1, which is
    Newcombe's method 4."""
    q1, q2, n = area / (2 - area), 2 * area**2 / (1 + area), (events + others) / 2 - 1
    variance = (area * (1 - area) + n * (q1 - area**2) + n * (q2 - area**2)) / (events * others)
    assert st.auc_standard_error(area, events, others) == pytest.approx(sqrt(variance))


@pytest.mark.parametrize(
    ("prevalence", "area", "auc_width", "ratio_width", "level"),
    [
        (0.5, 0.8, 0.1, 0.4, 0.95),
        (0.3, 0.7, 0.15, 0.2, 0.95),
        (0.1, 0.75, 0.05, 1.0, 0.9),
        (0.5, 0.51, 1.0, 3.0, 0.95),
    ],
)
def test_validation_by_precision(prevalence, area, auc_width, ratio_width, level):
    """O:E of 1 with error s has width exp(zs) - exp(-zs) = 2 sinh(zs), and s² = (1 - prevalence) /
    events."""
    z = norm.isf((1 - level) / 2)
    found = st.sample_size_validation(prevalence, area, auc_width, ratio_width, level)
    assert found["observed_expected"] == ceil(
        (1 - prevalence) / (prevalence * (asinh(ratio_width / 2) / z) ** 2) - 1e-9
    )
    assert found["n"] == max(
        found[name] for name in ("observed_expected", "calibration_slope", "auc")
    )
    assert len(found) == 4

    def width(n):
        return 2 * z * st.auc_standard_error(area, n * prevalence, n * (1 - prevalence))

    assert width(found["auc"]) <= auc_width
    assert found["auc"] == 10 or width(found["auc"] - 1) > auc_width
    assert (found["auc"] == 10) == (auc_width == 1.0)
    if (auc_width, ratio_width, level) == (0.1, 0.4, 0.95):
        assert st.sample_size_validation(prevalence, area) == found


@pytest.mark.parametrize(
    ("arguments", "settings", "expected"),
    [
        # pmvalsampsize(type = "b", prevalence = 7/12, cstatistic = .84, lpcstat = logit(7/12) -
        # qnorm(.84)^2, oeciwidth = .4, csciwidth = .4, threshold = .3, simobs = 1e6)
        (
            (7 / 12, 0.84),
            {"threshold": 0.3},
            {
                "observed_expected": 70,
                "calibration_slope": 420,
                "auc": 254,
                "net_benefit": 104,
                "n": 420,
            },
        ),
        # … prevalence = .3, cstatistic = .75, lpcstat = …, threshold = .2
        (
            (0.3, 0.75),
            {"threshold": 0.2},
            {
                "observed_expected": 227,
                "calibration_slope": 714,
                "auc": 433,
                "net_benefit": 385,
                "n": 714,
            },
        ),
        # … prevalence = 7/12, cstatistic = .84, lpnormal = c(.3, 1.2)
        (
            (7 / 12, 0.84),
            {"linear_predictor": (0.3, 1.2)},
            {"observed_expected": 70, "calibration_slope": 555, "auc": 254, "n": 555},
        ),
        # … prevalence = .018, cstatistic = .8, lpnormal = c(-5, 2.5), oeciwidth = 1, csciwidth =
        # .2: the package's first example
        (
            (0.018, 0.8),
            {"observed_expected_width": 1.0, "slope_width": 0.2, "linear_predictor": (-5, 2.5)},
            {"observed_expected": 905, "calibration_slope": 4546, "auc": 4252, "n": 4546},
        ),
    ],
)
def test_validation_is_pmvalsampsize(arguments, settings, expected):
    """Its slope is simulated (a million draws: some .2 %), and its errors and proportions are
    rounded to two or three digits."""
    found = st.sample_size_validation(*arguments, **settings)
    assert found.keys() == expected.keys()
    assert found["auc"] == expected["auc"]
    for name in found:
        assert found[name] == pytest.approx(expected[name], rel=0.01), name


def test_validation_has_the_precision_that_it_promises():
    """10,000 simulated cohorts of the size found: mean width of the interval of the slope, by the
    information in each; Monte-Carlo error .1 %."""
    size = st.sample_size_validation(0.4, 0.8, slope_width=0.6)["calibration_slope"]
    random, variance = np.random.default_rng(1), 2 * norm.ppf(0.8) ** 2
    label = random.random((10_000, size)) < 0.4
    linear = random.normal(np.log(0.4 / 0.6) - variance / 2 + variance * label, np.sqrt(variance))
    weight = expit(linear) * (1 - expit(linear))
    information = (weight * linear**2).sum(axis=1) - (weight * linear).sum(
        axis=1
    ) ** 2 / weight.sum(axis=1)
    assert (2 * 1.959964 / np.sqrt(information)).mean() == pytest.approx(0.6, rel=0.02)


def test_what_a_validation_cannot_be_planned_for():
    for settings, message in (
        ({"auc_width": 0}, "auc_width: all widths"),
        ({"threshold": 1}, "threshold: must lie"),
        ({"linear_predictor": (0, 0)}, "linear_predictor: a mean"),
    ):
        with pytest.raises(ValueError, match=message):
            st.sample_size_validation(0.4, 0.8, **settings)


@pytest.mark.parametrize(
    ("area", "power", "alpha", "ratio"),
    [(0.8, 0.8, 0.05, 1.0), (0.7, 0.9, 0.01, 2.0), (0.9, 0.5, 0.1, 0.5)],
)
def test_power_of_an_auc(area, power, alpha, ratio):
    """Obuchowski's variance 0.0099 exp(-A²/2) ((5 A² + 8) + (A² + 8) / ratio), A = 1.414 z(area);
    at A = 0 it is 0.0792 (1 + 1/ratio)."""
    a = 1.414 * norm.ppf(area)
    spread, null = (
        0.0099 * (5 * a**2 + 8 + (a**2 + 8) / ratio) / exp(a**2 / 2),
        0.0099 * 8 + 0.0099 * 8 / ratio,
    )
    cases = (
        (norm.isf(alpha / 2) * sqrt(null) + norm.ppf(power) * sqrt(spread)) / (area - 0.5)
    ) ** 2
    assert st.auc_sample_size(area, power, alpha, ratio) == pytest.approx((cases, cases * ratio))


def test_defaults_of_a_power():
    assert st.auc_sample_size(0.8) == st.auc_sample_size(0.8, 0.8, 0.05, 1.0)
    assert st.minimum_detectable_auc_difference(
        0.8, 20, 13
    ) == st.minimum_detectable_auc_difference(0.8, 20, 13, 0.5, 0.8, 0.05)


@pytest.mark.parametrize(
    ("correlation", "power", "alpha"), [(0.5, 0.8, 0.05), (0.0, 0.9, 0.01), (-0.2, 0.6, 0.1)]
)
def test_a_difference_at_the_edge_of_detection_has_the_power_asked_for(correlation, power, alpha):
    found = st.minimum_detectable_auc_difference(0.75, 30, 45, correlation, power, alpha)
    variance = st.auc_standard_error(0.75, 30, 45) ** 2
    error = sqrt(variance + variance - 2 * correlation * variance)
    assert norm.sf(norm.isf(alpha / 2) - found / error) == pytest.approx(power)
