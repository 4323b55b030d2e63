"""Results of a statistic: a value with its interval, a test, or a difference with both."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import norm


@dataclass(frozen=True)
class Estimate:
    """Estimate with its confidence interval.

    value with ci_low and ci_high at the level asked for; n: patients (or pairs) that it came from.
    """

    value: float
    ci_low: float
    ci_high: float
    n: int


@dataclass(frozen=True)
class SignificanceTest:
    """Statistic of a significance test, with its degrees of freedom and p-value.

    The degrees of freedom are NaN where it has none. name: the test, as a table's note names it.
    """

    statistic: float
    degrees_of_freedom: float
    p: float
    name: str


@dataclass(frozen=True)
class Contrast:
    """Estimate with its standard error and p-value.

    The p-value is against no effect. method says how the error was found.
    """

    value: float
    ci_low: float
    ci_high: float
    standard_error: float
    z: float
    p: float
    n: int
    method: str


def standardised(value: float, standard_error: float) -> float:
    """value / standard_error.

    Without an error it is 0 for a value of 0, so that no difference has p = 1 and never 0/0, else
    infinite.

    An error of rounding size (1e-12) counts as none.

    >>> standardised(0.0, 0.0), standardised(0.1, 0.0)
    (0.0, inf)
    """
    if standard_error < 1e-12:
        return 0.0 if abs(value) < 1e-12 else math.copysign(math.inf, value)
    return float(value / standard_error)


def wald_contrast(
    value: float,
    standard_error: float,
    n: int,
    method: str,
    level: float = 0.95,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> Contrast:
    """value ± z × standard_error with a two-sided normal p.

    An error of 0 gives p = 1 for a value of 0, else p = 0; one of NaN gives NaN.

    within: the range of what is estimated, at which the interval ends.

    >>> round(wald_contrast(1.96, 1.0, 50, "example").p, 3)
    0.05
    """
    half = norm.ppf((1 + level) / 2) * standard_error
    z = standardised(value, standard_error)
    low, high = (min(max(float(end), within[0]), within[1]) for end in (value - half, value + half))
    return Contrast(
        float(value),
        low,
        ci_high=high,
        standard_error=float(standard_error),
        z=float(z),
        p=float(2 * norm.sf(abs(z))),
        n=int(n),
        method=method,
    )
