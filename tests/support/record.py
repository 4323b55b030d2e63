"""What the robustness tests tried, for docs/robustness.md; writes nothing unless
EARLY_RECURRENCE_ROBUSTNESS names a folder."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "EARLY_RECURRENCE_ROBUSTNESS"


def tried(kind: str, case: str, seen: str, count: int = 1) -> None:
    """One case that a test has just seen happen: kind is the table's heading, seen what the user
    gets, in its words.

    One line of JSON in append mode, so that tests in several processes don't mix. Folders of the
    tests are left out of `seen`, and so are the machine's name and the numbers of processes, which
    are others each time.
    """
    if not (folder := os.environ.get(FOLDER)):
        return
    seen = re.sub(
        r"(/[\w.+-]+)*/(pytest-\d+|pytest-of-[\w-]+)(/[\w.+-]+)*/", "…/", " ".join(seen.split())
    )
    seen = re.sub(r"\bprocess \d+ on \S+", "process … on …", seen.replace(str(ROOT), "…"))
    Path(folder).mkdir(parents=True, exist_ok=True)
    with (Path(folder) / "tried.jsonl").open("a", encoding="utf-8") as file:
        file.write(
            json.dumps(
                {"kind": kind, "case": case, "seen": seen, "count": count}, ensure_ascii=False
            )
            + "\n"
        )
