"""Use of GPUs by one process each at a time.

This holds whichever study or run a process belongs to. The module also has what to do where the
memory of a GPU runs out.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from analysis.core.machine_errors import KEPT, MemoryFault
from analysis.core.private_files import make_private

# Seconds between looks for a GPU that is free.
LOOK = 0.2
OUT_OF_MEMORY = (
    "the GPU's memory ran out; under deep_learning lower batch_size or crop_pixels, write"
    f" gradient_checkpointing: true, or device: cpu. {KEPT}"
)


def cards() -> list[str]:
    """Identifiers of the GPUs that this process may use, by PyTorch's number.

    They are the same whatever CUDA_VISIBLE_DEVICES leaves out.
    """
    return [
        str(torch.cuda.get_device_properties(number).uuid)
        for number in range(torch.cuda.device_count())
    ]


# The GPU that this process used last, whose memory it may hold.
_last: list[str] = []


def _free(names: list[str], folder: Path) -> tuple[int, int] | None:
    """Number and lock of a GPU that no process has; None where all are taken.

    The system takes a lock back when its process ends.
    """
    for name in sorted(names, key=lambda name: name not in _last):
        handle = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        return names.index(name), handle
    return None


@contextmanager
def free_card() -> Iterator[int]:
    """The number of a GPU that is this process's alone inside; waits for one.

    Raises ValueError where there is none on this machine.
    """
    names = cards()
    if not names:
        raise ValueError("deep_learning: device is cuda, but PyTorch sees no GPU here")
    folder = make_private(Path(tempfile.gettempdir()) / f"early-recurrence-gpus-{os.getuid()}")
    while (found := _free(names, folder)) is None:
        time.sleep(LOOK)
    number, handle = found
    _last[:] = [names[number]]
    try:
        yield number
    finally:
        os.close(handle)


@contextmanager
def on_device(device: str) -> Iterator[None]:
    """Inside, `cuda` is a GPU that is this process's alone; `cpu` needs nothing.

    Raises MemoryFault with what to lower where the GPU's memory runs out.
    """
    if device == "cpu":
        yield
        return
    try:
        with free_card() as number, torch.cuda.device(number):
            yield
    except torch.OutOfMemoryError as error:
        torch.cuda.empty_cache()
        raise MemoryFault(OUT_OF_MEMORY) from error
