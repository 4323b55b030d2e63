"""Functions of this project in the order in which a study first calls them, networks included.

`python -m tests.support.calls_in_order FOLDER FILE` runs the small study of `processor_study` in
this process, says one sentence from its results, and writes the calls to FILE, one a line.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from unittest.mock import patch

from tests.conftest import ROOT
from tests.support.processor_study import processor_study

OURS = tuple(f"{ROOT / package}{os.sep}" for package in ("analysis", "models", "early_recurrence"))


class Calls:
    """First calls, as `path — qualified name`. A profile function of `sys.setprofile`."""

    def __init__(self) -> None:
        self.seen: set[CodeType] = set()
        self.in_order: list[str] = []

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        if event != "call" or code in self.seen:
            return
        self.seen.add(code)
        if code.co_filename.startswith(OURS):
            path = Path(code.co_filename).relative_to(ROOT).as_posix()
            self.in_order.append(f"{path} — {code.co_qualname}")


def say_areas(study_file: Path) -> str:
    """The sentence of the abstract that holds each model's validation AUC."""
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.sections.abstract import abstract_areas
    from analysis.reporting.sections.context import Context

    return abstract_areas(Context(open_results(study_file)))


def trace(folder: Path) -> list[str]:
    """Run the study with every function watched; its calls in order."""
    from analysis.study import load_study
    from analysis.workflow.run import run

    study = load_study(processor_study(folder))
    calls = Calls()
    sys.setprofile(calls)
    try:
        with patch("analysis.reporting.figures.draw_all"):
            run(study)
        print(say_areas(study.path))
    finally:
        sys.setprofile(None)
    return calls.in_order


if __name__ == "__main__":
    Path(sys.argv[2]).write_text("\n".join(trace(Path(sys.argv[1]))), encoding="utf-8")
