"""Documents rendered without Quarto.

They are executed, converted beside the output, and moved into place when all are whole.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joblib import effective_n_jobs

from analysis.core.progress_bar import progress_bar
from analysis.reporting.rendering.execute import CellError, executed_markdown
from analysis.reporting.rendering.formats import Executed, common_options, write_format
from analysis.reporting.rendering.includes import with_includes
from analysis.reporting.rendering.quarto import SUFFIXES

# Document, with the metadata of its folder.
Document = tuple[Path, Mapping[str, Any]]
# Document of the article (analysis.reporting.sections.numerals reads its page).
ARTICLE = "index"
# A document that reads this page names it, or the section that is made from it.
READS_ARTICLE = re.compile(r"numerals-bound|index\.|_report|rendering")
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
    `output`.
    """

    root: Path
    settings: Mapping[str, Any]
    formats: Sequence[str]
    place: Path
    output: Path


@dataclass(frozen=True)
class _Run:
    """Document whose cells have run, and what its formats share.

    folder: of its pages, its own, as documents of one folder are rendered at once. common: pandoc's
    options of all its formats.
    """

    project: _Project
    document: Path
    executed: Executed
    folder: Path
    common: list[str]

    def write(self, name: str) -> list[tuple[Path, Path]]:
        """Pages of one format, and the folder in which each belongs."""
        with _named(self.document):
            write_format(self.executed, self.folder, name, self.common)
        stem, place = self.document.stem, self.folder.parent
        made = [self.folder / f"{stem}.{SUFFIXES[name]}"]
        media = self.folder / f"{stem}_files"
        # The other formats hold their images.
        images = [media] if name == "jats" and media.is_dir() else []
        for path in made:  # to where the documents after it look for it
            _move(path, place / path.name)
        for path in images:  # other formats may still be reading them
            shutil.copytree(path, place / path.name)
        final = self.project.output / self.document.parent.relative_to(self.project.root)
        return [(place / path.name, final) for path in [*made, *images]]


@contextmanager
def _named(document: Path) -> Iterator[None]:
    """Faults of a document say which it is."""
    try:
        yield
    except CellError as error:
        raise RuntimeError(f"nothing was rendered: {error}") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise RuntimeError(f"nothing was rendered: {document.name}: {error}") from error


def _run(
    project: _Project, document: Path, folder_metadata: Mapping[str, Any], progress: bool
) -> _Run:
    """Run the cells of one document.

    Raises RuntimeError that names the document, and the cell where one failed.
    """
    folder = project.place / document.parent.relative_to(project.root) / document.stem
    folder.mkdir(parents=True, exist_ok=True)
    media = folder / f"{document.stem}_files"
    from_root = project.settings.get("project", {}).get("execute-dir") == "project"
    with _named(document):
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
        common, _ = common_options(executed, folder)
    return _Run(project, document, executed, folder=folder, common=common)


def _reads_article(document: Path) -> bool:
    """Whether a document asks for what is read in the article's page, as far as its text tells."""
    with _named(document):
        text = with_includes(document.read_text(encoding="utf-8"), document.parent)
    return READS_ARTICLE.search(text) is not None


def _in_order(
    documents: Sequence[Document],
) -> tuple[Sequence[Document], Sequence[Document], Sequence[Document]]:
    """Documents up to the article, those after it that read its page, and the others."""
    places = [place for place, (path, _) in enumerate(documents) if path.stem == ARTICLE]
    end = places[0] + 1 if places else 0
    after = [(each, _reads_article(each[0])) for each in documents[end:]]
    return (
        documents[:end],
        [document for document, reads in after if reads],
        [document for document, reads in after if not reads],
    )


def _one_by_one(
    project: _Project, documents: Sequence[Document], progress: bool
) -> list[tuple[Path, Path]]:
    """Pages of all documents, one after the other, and the folder in which each belongs."""
    runs = ((_run(project, *each, progress), project.formats) for each in documents)
    return [page for run, formats in runs for name in formats for page in run.write(name)]


def _at_once(
    project: _Project, documents: Sequence[Document], progress: bool, jobs: int
) -> list[tuple[Path, Path]]:
    """Pages of all documents by several threads.

    Kernels, pandoc and typst are at work beside this process. Documents that read the article's
    page run when its first format is written.
    """
    first, readers, others = _in_order(documents)
    formats = project.formats
    with (
        progress_bar(
            total=len(documents) * len(formats), desc="pages", leave=False, shown=progress
        ) as bar,
        # One more, as a kernel waits now and then.
        ThreadPoolExecutor(effective_n_jobs(jobs) + 1) as pool,
    ):

        def started(those: Sequence[Document]) -> list[Future[_Run]]:
            return [pool.submit(_run, project, *each, False) for each in those]

        article, beside = started(first), started(others)
        try:
            pages = [pool.submit(each.result().write, formats[0]) for each in article]
            for page in pages:
                page.result()
            runs = [*started(readers), *beside]
            pages += [
                pool.submit(each.result().write, name) for each in article for name in formats[1:]
            ]
            for done in as_completed(runs):
                pages += [pool.submit(done.result().write, name) for name in formats]
            made = []
            for page in as_completed(pages):
                made += page.result()
                bar.update()
        except BaseException:
            # What runs ends first.
            pool.shutdown(cancel_futures=True)
            raise
    return made


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

    Those after the article may read its page, of several at once those whose text names it. jobs:
    documents and formats that are at work at once; one shows the cells of all.

    Raises RuntimeError that names the document, and the cell where one failed.
    """
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".rendering-") as temporary:
        shared = _Project(project, settings, formats, place=Path(temporary), output=output)
        made = (
            _one_by_one(shared, documents, progress)
            if jobs == 1
            else _at_once(shared, documents, progress, jobs)
        )
        for path, place in made:
            place.mkdir(parents=True, exist_ok=True)
            _move(path, place / path.name)
