"""Bootstrap of the AUC: thousands of resamples as one cumulative sum over counts, not a loop.

A resample is how often each patient was drawn, so the scores are sorted once for all resamples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.estimate import Contrast, standardised
from analysis.statistics.roc import auc


@dataclass(frozen=True)
class BootstrapAuc:
    """AUC of the data and of its bootstrap resamples.

    auc: of the data. resampled: one a resample, NaN where only one class was drawn; those are left
    out of the interval.
    """

    auc: float
    ci_low: float
    ci_high: float
    standard_error: float
    resampled: NDArray[np.float64]
    n: int


def resample_counts(
    label: Any, resamples: int = 2000, seed: int = 0, stratified: bool = True, indices: Any = None
) -> NDArray[np.intp]:
    """resamples × n counts of how often each patient is drawn.

    Stratified draws events and non-events apart (as pROC does).

    indices: resamples × n zero-based rows drawn elsewhere, instead of drawing.
    Source: Efron & Tibshirani 1993.

    >>> resample_counts([0, 1, 1], resamples=2, seed=0).sum(axis=1).tolist()
    [3, 3]
    """
    label = as_label(label, both_classes=False)
    n = len(label)
    if indices is None:
        return _random_counts(label, resamples, np.random.default_rng(seed), stratified)
    drawn = np.asarray(indices)
    if drawn.ndim != 2 or drawn.min() < 0 or drawn.max() >= n:
        raise ValueError(f"indices: expected resamples × patients with values 0 to {n - 1}")
    return _counts(drawn, n)


# Counts that are held at once; more resamples than these allow are drawn part by part.
MOST_COUNTS = 1_000_000


def resample_parts(
    label: Any, resamples: int = 2000, seed: int = 0, stratified: bool = True
) -> Iterator[NDArray[np.intp]]:
    """Counts of bootstrap resamples, some resamples at a time.

    They are resample_counts in parts, so that memory does not grow with patients × resamples.

    Those of a cohort whose counts fit at once are the same as resample_counts draws. Source: Efron
    & Tibshirani 1993.

    >>> [part.shape for part in resample_parts([0, 1, 1], resamples=2)]
    [(2, 3)]
    """
    label = as_label(label, both_classes=False)
    size, random = max(1, MOST_COUNTS // len(label)), np.random.default_rng(seed)
    for start in range(0, resamples, size):
        yield _random_counts(label, min(size, resamples - start), random, stratified)


def _random_counts(
    label: NDArray[np.float64], resamples: int, random: np.random.Generator, stratified: bool
) -> NDArray[np.intp]:
    classes = (
        [np.flatnonzero(label == value) for value in (0, 1)]
        if stratified
        else [np.arange(len(label))]
    )
    drawn = np.concatenate(
        [
            members[random.integers(len(members), size=(resamples, len(members)))]
            for members in classes
            if len(members)
        ],
        axis=1,
    )
    return _counts(drawn, len(label))


def _counts(drawn: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    shifted = drawn + n * np.arange(len(drawn))[:, None]
    return np.bincount(shifted.ravel(), minlength=n * len(drawn)).reshape(len(drawn), n)


def resampled_auc(label: Any, score: Any, counts: Any) -> NDArray[np.float64]:
    """AUC of each resample, counts: resamples × n. NaN where a resample holds one class only.

    Ties count half. Missing scores are a ValueError. Source: Bamber 1975, on weights.

    >>> resampled_auc([0, 1, 0, 1], [1, 2, 3, 4], [[1, 1, 1, 1]]).tolist()
    [0.75]
    """
    label = as_label(label)
    order = np.argsort(as_score(score, label), kind="stable")
    ordered, label = np.asarray(score, dtype=float)[order], label[order]
    starts = np.flatnonzero(np.r_[True, np.diff(ordered) != 0])
    counts, areas = np.asarray(counts), []
    # A few resamples at a time, as many as the processor's cache holds; each a column, so that
    # every step runs along memory.
    for part in np.array_split(counts, max(1, counts.size // 50_000)):
        sorted_counts = part.T[order].astype(float)
        events = np.add.reduceat(sorted_counts * label[:, None], starts, axis=0)
        others = np.add.reduceat(sorted_counts, starts, axis=0) - events
        # Pairs with the event above: all non-events of lower score, half of those tied with it.
        wins = np.einsum("ij,ij->j", events, np.cumsum(others, axis=0) - others / 2)
        pairs = events.sum(axis=0) * others.sum(axis=0)
        areas.append(np.divide(wins, pairs, out=np.full(len(part), np.nan), where=pairs > 0))
    return np.concatenate(areas)


def auc_bootstrap(  # noqa: PLR0913 - settings of pROC::ci.auc
    label: Any,
    score: Any,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
    stratified: bool = True,
    indices: Any = None,
) -> BootstrapAuc:
    """AUC with its percentile bootstrap interval (quantiles of type 7).

    Validated against pROC::ci.auc(method="bootstrap").

    One score for all gives .5 in every resample. Missing scores are a ValueError.

    >>> auc_bootstrap([0, 1, 0, 1], [1, 2, 3, 4], resamples=100).auc
    0.75
    """
    parts = (
        resample_parts(label, resamples, seed, stratified)
        if indices is None
        else [resample_counts(label, indices=indices)]
    )
    resampled = np.concatenate([resampled_auc(label, score, part) for part in parts])
    low, high = np.nanquantile(resampled, [(1 - as_level(level)) / 2, (1 + level) / 2])
    return BootstrapAuc(
        auc(label, score),
        float(low),
        ci_high=float(high),
        standard_error=float(np.nanstd(resampled, ddof=1)),
        resampled=resampled,
        n=len(np.asarray(label)),
    )


def auc_bootstrap_test(
    label: Any,
    score_a: Any,
    score_b: Any,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Contrast:
    """Bootstrap test of the difference of two AUCs.

    Difference of two AUCs over its bootstrap standard error, normal p
    (pROC::roc.test(method="bootstrap")); stratified.

    Scores that rank alike have p = 1. Missing scores are a ValueError. Source: Hanley & McNeil
    1983, Efron & Tibshirani 1993.

    >>> auc_bootstrap_test([0, 1, 0, 1], [1, 2, 3, 4], [1, 2, 3, 4], resamples=100).p
    1.0
    """
    label = as_label(label)
    score_a, score_b = as_score(score_a, label, "score_a"), as_score(score_b, label, "score_b")
    differences = np.concatenate(
        [
            resampled_auc(label, score_a, part) - resampled_auc(label, score_b, part)
            for part in resample_parts(label, resamples, seed)
        ]
    )
    value, error = auc(label, score_a) - auc(label, score_b), float(np.std(differences, ddof=1))
    z = standardised(value, error)
    low, high = np.quantile(differences, [(1 - as_level(level)) / 2, (1 + level) / 2])
    return Contrast(
        value,
        float(low),
        ci_high=float(high),
        standard_error=error,
        z=z,
        p=float(2 * norm.sf(abs(z))),
        n=len(label),
        method="stratified bootstrap, percentile interval",
    )
