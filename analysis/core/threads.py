"""Threads of BLAS and OpenMP in a part of the work."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import cast

from threadpoolctl import ThreadpoolController


@cache
def _pools() -> ThreadpoolController:
    # It looks through all libraries of the process, which takes longer than many a fit.
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """Context in which BLAS and OpenMP run on one thread."""
    return cast("AbstractContextManager[object]", _pools().limit(limits=1))


def one_blas_thread() -> AbstractContextManager[object]:
    """Context in which BLAS runs on one thread."""
    return cast("AbstractContextManager[object]", _pools().limit(limits=1, user_api="blas"))
