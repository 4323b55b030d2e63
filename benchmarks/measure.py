"""One comparison: the same answer from two sides, timed turn by turn in one process."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Comparison:
    """ours and other compute the same; answers turns what both returned into two arrays that must
    agree within atol.

    share: how much of the work `other` does where all of it would take minutes; its time is scaled
    by it. least_ratio,
    most_seconds: the target, where there is one.
    """

    name: str
    ours: Callable[[], Any]
    other_name: str
    other: Callable[[], Any]
    answers: Callable[[Any, Any], tuple[Any, Any]]
    atol: float = 1e-10
    share: float = 1.0
    least_ratio: float | None = None
    most_seconds: float | None = None


@dataclass(frozen=True)
class Timing:
    """Medians in seconds for the whole work; peaks of memory in bytes."""

    comparison: Comparison
    ours: float
    other: float
    ours_peak: int
    other_peak: int

    @property
    def ratio(self) -> float:
        return self.other / self.ours

    @property
    def met(self) -> bool | None:
        target = self.comparison
        if target.least_ratio is None and target.most_seconds is None:
            return None
        return self.ours <= (target.most_seconds or np.inf) and self.ratio >= (
            target.least_ratio or 0
        )


def check_agreement(comparison: Comparison) -> None:
    """Both sides once; a difference is an error, as a faster wrong answer is no gain."""
    np.testing.assert_allclose(
        *comparison.answers(comparison.ours(), comparison.other()),
        rtol=0,
        atol=comparison.atol,
        err_msg=comparison.name,
    )


def _seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _peak(call: Callable[[], Any]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def measure(comparison: Comparison, repeats: int = 5) -> Timing:
    """Medians of `repeats` turns, ours and the other's by turns, after the run that checks them,
    which isn't counted.

    Peak memory is of a further run, as tracing slows it; of the other side it is that of its share
    of the work.
    """
    check_agreement(comparison)
    ours, other = [], []
    for _ in range(repeats):
        ours.append(_seconds(comparison.ours))
        other.append(_seconds(comparison.other))
    return Timing(
        comparison,
        median(ours),
        median(other) / comparison.share,
        _peak(comparison.ours),
        _peak(comparison.other),
    )
