"""Gray's test: whether groups differ in cumulative incidence of an event another can forestall.

By hand, as neither lifelines nor statsmodels has it. The log-rank test with competing events as
censored compares cause-specific hazards, which need not order the incidences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_category, as_event_type
from analysis.statistics.estimate import SignificanceTest


def _by_time(
    time: NDArray[np.float64], event: NDArray[np.float64], place: NDArray[np.intp], groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Counts at risk, of events of interest and of competing events: times × groups.

    The times are those at which anything but a censoring happens.
    """
    moments, at = np.unique(time, return_inverse=True)
    counts = np.zeros((3, len(moments), groups))
    np.add.at(counts, (event.astype(int), at, place), 1)
    leaving = counts.sum(axis=0)
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    happened = counts[1:].sum(axis=(0, 2)) > 0
    return at_risk[happened], counts[1][happened], counts[2][happened]


def _before(values: NDArray[np.floating[Any]], start: float) -> NDArray[np.float64]:
    return np.concatenate([np.full((1, *values.shape[1:]), start), values[:-1]])


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=below > 0)


def gray_test(time: Any, event: Any, group: Any, rho: float = 0.0) -> SignificanceTest:
    """K-sample test of the cumulative incidence of event 1. Validated against cmprsk::cuminc.

    time: follow-up in any unit. event: 0 censored, 1 of interest, 2 competing. group: one name a
    patient, two groups or more. rho: weights (1 - incidence)^rho. Chi-square with one degree of
    freedom fewer than groups that the event can tell apart; nobody with the event: statistic 0, p
    1. Source: Gray 1988.

    >>> round(gray_test([1, 2, 3, 4, 5, 6], [1, 1, 1, 2, 0, 1], list("aaabbb")).p, 3)
    0.028
    """
    time, event = as_event_type(time, event)
    group = as_category(group, "group")
    if len(group) != len(time):
        raise ValueError(f"group: {counted(len(group), 'value')} for {counted(len(time), 'time')}")
    names, place = np.unique(group, return_inverse=True)
    count = len(names)
    if count < 2:
        raise ValueError("group: at least two groups are needed")
    at_risk, wanted, competing = _by_time(time, event, place, count)
    survival = np.cumprod(1 - _ratio(wanted + competing, at_risk), axis=0)
    survival_before = _before(survival, 1.0)
    incidence_before = _before(np.cumsum(survival_before * _ratio(wanted, at_risk), axis=0), 0.0)
    # h: at risk of any event over survival, so that h of all groups gives the pooled incidence of
    # the null hypothesis.
    h = _ratio(at_risk, survival_before)
    all_h, events = h.sum(axis=1), wanted.sum(axis=1)
    step = _ratio(events, all_h)
    pooled = np.cumsum(step)
    pooled_before = _before(pooled, 0.0)
    weight = (1 - pooled_before) ** rho
    exposed = h * (1 - incidence_before)
    score = (
        weight[:, None] * (wanted - events[:, None] * _ratio(exposed, exposed.sum(axis=1)[:, None]))
    ).sum(axis=0)[:-1]

    # Times × groups i × groups k: what a jump in the incidence of group k adds to the score of
    # group i, at once and, by all later
    # differences of incidence, through the survival of k.
    direct = (
        weight[:, None, None]
        * h[:, :, None]
        * (np.eye(count) - _ratio(h, all_h[:, None])[:, None, :])
    )
    later = np.cumsum(direct * _ratio(step, 1 - pooled_before)[:, None, None], axis=0)
    later = later[-1:] - later if len(later) else later
    left = np.where(survival > 0, (1 - pooled)[:, None] / np.where(survival > 0, survival, 1), 0.0)
    of_wanted = direct + (1 - left)[:, None, :] * later
    of_competing = left[:, None, :] * later
    # Ties: the variance of that many drawn without replacement.
    at_once = h.sum(axis=1)[:, None] * survival_before
    tied = 1 - _ratio(np.maximum(events - 1, 0)[:, None], at_once - 1)
    tied_competing = 1 - _ratio(np.maximum(competing - 1, 0), at_risk - 1)
    variance_wanted = tied * _ratio(step[:, None], h)
    variance_competing = np.where(
        survival > 0, tied_competing * _ratio(survival_before**2 * competing, at_risk**2), 0.0
    )
    covariance = sum(
        np.einsum("tik,tk,tjk->ij", part, variance, part)
        for part, variance in ((of_wanted, variance_wanted), (of_competing, variance_competing))
    )
    covariance = covariance[:-1, :-1]
    freedom = int(np.linalg.matrix_rank(covariance))
    statistic = float(score @ np.linalg.pinv(covariance) @ score) if freedom else 0.0
    return SignificanceTest(
        statistic, freedom, float(chi2.sf(statistic, freedom)) if freedom else 1.0, "Gray"
    )
