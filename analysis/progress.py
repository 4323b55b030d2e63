"""Parallel work over patients or fits, with a bar that shows the time left."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed
from tqdm import tqdm

from analysis.cache import is_planning

STATUS_SECONDS = 2.0


class NotThere(RuntimeError):
    """While planning: a result that later steps need is not in the cache."""


def _planned(function: Callable[..., Any], arguments: Sequence[tuple]) -> list[Any]:
    """Every call in this process, so that each notes what it misses; raises NotThere if one did."""
    results, absent = [], 0
    for each in arguments:
        try:
            results.append(function(*each))
        except Exception:  # a piece that is not there is None, and nobody can go on with that
            results.append(None)
        # A group of pieces is a list, of which one may be missing.
        absent += results[-1] is None or isinstance(results[-1], list) and any(each is None for each in results[-1])
    if absent:
        raise NotThere(f"{absent} of {len(arguments)}")
    return results


@contextmanager
def _with_status(bar: tqdm, status: Callable[[], str] | None) -> Iterator[None]:
    """Behind the bar, what `status` says of the work inside it; not where the bar goes to a file."""
    if status is None or not sys.stderr.isatty():
        yield
        return
    ended = threading.Event()

    def show() -> None:
        while not ended.wait(STATUS_SECONDS):
            bar.set_postfix_str(status())

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def in_parallel(function: Callable[..., Any], arguments: Sequence[tuple], description: str, jobs: int = -1, status: Callable[[], str] | None = None) -> list[Any]:
    """`[function(*a) for a in arguments]` on `jobs` processes, in order, with a progress bar on standard error.

    status: words about what is under way, shown behind the bar every other second.
    """
    if not arguments:
        return []
    if is_planning():
        return _planned(function, arguments)
    tasks = (delayed(function)(*each) for each in arguments)
    results = Parallel(n_jobs=jobs, return_as="generator")(tasks)
    bar = tqdm(results, total=len(arguments), desc=description, file=sys.stderr, mininterval=1.0, dynamic_ncols=True)
    with _with_status(bar, status):
        return list(bar)


def duration(seconds: float | None) -> str:
    """12 s, 3 min, 2.5 h."""
    if seconds is None:
        return "not timed yet"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
