"""`run.log` among a study's outputs: the last run that computed, with its timings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.core.durations import duration
from analysis.core.stages import STAGES, Stages

FILE = "run.log"


def log_text(folder: Path, began: datetime, seconds: float, stages: dict[str, float]) -> str:
    """Text of the log. folder: of the outputs; stages: seconds of each."""
    origin = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    own = origin.get("study_commit")
    lines = [
        f"began       {began:%Y-%m-%d %H:%M:%S}",
        f"took        {duration(seconds)}",
        f"package     hcc-early-recurrence {origin['package']}, {origin['commit']}",
        *([f"study       its repository at {own}"] if own else []),
        f"python      {origin['python']}, {origin['platform']}",
        f"arithmetic  {origin['arithmetic']}",
        f"patients    {origin['patients']}",
        "",
        Stages(seconds=stages).table(seconds),
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def logged(folder: Path) -> Iterator[None]:
    """Write the log of what runs inside, once it is done. folder: of the outputs."""
    began, start, before = datetime.now(), time.perf_counter(), dict(STAGES.seconds)
    yield
    spent = {name: each - before.get(name, 0.0) for name, each in STAGES.seconds.items()}
    write_atomically(folder / FILE, log_text(folder, began, time.perf_counter() - start, spent))
