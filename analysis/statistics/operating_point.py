"""Cut-offs: Youden's and the one of a prespecified sensitivity.

A cut-off is learnt in training, on nested out-of-fold probabilities on the scale of the final
model, never on the patients that it is then judged on. By hand, as scikit-learn gives the points of
a ROC curve, not the cut-off between them nor its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.auc_bootstrap import resample_parts
from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.estimate import Estimate


@dataclass(frozen=True)
class Cutoff:
    """Cut-off of a score; positive is score >= value.

    ties: all cut-offs that are as good, `value` (the smallest) among them.
    """

    value: float
    sensitivity: float
    specificity: float
    ties: tuple[float, ...]


def _candidates(
    label: NDArray[np.float64], score: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Candidate cut-offs of a score, with sensitivity and specificity.

    They are the midpoints between neighbouring distinct scores (pROC's convention).
    """
    distinct = np.unique(score)
    if len(distinct) < 2:
        raise ValueError("score: all patients have the same score, so no cut-off can separate them")
    middle = (distinct[:-1] + distinct[1:]) / 2
    events, others = np.sort(score[label == 1]), np.sort(score[label == 0])
    sensitivity = 1 - np.searchsorted(events, middle) / len(events)
    specificity = np.searchsorted(others, middle) / len(others)
    return middle, sensitivity, specificity


def youden_cutoff(label: Any, score: Any) -> Cutoff:
    """Cut-off with the largest sensitivity + specificity - 1.

    Validated against pROC::coords("best").

    Every tied cut-off is told. One score for all, one class or a missing score is a ValueError.

    >>> youden_cutoff([0, 0, 1, 1], [1, 2, 3, 4]).value
    2.5
    """
    label = as_label(label)
    middle, sensitivity, specificity = _candidates(label, as_score(score, label))
    index = sensitivity + specificity
    best = np.flatnonzero(index >= index.max() - 1e-12)
    first = best[0]
    return Cutoff(
        float(middle[first]),
        float(sensitivity[first]),
        float(specificity[first]),
        tuple(float(middle[i]) for i in best),
    )


def sensitivity_cutoff(label: Any, score: Any, sensitivity: float = 0.9) -> Cutoff:
    """The highest cut-off whose sensitivity is at least the prespecified one.

    A sensitivity that no cut-off reaches, or one score for all, is a ValueError. Source: Pepe 2003.

    >>> sensitivity_cutoff([0, 1, 0, 1], [1, 2, 3, 4], sensitivity=0.5).value
    3.5
    """
    if not 0 < sensitivity <= 1:
        raise ValueError(f"sensitivity: must lie in (0, 1], got {sensitivity:g}")
    label = as_label(label)
    middle, reached, specificity = _candidates(label, as_score(score, label))
    enough = np.flatnonzero(reached >= sensitivity - 1e-12)
    if not len(enough):
        raise ValueError(f"sensitivity: no cut-off between two scores reaches {sensitivity:g}")
    last = enough[-1]
    return Cutoff(
        float(middle[last]), float(reached[last]), float(specificity[last]), (float(middle[last]),)
    )


def cutoff_interval(
    label: Any, score: Any, level: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Estimate:
    """Youden cut-off with a percentile bootstrap interval.

    Patients are drawn with replacement, classes apart.

    Of tied cut-offs a resample takes the smallest, as youden_cutoff does. A resample with one
    distinct score is left out. One score for all or a missing one is a ValueError. Source: Youden
    1950, Efron & Tibshirani 1993.

    >>> cutoff_interval([0, 0, 1, 1], [1, 2, 3, 4], resamples=50).value
    2.5
    """
    label = as_label(label)
    score = as_score(score, label)
    chosen = youden_cutoff(label, score).value
    order = np.argsort(score, kind="stable")
    label, score = label[order], score[order]
    cuts = np.concatenate(
        [_resampled_cutoffs(part, label, score) for part in resample_parts(label, resamples, seed)]
    )
    low, high = np.quantile(cuts, [(1 - as_level(level)) / 2, (1 + level) / 2])
    return Estimate(chosen, float(low), float(high), len(label))


def _resampled_cutoffs(
    counts: NDArray[np.intp], label: NDArray[np.float64], score: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Youden's cut-off of each resample of sorted patients.

    counts: resamples × n. A resample of a single distinct score has no cut-off.

    The index is counted in whole numbers, so that equal cut-offs tie exactly, and the smallest of
    them is taken.
    """
    last = np.flatnonzero(np.r_[np.diff(score) > 0, True])
    distinct, events, others = score[last], int(label.sum()), int((label == 0).sum())
    index = np.cumsum(counts * np.where(label == 1, -others, events), axis=1)[:, last]
    drawn = (
        np.diff(np.cumsum(counts, axis=1)[:, last], axis=1, prepend=0) > 0
        if len(last) < len(score)
        else counts > 0
    )
    found = []
    for own, there in zip(index, drawn, strict=True):
        places = np.flatnonzero(
            there
        )  # a cut-off lies between a score that was drawn and the next that was
        if len(places) > 1:
            best = int(own[places[:-1]].argmax())
            found.append((distinct[places[best]] + distinct[places[best + 1]]) / 2)
    return np.array(found)
