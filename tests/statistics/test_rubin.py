"""Rubin's rules, held to R's mice 3.15.0."""

import numpy as np
import pytest

from analysis import statistics as st

ESTIMATES, VARIANCES = [0.52, 0.61, 0.48, 0.70, 0.55], [0.040, 0.050, 0.045, 0.038, 0.052]


# unlist(pool.scalar(Q, U, n = 100, k = 4)[c("qbar", "ubar", "b", "t", "df", "fmi")]), and without n
# and k
@pytest.mark.parametrize(
    ("complete", "expected"),
    [
        (96, (0.572, 0.045, 0.00737, 0.053844, 51.3727320063, 0.194993712471)),
        (np.inf, (0.572, 0.045, 0.00737, 0.053844, 148.264492267, 0.175302435052)),
    ],
)
def test_pooled_value_variance_and_degrees_of_freedom(complete, expected):
    found = st.pool_imputations(ESTIMATES, VARIANCES, complete)
    assert (
        found.value,
        found.within,
        found.between,
        found.standard_error**2,
        found.degrees_of_freedom,
        found.missing_information,
    ) == pytest.approx(expected, rel=1e-9)


# fit <- with(mice(nhanes, m = 5, seed = 1), lm(chl ~ age + bmi)): coef(f) and diag(vcov(f)) of the
# five analyses, (intercept), age, bmi
COEFFICIENTS = [
    (19.9401154678, 23.9807193332, 5.07774903489),
    (-104.151431885, 35.5286380559, 8.91353915404),
    (-24.0121145296, 41.8406899996, 5.34256317904),
    (-21.7509682351, 31.4473714578, 5.95755187153),
    (44.647614722, 21.5712142509, 4.39507994071),
]
SQUARED_ERRORS = [
    (2635.06941998, 58.2881456313, 2.89314892641),
    (2981.62661169, 74.1366878899, 2.79698880081),
    (2781.84514869, 81.9199253361, 2.40635632035),
    (3002.52048419, 76.7951074658, 3.16612736249),
    (3681.99442977, 79.501174745, 4.07281616288),
]
# summary(pool(fit), conf.int = TRUE): estimate, std.error, df, p.value, ends
POOLED = [
    (-17.065356892, 82.8627722791, 5.2344327923, 0.844604136679, -227.233269319, 193.102555535),
    (30.8737266195, 12.530952093, 5.73613682458, 0.0507107421626, -0.13357586275, 61.8810291017),
    (5.93729663604, 2.6011353568, 5.44345902891, 0.067027246045, -0.588570248065, 12.4631635201),
]


@pytest.mark.parametrize("term", range(3))
def test_coefficients_of_imputed_regressions(term):
    found = st.pool_imputations(
        [each[term] for each in COEFFICIENTS], [each[term] for each in SQUARED_ERRORS], 25 - 3
    )
    assert (
        found.value,
        found.standard_error,
        found.degrees_of_freedom,
        found.p,
        found.ci_low,
        found.ci_high,
    ) == pytest.approx(POOLED[term], rel=1e-7)


def test_nothing_missing_is_one_analysis():
    found = st.pool_imputations([0.5] * 5, [0.04] * 5, 96)
    assert (found.standard_error, found.missing_information) == (
        pytest.approx(0.2),
        0.0,
    )
    assert found.degrees_of_freedom == pytest.approx(97 / 99 * 96)


def test_pooled_likelihood_ratio():
    """In R, of d <- c(4, 6.5, 5.2, 3.1, 4.8), k <- 2, m <- 5: r <- (1 + 1/m) * var(sqrt(d)); D <-
    (mean(d)/k - (m + 1)/(m - 1) * r)/(1 + r); 1 - pf(D, k, k^(-3/m) * (m - 1) * (1 + 1/r)^2)."""
    assert st.pool_likelihood_ratios([4.0, 6.5, 5.2, 3.1, 4.8], 2) == pytest.approx(
        0.13840231498, rel=1e-9
    )
    assert st.pool_likelihood_ratios([3.841459], 1) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: st.pool_imputations([0.5], [0.1]),
            "estimates: 1 imputation; Rubin's rules need at least two",
        ),
        (lambda: st.pool_imputations([0.5, 0.6], [0.1]), "variances: 1 value for 2 estimates"),
        (lambda: st.pool_imputations([0.5, 0.6], [0.1, -0.1]), "variances: none can be below 0"),
        (
            lambda: st.pool_likelihood_ratios([1.0, np.nan], 1),
            "statistics: 1 of 2 values are missing",
        ),
        (lambda: st.pool_likelihood_ratios([1.0], 0), "degrees_of_freedom: at least one"),
    ],
)
def test_what_cannot_be_pooled_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
