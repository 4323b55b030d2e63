"""Which tests run in one process of `make test`, and in which order: those of a file together, and
all files that take one whole study, so that it is computed once; what takes longest first, so
that no process is left with it when the others are done.

xdist's own groups (`--dist loadgroup`) do nothing with pytest 9.2: pytest-xdist issue 1386.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).resolve().parents[2]
# The fixtures of tests/conftest.py that rest on the study's whole run.
WHOLE = re.compile(r"\b(whole_study|rendered_project)\b")
# Tests that take the story of a cohort, and those that take the process that forks runs of a study:
# either is made once as well.
STORY = re.compile(r"^def test_\w+\(story\b", re.MULTILINE)
FORKS = re.compile(r"^def test_\w+\(forks\b", re.MULTILINE)

# What takes more than about ten seconds of processor time, longest first.
LONGEST = (
    "whole_study",
    "story",
    "tests/robustness/test_bad_input.py",
    "tests/robustness/test_identifiers.py",
    "tests/test_benchmarks.py",
    "tests/docs/test_architecture_paths.py",
    "tests/test_wheel.py",
    "tests/statistics/test_gold.py",
    "tests/workflow/manuscript/test_path_of_an_author.py",
    "tests/inputs/radiomics/engine/test_made_volumes.py",
    "tests/reporting/claims/test_studies.py",
    "tests/workflow/manuscript/test_author_files.py",
    "tests/robustness/test_pages.py",
    "tests/core/test_cluster.py",
    "tests/workflow/test_study_with_habitats.py",
    "tests/test_ways_in.py",
    "forks",
    "tests/workflow/test_study_with_own_features.py",
    "tests/workflow/test_study_with_histogram_matching.py",
    "tests/models/test_model_registry.py",
    "tests/core/test_execution.py",
    "tests/workflow/redline/test_redline.py",
)


@cache
def scope_of_file(file: str) -> str:
    """The file itself, or `whole_study`, `story` or `forks` where its tests take that."""
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if WHOLE.search(text):
        return "whole_study"
    if FORKS.search(text):
        return "forks"
    return "story" if STORY.search(text) else file


class ByFileAndStudy(LoadFileScheduling):
    """xdist's schedule by file, with the files of the whole study in one piece, and the longest
    pieces first; the others by their number of tests."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of_file(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: WorkerController) -> None:
        waiting = [each for each in LONGEST if each in self.workqueue]
        if waiting:
            self.workqueue.move_to_end(waiting[0], last=False)
        super()._assign_work_unit(node)
