"""Calls that workers of a cluster carry out in tests; in a module that they can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from joblib import Parallel, delayed

from analysis.core.cache import cached


def own_pid(seconds: float) -> int:
    """Of the worker, after a while."""
    time.sleep(seconds)
    return os.getpid()


def busy(_: int) -> list[tuple[float, float]]:
    """Work that would spread over four processes, with the moments at which each part is at it."""

    def part() -> tuple[float, float]:
        start = time.monotonic()
        time.sleep(0.05)
        return start, time.monotonic()

    return list(Parallel(n_jobs=4)(delayed(part)() for _ in range(4)))


def broken(number: int) -> int:
    """Has an error at 2."""
    if number == 2:
        raise KeyError("patient P2")
    return number


def kept(room: Path, number: int) -> int:
    """The square, computed slowly and kept."""

    def compute() -> int:
        time.sleep(0.3)
        return number * number

    return cached(room, f"{number:04}", compute, str(number))


def killed() -> None:
    """Ends its own process as the system does where memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)
