"""Memory that the C library keeps for later, given back to the system."""

from __future__ import annotations

import ctypes


def give_memory_back() -> None:
    """Give freed memory back to the system, where the C library is glibc; elsewhere do nothing.

    What a network's training frees lies in pieces between what stays, and glibc keeps it all.
    """
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return
