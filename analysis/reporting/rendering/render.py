"""Render every document of the Quarto project; unchanged inputs render nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.core.cache import digest, source_digest, write_atomically
from analysis.core.yaml_file import read_yaml
from analysis.reporting.rendering.page import STYLE
from analysis.reporting.rendering.quarto import (
    SUFFIXES,
    QuartoRun,
    find_quarto,
    render_with_quarto,
)
from analysis.reporting.rendering.yaml_faults import yaml_faults

# Files of the results that the documents don't read, or that change with every run.
NOT_READ = (
    *("state.json", "features.csv", "patients.json", "bundle.zip", "verdict.html", "README.md"),
    *("run.log", ".pages.json"),
)
# Folder among the results where the pages themselves are copied to.
PAGES = "report"
ABSENT = "Quarto is not on the PATH"


class RenderError(RuntimeError):
    """The report could not be rendered; nothing was changed."""


@dataclass(frozen=True)
class Rendering:
    """What was rendered.

    paths: of the files; renderer: quarto or preview; message: what was done. refused: what a Quarto
    that is there said when it could not render, else None; warnings: of Quarto.
    """

    paths: list[Path]
    renderer: str
    message: str
    refused: str | None = None
    warnings: tuple[str, ...] = ()


def _yaml(path: Path) -> dict[str, Any]:
    return (read_yaml(path, ValueError) if path.is_file() else None) or {}


def _refusal(said: str, project: Path, documents: list[Path]) -> str:
    """What Quarto said, with file and line of what is no YAML, and how to go on."""
    lines = [*yaml_faults(project, documents), *said.replace(f"{project}/", "").splitlines()]
    return "Quarto could not render the manuscript:\n  " + "\n  ".join(lines)


def _documents(project: Path, settings: dict[str, Any]) -> list[Path]:
    documents = []
    for pattern in settings.get("project", {}).get("render", []):
        found = sorted(project.glob(pattern))
        if not found:
            raise RenderError(
                f"_quarto.yml lists {pattern} under project: render, and there is no such file in"
                f" {project}"
            )
        documents += found
    if not documents:
        raise RenderError(
            f"{project / '_quarto.yml'} lists no documents; name them under project: render"
        )
    return documents


def _inputs(project: Path, documents: list[Path], data: Path) -> str:
    """Digest of what pages are made from: documents, settings, references, code, study results."""
    folders = sorted({document.parent for document in documents})
    beside = [
        file
        for folder in folders
        for file in sorted(folder.iterdir())
        if file.suffix in (".bib", ".csl", ".css", ".yml", ".qmd", ".docx")
    ]
    results = sorted(
        file
        for file in data.rglob("*")
        if file.is_file()
        and file.name not in NOT_READ
        and file.relative_to(data).parts[0] != PAGES
        and not (project.is_relative_to(data) and file.is_relative_to(project))
    )  # a project among the results is made from them
    assets = sorted(STYLE.iterdir())
    study = Path(os.environ.get("EARLY_RECURRENCE_STUDY") or project / "study.yml")
    files = [
        project / "_quarto.yml",
        *beside,
        *([study] if study.is_file() else []),
        *results,
        *assets,
    ]
    return digest([file.name for file in files], *files, source_digest(Path(__file__).parents[2]))


def _message(quarto: bool, failed: str | None) -> str:
    if failed is None:
        return "Rendered by Quarto."
    if quarto:
        return "Rendered as a preview alone, to help you find what stopped Quarto."
    return f"Rendered as a preview, without Quarto ({failed})."


def render(
    project: Path,
    formats: Sequence[str] | None = None,
    data: Path | None = None,
    progress: bool = True,
    jobs: int = 1,
) -> Rendering:
    """Render the documents of a Quarto project.

    The documents are those that _quarto.yml lists. They are rendered by Quarto, or where it can't
    by the preview renderer.

    project: folder of _quarto.yml; formats: html, docx, pdf, jats (default: all); data: folder of
    the results that the documents read (default: `outputs` in the project); jobs: documents and
    formats of the preview that are made at once. EARLY_RECURRENCE_STUDY reaches the documents'
    code. Raises RenderError with the document, the cell and the reason; then the earlier pages are
    still there. Where a Quarto is there and can't render, the pages are a preview, and `refused`
    has what Quarto said.
    """
    project = project.resolve()
    if not (project / "_quarto.yml").is_file():
        raise RenderError(f"{project} has no _quarto.yml; run from the project's folder")
    unknown = sorted(set(formats or ()) - set(SUFFIXES))
    if unknown:
        raise RenderError(f"unknown format {', '.join(unknown)}; allowed are {', '.join(SUFFIXES)}")
    settings = _yaml(project / "_quarto.yml")
    documents = _documents(project, settings)
    wanted = [name for name in SUFFIXES if name in (formats or SUFFIXES)]
    output = project / settings["project"].get("output-dir", ".")
    paths = [
        output / document.parent.relative_to(project) / f"{document.stem}.{SUFFIXES[name]}"
        for document in documents
        for name in wanted
    ]

    state_file = output / "rendering.json"
    stored = json.loads(state_file.read_text(encoding="utf-8")) if state_file.is_file() else {}
    inputs = _inputs(project, documents, data or project / "outputs")
    quarto = find_quarto(obtain=False)
    same = stored.get("inputs") == inputs and stored.get("quarto") == (quarto is not None)
    if same and set(wanted) <= set(stored["formats"]) and all(path.is_file() for path in paths):
        return Rendering(
            paths,
            stored["renderer"],
            "The report is current: nothing changed since it was rendered.",
        )

    quarto = quarto or find_quarto()
    done = render_with_quarto(quarto, project, wanted) if quarto else QuartoRun(ABSENT)
    refused = None
    if quarto and done.failed is not None:
        refused = _refusal(done.failed, project, documents)
    if done.failed is not None:
        # Imported here: it needs pandoc and typst, which Quarto's users need not have.
        from analysis.reporting.rendering.preview import render_preview

        try:
            render_preview(
                project,
                settings,
                documents=[(each, _yaml(each.parent / "_metadata.yml")) for each in documents],
                output=output,
                formats=wanted,
                progress=progress,
                jobs=jobs,
            )
        except RuntimeError as error:
            if refused is None:
                raise RenderError(str(error)) from error
            said = str(error).replace(f"{project}/", "")
            raise RenderError(f"{refused}\nThe preview can't either: {said}") from error
        # Imported here: a report that is current must not wait for it.
        from analysis.reporting.rendering.spreadsheets import write_spreadsheets

        for page in paths:
            if page.suffix == ".html":  # after Quarto, its post-render step does this
                write_spreadsheets(page)
    formats_there = sorted({*(stored["formats"] if same else []), *wanted})
    renderer = "quarto" if done.failed is None else "preview"
    state = {
        # What Quarto refused is not current: the next call says so again.
        "inputs": inputs if refused is None else None,
        "quarto": quarto is not None,
        "renderer": renderer,
        "formats": formats_there,
    }
    write_atomically(state_file, json.dumps(state))
    return Rendering(
        paths,
        renderer,
        _message(quarto is not None, done.failed),
        refused=refused,
        warnings=done.warnings,
    )
