"""Calls that run while this process goes on with something else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from joblib import effective_n_jobs

from analysis.core.cache import is_planning
from analysis.core.execution import current_cluster

Value = TypeVar("Value")


def begun(jobs: int, function: Callable[..., Value], *arguments: Any) -> Callable[[], Value]:
    """Start `function(*arguments)`, whose work is done by `jobs` processes, in a thread.

    Returns what waits for the result, or raises the call's error; it is to be called before other
    work is spread over processes. What the call does in this process must not touch what all of it
    shares: filters of warnings, the environment, the working folder. With one process, on a
    cluster, and while planning, the call is made only then.
    """
    if effective_n_jobs(jobs) == 1 or is_planning() or current_cluster() is not None:
        return lambda: function(*arguments)
    future: Future[Value] = Future()

    def call() -> None:
        try:
            future.set_result(function(*arguments))
        except BaseException as error:
            future.set_exception(error)

    # It ends with this process, whatever it is at.
    threading.Thread(target=call, daemon=True).start()
    return future.result
