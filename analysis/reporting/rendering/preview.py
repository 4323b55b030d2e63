"""Documents rendered without Quarto.

They are executed, converted beside the output, and moved into place when all are whole.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from analysis.core.environment import environment
from analysis.core.progress import in_parallel
from analysis.reporting.rendering.execute import CellError, executed_markdown
from analysis.reporting.rendering.formats import Executed, write_formats
from analysis.reporting.rendering.quarto import SUFFIXES

# How the names of the package's variables of the environment begin.
OWN_VARIABLES = "EARLY_RECURRENCE_"
# Document, with the metadata of its folder.
Document = tuple[Path, Mapping[str, Any]]
# Document of the article (analysis.reporting.sections.numerals reads its page).
ARTICLE = "index"
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


@dataclass(frozen=True)
class _Project:
    """What all documents share.

    settings: of _quarto.yml. place: folder that the pages are written to before they are moved to
    `output`. variables: of the environment that the documents' code runs in, which a process that
    was started before does not have.
    """

    root: Path
    settings: Mapping[str, Any]
    formats: Sequence[str]
    place: Path
    output: Path
    variables: Mapping[str, str]


def _rendered(
    project: _Project, document: Path, folder_metadata: Mapping[str, Any], progress: bool
) -> list[tuple[Path, Path]]:
    """Pages of one document, and the folder in which each belongs.

    Raises RuntimeError that names the document, and the cell where one failed.
    """
    relative = document.parent.relative_to(project.root)
    # Of its own, as documents of one folder are rendered at once.
    folder = project.place / relative / document.stem
    folder.mkdir(parents=True, exist_ok=True)
    media = folder / f"{document.stem}_files"
    from_root = project.settings.get("project", {}).get("execute-dir") == "project"
    try:
        with environment(project.variables):
            front, markdown = executed_markdown(
                document,
                media,
                folder=project.root if from_root else document.parent,
                root=project.root,
                progress=progress,
            )
        own = {**folder_metadata, **front}
        markdown = with_images(markdown, document.parent, media)
        if own.get("csl"):  # of the folder's metadata or the document, so relative to them
            own["csl"] = (document.parent / own["csl"]).resolve()
        # Paths in _quarto.yml are relative to the project, those of a document to its own folder.
        resources = document.parent if "bibliography" in own else project.root
        executed = Executed(
            markdown,
            {**project.settings, **own},
            document.stem,
            resources=resources,
            project=project.root,
        )
        write_formats(executed, folder, project.formats)
    except CellError as error:
        raise RuntimeError(f"nothing was rendered: {error}") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise RuntimeError(f"nothing was rendered: {document.name}: {error}") from error
    made = [folder / f"{document.stem}.{SUFFIXES[name]}" for name in project.formats]
    if "jats" in project.formats and media.is_dir():
        made.append(media)  # the other formats hold their images
    # Where the documents after it look for it.
    for path in made:
        _move(path, folder.parent / path.name)
    return [(folder.parent / path.name, project.output / relative) for path in made]


def _up_to_article(
    documents: Sequence[Document],
) -> tuple[Sequence[Document], Sequence[Document]]:
    """Documents to the article, and those after it; without an article, the first alone."""
    places = [place for place, (path, _) in enumerate(documents) if path.stem == ARTICLE]
    end = places[0] + 1 if places else 1
    return documents[:end], documents[end:]


def render_preview(  # noqa: PLR0913 - what is rendered, to where, and how
    project: Path,
    settings: Mapping[str, Any],
    documents: Sequence[Document],
    output: Path,
    formats: Sequence[str],
    progress: bool,
    jobs: int = 1,
) -> None:
    """Render `documents` (each with the metadata of its folder) to `output`; all of them or none.

    Those after the article may read its page. jobs: processes that render these, a document each;
    one shows its cells.

    Raises RuntimeError that names the document, and the cell where one failed.
    """
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".rendering-") as temporary:
        variables = {
            name: value for name, value in os.environ.items() if name.startswith(OWN_VARIABLES)
        }
        shared = _Project(
            project,
            settings,
            formats,
            place=Path(temporary),
            output=output,
            variables=variables,
        )
        first, others = _up_to_article(documents)
        made = [_rendered(shared, *each, progress) for each in first]
        if jobs == 1:
            made += [_rendered(shared, *each, progress) for each in others]
        else:
            made += in_parallel(
                _rendered,
                [(shared, *each, False) for each in others],
                "pages",
                jobs,
                names=[document.name for document, _ in others],
            )
        for path, place in chain.from_iterable(made):
            place.mkdir(parents=True, exist_ok=True)
            _move(path, place / path.name)
