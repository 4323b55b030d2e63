"""Processes of this machine that work is spread over: joblib's, with this package loaded first."""

from __future__ import annotations

import signal
import sys
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from joblib import Parallel, delayed, effective_n_jobs
from joblib.externals.loky import get_reusable_executor

# Imported before the first task, as everyone's road into the package: it pins the kernels and
# loads our own `analysis` and `models`, not folders of these names beside a notebook.
PACKAGE = "early_recurrence"
# loky ends a worker that grew by this many bytes since its first task, and starts another. Its own
# limit, 300 MB, is crossed by importing PyTorch, and joblib has no setting for it.
MOST_GROWTH = 4 * 10**9
_LIMIT = "_MAX_MEMORY_LEAK_SIZE"
# Of many processes, those that load what later work needs before there is any.
MOST_PREPARED = 4
_preparing: list[Generator[Any]] = []
# Whether this process had others work for it.
_used = False


def local_processes(jobs: int, **settings: Any) -> Parallel:
    """Parallel of joblib on processes that have loaded this package.

    It has `jobs` processes (-1: one for each core). settings: of Parallel.
    """
    while _preparing:
        # Work that needs the processes meets the same fault, and says it.
        with suppress(Exception):
            list(_preparing.pop())
    return _parallel(jobs, **settings)


def _parallel(jobs: int, **settings: Any) -> Parallel:
    global _used
    _used |= effective_n_jobs(jobs) > 1
    return Parallel(n_jobs=jobs, initializer=import_module, initargs=(PACKAGE,), **settings)


@contextmanager
def prepared_processes(jobs: int, modules: Sequence[str]) -> Iterator[None]:
    """Context at whose begin the processes of `local_processes` start and load modules.

    It takes seconds, in which this process goes on; the first `local_processes` waits for what is
    left, and the end of the context, where there was none, for nothing. Does nothing where there is
    one process.
    """
    count = effective_n_jobs(jobs)
    if count > 1:
        tasks = [delayed(_load)(tuple(modules))] * min(count, MOST_PREPARED)
        with _without_interrupts():
            _preparing.append(_parallel(jobs, return_as="generator")(tasks))
    try:
        yield
    finally:
        while _preparing:
            with warnings.catch_warnings():
                # joblib tells that nobody asked for what is still to be loaded.
                warnings.simplefilter("ignore", UserWarning)
                _preparing.pop().close()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Context in which Ctrl-C waits, and after which it never reaches what was started inside.

    This process ends these processes, which would tell where they were.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_processes() -> None:
    """End the processes of this machine at once; left alone, a command's end waits for them."""
    if _used:
        get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)


def _load(modules: Sequence[str]) -> None:
    allow_growth()
    for name in modules:
        import_module(name)


def allow_growth() -> None:
    """Raise the limit of memory at which loky replaces the worker that calls this.

    Elsewhere it does nothing. It is called in a task, as loky looks after it.
    """
    executor = sys.modules.get("joblib.externals.loky.process_executor")
    if executor is not None and hasattr(executor, _LIMIT):
        setattr(executor, _LIMIT, MOST_GROWTH)
