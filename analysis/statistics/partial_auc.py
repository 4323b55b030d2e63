"""Area under the part of the ROC curve where the false-positive rate is tolerable."""

from __future__ import annotations

from typing import Any

from sklearn.metrics import roc_auc_score

from analysis.statistics.checks import as_label, as_score


def partial_auc(
    label: Any, score: Any, max_false_positive_rate: float = 0.1, corrected: bool = True
) -> float:
    """Partial AUC from false-positive rate 0 to the given one.

    By default it has McClish's correction: .5 is chance, 1 perfect.

    Raw area A relates to it by (1 + (A - min) / (max - min)) / 2, max = rate and min = rate² / 2.
    By scikit-learn, which has only the corrected one. Validated against pROC::auc(partial.auc=c(1,
    1 - rate)). One score for all gives .5 (corrected). One class or a missing score is a
    ValueError.

    >>> partial_auc([0, 0, 1, 1], [1, 2, 3, 4], 0.5)
    1.0
    >>> partial_auc([0, 0, 1, 1], [1, 2, 3, 4], 0.5, corrected=False)
    0.5
    """
    label = as_label(label)
    if not 0 < max_false_positive_rate < 1:
        raise ValueError(
            "max_false_positive_rate: must lie strictly between 0 and 1, got"
            f" {max_false_positive_rate:g}"
        )
    value = float(roc_auc_score(label, as_score(score, label), max_fpr=max_false_positive_rate))
    if corrected:
        return value
    low, high = max_false_positive_rate**2 / 2, max_false_positive_rate
    return (2 * value - 1) * (high - low) + low
