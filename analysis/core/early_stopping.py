"""What early stopping of networks makes of an estimated time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any


def share_of_epochs(timings: Sequence[Mapping[str, Any]]) -> float | None:
    """Mean share of their epochs that networks ran whose training could stop early.

    Most stop soon and a few run on, so that the median would say too little of their sum. timings:
    as analysis.core.cache.read_timings has them. None where no such network was timed.
    """
    shares = [float(each["done"]) for each in timings if each.get("done") is not None]
    return fmean(shares) if shares else None


def stopping_words(share: float | None) -> str:
    """What an estimate rests on where networks may stop early, for a sentence."""
    if share is None:
        return "if no network stops early"
    return f"if networks run {share:.0%} of their epochs, the mean of earlier fits"
