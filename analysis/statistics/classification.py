"""Classification at a cut-off: the 2×2 table and every proportion and index made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest, norm
from statsmodels.stats.contingency_tables import mcnemar

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_label, as_level, as_score
from analysis.statistics.estimate import Estimate, SignificanceTest
from analysis.statistics.proportion import proportion


@dataclass(frozen=True)
class ConfusionMatrix:
    """Counts of patients; positive is score >= cutoff, event is label 1."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def n(self) -> int:
        """Number of patients."""
        return self.true_positive + self.false_positive + self.false_negative + self.true_negative


def confusion_matrix(label: Any, score: Any, cutoff: float) -> ConfusionMatrix:
    """The 2×2 table of "score >= cutoff" against the label. One class alone is allowed.

    A missing score or cutoff is a ValueError. Source: the definition.

    >>> confusion_matrix([0, 1, 1], [0.2, 0.4, 0.8], 0.5)
    ConfusionMatrix(true_positive=1, false_positive=0, false_negative=1, true_negative=1)
    """
    label = as_label(label, both_classes=False)
    if np.isnan(cutoff):
        raise ValueError("cutoff: it is missing")
    positive, event = as_score(score, label) >= cutoff, label == 1
    return ConfusionMatrix(
        *(
            int(cell.sum())
            for cell in (positive & event, positive & ~event, ~positive & event, ~positive & ~event)
        )
    )


def _indexes(tp: Any, fp: Any, fn: Any, tn: Any) -> dict[str, Any]:
    """Indexes of one table, or of many (arrays of counts); NaN where a denominator is 0."""
    tp, fp, fn, tn = (np.asarray(cell, dtype=float) for cell in (tp, fp, fn, tn))
    n = tp + fp + fn + tn
    with np.errstate(divide="ignore", invalid="ignore"):
        agreement, chance = (tp + tn) / n, ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / n**2
        return {
            "accuracy": agreement,
            "sensitivity": tp / (tp + fn),
            "specificity": tn / (tn + fp),
            "ppv": tp / (tp + fp),
            "npv": tn / (tn + fn),
            "prevalence": (tp + fn) / n,
            "detection_rate": tp / n,
            "detection_prevalence": (tp + fp) / n,
            "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
            "f1": 2 * tp / (2 * tp + fp + fn),
            "mcc": (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
            "kappa": (agreement - chance) / (1 - chance),
            "positive_likelihood_ratio": (tp / (tp + fn)) / (fp / (tn + fp)),
            "negative_likelihood_ratio": (fn / (tp + fn)) / (tn / (tn + fp)),
        }


def _likelihood_ratio(
    value: float, numerator: tuple[int, int], denominator: tuple[int, int], n: int, z: float
) -> Estimate:
    """Interval on the log scale (Simel et al. 1991); NaN where a cell is 0."""
    (a, m1), (b, m0) = numerator, denominator
    if min(a, b, m1, m0) == 0:
        return Estimate(value, np.nan, np.nan, n)
    error = np.sqrt(1 / a - 1 / m1 + 1 / b - 1 / m0)
    return Estimate(value, float(value * np.exp(-z * error)), float(value * np.exp(z * error)), n)


def classification_metrics(  # noqa: PLR0913 - settings of pROC::ci.coords
    label: Any,
    score: Any,
    cutoff: float,
    level: float = 0.95,
    interval: str = "exact",
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Classification metrics at a cut-off, with intervals.

    Proportions and indexes of "score >= cutoff", each with its interval and its own denominator n.

    accuracy, sensitivity, specificity, ppv, npv, prevalence, detection_rate, detection_prevalence;
    balanced_accuracy, f1, mcc, kappa; positive_likelihood_ratio, negative_likelihood_ratio.
    interval of the proportions: "exact" (Clopper-Pearson), "wilson" or "bootstrap"; f1, mcc, kappa
    and balanced accuracy have the bootstrap's (patients drawn within each class, percentiles);
    likelihood ratios Simel's. In a resample where nobody, or everybody, is positive the Matthews
    coefficient is 0, its limit (Chicco and Jurman 2020). A denominator of 0 (nobody positive, say)
    gives NaN, and n = 0 for a proportion. Validated against caret::confusionMatrix,
    epiR::epi.tests and pROC::ci.coords.

    >>> classification_metrics([0, 0, 1, 1], [1, 2, 3, 4], cutoff=2.5)["sensitivity"].value
    1.0
    """
    if interval not in ("exact", "wilson", "bootstrap"):
        raise ValueError(f"interval: 'exact', 'wilson' or 'bootstrap', got '{interval}'")
    table = confusion_matrix(label, score, cutoff)
    tp, fp, fn, tn, n = (
        table.true_positive,
        table.false_positive,
        table.false_negative,
        table.true_negative,
        table.n,
    )
    fractions = {
        "accuracy": (tp + tn, n),
        "sensitivity": (tp, tp + fn),
        "specificity": (tn, tn + fp),
        "ppv": (tp, tp + fp),
        "npv": (tn, tn + fn),
        "prevalence": (tp + fn, n),
        "detection_rate": (tp, n),
        "detection_prevalence": (tp + fp, n),
    }
    values = {name: float(value) for name, value in _indexes(tp, fp, fn, tn).items()}
    # Drawing patients within a class is drawing its positives: two binomials a resample.
    random = np.random.default_rng(seed)
    drawn_tp, drawn_fp = (
        random.binomial(tp + fn, tp / max(tp + fn, 1), resamples),
        random.binomial(fp + tn, fp / max(fp + tn, 1), resamples),
    )
    resampled = _indexes(drawn_tp, drawn_fp, tp + fn - drawn_tp, fp + tn - drawn_fp)
    # Dropped, such resamples would leave an interval that ends at the estimate itself.
    resampled["mcc"] = np.nan_to_num(resampled["mcc"])
    tails = [(1 - as_level(level)) / 2, (1 + level) / 2]
    z = float(norm.ppf(tails[1]))
    result = {}
    for name, value in values.items():
        if name in fractions and interval != "bootstrap":
            result[name] = proportion(*fractions[name], level, interval)
        elif name == "positive_likelihood_ratio":
            result[name] = _likelihood_ratio(
                value, (tp, tp + fn), denominator=(fp, fp + tn), n=n, z=z
            )
        elif name == "negative_likelihood_ratio":
            result[name] = _likelihood_ratio(
                value, (fn, tp + fn), denominator=(tn, fp + tn), n=n, z=z
            )
        else:
            known = np.isfinite(resampled[name])
            low, high = (
                np.quantile(resampled[name][known], tails)
                if known.any() and np.isfinite(value)
                else (np.nan, np.nan)
            )
            result[name] = Estimate(
                value, float(low), float(high), fractions[name][1] if name in fractions else n
            )
    return result


def no_information_test(label: Any, score: Any, cutoff: float) -> SignificanceTest:
    """One-sided exact test that accuracy exceeds the share of the larger class.

    `statistic` is that share (caret's "No Information Rate").

    One class alone has share 1 and p 1. Source: caret::confusionMatrix.

    >>> round(no_information_test([0, 0, 1, 1], [1, 2, 3, 4], 2.5).p, 4)
    0.0625
    """
    table = confusion_matrix(label, score, cutoff)
    events = table.true_positive + table.false_negative
    share = max(events, table.n - events) / table.n
    p = binomtest(
        table.true_positive + table.true_negative, table.n, share, alternative="greater"
    ).pvalue
    return SignificanceTest(
        share, np.nan, float(p), "exact binomial test against the no-information rate"
    )


def mcnemar_test(first: Any, second: Any, method: str = "exact") -> SignificanceTest:
    """McNemar's test of two yes/no results on the same patients (two models right or wrong, say).

    first, second: 0/1 vectors, or first alone as a 2×2 table with second None. method: "exact"
    (binomial of the discordant pairs), "corrected" (continuity-corrected chi-square) or
    "uncorrected". No discordant pair: p = 1. By statsmodels; validated against R's mcnemar.test and
    binom.test. Missing values are a ValueError.

    >>> mcnemar_test([1, 1, 0, 0], [1, 1, 0, 0]).p
    1.0
    """
    if second is None:
        table = np.asarray(first, dtype=float)
        if table.shape != (2, 2):
            raise ValueError(f"first: expected a 2×2 table of counts, got shape {table.shape}")
    else:
        one, two = as_label(first, False, "first"), as_label(second, False, "second")
        if len(one) != len(two):
            raise ValueError(f"second: {counted(len(two), 'value')} for {len(one)} in first")
        table = np.array(
            [[np.sum((one == row) & (two == column)) for column in (1, 0)] for row in (1, 0)],
            dtype=float,
        )
    names = {
        "exact": "McNemar exact",
        "corrected": "McNemar with continuity correction",
        "uncorrected": "McNemar chi-square",
    }
    if method not in names:
        raise ValueError(f"method: 'exact', 'corrected' or 'uncorrected', got '{method}'")
    discordant = (table[0, 1], table[1, 0])
    if discordant[0] == discordant[1]:
        # R takes 1 off a difference of 0 only down to 0; statsmodels would make it 1.
        return SignificanceTest(
            min(discordant) if method == "exact" else 0.0,
            np.nan if method == "exact" else 1,
            1.0,
            names[method],
        )
    test = mcnemar(table, exact=method == "exact", correction=method == "corrected")
    return SignificanceTest(
        float(test.statistic),
        np.nan if method == "exact" else 1,
        float(min(test.pvalue, 1.0)),
        names[method],
    )
