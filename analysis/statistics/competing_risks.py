"""Cumulative incidence when another event can come first (Aalen-Johansen).

By hand, as lifelines breaks ties by random jitter. Death without recurrence competes with
recurrence: 1 - Kaplan-Meier would count the dead as if they could still recur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.checks import as_event_type, as_level, as_vector
from analysis.statistics.risk_set import RiskSets, before, through


@dataclass(frozen=True)
class CumulativeIncidence:
    """Cumulative incidence of the event, with its interval on the log-log scale.

    It is the probability of the event by each time, and starts at time 0 with 0.
    """

    time: NDArray[np.float64]
    incidence: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    at_risk: NDArray[np.float64]


def cumulative_incidence(
    time: Any, event: Any, of: int = 1, level: float = 0.95
) -> CumulativeIncidence:
    """Aalen-Johansen estimate. event: 0 censored, 1 of interest, 2 competing; of: which of them.

    The incidences of 1 and 2 and the Kaplan-Meier of either sum to 1. Error: the infinitesimal
    jackknife's, from each patient's share in the hazards.
    At tied times events come before censorings. Source: Aalen & Johansen 1978.

    >>> cumulative_incidence([1, 2, 3, 4], [1, 2, 1, 0]).incidence.tolist()
    [0.0, 0.25, 0.25, 0.5, 0.5]
    """
    time, event = as_event_type(time, event)
    if of not in (1, 2):
        raise ValueError(f"of: 1 (event of interest) or 2 (competing event), got {of}")
    risk = RiskSets.of(time)
    moments, at_risk = risk.times, risk.from_on()
    hazard, part = (
        risk.at((event > 0).astype(float)) / at_risk,
        risk.at((event == of).astype(float)) / at_risk,
    )
    survival_before = np.r_[1.0, np.cumprod(1 - hazard)[:-1]]
    incidence = through(survival_before * part)
    steps = _Steps(at_risk, hazard, survival_before, survival_before * part)
    error = _jackknife_error(risk, event, of, steps)
    z = norm.ppf((1 + as_level(level)) / 2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        half = z * error / (np.abs(np.log(1 - incidence)) * (1 - incidence))
        low, high = (
            np.where(
                (incidence > 0) & (incidence < 1),
                1 - (1 - incidence) ** np.exp(sign * half),
                incidence,
            )
            for sign in (-1, 1)
        )
    front = moments[0] > 0
    columns = [
        np.r_[first, values] if front else values
        for first, values in (
            (0.0, moments),
            (0.0, incidence),
            (0.0, low),
            (0.0, high),
            (0.0, error),
            (len(time), at_risk),
        )
    ]
    return CumulativeIncidence(*columns)


@dataclass(frozen=True)
class _Steps:
    """Steps of the cumulative incidence.

    At each time: patients at risk, hazard of either event, survival just before it, and by how much
    the incidence grows.
    """

    at_risk: NDArray[np.float64]
    hazard: NDArray[np.float64]
    survival_before: NDArray[np.float64]
    growth: NDArray[np.float64]


def _jackknife_error(
    risk: RiskSets, event: NDArray[np.float64], of: int, steps: _Steps
) -> NDArray[np.float64]:
    """Jackknife standard error of the cumulative incidence.

    Root of the summed squares of the incidence's derivatives to each patient's mass, at each time.

    Until a patient leaves, the derivative is that of all at risk. From then on it grows by slope ×
    growth, so that the sum of squares of those who left moves with each step, and nothing is
    patients × times.
    """
    place, at_risk, hazard, growth = risk.place, steps.at_risk, steps.hazard, steps.growth
    with np.errstate(divide="ignore", invalid="ignore"):
        # Of log survival, by one patient's event.
        fall = np.where(hazard < 1, 1 / (at_risk * (1 - hazard)), 0.0)
    exposed = before(hazard * fall)
    staying = through(growth * exposed - growth / at_risk)
    slope = exposed[place] + ((hazard[place] - (event > 0)) * fall[place])
    own = (steps.survival_before / at_risk)[place]
    leaving = staying[place] + np.where(event == of, own, 0.0)
    squares = np.zeros(len(growth))
    # Sums of leaving², leaving × slope and slope² over those who left.
    value = product = slopes = 0.0
    for moment, (grown, *came) in enumerate(
        zip(growth, *map(risk.at, (leaving**2, leaving * slope, slope**2)), strict=True)
    ):
        value += 2 * product * grown + slopes * grown**2 + came[0]
        product += slopes * grown + came[1]
        slopes += came[2]
        squares[moment] = value
    return np.sqrt(np.maximum(squares + risk.after() * staying**2, 0.0))


def death_as_event(event: Any) -> NDArray[np.int_]:
    """Sensitivity analysis: the competing event (2) counted as the event of interest (1).

    Any other code and missing values are a ValueError. Source: the definition of the composite end
    point.

    >>> death_as_event([0, 1, 2]).tolist()
    [0, 1, 1]
    """
    event = as_vector(event, "event")
    return (as_event_type(np.zeros(len(event)), event)[1] > 0).astype(int)
