"""Worker of a cluster: says which code it has, and carries out calls one by one.

Calls travel as bytes that import this package first, so that a worker beside a folder called
`analysis` loads ours, and a scheduler, which opens what it hands on, needs nothing of it.
"""

from __future__ import annotations

import operator
import os
import pickle
from collections.abc import Callable
from importlib import import_module
from typing import Any

from analysis.core.code_identity import CodeIdentity, code_identity
from analysis.core.processes import PACKAGE

# Of the files as they were when this process was first asked: later ones are not what it loaded.
_first: list[CodeIdentity] = []
STALE = "files of hcc-early-recurrence changed since it started: start it again"


class OtherCode(RuntimeError):
    """A worker was handed a call of code that is not its own."""


def answer() -> CodeIdentity:
    """The worker's identity.

    Raises OtherCode where its files are no longer those that it loaded.
    """
    now = code_identity()
    if not _first:
        _first.append(now)
    if _first[0].files != now.files:
        raise OtherCode(STALE)
    return now


def perform(token: str, call: bytes) -> Any:
    """Result of a pickled (function, arguments).

    It runs on one thread and one process: work inside it is sequential. token: of the identity of
    the process that sent it; raises OtherCode where this one has another.
    """
    if not _first:
        _first.append(code_identity())
    if _first[0].token != token:
        raise OtherCode("its code or libraries are not those of the run")
    # Here: a process of one machine has no need of them at its start.
    from joblib import parallel_config
    from threadpoolctl import threadpool_limits

    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    function, arguments = pickle.loads(call)
    with parallel_config(backend="sequential"), threadpool_limits(limits=1):
        return function(*arguments)


class _Applied:
    """Pickled, a function and its arguments; unpickled, the function's result."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.parts = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.parts


def packed(function: Callable[..., Any], *arguments: Any) -> bytes:
    """Bytes whose `pickle.loads` imports this package and returns `function(*arguments)`.

    function: of a module of this package.
    """
    steps = (_Applied(import_module, PACKAGE), _Applied(function, *arguments))
    return pickle.dumps(_Applied(operator.getitem, steps, 1), protocol=5)
