"""Calls on a few side processes of their own.

They run beside the processes that other work is spread over, for what needs something of which the
machine has few, such as a GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from joblib.externals.loky import ProcessPoolExecutor

from analysis.core.machine_errors import KEPT, MemoryFault
from analysis.core.processes import PACKAGE, allow_growth
from analysis.core.progress_bar import progress_bar

# By name: loky's own classes of errors are not public.
_PROCESS_ENDED = ("TerminatedWorkerError", "BrokenProcessPool")


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    allow_growth()
    return function(*arguments)


@contextmanager
def side_processes(
    count: int, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], description: str
) -> Iterator[Callable[[], list[Any]]]:
    """Context in which a function runs in side processes.

    Starts `function(*each)` for `each` of `arguments` on `count` processes, first come first
    served. Yields what waits for the results, in order, with a progress bar; leaving early ends the
    processes. Raises MemoryFault where the system ends one.

    Not joblib's Parallel, whose processes are shared by all calls of it.
    """
    pool = ProcessPoolExecutor(max_workers=count, initializer=import_module, initargs=(PACKAGE,))
    futures = [pool.submit(_called, function, each) for each in arguments]

    def results() -> list[Any]:
        bar = progress_bar(futures, desc=description)
        try:
            return [future.result() for future in bar]
        except RuntimeError as error:
            if type(error).__name__ in _PROCESS_ENDED:
                raise MemoryFault(
                    f"{description}: a process was ended by the system, most likely because memory"
                    f" ran out. Lower `jobs` in the study file, or close other programs. {KEPT}"
                ) from error
            raise

    finished = False
    try:
        yield results
        finished = True
    finally:
        pool.shutdown(wait=True, kill_workers=not finished)
