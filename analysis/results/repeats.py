"""Repeated cross-validation: out-of-fold scores of repeated folds.

A statistic is taken in each repeat, and the mean over repeats is reported.

Scores averaged over repeats would judge a bag of models, which is better than the one that is
locked (`python -m benchmarks.repeats`). Where one score a patient is needed (curves of calibration,
risk groups, what is learnt from scores), it is that of the first repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.statistics import Estimate

FIRST = 1


def repeat_numbers(predictions: pd.DataFrame, how: str) -> list[int]:
    """Repeats of a way of judging.

    There is more than one only out of fold, and only where the study file asks for repeats.
    """
    if how != "out_of_fold" or "repeat" not in predictions:
        return [FIRST]
    return sorted(
        int(each) for each in predictions.loc[predictions["how"] == how, "repeat"].unique()
    ) or [FIRST]


def first_repeat(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row a patient, model and way of judging."""
    return (
        predictions if "repeat" not in predictions else predictions[predictions["repeat"] == FIRST]
    )


def over_repeats(parts: Sequence[Any], compute: Callable[[Any], Any]) -> Any:
    """Statistic of one repeat, or its mean over several repeats.

    Of several repeats it is the mean of the estimates and of either limit.

    Such an interval is as wide as that of one repeat: repeats are the same patients again, and add
    no information on others. A statistic that one repeat does not allow is undefined: its
    ValueError, or NaN, goes through.
    """
    found = [compute(part) for part in parts]
    return found[0] if len(found) == 1 else mean_estimate(found)


def mean_estimate(found: Sequence[Any]) -> Any:
    """Mean of numbers, or of estimates.

    Of estimates (`value` or `auc`, ci_low, ci_high, n) it is an Estimate of the means.
    """
    if not hasattr(found[0], "ci_low"):
        return float(np.mean(found))
    values = [each.value if hasattr(each, "value") else each.auc for each in found]
    low, high = (
        float(np.mean([getattr(each, end) for each in found])) for end in ("ci_low", "ci_high")
    )
    return Estimate(
        float(np.mean(values)), low, high, round(float(np.mean([each.n for each in found])))
    )


def repeats_method(parts: Sequence[Any]) -> str:
    """Term behind a method: empty for one repeat.

    An interval is then as wide as for one repeat.
    """
    if len(parts) < 2:
        return ""
    return f"; mean over {len(parts)} repeats of the folds, of estimate and limits"
