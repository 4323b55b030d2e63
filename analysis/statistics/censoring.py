"""Inverse-probability-of-censoring weights.

A weight is what a patient who was seen stands for, when others were lost before the horizon.

By hand for ties alone: lifelines' Kaplan-Meier of censoring keeps those whose event comes at the
same time at risk, and here they have left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.checks import as_event_type
from analysis.statistics.survival import KaplanMeier, kaplan_meier


@dataclass(frozen=True)
class HorizonStatus:
    """Label and weight of each patient at the horizon.

    label: 1 event of interest by the horizon (time <= horizon), 0 not, NaN unknown (censored before
    it). weight: 0 for unknown.

    competing: another event came first by the horizon; its label is 0.
    """

    label: NDArray[np.float64]
    weight: NDArray[np.float64]
    competing: NDArray[np.bool_]


def censoring_curve(time: Any, event: Any) -> KaplanMeier:
    """Kaplan-Meier of staying uncensored.

    Times of 0 and more, missing ones are a ValueError. Source: Graf et al. 1999.

    >>> censoring_curve([1, 2, 3], [1, 0, 1]).survival.tolist()
    [1.0, 1.0, 0.5, 0.5]
    """
    time, event = as_event_type(time, event)
    order, rank = np.unique(time, return_inverse=True)
    censored = event == 0
    # At a tied time an event comes before a censoring, so those with an event have left the risk
    # set of censoring.
    curve = kaplan_meier(2 * rank + 1 + censored, censored.astype(int))
    places, lost = (
        curve.at(2 * np.arange(len(order)) + 2),
        np.bincount(rank, weights=censored).astype(float),
    )
    if order[0] != 0:
        order, places, lost = np.r_[0.0, order], np.r_[0, places], np.r_[0.0, lost]
    return KaplanMeier(
        order,
        curve.survival[places],
        ci_low=curve.ci_low[places],
        ci_high=curve.ci_high[places],
        at_risk=curve.at_risk[places],
        standard_error=curve.standard_error[places],
        events=lost,
    )


def horizon_status(time: Any, event: Any, horizon: float) -> HorizonStatus:
    """Label at the horizon and weight 1/G.

    G is that just before the patient's event, or at the horizon for those seen beyond it.

    A horizon beyond the follow-up, where nobody is left uncensored, is a ValueError.
    At tied times events come before censorings. Source: Robins & Rotnitzky 1992, Graf et al. 1999.

    >>> horizon_status([1, 2, 3], [1, 0, 1], 2.5).weight.tolist()
    [1.0, 0.0, 2.0]
    """
    time, event = as_event_type(time, event)
    curve = censoring_curve(time, event)
    seen = time > horizon
    at_horizon = curve.survival[curve.at(horizon)]
    if not seen.any() or at_horizon <= 0:
        raise ValueError(
            f"horizon: nobody is followed beyond {horizon:g}; the longest time is {time.max():g}"
        )
    before = curve.survival[np.searchsorted(curve.time, time, side="left") - 1]
    before = np.where(time <= curve.time[0], 1.0, before)
    happened = ~seen & (event > 0)
    weight = np.where(
        seen, 1 / at_horizon, np.where(happened, 1 / np.where(happened, before, 1), 0.0)
    )
    label = np.where(
        ~seen & (event == 1), 1.0, np.where(seen | (~seen & (event == 2)), 0.0, np.nan)
    )
    return HorizonStatus(label, weight, ~seen & (event == 2))
