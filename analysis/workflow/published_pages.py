"""The rendered pages among a study's outputs: `outputs/<study>/report/index.html`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.core.cache import PART, file_sha256, write_atomically
from analysis.core.word_lists import listed
from analysis.study import Study
from analysis.workflow.outputs_guide import files_in, write_guide

FOLDER = "report"
# Beside the folder: SHA-256 of each file that was copied there, by its name. What has none of
# these, or other bytes, is a person's.
WRITTEN = ".pages.json"


def _written(outputs: Path) -> dict[str, list[str]]:
    path = outputs / WRITTEN
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _write_down(outputs: Path, digests: dict[str, list[str]]) -> None:
    write_atomically(outputs / WRITTEN, json.dumps(digests, indent=1, sort_keys=True) + "\n")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}{PART}")
    shutil.copyfile(source, draft)
    os.replace(draft, target)


def publish_pages(study: Study, pages: Sequence[Path]) -> Path | None:
    """Copy rendered pages, and what lies beside them, to the outputs; returns the article.

    pages: as they were rendered, all in one folder. None where nothing was rendered, where the
    folder has sources of a manuscript, or where a person changed a page there: a message says so,
    and nothing is copied. Pages that an earlier render left there are taken away; files that a
    person put there stay.
    """
    there = [page for page in pages if page.is_file()]
    outputs = study.output_folder
    target = outputs / FOLDER
    if not there or not outputs.is_dir():
        return None
    # An output folder that has a manuscript in it: its sources are the author's.
    if any(target.rglob("*.qmd")):
        return None
    source = there[0].resolve().parent
    new = {name: file_sha256(source / name) for name in files_in(source)}
    old = {name: file_sha256(target / name) for name in files_in(target)}
    written = _written(outputs)
    persons = {name for name, each in old.items() if each not in written.get(name, [])}
    if edited := sorted(name for name in persons if name in new and new[name] != old[name]):
        print(
            f"early-recurrence: {listed([str(target / name) for name in edited])} changed after it"
            f" was written, and stays as it is; the pages of this render are in {source}. Move the"
            " edited file elsewhere to have the new pages here",
            file=sys.stderr,
        )
        return None
    names = {*new, *written}
    # Both states are written down first: a copy that was interrupted is known again.
    _write_down(outputs, {n: [*written.get(n, []), *([new[n]] if n in new else [])] for n in names})
    for name in new:
        if new[name] != old.get(name):
            _copy(source / name, target / name)
    for name in old.keys() - new.keys() - persons:
        (target / name).unlink()
    _write_down(outputs, {name: [each] for name, each in new.items()})
    write_guide(study)
    article = target / "index.html"
    return article if article.is_file() else None
