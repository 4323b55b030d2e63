"""Project folder: the study and the Quarto project that are rendered."""

from __future__ import annotations

import json
import os
from pathlib import Path

# What a manuscript's folder remembers of its study file and templates.
STATE = Path(".manuscript") / "state.json"


def _named(project: Path) -> Path | None:
    """The study file that a manuscript's folder names, where it is not beside it."""
    path = project / STATE
    name = json.loads(path.read_text(encoding="utf-8")).get("study") if path.is_file() else None
    return project / name if name else None


def study_path() -> Path:
    """Path of the study that is rendered.

    It is EARLY_RECURRENCE_STUDY, else the one of the Quarto project that runs here (the file that
    it names, or study.yml in it), else the checkout's.
    """
    here, root = Path.cwd(), Path(__file__).resolve().parents[2]
    own = (here / "_quarto.yml").is_file() and (here / "study.yml").is_file()
    found = _named(here) or (here if own else root) / "study.yml"
    return Path(os.environ.get("EARLY_RECURRENCE_STUDY") or found).resolve()


def project_folder() -> Path:
    """Folder of the _quarto.yml that is rendered: where Quarto runs, else the checkout."""
    here = Path.cwd()
    return here if (here / "_quarto.yml").is_file() else Path(__file__).resolve().parents[2]


def manuscript_path(study_file: Path, name: str) -> Path:
    """Folder of a study's manuscript, whether it was made already or not.

    It lies beside a study.yml that has a _quarto.yml, else in `manuscript/<name of the study>`.
    """
    if study_file.name == "study.yml" and (study_file.parent / "_quarto.yml").is_file():
        return study_file.parent
    return study_file.parent / "manuscript" / name


def find_study(folder: Path, name: str = "study.yml") -> Path:
    """Path of the study file for a command that is called in `folder`.

    It is the one in the nearest folder that has one, from this upwards; where none has, `study.yml`
    here, which is then not there.
    """
    here = folder.resolve()
    for place in (here, *here.parents):
        if (place / name).is_file():
            # As it was named before: a message names what the user would type.
            return Path(name) if place == here else Path(os.path.relpath(place / name, here))
    return Path(name)
