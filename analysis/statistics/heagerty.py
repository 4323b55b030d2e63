"""Heagerty's time-dependent AUC (2000).

It is by Kaplan-Meier in each half of the score, or by nearest neighbours.

Other estimators than the IPCW one of time_dependent.py, and other values: a paper must say which.
By hand as no Python library has them; a curve for each cut-off, so that time grows with the square
of the patients and memory does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.checks import as_follow_up, as_score
from analysis.statistics.risk_set import RiskSets
from analysis.statistics.survival import kaplan_meier


def _area(false_positive: list[float], true_positive: list[float]) -> float:
    """Trapezoids in the order of the cut-offs; where the curve turns back they subtract."""
    return float(-np.trapezoid(true_positive, false_positive))


def heagerty_auc(
    time: Any,
    event: Any,
    score: Any,
    horizon: float,
    method: str = "neighbours",
    span: float | None = None,
) -> float:
    """Heagerty's time-dependent AUC at a horizon.

    method: "kaplan_meier" (may be non-monotone) or "neighbours" (Akritas; span: share of the
    patients on either side of a score, 0.25 n^-0.2 unless given). Validated against survivalROC.

    No event by the horizon or nobody beyond it is a ValueError.

    >>> round(heagerty_auc([1, 2, 3, 4], [1, 1, 1, 1], [4, 3, 2, 1], 2.5, "kaplan_meier"), 2)
    1.0
    """
    time, event = as_follow_up(time, event)
    score = as_score(score, time)
    if not (event[time <= horizon] == 1).any() or not (time > horizon).any():
        raise ValueError(f"horizon: both events by {horizon:g} and patients beyond it are needed")
    n, cuts = len(time), np.unique(score)
    if method == "kaplan_meier":

        def survival(members: NDArray[np.float64]) -> float:
            curve = kaplan_meier(time[members], event[members])
            return float(curve.survival[curve.at(horizon)])

        overall = survival(np.ones(n, bool))
        true_positive, false_positive = [1.0], [1.0]
        for cut in cuts[:-1]:
            above = score > cut
            beyond = survival(above)
            true_positive.append((1 - beyond) * above.mean() / (1 - overall))
            false_positive.append(beyond * above.mean() / overall)
    elif method == "neighbours":
        width = 0.25 * n**-0.2 if span is None else span
        risk = RiskSets.of(time)
        by_horizon, ordered = risk.times <= horizon, np.sort(score)
        local = {}
        for cut in cuts:
            # The radius is the distance to the score n × span places above, and holds below too, as
            # in survivalROC (so the share is twice the span).
            place = min(int(np.sum(score < cut)) + int(n * width + 0.5), n - 1)
            near = (np.abs(score - cut) <= ordered[place] - cut).astype(float)
            at_risk, dying = risk.from_on(near)[by_horizon], risk.at(near * event)[by_horizon]
            local[cut] = float(
                np.prod(1 - np.divide(dying, at_risk, out=np.zeros(len(dying)), where=at_risk > 0))
            )
        each = np.array([local[value] for value in score])
        overall = each.mean()
        true_positive = [
            1.0,
            *[
                ((score > cut).mean() - each[score > cut].sum() / n) / (1 - overall)
                for cut in cuts[:-1]
            ],
        ]
        false_positive = [1.0, *[each[score > cut].sum() / n / overall for cut in cuts[:-1]]]
    else:
        raise ValueError(f"method: 'kaplan_meier' or 'neighbours', got '{method}'")
    return _area([*false_positive, 0.0], [*true_positive, 0.0])
