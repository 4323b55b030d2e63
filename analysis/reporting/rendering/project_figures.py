"""Figures where Quarto's typesetter may read them.

Typst opens no file outside of the project's folder.
"""

from __future__ import annotations

from pathlib import Path

from analysis.core.cache import write_atomically

FOLDER = Path("report") / "_style" / "figures"


def inside_project(figure: Path, project: Path) -> Path:
    """Path of `figure` (with or without a suffix) within the project.

    It is the figure itself where it lies in `project`; else a copy in report/_style/figures.

    A path without suffix stands for the same figure in several kinds; all are copied. Copies that
    are right stay. A folder without _quarto.yml is no project, and gets no copy.
    """
    if (
        figure.resolve().is_relative_to(project.resolve())
        or not (project / "_quarto.yml").is_file()
    ):
        return figure
    found = [figure] if figure.is_file() else sorted(figure.parent.glob(f"{figure.name}.*"))
    for file in found:
        copy, content = project / FOLDER / file.name, file.read_bytes()
        if not copy.is_file() or copy.read_bytes() != content:
            write_atomically(copy, content)
    return project / FOLDER / figure.name
