"""Render every document of the Quarto project; unchanged inputs render nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from analysis.cache import digest, source_digest, write_atomically
from analysis.rendering.quarto import find_quarto

FORMATS = ("html", "docx", "pdf", "jats")
QUARTO_NAMES = {"html": "html", "docx": "docx", "pdf": "typst", "jats": "jats"}
SUFFIXES = {"html": "html", "docx": "docx", "pdf": "pdf", "jats": "xml"}


class RenderError(RuntimeError):
    """The report could not be rendered; nothing was changed."""


@dataclass(frozen=True)
class Rendering:
    """paths of the rendered files; renderer: quarto or preview; message: what was done."""

    paths: list[Path]
    renderer: str
    message: str


def _yaml(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _inputs(project: Path, documents: list[Path], data: Path | None) -> str:
    """Digest of all that the pages are made from: documents, settings, references, code, and the study's outputs."""
    folders = {document.parent for document in documents}
    files = [project / "_quarto.yml", *documents]
    files += sorted(file for folder in folders for file in folder.iterdir() if file.suffix in (".bib", ".csl", ".css", ".yml", ".qmd") and file not in documents)
    files += sorted(file for file in data.rglob("*") if file.is_file() and file.name not in ("state.json", "rendering.json", "features.csv")) if data else []
    code = Path(__file__).parents[1]
    assets = sorted(each for each in Path(__file__).parent.iterdir() if each.suffix in (".lua", ".css"))
    return digest([str(file.name) for file in files], *files, *assets, source_digest(code))


def _by_quarto(program: str, project: Path, formats: list[str]) -> str | None:
    """None if Quarto rendered all formats, else why not."""
    environment = dict(os.environ, QUARTO_PYTHON=sys.executable)
    for name in formats:
        result = subprocess.run([program, "render", "--to", QUARTO_NAMES[name]], cwd=project, env=environment, capture_output=True, text=True)
        if result.returncode != 0:
            return (result.stderr or result.stdout).strip()[-800:]
    return None


def _preview(project: Path, settings: dict, documents: list[Path], output: Path, formats: list[str]) -> None:
    from analysis.rendering.execute import CellError, executed_markdown
    from analysis.rendering.formats import write_formats
    with tempfile.TemporaryDirectory(dir=project, prefix=".rendering-") as temporary:
        for document in documents:
            folder = Path(temporary) / document.parent.relative_to(project)
            folder.mkdir(parents=True, exist_ok=True)
            media = folder / f"{document.stem}_files"
            try:
                front, markdown = executed_markdown(document, media, project)
            except CellError as error:
                raise RenderError(f"nothing was rendered: {error}") from None
            metadata = {**settings, **_yaml(document.parent / "_metadata.yml"), **front}
            # A bibliography of _quarto.yml is relative to the project, one of a document to its own folder.
            resources = project if "bibliography" in settings and "bibliography" not in front else document.parent
            write_formats(markdown, metadata, folder, document.stem, resources, formats)
            shutil.rmtree(media, ignore_errors=True)
        for document in documents:
            place = output / document.parent.relative_to(project)
            place.mkdir(parents=True, exist_ok=True)
            for name in formats:
                made = Path(temporary) / document.parent.relative_to(project) / f"{document.stem}.{SUFFIXES[name]}"
                os.replace(made, place / made.name)


def render(project: Path, formats: Sequence[str] | None = None, data: Path | None = None) -> Rendering:
    """Render the documents that _quarto.yml lists, by Quarto or the preview renderer.

    data: folder of the study's outputs that the documents read. Raises RenderError with the document, the cell and
    the reason; then the earlier pages are still there.
    """
    settings = _yaml(project / "_quarto.yml")
    if not settings:
        raise RenderError(f"{project} has no _quarto.yml; run from the project's folder")
    wanted = list(formats or FORMATS)
    documents = [project / name for name in settings["project"]["render"]]
    output = project / settings["project"].get("output-dir", ".")
    paths = [output / document.parent.relative_to(project) / f"{document.stem}.{SUFFIXES[name]}" for document in documents for name in wanted]
    quarto = find_quarto()
    state_file = output / "rendering.json"
    state = {"inputs": _inputs(project, documents, data), "quarto": quarto is not None}
    stored = json.loads(state_file.read_text()) if state_file.is_file() else {}
    if stored.get("inputs") == state["inputs"] and stored.get("quarto") == state["quarto"] and set(wanted) <= set(stored.get("formats", [])) and all(path.is_file() for path in paths):
        return Rendering(paths, stored["renderer"], "The report is current: nothing changed since it was rendered.")

    renderer, reason = "preview", "Quarto is not on the PATH"
    if quarto is not None:
        reason = _by_quarto(quarto, project, wanted)
        renderer = "quarto" if reason is None else "preview"
    if renderer == "preview":
        _preview(project, settings, documents, output, wanted)
    kept = stored.get("formats", []) if stored.get("inputs") == state["inputs"] else []
    write_atomically(state_file, json.dumps({**state, "renderer": renderer, "formats": sorted({*kept, *wanted})}))
    return Rendering(paths, renderer, "Rendered by Quarto." if renderer == "quarto" else f"Rendered as a preview, without Quarto ({reason}).")
