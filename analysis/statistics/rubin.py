"""Rubin's rules: one estimate, or one test, from several imputed data sets.

By hand: statsmodels pools inside of its own MICE class, whose imputations can't be applied to new
patients, and by degrees of freedom that ignore how many patients there are. Held to R's mice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc
from scipy.stats import f, t

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_level, as_vector


@dataclass(frozen=True)
class PooledEstimate:
    """Estimate pooled by Rubin's rules over imputations.

    value with standard error, interval and two-sided p against 0; within, between: variance within
    and between imputations; missing_information: share of the information on the value that is lost
    to missing data, in [0, 1]; imputations: how many.
    """

    value: float
    standard_error: float
    ci_low: float
    ci_high: float
    p: float
    within: float
    between: float
    degrees_of_freedom: float
    missing_information: float
    imputations: int


def pool_imputations(
    estimates: Any, variances: Any, complete_degrees: float = np.inf, level: float = 0.95
) -> PooledEstimate:
    """Pooled estimate over multiple imputations by Rubin's rules.

    Estimates of one quantity from m imputed data sets, pooled (Rubin 1987), with the degrees of
    freedom of Barnard & Rubin (1999).

    estimates: on a scale on which they are about normal; variances: squared standard errors.
    complete_degrees: of freedom if nothing were missing, patients minus coefficients; infinite for
    a large sample. Equal estimates give the interval of one. Fewer than two estimates, or a
    variance below 0, is a ValueError. Validated against mice's pool and pool.scalar; these take a
    between-variance of 0 as a small one.

    >>> found = pool_imputations([0.5, 0.7, 0.6], [0.04, 0.05, 0.04])
    >>> round(found.value, 2), round(found.standard_error, 3), round(found.missing_information, 2)
    (0.6, 0.238, 0.27)
    """
    estimates, variances = as_vector(estimates, "estimates"), as_vector(variances, "variances")
    if len(estimates) != len(variances):
        raise ValueError(
            f"variances: {counted(len(variances), 'value')} for"
            f" {counted(len(estimates), 'estimate')}"
        )
    if (variances < 0).any():
        raise ValueError("variances: none can be below 0")
    m = len(estimates)
    if m < 2:
        raise ValueError(f"estimates: {m} imputation; Rubin's rules need at least two")
    within, between = float(variances.mean()), float(estimates.var(ddof=1))
    added = (1 + 1 / m) * between
    total = within + added
    share = added / total if total > 0 else 0.0
    large = (m - 1) / share**2 if share > 0 else np.inf
    if np.isinf(complete_degrees):
        degrees = large
    else:
        observed = (complete_degrees + 1) / (complete_degrees + 3) * complete_degrees * (1 - share)
        degrees = observed if np.isinf(large) else large * observed / (large + observed)
    increase = added / within if within > 0 else np.inf
    if np.isinf(increase):
        information = 1.0
    elif between == 0:
        information = 0.0
    else:
        information = (increase + 2 / (degrees + 3)) / (increase + 1)
    value, error = float(estimates.mean()), float(np.sqrt(total))
    half = t.ppf((1 + as_level(level)) / 2, degrees) * error
    p = float(2 * t.sf(abs(value) / error, degrees)) if error > 0 else np.nan
    return PooledEstimate(
        value,
        error,
        ci_low=float(value - half),
        ci_high=float(value + half),
        p=p,
        within=within,
        between=between,
        degrees_of_freedom=float(degrees),
        missing_information=float(information),
        imputations=m,
    )


def pool_likelihood_ratios(statistics: Any, degrees_of_freedom: int) -> float:
    """Pooled p of a likelihood-ratio test from its chi-squares in m imputed data sets.

    It is D2 of Li, Meng, Raghunathan & Rubin (1991).

    degrees_of_freedom: of each. One statistic, or equal ones, give the chi-square test itself.
    Source: as D2 of R's mitml.

    >>> round(pool_likelihood_ratios([4.0, 4.0], 1), 4)
    0.0455
    """
    statistics = np.maximum(as_vector(statistics, "statistics"), 0)
    k, m = int(degrees_of_freedom), len(statistics)
    if k < 1:
        raise ValueError(f"degrees_of_freedom: at least one, got {degrees_of_freedom}")
    increase = (1 + 1 / m) * float(np.sqrt(statistics).var(ddof=1)) if m > 1 else 0.0
    if increase < 1e-12:
        # The chi-square's upper tail, as scipy.stats.chi2.sf has it, without what that checks.
        return float(chdtrc(k, statistics.mean()))
    statistic = (statistics.mean() / k - (m + 1) / (m - 1) * increase) / (1 + increase)
    return float(f.sf(max(statistic, 0.0), k, k ** (-3 / m) * (m - 1) * (1 + 1 / increase) ** 2))
