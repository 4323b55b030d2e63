"""Which study, and which Quarto project, is rendered."""

from __future__ import annotations

import os
from pathlib import Path


def study_path() -> Path:
    """The study that is rendered: EARLY_RECURRENCE_STUDY, else study.yml of the Quarto project that
    runs here, else the checkout's."""
    here, root = Path.cwd(), Path(__file__).resolve().parents[2]
    own = (here / "_quarto.yml").is_file() and (here / "study.yml").is_file()
    return Path(
        os.environ.get("EARLY_RECURRENCE_STUDY") or (here if own else root) / "study.yml"
    ).resolve()


def project_folder() -> Path:
    """Folder of the _quarto.yml that is rendered: the one that Quarto runs in, else the
    checkout."""
    here = Path.cwd()
    return here if (here / "_quarto.yml").is_file() else Path(__file__).resolve().parents[2]
