"""GPUs that are not there: a list in place of the machine's, for what decides who gets which."""

from __future__ import annotations

import os
import time
from contextlib import nullcontext
from pathlib import Path

import models.deep.cards as module


def use_made_cards(names: list[str], folder: Path) -> None:
    """In this process, GPUs of these names, with their locks below `folder`."""
    module.cards = lambda: names  # type: ignore[assignment]
    module.torch.cuda.device = lambda number: nullcontext()  # type: ignore[misc, assignment]
    module.tempfile.tempdir = str(folder)


def hold(folder: Path, names: list[str], seconds: float) -> tuple[str, float, float, int]:
    """A GPU's name, from when to when this process had it, and which process it is. The first to
    have one keeps it until another process has had another, a minute at most."""
    use_made_cards(names, folder)
    with module.free_card() as number:
        start = time.monotonic()
        (folder / names[number]).touch()
        while time.monotonic() - start < 60:
            if all((folder / name).exists() for name in names):
                break
            time.sleep(0.02)
        time.sleep(seconds)
        return names[number], start, time.monotonic(), os.getpid()
