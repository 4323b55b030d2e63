"""Where a study's manuscript lies.

It is made once and is the author's from then on: nothing here writes over a file that is there.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.core.cache import write_atomically
from analysis.core.project_folder import STATE, manuscript_path
from analysis.reporting.manuscript_folder.templates import kind_of, stubs, templates
from analysis.study import Study

EARLIER = """early-recurrence: {old} has a manuscript of an earlier version, which is neither used
nor changed any more. The study's manuscript is {new} from now on; what you wrote in the old one,
copy over from there."""


def _version() -> str:
    try:
        return version("hcc-early-recurrence")
    except PackageNotFoundError:  # a checkout that is not installed
        return "unknown"


def is_recorded(name: Path) -> bool:
    """Whether a template is text that an author edits, which `manuscript update` compares."""
    return name.suffix != ".docx"


def recorded_files(kind: str, study: str | None) -> dict[Path, bytes]:
    """Files in which the folder remembers its templates.

    They hold the templates' kind and version, the study file where it is not beside them, and their
    texts.
    """
    state = {"kind": kind, "version": _version(), "study": study}
    folder = STATE.parent
    texts = {folder / name: text for name, text in templates(kind).items() if is_recorded(name)}
    return {STATE: (json.dumps(state, indent=1) + "\n").encode(), **texts}


def manuscript_files(kind: str, study: str | None = None) -> dict[Path, bytes]:
    """Every file of a new manuscript.

    study: path of the study file from the manuscript's folder, where it is not study.yml in it.
    """
    files = templates(kind)
    return files | stubs(files) | recorded_files(kind, study)


def make_manuscript(project: Path, kind: str, study: str | None = None) -> list[Path]:
    """Write the files of a new manuscript that are not there; returns what was written."""
    return [
        write_atomically(project / name, content)
        for name, content in manuscript_files(kind, study).items()
        if not (project / name).exists()
    ]


def read_state(project: Path) -> dict[str, Any] | None:
    """What `recorded_files` wrote, or None in a folder without."""
    path = project / STATE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def project_of(study: Study) -> Path:
    """The folder of a study's manuscript (_quarto.yml, report/).

    study.yml has it beside it where a _quarto.yml is there, as `early-recurrence new` and this
    repository have it. Any other study file, of which several may lie in one folder, has its own,
    `manuscript/<study's name>`, which is made where there is none.
    """
    project = manuscript_path(study.path, study.study.name)
    if not (project / "_quarto.yml").is_file():
        make_manuscript(project, kind_of(study), os.path.relpath(study.path, project))
        old = study.output_folder / "manuscript"
        if (old / "report").is_dir():
            print(EARLIER.format(old=old, new=project), file=sys.stderr)
    return project
