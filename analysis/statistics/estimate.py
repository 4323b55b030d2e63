"""What a statistic returns: a value with its interval, a test, or a difference with both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """value with ci_low and ci_high at the level asked for; n: patients (or pairs) that it came from."""

    value: float
    ci_low: float
    ci_high: float
    n: int


@dataclass(frozen=True)
class SignificanceTest:
    """A statistic with its degrees of freedom (NaN where it has none) and p-value; name: the test, as a table's note names it."""

    statistic: float
    degrees_of_freedom: float
    p: float
    name: str


@dataclass(frozen=True)
class Contrast:
    """An estimate with its standard error and the p-value against no effect. method says how the error was found."""

    value: float
    ci_low: float
    ci_high: float
    standard_error: float
    z: float
    p: float
    n: int
    method: str


def wald_contrast(value: float, standard_error: float, n: int, method: str, level: float = 0.95) -> Contrast:
    """value ± z × standard_error with a two-sided normal p. An error of 0 gives p = 1 for a value of 0, else p = 0.

    >>> round(wald_contrast(1.96, 1.0, 50, "example").p, 3)
    0.05
    """
    from scipy.stats import norm

    half = norm.ppf((1 + level) / 2) * standard_error
    if standard_error > 0:
        z = value / standard_error
    else:
        z = 0.0 if value == 0 else float("inf") * (1 if value > 0 else -1)
    return Contrast(float(value), float(value - half), float(value + half), float(standard_error), float(z), float(2 * norm.sf(abs(z))), int(n), method)
