"""Kaplan-Meier curves: survival with intervals, quantiles, restricted mean, follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from lifelines.utils import survival_table_from_events
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.checks import as_follow_up, as_level
from analysis.statistics.estimate import Estimate


@dataclass(frozen=True)
class KaplanMeier:
    """Survival just after each time; at_risk just before it. Begins at time 0 with survival 1."""

    time: NDArray[np.float64]
    survival: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    at_risk: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    events: NDArray[np.float64]

    def at(self, times: Any) -> NDArray[np.intp]:
        """Positions of the curve's value at each of these times (the last step at or before it)."""
        return np.searchsorted(self.time, np.asarray(times, dtype=float), side="right") - 1


def kaplan_meier(
    time: Any, event: Any, level: float = 0.95, interval: str = "log-log"
) -> KaplanMeier:
    """Kaplan-Meier (product-limit) estimate with Greenwood's error.

    event: 1 observed, 0 censored; times in any unit, not negative.

    interval: "log-log" (stays in [0, 1] and is wide where few are at risk), "log" (R's default, its
    upper end cut at 1) or "plain". Where survival is 0 the interval is NaN, as in R, and where
    nobody has had an event yet it is a point. Validated against survival::survfit.

    >>> kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]).survival.tolist()
    [1.0, 0.75, 0.75, 0.375, 0.375]
    """
    time, event = as_follow_up(time, event)
    table = survival_table_from_events(time, event)
    at_risk, deaths = (
        table["at_risk"].to_numpy(dtype=float),
        table["observed"].to_numpy(dtype=float),
    )
    survival = np.cumprod(1 - deaths / at_risk)
    z = norm.ppf((1 + as_level(level)) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(deaths / (at_risk * (at_risk - deaths))))
        if interval == "log-log":
            half = z * spread / np.log(survival)
            low, high = survival ** np.exp(-half), survival ** np.exp(half)
        elif interval == "log":
            low, high = survival * np.exp(-z * spread), survival * np.exp(z * spread)
        elif interval == "plain":
            low, high = survival * (1 - z * spread), survival * (1 + z * spread)
        else:
            raise ValueError(f"interval: 'log-log', 'log' or 'plain', got '{interval}'")
        low, high = (
            np.clip(np.where(survival == 1, 1.0, np.where(survival > 0, end, np.nan)), 0, 1)
            for end in (low, high)
        )
        return KaplanMeier(
            table.index.to_numpy(dtype=float),
            survival,
            ci_low=low,
            ci_high=high,
            at_risk=at_risk,
            standard_error=survival * spread,
            events=deaths,
        )


def survival_quantile(curve: KaplanMeier, probability: float = 0.5) -> Estimate:
    """Quantile of survival with its confidence interval.

    First time at which survival is at most 1 - probability, with the interval of the curve's own
    band; NaN if not reached.

    Where the curve lies exactly on the level over an interval, its middle is taken, as R does.
    Source: Brookmeyer & Crowley 1982, as R's quantile.survfit.

    >>> survival_quantile(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])).value
    2.5
    """
    level = 1 - probability

    def crossing(values: NDArray[np.float64]) -> float:
        below = np.flatnonzero(values <= level + 1e-12)
        if not len(below):
            return np.nan
        first = below[0]
        later = np.flatnonzero(values < level - 1e-12)
        tied = abs(values[first] - level) < 1e-12 and len(later)
        return (
            float((curve.time[first] + curve.time[later[0]]) / 2)
            if tied
            else float(curve.time[first])
        )

    return Estimate(
        crossing(curve.survival),
        crossing(curve.ci_low),
        crossing(curve.ci_high),
        int(curve.at_risk[0]),
    )


def restricted_mean_survival(
    time: Any, event: Any, limit: float, level: float = 0.95
) -> tuple[Estimate, float]:
    """Restricted mean survival time.

    Area under the curve up to `limit`, in the unit of time, with its standard error (print(survfit,
    rmean = limit)); the interval ends at 0 and at the limit.

    A limit beyond the follow-up is a ValueError. Source: Royston & Parmar 2013.

    >>> restricted_mean_survival([1, 2, 3, 4], [1, 1, 1, 1], 2)[0].value
    1.75
    """
    curve = kaplan_meier(time, event)
    if not 0 < limit <= curve.time[-1]:
        raise ValueError(
            f"limit: must lie within the follow-up, (0, {curve.time[-1]:g}], got {limit:g}"
        )
    inside = curve.time < limit
    edges = np.r_[curve.time[inside], limit]
    pieces = curve.survival[inside] * np.diff(edges)
    after = pieces.sum() - np.cumsum(np.r_[0, pieces])[:-1]
    deaths, at_risk = curve.events[inside], curve.at_risk[inside]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(deaths > 0, after**2 * deaths / (at_risk * (at_risk - deaths)), 0.0)
    area, error = float(pieces.sum()), float(np.sqrt(np.nansum(terms)))
    half = norm.ppf((1 + as_level(level)) / 2) * error
    return (
        Estimate(
            area, max(area - half, 0.0), min(area + half, float(limit)), int(curve.at_risk[0])
        ),
        error,
    )


def median_follow_up(time: Any, event: Any) -> Estimate:
    """Median follow-up by reverse Kaplan-Meier (Schemper & Smith 1996).

    Censoring is the event, so that early deaths don't shorten the follow-up.

    >>> median_follow_up([1, 2, 3], [1, 0, 0]).value
    2.5
    """
    time, event = as_follow_up(time, event)
    return survival_quantile(kaplan_meier(time, 1 - event))
