"""Minimum redundancy, maximum relevance: features that tell of the outcome, not of each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_vector


def mrmr_ranking(table: pd.DataFrame, outcome: Any, count: int) -> pd.Series:
    """First `count` features by mRMR, each with its score when chosen.

    The score is relevance minus mean redundancy with those before it.

    Both are Gaussian mutual information, -½ log(1 - r²) of Pearson's r (De Jay et al. 2013).
    Validated against mRMRe::mRMR.classic. Constant features have no correlation and are an error.

    >>> features = pd.DataFrame({"a": [1, 2, 3, 4.0], "b": [1, 2, 4, 3.0]})
    >>> mrmr_ranking(features, [1, 2, 3.5, 4], 1).index.tolist()
    ['a']
    """
    outcome = as_vector(outcome, "outcome")
    values = table.to_numpy(dtype=float)
    if len(values) != len(outcome) or not np.isfinite(values).all():
        raise ValueError(
            f"table: expected {counted(len(outcome), 'patient')} without missing values, got shape"
            f" {values.shape}"
        )
    if np.ptp(outcome) == 0:
        raise ValueError(
            f"outcome: all {counted(len(outcome), 'patient has', 'patients have')} the same value,"
            " so nothing correlates with it"
        )
    if (np.ptp(values, axis=0) == 0).any():
        raise ValueError("table: constant columns have no correlation; leave them out")
    if not 1 <= count <= values.shape[1]:
        raise ValueError(f"count: 1 to {counted(values.shape[1], 'feature')}, got {count}")
    scaled = (values - values.mean(axis=0)) / values.std(axis=0) / np.sqrt(len(values))
    target = (outcome - outcome.mean()) / outcome.std() / np.sqrt(len(outcome))

    def information(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
        return -0.5 * np.log1p(-np.minimum(correlation**2, 1 - 1e-15))

    relevance, redundancy = information(target @ scaled), np.zeros(values.shape[1])
    chosen: list[int] = []
    scores: list[float] = []
    while len(chosen) < count:
        score = relevance - redundancy / max(len(chosen), 1)
        score[chosen] = -np.inf
        best = int(np.argmax(score))
        chosen.append(best)
        scores.append(float(score[best]))
        redundancy += information(scaled[:, best] @ scaled)
    return pd.Series(scores, index=table.columns[chosen])
