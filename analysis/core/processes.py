"""Processes of this machine that work is spread over: joblib's, with this package loaded first."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from joblib import Parallel

# Imported before the first task, as everyone's road into the package: it pins the kernels and
# loads our own `analysis` and `models`, not folders of these names beside a notebook.
PACKAGE = "early_recurrence"
# loky ends a worker that grew by this many bytes since its first task, and starts another. Its own
# limit, 300 MB, is crossed by importing PyTorch, and joblib has no setting for it.
MOST_GROWTH = 4 * 10**9
_LIMIT = "_MAX_MEMORY_LEAK_SIZE"


def local_processes(jobs: int, **settings: Any) -> Parallel:
    """Parallel of joblib on processes that have loaded this package.

    It has `jobs` processes (-1: one for each core). settings: of Parallel.
    """
    return Parallel(n_jobs=jobs, initializer=import_module, initargs=(PACKAGE,), **settings)


def allow_growth() -> None:
    """Raise the limit of memory at which loky replaces the worker that calls this.

    Elsewhere it does nothing. It is called in a task, as loky looks after it.
    """
    executor = sys.modules.get("joblib.externals.loky.process_executor")
    if executor is not None and hasattr(executor, _LIMIT):
        setattr(executor, _LIMIT, MOST_GROWTH)
