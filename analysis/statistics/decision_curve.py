"""Decision curve: net benefit of acting on a prediction (Vickers & Elkin 2006).

By hand, as dcurves has no intervals; `make bench` holds the values to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_label, as_level, as_probability, as_thresholds
from analysis.statistics.estimate import Estimate


def threshold_grid(low: float, high: float) -> NDArray[np.float64]:
    """Threshold probabilities: each whole percent from low to high, and the two ends.

    They are the very numbers that two decimals print, so that a probability of .30 is not below a
    threshold of .30. Source: the steps of R's dcurves::dca, 0.01.

    >>> threshold_grid(0.285, 0.3).tolist()
    [0.285, 0.29, 0.3]
    """
    ends = as_thresholds([low, high])
    inside = np.arange(np.ceil(100 * low - 1e-9), np.floor(100 * high + 1e-9) + 1) / 100
    return np.unique(np.r_[ends, inside])


def net_benefit(label: Any, probability: Any, thresholds: Any) -> NDArray[np.float64]:
    """TP/n - FP/n × t/(1-t), positive being probability >= t; one value a threshold.

    Validated against dcurves::dca.

    One class alone is allowed. Missing values and probabilities outside [0, 1] are a ValueError.

    >>> net_benefit([0, 1], [0.2, 0.8], [0.5]).tolist()
    [0.5]
    """
    label = as_label(label, both_classes=False)
    probability, thresholds = as_probability(probability, label), as_thresholds(thresholds)
    benefit: NDArray[np.float64] = _contributions(label, probability, thresholds).mean(axis=0)
    return benefit


def net_benefit_treat_all(label: Any, thresholds: Any) -> NDArray[np.float64]:
    """Net benefit of treating everybody: prevalence - (1 - prevalence) × t/(1-t).

    Treating nobody is 0.

    Source: Vickers & Elkin 2006.

    >>> net_benefit_treat_all([0, 1], [0.5]).tolist()
    [0.0]
    """
    prevalence, thresholds = as_label(label, both_classes=False).mean(), as_thresholds(thresholds)
    benefit: NDArray[np.float64] = prevalence - (1 - prevalence) * thresholds / (1 - thresholds)
    return benefit


def standardized_net_benefit(label: Any, probability: Any, thresholds: Any) -> NDArray[np.float64]:
    """Net benefit / prevalence: share of the largest possible (Kerr et al. 2016); needs an event.

    >>> standardized_net_benefit([0, 1], [0.2, 0.8], [0.5]).tolist()
    [1.0]
    """
    benefit = net_benefit(label, probability, thresholds)
    return benefit / float(as_label(label).mean())


def interventions_avoided(
    label: Any, probability: Any, thresholds: Any, per: int = 100
) -> NDArray[np.float64]:
    """Net interventions avoided per 100 patients against treating all, at no event missed.

    Validated against dcurves.

    >>> interventions_avoided([0, 1], [0.2, 0.8], [0.5]).tolist()
    [50.0]
    """
    label, thresholds = as_label(label, both_classes=False), as_thresholds(thresholds)
    negative = as_probability(probability, label)[:, None] < thresholds
    # Counted from those left untreated, so that treating all avoids exactly none.
    spared, missed = (
        (negative & (label[:, None] == 0)).mean(axis=0),
        (negative & (label[:, None] == 1)).mean(axis=0),
    )
    avoided: NDArray[np.float64] = per * (spared - missed * (1 - thresholds) / thresholds)
    return avoided


def decision_curve(label: Any, probabilities: Mapping[str, Any], thresholds: Any) -> pd.DataFrame:
    """Decision curve: one row a strategy and threshold.

    Columns: model ("all" and "none" first), threshold, net_benefit, standardized_net_benefit,
    interventions_avoided per 100, true_positive_rate and false_positive_rate as shares of all
    patients.

    Missing values are a ValueError naming the model. Source: Vickers & Elkin 2006.

    >>> decision_curve([0, 1], {"m": [0.2, 0.8]}, [0.5])["net_benefit"].tolist()
    [0.0, 0.0, 0.5]
    """
    label, thresholds = as_label(label), as_thresholds(thresholds)
    strategies = {"all": np.ones(len(label)), "none": np.zeros(len(label))} | {
        name: as_probability(p, label, name) for name, p in probabilities.items()
    }
    frames = []
    for name, probability in strategies.items():
        positive = probability[:, None] >= thresholds
        frames.append(
            pd.DataFrame(
                {
                    "model": name,
                    "threshold": thresholds,
                    "net_benefit": net_benefit(label, probability, thresholds),
                    "standardized_net_benefit": standardized_net_benefit(
                        label, probability, thresholds
                    ),
                    "interventions_avoided": interventions_avoided(label, probability, thresholds),
                    "true_positive_rate": (positive & (label[:, None] == 1)).mean(axis=0),
                    "false_positive_rate": (positive & (label[:, None] == 0)).mean(axis=0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


# Above this many draws of patients, those who add the same to every net benefit are drawn as one
# cell.
MOST_DRAWS = 5_000_000


def _drawn_counts(
    alike: NDArray[np.float64], resamples: int, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Patients drawn in bootstrap samples, and how often each is drawn.

    Places of patients, and resamples × how often each is drawn, for a bootstrap sample as large as
    the cohort.

    alike: a number a patient, equal for those who add the same. Few patients stand each for
    themselves. Of many, one stands for all who are alike: counts of the cells of a multinomial draw
    are multinomial again, so the distribution is the same, and the work no longer grows with the
    number of patients.
    """
    n, random = len(alike), np.random.default_rng(seed)
    if n * resamples <= MOST_DRAWS:
        return np.arange(n), random.multinomial(n, np.full(n, 1 / n), size=resamples)
    _, places, sizes = np.unique(alike, return_index=True, return_counts=True)
    return places, random.multinomial(n, sizes / n, size=resamples)


def _contributions(
    label: NDArray[np.float64], probability: NDArray[np.float64], thresholds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Contributions of each patient to the net benefit: patients × thresholds.

    Net benefit is the mean of these contributions.
    """
    each: NDArray[np.float64] = np.where(label[:, None] == 1, 1.0, -thresholds / (1 - thresholds))
    return (probability[:, None] >= thresholds) * each


def resampled_net_benefit(
    label: Any, probability: Any, thresholds: Any, counts: Any
) -> NDArray[np.float64]:
    """Net benefit of each bootstrap resample at each threshold.

    It is resamples × thresholds, as one product of counts and contributions.

    counts: resamples × n, how often each patient is drawn (resample_counts). A resample of nobody
    is NaN.
    Source: Vickers & Elkin 2006, on weights.

    >>> resampled_net_benefit([0, 1], [0.2, 0.8], [0.5], [[1, 1], [0, 2]]).tolist()
    [[0.5], [1.0]]
    """
    label = as_label(label, both_classes=False)
    probability, thresholds, counts = (
        as_probability(probability, label),
        as_thresholds(thresholds),
        np.asarray(counts, dtype=float),
    )
    if counts.ndim != 2 or counts.shape[1] != len(label):
        raise ValueError(
            f"counts: expected resamples × {counted(len(label), 'patient')}, got shape"
            f" {counts.shape}"
        )
    with np.errstate(invalid="ignore"):
        benefit: NDArray[np.float64] = (
            counts
            @ _contributions(label, probability, thresholds)
            / counts.sum(axis=1, keepdims=True)
        )
    return benefit


def net_benefit_interval(
    label: Any,
    probability: Any,
    thresholds: Any,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> list[Estimate]:
    """Net benefit with its percentile bootstrap interval, one a threshold.

    The intervals are pointwise, from patients drawn with replacement.

    Missing values or thresholds outside (0, 1) are a ValueError. Source: Vickers et al. 2008.

    >>> net_benefit_interval([0, 1], [0.2, 0.8], [0.5], resamples=20)[0].value
    0.5
    """
    values = net_benefit(label, probability, thresholds)
    label, thresholds = as_label(label, both_classes=False), as_thresholds(thresholds)
    n, probability = len(label), as_probability(probability, label)
    places, counts = _drawn_counts(
        2 * np.searchsorted(np.sort(thresholds), probability, side="right") + label, resamples, seed
    )
    drawn = resampled_net_benefit(label[places], probability[places], thresholds, counts)
    low, high = np.quantile(drawn, [(1 - as_level(level)) / 2, (1 + level) / 2], axis=0)
    return [
        Estimate(float(value), float(a), float(b), n)
        for value, a, b in zip(values, low, high, strict=True)
    ]


def net_benefit_difference(  # noqa: PLR0913 - the bootstrap's settings
    label: Any,
    probability_a: Any,
    probability_b: Any,
    threshold: float,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate:
    """Net benefit of a minus that of b at one threshold, with a percentile interval.

    The interval is from resampled patients (both models alike).

    Missing values or a threshold outside (0, 1) are a ValueError. Source: Vickers & Elkin 2006,
    Vickers et al. 2008.

    >>> net_benefit_difference([0, 1], [0.2, 0.8], [0.2, 0.8], 0.5, resamples=20).value
    0.0
    """
    label = as_label(label, both_classes=False)
    weight = threshold / (1 - as_thresholds([threshold])[0])
    first, second = (
        as_probability(p, label, name) >= threshold
        for p, name in ((probability_a, "probability_a"), (probability_b, "probability_b"))
    )
    contribution = (first.astype(float) - second) * np.where(label == 1, 1.0, -weight)
    places, counts = _drawn_counts(contribution, resamples, seed)
    drawn = counts @ contribution[places] / len(label)
    low, high = np.quantile(drawn, [(1 - as_level(level)) / 2, (1 + level) / 2])
    return Estimate(float(contribution.mean()), float(low), float(high), len(label))
