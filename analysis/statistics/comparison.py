"""Comparison of two models: a p-value only on patients no locked model has learnt from."""

from __future__ import annotations

from typing import Any

from analysis.statistics.auc_difference import auc_difference
from analysis.statistics.roc import DelongTest

INTERVAL_MEANS = {
    "apparent": "apparent, on the patients of the fit",
    "out_of_fold": "out of fold, conditional on the fitted scores",
    "validation": "locked model on validation patients",
}


def p_value_refusal(how: str, locked: bool = True, nested: bool = False) -> str | None:
    """Reason why a comparison may not carry a p-value, or None where it may.

    how: apparent, out_of_fold or validation.

    On training patients the scores were fitted to the labels, so that DeLong's variance is wrong;
    for nested models it doesn't even have a normal limit there (Demler et al. 2012). An unlocked
    model has seen what it is tested on.

    >>> p_value_refusal("validation") is None
    True
    """
    if how not in INTERVAL_MEANS:
        raise ValueError(f"how: expected one of {', '.join(INTERVAL_MEANS)}, got '{how}'")
    if how != "validation":
        reason = (
            f"scores are {how.replace('_', '-')} on training patients, so DeLong's test doesn't"
            " hold"
        )
        return (
            f"{reason}; for nested models its statistic isn't even normal (Demler et al. 2012)"
            if nested
            else reason
        )
    return None if locked else "the models weren't locked before the validation patients were seen"


def compare_auc(  # noqa: PLR0913 - what decides whether p is allowed
    label: Any,
    score_a: Any,
    score_b: Any,
    how: str,
    locked: bool = True,
    nested: bool = False,
    level: float = 0.95,
) -> DelongTest:
    """auc_difference where a p-value is allowed; elsewhere a ValueError with the reason.

    Fewer than ten patients of either outcome: an interval, and p = NaN. Source: DeLong et al. 1988;
    Demler et al. 2012.

    >>> compare_auc([0, 1] * 10, range(20), range(20), how="validation").p
    1.0
    """
    refusal = p_value_refusal(how, locked, nested)
    if refusal:
        raise ValueError(
            f"how: no p-value for this comparison: {refusal}. Print the two intervals, or compare"
            " on validation patients"
        )
    return auc_difference(label, score_a, score_b, level)
