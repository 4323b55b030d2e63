"""numba's njit, kept on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable

from numba import njit


def compiled(function: Callable) -> Callable:
    """Function compiled by numba's `njit`, with a cache on disk.

    It is cached beside the source or, where that folder can't be written, in the user's cache
    folder; where neither can, uncached.

    numba notices a change of the file that a kernel stands in, not of other files whose kernels it
    calls: so a kernel calls kernels of its own file only.
    """
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "no locator available": no folder can be written
        return njit(nogil=True)(function)
