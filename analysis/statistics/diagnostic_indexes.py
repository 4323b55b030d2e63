"""Diagnostic odds ratio and Youden index of a prespecified cut-off.

The cut-off was fixed beforehand. The intervals hold in small cohorts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.statistics.classification import ConfusionMatrix, confusion_matrix
from analysis.statistics.contingency import conditional_odds_ratio
from analysis.statistics.estimate import Estimate
from analysis.statistics.two_proportions import weighted_proportions


def _both(table: ConfusionMatrix) -> bool:
    return (
        table.true_positive + table.false_negative > 0
        and table.false_positive + table.true_negative > 0
    )


def diagnostic_odds_ratio(label: Any, score: Any, cutoff: float, level: float = 0.95) -> Estimate:
    """Diagnostic odds ratio of a cut-off, with its exact interval.

    TP × TN / (FP × FN) of "score >= cutoff", with the exact conditional interval (that of R's
    fisher.test), which has a finite end even where a cell is 0: the ratio itself is infinite or 0
    then.

    NaN where nobody or everybody is positive, or with one class alone. Missing values are a
    ValueError. Source: Glas et al. 2003; Fisher 1935 for the interval, by scipy.

    >>> diagnostic_odds_ratio([0, 0, 0, 1, 1, 1], [1, 2, 5, 3, 4, 6], 2.5).ci_low > 0
    True
    """
    table = confusion_matrix(label, score, cutoff)
    cells = [
        [table.true_positive, table.false_positive],
        [table.false_negative, table.true_negative],
    ]
    if not _both(table) or min(map(sum, cells)) == 0:
        return Estimate(np.nan, np.nan, np.nan, table.n)
    right, wrong = (
        table.true_positive * table.true_negative,
        table.false_positive * table.false_negative,
    )
    exact = conditional_odds_ratio(cells, level)
    return Estimate(right / wrong if wrong else np.inf, exact.ci_low, exact.ci_high, table.n)


def youden_index(label: Any, score: Any, cutoff: float, level: float = 0.95) -> Estimate:
    """Youden's index of "score >= cutoff", with Newcombe's hybrid score interval.

    The index is sensitivity + specificity - 1; they are two independent proportions.

    The cut-off must have been fixed on other patients: at the best cut-off of these ones the index
    is too high and the interval says nothing of the search. Coverage at 20 events and 13 others,
    exactly: .93 to .97, .926 where both proportions are .95. NaN with one class alone; missing
    values are a ValueError. Source: Youden 1950; Newcombe 1998.

    >>> youden_index([0, 0, 1, 1], [1, 2, 3, 4], 2.5).value
    1.0
    """
    table = confusion_matrix(label, score, cutoff)
    events, others = (
        table.true_positive + table.false_negative,
        table.false_positive + table.true_negative,
    )
    return weighted_proportions(
        (table.true_positive, events), (table.false_positive, others), (1.0, -1.0), level
    )
