"""Confidence band of a ROC curve: the sensitivity at each specificity, over bootstrap resamples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.auc_bootstrap import resample_parts
from analysis.statistics.checks import as_label, as_level, as_score


@dataclass(frozen=True)
class RocBand:
    """Limits of the sensitivity at each false-positive rate; each interval is for itself."""

    false_positive_rate: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]


def roc_band(
    label: Any, score: Any, resamples: int = 2000, seed: int = 0, level: float = 0.95
) -> RocBand:
    """Pointwise percentile interval of the sensitivity at 101 false-positive rates from 0 to 1.

    Events and non-events are drawn apart, as pROC::ci.se does; between two points a curve is a
    line, and where it rises it has the height above. A patient is positive when score >= threshold.

    One class or a missing score is a ValueError. Source: Hsieh & Turnbull 1996; Robin et al. 2011.

    >>> roc_band([0, 0, 1, 1], [1, 2, 3, 4], resamples=20).ci_low[[0, -1]].tolist()
    [1.0, 1.0]
    """
    label = as_label(label)
    score = as_score(score, label)
    order = np.argsort(-score, kind="stable")
    # The last patient of each distinct score: a point of the curve.
    last = np.flatnonzero(np.r_[np.diff(score[order]) != 0, True])
    event = label[order] == 1
    places = np.linspace(0, 1, 101)
    heights = []
    for part in resample_parts(label, resamples, seed):
        drawn = part[:, order]
        positive = np.cumsum(drawn * event, axis=1)[:, last] / event.sum()
        false = np.cumsum(drawn * ~event, axis=1)[:, last] / (~event).sum()
        heights += [
            _height(np.r_[0.0, x], np.r_[0.0, y], places)
            for x, y in zip(false, positive, strict=True)
        ]
    low, high = np.quantile(heights, [(1 - as_level(level)) / 2, (1 + level) / 2], axis=0)
    return RocBand(places, low, high)


def _height(
    x: NDArray[np.float64], y: NDArray[np.float64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Height of a rising curve at each place; the upper end where it rises vertically."""
    distinct = np.flatnonzero(np.r_[np.diff(x) > 0, True])
    first = np.r_[0, distinct[:-1] + 1]
    # From the upper end at one place the line goes to the lower end at the next one.
    after = np.searchsorted(x[distinct], places)
    own = x[distinct][after] == places
    before = np.maximum(after - 1, 0)
    width = np.where(own, 1.0, x[distinct][after] - x[distinct][before])
    share = (places - x[distinct][before]) / width
    line = y[distinct][before] + share * (y[first][after] - y[distinct][before])
    result: NDArray[np.float64] = np.where(own, y[distinct][after], line)
    return result
