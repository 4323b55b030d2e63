"""Concordance of a risk score with survival times (Harrell's C), with its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.statistics.checks import as_follow_up, as_level, as_score


@dataclass(frozen=True)
class Concordance:
    """Share of comparable pairs in which the higher score has the earlier event."""

    value: float
    ci_low: float
    ci_high: float
    standard_error: float
    comparable: int
    n: int


def concordance_index(time: Any, event: Any, score: Any, level: float = 0.95) -> Concordance:
    """Harrell's C: a pair is comparable if the earlier time is an event (a censored time at the same moment counts as later).

    Tied scores count half; events at the same time aren't compared. Standard error by the infinitesimal jackknife,
    interval clipped to [0, 1]. Validated against survival::concordance. No comparable pair is a ValueError.

    >>> concordance_index([1, 2, 3], [1, 1, 1], [3, 2, 1]).value
    1.0
    """
    time, event = as_follow_up(time, event)
    score = as_score(score, time)
    wins, pairs = np.zeros(len(time)), np.zeros(len(time))
    total_wins = total_pairs = 0.0
    for i in np.flatnonzero(event == 1):
        later = (time > time[i]) | ((time == time[i]) & (event == 0))
        credit = np.where(score[i] > score, 1.0, np.where(score[i] == score, 0.5, 0.0)) * later
        wins += credit
        pairs += later
        wins[i] += credit.sum()
        pairs[i] += later.sum()
        total_wins, total_pairs = total_wins + credit.sum(), total_pairs + later.sum()
    if not total_pairs:
        raise ValueError("event: no two patients can be compared")
    value = total_wins / total_pairs
    error = float(np.sqrt(np.sum((wins - value * pairs) ** 2)) / total_pairs)
    half = norm.ppf((1 + as_level(level)) / 2) * error
    return Concordance(float(value), float(max(value - half, 0)), float(min(value + half, 1)), error, int(total_pairs), len(time))
