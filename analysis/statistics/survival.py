"""Time to event: Kaplan-Meier and log-rank, by lifelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test

from analysis.statistics.checks import as_label, as_level, as_vector


@dataclass(frozen=True)
class KaplanMeier:
    """Survival just after each time; at_risk just before it. Begins at time 0 with survival 1."""

    time: np.ndarray
    survival: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    at_risk: np.ndarray


@dataclass(frozen=True)
class LogRank:
    statistic: float
    p: float
    n: int


def _follow_up(time: Any, event: Any) -> tuple[np.ndarray, np.ndarray]:
    event, time = as_label(event, both_classes=False), as_vector(time, "time")
    if len(time) != len(event):
        raise ValueError(f"time: {len(time)} values for {len(event)} events")
    if (time < 0).any():
        raise ValueError("time: follow-up can't be negative")
    return time, event


def kaplan_meier(time: Any, event: Any, level: float = 0.95) -> KaplanMeier:
    """Product-limit estimate; log-log interval. event: 1 observed, 0 censored. Validated against survival::survfit(conf.type="log-log").

    >>> kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]).survival.tolist()
    [1.0, 0.75, 0.75, 0.375, 0.375]
    """
    time, event = _follow_up(time, event)
    fit = KaplanMeierFitter(alpha=1 - as_level(level)).fit(time, event)
    table, interval = fit.event_table, fit.confidence_interval_.to_numpy()
    return KaplanMeier(table.index.to_numpy(), fit.survival_function_.to_numpy()[:, 0], interval[:, 0], interval[:, 1], table["at_risk"].to_numpy())


def log_rank(time: Any, event: Any, group: Any) -> LogRank:
    """Log-rank test over two or more groups. Validated against survival::survdiff."""
    time, event = _follow_up(time, event)
    group = np.asarray(group)
    if len(group) != len(time) or len(np.unique(group)) < 2:
        raise ValueError("group: one value a patient and at least two groups are needed")
    test = multivariate_logrank_test(time, group, event)
    return LogRank(float(test.test_statistic), float(test.p_value), len(time))
