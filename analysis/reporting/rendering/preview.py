"""Documents rendered without Quarto.

They are executed, converted beside the output, and moved into place when all are whole.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.reporting.rendering.execute import CellError, executed_markdown
from analysis.reporting.rendering.formats import Executed, write_formats
from analysis.reporting.rendering.quarto import SUFFIXES

IMAGE = re.compile(r"(!\[[^\]]*\]\()((?!https?:|data:|/)[^)\s]+)\)")


def with_images(markdown: str, start: Path, media: Path) -> str:
    """Markdown whose images outside of `media` were copied into it.

    start: folder that their paths start from.

    A path without suffix stands for the same figure in several kinds; each format then takes its
    own.
    """

    def copied(match: re.Match) -> str:
        path = start / match[2]
        if match[2].startswith(f"{media.name}/"):
            return match[0]
        files = [path] if path.is_file() else sorted(path.parent.glob(f"{path.name}.*"))
        if not files:
            raise ValueError(f"the figure {match[2]} is not there")
        media.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copyfile(file, media / file.name)
        return f"{match[1]}{media.name}/{path.name})"

    return IMAGE.sub(copied, markdown)


def _move(made: Path, place: Path) -> None:
    if made.is_dir() and place.exists():
        shutil.rmtree(place)
    os.replace(made, place)


def render_preview(
    project: Path,
    settings: dict[str, Any],
    documents: Sequence[tuple[Path, dict[str, Any]]],
    output: Path,
    formats: Sequence[str],
    progress: bool,
) -> None:
    """Render `documents` (each with the metadata of its folder) to `output`; all of them or none.

    Raises RuntimeError that names the document, and the cell where one failed.
    """
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".rendering-") as temporary:
        made = []
        for document, folder_metadata in documents:
            relative = document.parent.relative_to(project)
            folder = Path(temporary) / relative
            folder.mkdir(parents=True, exist_ok=True)
            media = folder / f"{document.stem}_files"
            working_folder = (
                project
                if settings.get("project", {}).get("execute-dir") == "project"
                else document.parent
            )
            try:
                front, markdown = executed_markdown(
                    document, media, folder=working_folder, root=project, progress=progress
                )
                own = {**folder_metadata, **front}
                markdown = with_images(markdown, document.parent, media)
                if own.get("csl"):  # of the folder's metadata or the document, so relative to them
                    own["csl"] = (document.parent / own["csl"]).resolve()
                # Paths in _quarto.yml are relative to the project, those of a document to its own
                # folder.
                resources = document.parent if "bibliography" in own else project
                executed = Executed(
                    markdown,
                    {**settings, **own},
                    document.stem,
                    resources=resources,
                    project=project,
                )
                write_formats(executed, folder, formats)
            except CellError as error:
                raise RuntimeError(f"nothing was rendered: {error}") from None
            except (ValueError, RuntimeError, OSError) as error:
                raise RuntimeError(f"nothing was rendered: {document.name}: {error}") from error
            made += [
                (folder / f"{document.stem}.{SUFFIXES[name]}", output / relative)
                for name in formats
            ]
            if "jats" in formats and media.is_dir():
                made.append((media, output / relative))  # the other formats hold their images
        for path, place in made:
            place.mkdir(parents=True, exist_ok=True)
            _move(path, place / path.name)
