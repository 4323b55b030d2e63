"""QEMU's user-mode emulation: this machine's programs on another processor."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from analysis.core import arithmetic

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = "qemu-x86_64"
# Version 7.2 ends with a segmentation fault in PyTorch's grid_sample.
LEAST = 10
PINNED = {*arithmetic.KERNELS, "NPY_DISABLE_CPU_FEATURES", arithmetic.VARIABLE}


def unpinned() -> dict[str, str]:
    """The environment of a terminal that knows nothing of pinned kernels."""
    kept = {name: value for name, value in os.environ.items() if name not in PINNED}
    return kept | {"PYTHONPATH": str(ROOT)}


def emulator_version() -> int:
    """Major version of the emulator; 0 where it isn't installed."""
    if shutil.which(EMULATOR) is None:
        return 0
    said = subprocess.run([EMULATOR, "--version"], capture_output=True, text=True, check=True)
    return int(said.stdout.split("version ")[1].split(".")[0])


def run_python(
    arguments: list[str], processor: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """This Python with these arguments, kernels not yet pinned; on an emulated processor where one
    is named. Processes that it starts would run on this machine's own."""
    before = [] if processor is None else [EMULATOR, "-cpu", processor]
    return subprocess.run(
        [*before, sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=unpinned() | environment,
        check=False,
    )
