"""Checks that every statistic makes before it computes: length, missing values, classes, range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted


def as_vector(values: Any, name: str) -> NDArray[np.float64]:
    """1-D float64 array.

    Raises ValueError naming the argument if it is empty, not 1-D, or holds a missing or infinite
    value.
    """
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1 or len(vector) == 0:
        raise ValueError(f"{name}: expected a non-empty vector, got shape {vector.shape}")
    if np.isnan(vector).any():
        raise ValueError(
            f"{name}: {int(np.isnan(vector).sum())} of"
            f" {counted(len(vector), 'value is', 'values are')} missing; leave those patients out"
            " first and report how many"
        )
    if np.isinf(vector).any():
        raise ValueError(
            f"{name}: {int(np.isinf(vector).sum())} of"
            f" {counted(len(vector), 'value is', 'values are')} infinite; they must be finite"
        )
    return vector


def as_label(values: Any, both_classes: bool = True, name: str = "label") -> NDArray[np.float64]:
    """Vector of 0 and 1; by default both must occur."""
    label = as_vector(values, name)
    if not ((label == 0) | (label == 1)).all():
        raise ValueError(f"{name}: expected 0 and 1 only, got {np.unique(label)[:5]}")
    if both_classes and label.min() == label.max():
        raise ValueError(
            f"{name}: all {counted(len(label), 'patient has', 'patients have')} {name}"
            f" {label[0]:g}; both classes are needed"
        )
    return label


def as_score(values: Any, label: NDArray[np.float64], name: str = "score") -> NDArray[np.float64]:
    """Score: a vector of finite floats, a value a label. Raises ValueError for anything else."""
    score = as_vector(values, name)
    if len(score) != len(label):
        raise ValueError(
            f"{name}: {counted(len(score), 'value')} for {counted(len(label), 'label')}"
        )
    return score


def as_probability(
    values: Any, label: NDArray[np.float64], name: str = "probability", open_interval: bool = False
) -> NDArray[np.float64]:
    """Score within [0, 1], or within (0, 1) where a logit is taken."""
    probability = as_score(values, label, name)
    low, high = probability.min(), probability.max()
    if low < 0 or high > 1:
        raise ValueError(f"{name}: values must lie in [0, 1], found {low:g} to {high:g}")
    if open_interval and (low == 0 or high == 1):
        raise ValueError(f"{name}: 0 and 1 have no logit; clip the probabilities and say so")
    return probability


def as_level(level: float) -> float:
    """Confidence level: between 0 and 1, both excluded. Raises ValueError for anything else."""
    if not 0 < level < 1:
        raise ValueError(f"level: a confidence level lies between 0 and 1, got {level:g}")
    return level


def as_thresholds(values: Any) -> NDArray[np.float64]:
    """Threshold probabilities: a number or a vector, each strictly between 0 and 1."""
    thresholds = as_vector(np.atleast_1d(values), "thresholds")
    if (thresholds <= 0).any() or (thresholds >= 1).any():
        raise ValueError("thresholds: threshold probabilities lie strictly between 0 and 1")
    return thresholds


def as_category(values: Any, name: str) -> NDArray[Any]:
    """1-D array of names or codes.

    Raises ValueError naming the argument if it is empty, not 1-D, or holds a missing value.
    """
    category = np.asarray(values)
    if category.ndim != 1 or len(category) == 0:
        raise ValueError(f"{name}: expected a non-empty vector, got shape {category.shape}")
    absent = pd.isna(category)
    if absent.any():
        raise ValueError(
            f"{name}: {int(absent.sum())} of {counted(len(category), 'value is', 'values are')}"
            " missing; leave those patients out first and report how many"
        )
    return category


def as_event_type(time: Any, event: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Checked times and event types of the same patients.

    Times are not negative; events are 0 (censored), 1 (of interest) or 2 (competing).
    """
    time, event = as_vector(time, "time"), as_vector(event, "event")
    if len(time) != len(event):
        raise ValueError(f"time: {counted(len(time), 'value')} for {counted(len(event), 'event')}")
    if not np.isin(event, (0, 1, 2)).all():
        raise ValueError(
            "event: expected 0 (censored), 1 (event) and 2 (competing event) only, got"
            f" {np.unique(event)[:5]}"
        )
    if (time < 0).any():
        raise ValueError("time: follow-up can't be negative")
    return time, event


def as_follow_up(time: Any, event: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times (not negative) and events (1 observed, 0 censored) of the same patients."""
    event, time = as_label(event, both_classes=False, name="event"), as_vector(time, "time")
    if len(time) != len(event):
        raise ValueError(f"time: {counted(len(time), 'value')} for {counted(len(event), 'event')}")
    if (time < 0).any():
        raise ValueError("time: follow-up can't be negative")
    return time, event
