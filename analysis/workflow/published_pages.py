"""The rendered pages among a study's outputs: `outputs/<study>/report/index.html`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from analysis.study import Study
from analysis.workflow.outputs_guide import write_guide

FOLDER = "report"


def publish_pages(study: Study, pages: Sequence[Path]) -> Path | None:
    """Copy rendered pages, and what lies beside them, to the outputs; returns the article.

    pages: as they were rendered, all in one folder. None where nothing was rendered, or where the
    folder has sources of a manuscript. Pages that an earlier render left there are taken away.
    """
    there = [page for page in pages if page.is_file()]
    target = study.output_folder / FOLDER
    if not there or not study.output_folder.is_dir():
        return None
    # An output folder that has a manuscript in it: its sources are the author's.
    if any(target.rglob("*.qmd")):
        return None
    source = there[0].resolve().parent
    draft = target.with_name(f".{FOLDER}.part")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(source, draft, ignore=shutil.ignore_patterns(".*"))
    shutil.rmtree(target, ignore_errors=True)
    os.replace(draft, target)
    write_guide(study)
    article = target / "index.html"
    return article if article.is_file() else None
