"""Freed memory goes back to the system where the C library is asked for it."""

import ctypes
import platform
import re
from pathlib import Path

import numpy as np
import pytest

from analysis.core import memory


def _resident():
    """MiB of this process."""
    said = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", said)[1]) / 1024


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps freed memory so")
def test_freed_memory_goes_back():
    # Pieces too small for a mapping of their own; every tenth stays, in the midst of the others.
    pieces = [np.ones(8_000) for _ in range(2_000)]
    kept = pieces[::10]
    before = _resident()
    del pieces
    memory.give_memory_back()
    assert before - _resident() > 60
    assert len(kept) == 200


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_memory_back()
