"""Sample size: Riley's criteria for development, and the power of an AUC.

For validation see sample_size_validation.py.

By hand: closed forms of a line each, which PyPI's pmsampsize prints beside the numbers; no library
has the power of an AUC.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, log, sqrt

from scipy.stats import norm


@dataclass(frozen=True)
class SampleSize:
    """Sample size by criterion.

    n: the largest of the criteria. criteria: n of each. shrinkage: expected at each criterion.
    events_per_parameter: at n.
    """

    n: int
    criteria: tuple[int, int, int]
    shrinkage: tuple[float, float, float]
    max_r2: float
    nagelkerke_r2: float
    events_per_parameter: float


def _check(r2: float, max_r2: float, parameters: int, shrinkage: float) -> None:
    if not 0 < r2 < max_r2:
        raise ValueError(
            f"r2: Cox-Snell R² must lie between 0 and its maximum {max_r2:.3f}, got {r2:g}"
        )
    if parameters < 1:
        raise ValueError(f"parameters: expected at least 1, got {parameters}")
    if not r2 < shrinkage < 1:
        raise ValueError(
            f"shrinkage: must lie between the anticipated Cox-Snell R² of {r2:g} and 1, got"
            f" {shrinkage:g}"
        )


def largest_r2(prevalence: float) -> float:
    """Largest Cox-Snell R² that a binary outcome of this prevalence allows.

    Source: Riley et al. 2019; Nagelkerke 1991.

    >>> round(largest_r2(0.5), 6)
    0.75
    """
    if not 0 < prevalence < 1:
        raise ValueError(f"prevalence: must lie strictly between 0 and 1, got {prevalence:g}")
    likelihood = prevalence**prevalence * (1 - prevalence) ** (1 - prevalence)
    return float(1 - likelihood**2)


def sample_size_binary(
    r2: float, parameters: int, prevalence: float, shrinkage: float = 0.9
) -> SampleSize:
    """Development of a binary-outcome model (Riley et al. 2019, BMJ 2020).

    Validated against R's pmsampsize.

    r2: expected Cox-Snell R². Criteria: 1 shrinkage of at least 0.9; 2 apparent minus adjusted
    Nagelkerke R² at most .05; 3 the overall risk within .05.

    >>> sample_size_binary(0.288, 24, 0.174).n
    662
    """
    max_r2 = largest_r2(prevalence)
    _check(r2, max_r2, parameters, shrinkage)
    first = ceil(parameters / ((shrinkage - 1) * log(1 - r2 / shrinkage)))
    second_shrinkage = r2 / (r2 + 0.05 * max_r2)
    second = ceil(parameters / ((second_shrinkage - 1) * log(1 - r2 / second_shrinkage)))
    third = ceil((1.96 / 0.05) ** 2 * prevalence * (1 - prevalence))
    n = max(first, second, third)
    return SampleSize(
        n,
        (first, second, third),
        shrinkage=(shrinkage, second_shrinkage, max(shrinkage, second_shrinkage)),
        max_r2=max_r2,
        nagelkerke_r2=r2 / max_r2,
        events_per_parameter=n * prevalence / parameters,
    )


def sample_size_survival(
    r2: float,
    parameters: int,
    rate: float,
    timepoint: float,
    mean_follow_up: float,
    shrinkage: float = 0.9,
) -> SampleSize:
    """Development of a time-to-event model; rate: events a unit of time.

    Validated against R's pmsampsize(type="s").

    Criterion 3: the risk at `timepoint`, under a constant rate, within .05; it needs at least the n
    of the others.

    >>> sample_size_survival(0.051, 30, 0.065, 2, 2.07).n
    5143
    """
    if min(rate, timepoint, mean_follow_up) <= 0:
        raise ValueError("rate: rate, timepoint and mean_follow_up must be positive")
    # Log-likelihood of the null model, constant rate; 10,000 patients, so that rounding the events
    # up doesn't matter.
    patients = 10_000
    events = ceil(rate * mean_follow_up * patients)
    null = events * log(events / patients) - events
    max_r2 = 1 - exp(2 * null / patients)
    _check(r2, max_r2, parameters, shrinkage)
    first = ceil(parameters / ((shrinkage - 1) * log(1 - r2 / shrinkage)))
    second_shrinkage = r2 / (r2 + 0.05 * max_r2)
    second = ceil(parameters / ((second_shrinkage - 1) * log(1 - r2 / second_shrinkage)))
    third = max(first, second)
    risk = 1 - exp(-rate * timepoint)
    while True:
        error = 1.96 * sqrt(rate / (mean_follow_up * third))
        if (
            max(
                1 - exp(-(rate + error) * timepoint) - risk,
                risk - 1 + exp(-(rate - error) * timepoint),
            )
            <= 0.05
        ):
            break
        third += 1
    n = max(first, second, third)
    return SampleSize(
        n,
        (first, second, third),
        shrinkage=(shrinkage, second_shrinkage, shrinkage),
        max_r2=max_r2,
        nagelkerke_r2=r2 / max_r2,
        events_per_parameter=n * rate * mean_follow_up / parameters,
    )


def auc_standard_error(auc: float, events: float, non_events: float) -> float:
    """Anticipated standard error of an AUC (Newcombe 2006, method 4).

    >>> round(auc_standard_error(0.8, 50, 50), 4)
    0.0445
    """
    if not 0 < auc < 1 or min(events, non_events) <= 0:
        raise ValueError(
            f"auc: an AUC in (0, 1) of some events and some non-events is needed, got {auc:g} of"
            f" {events:g} and {non_events:g}"
        )
    n = max((events + non_events) / 2 - 1, 0.0)
    return sqrt(
        auc
        * (1 - auc)
        * (1 + n * (1 - auc) / (2 - auc) + n * auc / (1 + auc))
        / (events * non_events)
    )


def auc_sample_size(
    auc: float, power: float = 0.8, alpha: float = 0.05, ratio: float = 1.0
) -> tuple[float, float]:
    """Cases and controls (unrounded) to show that an AUC differs from .5; ratio: controls a case.

    Validated against pROC::power.roc.test.

    Obuchowski et al. 2004: binormal variance of both hypotheses, two-sided alpha.

    >>> round(auc_sample_size(0.8)[0], 3)
    12.744
    """
    if not 0.5 < auc < 1:
        raise ValueError(f"auc: must lie strictly between .5 and 1, got {auc:g}")
    if not 0 < power < 1 or not 0 < alpha < 1 or ratio <= 0:
        raise ValueError(
            f"power: power and alpha in (0, 1) and a positive ratio are needed, got {power:g},"
            f" {alpha:g} and {ratio:g}"
        )

    def variance(area: float) -> float:
        a = float(norm.ppf(area)) * 1.414
        return (0.0099 * exp(-(a**2) / 2)) * ((5 * a**2 + 8) + (a**2 + 8) / ratio)

    cases = (
        norm.ppf(1 - alpha / 2) * sqrt(0.0792 * (1 + 1 / ratio))
        + norm.ppf(power) * sqrt(variance(auc))
    ) ** 2 / (auc - 0.5) ** 2
    return float(cases), float(cases * ratio)


def minimum_detectable_auc_difference(
    auc: float,
    events: int,
    non_events: int,
    correlation: float = 0.5,
    power: float = 0.8,
    alpha: float = 0.05,
) -> float:
    """Minimum detectable difference of two AUCs.

    It is the smallest difference of two AUCs on the same patients that a two-sided test finds with
    the power asked for.

    Both models' errors taken as that of `auc`, their estimates' correlation as given: a planning
    value, not a result.
    Source: Hanley & McNeil 1983; Newcombe 2006.

    >>> round(minimum_detectable_auc_difference(0.8, 20, 13), 2)
    0.22
    """
    if not -1 < correlation < 1:
        raise ValueError(f"correlation: must lie strictly between -1 and 1, got {correlation:g}")
    error = auc_standard_error(auc, events, non_events) * sqrt(2 * (1 - correlation))
    return float((norm.ppf(1 - alpha / 2) + norm.ppf(power)) * error)
