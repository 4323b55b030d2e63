"""Watch of a training: its course while it runs, and its state for when it is killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch

from analysis.core.cache import write_atomically

COLUMNS = ("member", "epoch", "loss", "auc", "held_out_loss", "held_out_auc", "learning_rate")


@dataclass
class Watch:
    """Log and checkpoint of a training.

    log: CSV with a row an epoch, the seconds since the start and those left. checkpoint: file from
    which a killed training goes on at the epoch that it holds, with the same numbers; written when
    the last is `seconds` old, as a demonstration's epochs are shorter than its writing. None writes
    nothing.
    """

    log: Path | None = None
    checkpoint: Path | None = None
    seconds: float = 60.0
    _written: float = field(default_factory=time.monotonic)
    _started: float = field(default_factory=time.monotonic)
    _times: dict[int, tuple[float, float]] = field(default_factory=dict)

    def epoch(self, history: list[dict[str, Any]], total: int) -> None:
        """Write the log after an epoch.

        history: rows so far; total: epochs of all members if none stops early.
        """
        if self.log is None:
            return
        # Epochs before a resumption have no time: they were timed by a process that is gone.
        elapsed, before = time.monotonic() - self._started, len(history) - len(self._times) - 1
        self._times[len(history)] = (
            elapsed,
            elapsed / (len(history) - before) * max(0, total - len(history)),
        )
        lines = [",".join((*COLUMNS, "seconds", "seconds_left"))]
        for number, row in enumerate(history, start=1):
            cells = ["" if row.get(name) is None else format(row[name], ".6g") for name in COLUMNS]
            lines.append(
                ",".join(
                    [*cells, *(f"{each:.1f}" for each in self._times[number])]
                    if number in self._times
                    else [*cells, "", ""]
                )
            )
        write_atomically(self.log, "\n".join(lines) + "\n")

    def save(self, state: Callable[[], dict[str, Any]]) -> None:
        """Keep the state of the training, whole or not at all."""
        if self.checkpoint is None or time.monotonic() - self._written < self.seconds:
            return
        # Piece by piece, as the whole is four times the network.
        write_atomically(self.checkpoint, partial(torch.save, state()))
        self._written = time.monotonic()

    def load(self) -> dict[str, Any] | None:
        """State kept, tensors and numbers only.

        It is None where there is none, and a damaged one is thrown away.
        """
        if self.checkpoint is None or not self.checkpoint.is_file():
            return None
        try:
            return torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        except Exception:
            self.checkpoint.unlink(missing_ok=True)
            return None

    def finish(self) -> None:
        """The training is kept elsewhere now."""
        if self.checkpoint is not None:
            self.checkpoint.unlink(missing_ok=True)
