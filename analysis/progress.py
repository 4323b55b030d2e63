"""Parallel work over patients or fits, with a bar that shows the time left."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed
from tqdm import tqdm

STATUS_SECONDS = 2.0


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
    tasks = (delayed(function)(*each) for each in arguments)
    results = Parallel(n_jobs=jobs, return_as="generator")(tasks)
    bar = tqdm(results, total=len(arguments), desc=description, file=sys.stderr, mininterval=1.0, dynamic_ncols=True)
    with _with_status(bar, status):
        return list(bar)
