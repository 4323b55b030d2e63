"""Progress of the networks that are being trained: one line, for the bar above them.

They train in other processes and write files.
"""

from __future__ import annotations

import time
from pathlib import Path

# A file that was not written for so long belongs to a fit that ended or was killed.
SILENT_SECONDS = 300.0


def _words(path: Path) -> str | None:
    """Name, epoch, loss and AUC of the last line, and the time left; None where the fit is over."""
    try:
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        row = dict(zip(head.split(","), rows[-1].split(","), strict=True))
        left = float(row["seconds_left"])
    except (OSError, ValueError, IndexError, KeyError):
        return None
    if left <= 0:
        return None
    area = row["held_out_auc"] or row["auc"]
    return (
        f"{path.stem} epoch {row['epoch']}, loss {float(row['held_out_loss'] or row['loss']):.2f}"
        + (f", AUC {float(area):.2f}" if area else "")
        + f", {int(left // 60)}:{int(left % 60):02d} left"
    )


def network_status(folder: Path, started: float) -> str:
    """Status of the networks in training.

    The network that was heard of last since `started` (seconds of the epoch), and how many train
    beside it; empty where none does.
    """
    now, seen = time.time(), []
    for path in folder.glob("*.csv"):
        try:
            written = path.stat().st_mtime
        except OSError:
            continue
        if written >= started and now - written < SILENT_SECONDS and (words := _words(path)):
            seen.append((written, words))
    if not seen:
        return ""
    return max(seen)[1] + (f" (+{len(seen) - 1})" if len(seen) > 1 else "")
