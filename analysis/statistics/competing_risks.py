"""Cumulative incidence when another event can come first (Aalen-Johansen).

By hand, as lifelines breaks ties by random jitter. Death without recurrence competes with recurrence: 1 - Kaplan-Meier
would count the dead as if they could still recur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.statistics.checks import as_event_type, as_level, as_vector


@dataclass(frozen=True)
class CumulativeIncidence:
    """Probability of the event by each time, with the interval on the log-log scale; starts at time 0 with 0."""

    time: np.ndarray
    incidence: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    standard_error: np.ndarray
    at_risk: np.ndarray


def cumulative_incidence(time: Any, event: Any, of: int = 1, level: float = 0.95) -> CumulativeIncidence:
    """Aalen-Johansen estimate. event: 0 censored, 1 of interest, 2 competing; of: which of them.

    The incidences of 1 and 2 and the Kaplan-Meier of either sum to 1. Error: the infinitesimal jackknife's, from each
    patient's share in the hazards.
    At tied times events come before censorings. Source: Aalen & Johansen 1978.

    >>> cumulative_incidence([1, 2, 3, 4], [1, 2, 1, 0]).incidence.tolist()
    [0.0, 0.25, 0.25, 0.5, 0.5]
    """
    time, event = as_event_type(time, event)
    if of not in (1, 2):
        raise ValueError(f"of: 1 (event of interest) or 2 (competing event), got {of}")
    moments = np.unique(time)
    exposed = time[:, None] >= moments
    any_event, wanted = ((time[:, None] == moments) & chosen[:, None] for chosen in (event > 0, event == of))
    at_risk = exposed.sum(axis=0).astype(float)
    hazard, part = any_event.sum(axis=0) / at_risk, wanted.sum(axis=0) / at_risk
    before = np.r_[1.0, np.cumprod(1 - hazard)[:-1]]
    incidence = np.cumsum(before * part)
    # Derivative to each patient's mass of the hazards, of log survival before each time, and so of the incidence.
    with np.errstate(divide="ignore", invalid="ignore"):
        of_survival = -np.where(hazard < 1, (any_event - exposed * hazard) / (at_risk * (1 - hazard)), 0.0)
    earlier = np.cumsum(of_survival, axis=1) - of_survival
    influence = np.cumsum(before * ((wanted - exposed * part) / at_risk + earlier * part), axis=1)
    error = np.sqrt((influence**2).sum(axis=0))
    z = norm.ppf((1 + as_level(level)) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * error / (np.abs(np.log(1 - incidence)) * (1 - incidence))
        low, high = (np.where((incidence > 0) & (incidence < 1), 1 - (1 - incidence) ** np.exp(sign * half), incidence) for sign in (-1, 1))
    front = moments[0] > 0
    columns = [np.r_[first, values] if front else values for first, values in
               ((0.0, moments), (0.0, incidence), (0.0, low), (0.0, high), (0.0, error), (len(time), at_risk))]
    return CumulativeIncidence(*columns)


def death_as_event(event: Any) -> np.ndarray:
    """Sensitivity analysis: the competing event (2) counted as the event of interest (1).

    Any other code and missing values are a ValueError. Source: the definition of the composite end point.

    >>> death_as_event([0, 1, 2]).tolist()
    [0, 1, 1]
    """
    event = as_vector(event, "event")
    return (as_event_type(np.zeros(len(event)), event)[1] > 0).astype(int)
