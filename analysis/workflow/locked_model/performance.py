"""How well an exported model predicted in its study, and what was shown of it.

It is part of every prediction that the model gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.core.word_lists import counted
from analysis.results import keys
from analysis.results.record import Record

WORDS = {"validation": "in the validation cohort", "out_of_fold": "out of fold in training"}


def model_performance(records: Mapping[str, Record], name: str) -> dict[str, Any] | None:
    """AUC of a model in validation, else out of fold.

    how, auc, ci_low, ci_high, n and state of the validation cohort, else of the out-of-fold scores;
    None without either.
    """
    # Imported here: `predict` says the sentence that the model carries, and decides nothing.
    from analysis.reporting.claims.performance import discrimination_state

    for how in WORDS:
        record = records.get(keys.auc(name, how))
        if record is not None and record.value is not None:
            return {
                "how": how,
                "auc": record.value,
                "ci_low": record.ci_low,
                "ci_high": record.ci_high,
                "n": record.n,
                "state": discrimination_state(records, name, how),
            }
    return None


def performance_words(performance: Mapping[str, Any] | None) -> str:
    """One sentence with the AUC, its interval and what follows from it."""
    if performance is None:
        return "How well this model predicts is not known: its study has no AUC of it."
    interval = (
        ""
        if performance["ci_low"] is None or performance["ci_high"] is None
        else f" ({performance['ci_low']:.3f} to {performance['ci_high']:.3f})"
    )
    number = (
        f"AUC {performance['auc']:.3f}{interval} {WORDS[performance['how']]},"
        f" {counted(performance['n'], 'patient')}"
    )
    return {
        "holds": f"{number}.",
        "reversed": (
            f"{number}: it ordered patients in reverse, those with the event had the lower scores."
            " Don't use its risk."
        ),
        "not_shown": (
            f"{number}: it was not shown to discriminate better than chance. Its risk says no more"
            " than a guess."
        ),
        "too_few": f"{number}: too few of one outcome to tell whether it discriminates at all.",
        "undefined": f"{number}: whether it discriminates could not be estimated.",
    }[str(performance["state"])]
