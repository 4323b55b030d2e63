"""Parallel work over patients or fits, with a bar that shows the time left."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from joblib import delayed

from analysis.core.cache import is_planning
from analysis.core.cluster_work import ClusterWork
from analysis.core.execution import current_cluster
from analysis.core.machine_errors import KEPT, MemoryFault
from analysis.core.processes import allow_growth, local_processes
from analysis.core.progress_bar import progress_bar
from analysis.core.stages import stage

STATUS_SECONDS = 2.0


class NotThere(RuntimeError):
    """While planning: a result that later steps need is not in the cache."""


def _planned(function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Every call in this process, so that each notes what it misses; raises NotThere if one did."""
    results = []
    for each in arguments:
        try:
            results.append(function(*each))
        except Exception:  # a piece that is not there is None, and nobody can go on with that
            results.append(None)
    absent = sum(_is_absent(result) for result in results)
    if absent:
        raise NotThere(f"{absent} of {len(arguments)}")
    return results


def _is_absent(result: Any) -> bool:
    """True if a piece is not there; a group of pieces is a list, of which one may be missing."""
    pieces = result if isinstance(result, list) else [result]
    return any(piece is None for piece in pieces)


@contextmanager
def _with_status(bar: Any, status: Callable[[], str] | None) -> Iterator[None]:
    """Show what `status` says of the work inside behind the bar, unless it goes to a file."""
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


def _noted(function: Callable[..., Any], note: Path, *arguments: Any) -> Any:
    """Result of a call, with a file that stands while the call is at work.

    The file is what is left of a process that was killed.
    """
    allow_growth()
    note.touch()
    try:
        return function(*arguments)
    finally:
        note.unlink(missing_ok=True)


def _ended(
    description: str, notes: Path, names: Sequence[str], jobs: int, cause: str
) -> MemoryFault:
    """Error for a worker process that the system ended.

    The message follows the notes of those that were at work.
    """
    at_work = [
        names[int(note.name)] for note in sorted(notes.iterdir(), key=lambda note: int(note.name))
    ]
    what = f" while at work on {', '.join(at_work[:8])}" if at_work else ""
    fewer = {
        2: "Set `jobs: 1`",
        -1: "Set `jobs` to a small number (now -1: a process for each core)",
    }.get(jobs, "Lower `jobs`")
    crashed = "SIGSEGV" in cause
    fault = " by a fault in a library (a segmentation fault)"
    why = fault if crashed else ", most likely because memory ran out"
    return MemoryFault(
        f"{description}: a worker process was ended by the system{what}{why}. {fewer} in the study"
        f" file, or close other programs. {KEPT}"
    )


# Of joblib's processes, by name.
_PROCESS_ENDED = ("TerminatedWorkerError", "BrokenProcessPool")


def _on_this_machine(
    function: Callable[..., Any],
    arguments: Sequence[tuple[Any, ...]],
    description: str,
    jobs: int,
    names: Sequence[str],
) -> Generator[Any]:
    """Results in order from processes of this machine."""
    with tempfile.TemporaryDirectory(prefix="at-work-") as folder:
        notes = Path(folder)
        tasks = (
            delayed(_noted)(function, notes / str(number), *each)
            for number, each in enumerate(arguments)
        )
        try:
            yield from local_processes(jobs, return_as="generator")(tasks)
        except RuntimeError as error:
            if type(error).__name__ in _PROCESS_ENDED:
                raise _ended(
                    description, notes, names=names, jobs=jobs, cause=str(error)
                ) from error
            raise


def in_parallel(  # noqa: PLR0913 - what is computed, and what the bar shows of it
    function: Callable[..., Any],
    arguments: Sequence[tuple[Any, ...]],
    description: str,
    jobs: int = -1,
    status: Callable[[], str] | None = None,
    names: Sequence[str] | None = None,
    keep: Callable[[Any], Any] = lambda result: result,
) -> list[Any]:
    """Results of a function over many arguments, computed in parallel.

    `[function(*a) for a in arguments]` on `jobs` processes, or on the cluster of
    `analysis.core.execution.executing`, in order, with a progress bar on standard error.

    status: words about what is under way, shown behind the bar every other second. names: of what
    each call works on, say the patient. keep: what is kept of each result as it comes, here in this
    process. Raises MemoryFault where the system ends a process, with the names of those that were
    at work, and ExecutionError where a cluster has no workers any more.
    """
    if not arguments:
        return []
    if is_planning():
        return [keep(result) for result in _planned(function, arguments)]
    if names is None:
        names = [f"number {number} of {len(arguments)}" for number in range(1, len(arguments) + 1)]
    cluster = current_cluster()
    results = (
        _on_this_machine(function, arguments, description=description, jobs=jobs, names=names)
        if cluster is None
        else ClusterWork(cluster, function, arguments, names).results()
    )
    bar = progress_bar(results, len(arguments), description)
    with stage(description), closing(results), _with_status(bar, status):
        return [keep(result) for result in bar]
