"""`early-recurrence open`: the rendered article in the browser."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

from analysis.core.project_folder import manuscript_path
from analysis.study import Study


def rendered_page(study: Study, document: str = "index") -> Path:
    """Path of a rendered html page of a study.

    Raises FileNotFoundError where it was not rendered yet, with the pages that are there.
    """
    folders = (
        study.output_folder / "report",
        manuscript_path(study.path, study.study.name) / "_report" / "report",
    )
    for folder in folders:
        if (page := folder / f"{document}.html").is_file():
            return page
    there = sorted({page.stem for folder in folders for page in folder.glob("*.html")})
    raise FileNotFoundError(
        f"{folders[0] / f'{document}.html'} is not there; "
        + (
            f"rendered are {', '.join(there)}"
            if there
            else "`early-recurrence report` computes and renders, `early-recurrence render` renders"
        )
    )


def open_page(page: Path) -> bool:
    """Open a page in the user's browser; returns False where there is none."""
    if not sys.stdout.isatty():  # a script, or a machine without a screen
        return False
    try:
        return webbrowser.open(page.resolve().as_uri())
    except webbrowser.Error:
        return False
