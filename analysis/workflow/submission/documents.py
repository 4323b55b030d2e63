"""Manuscript and supplement of a submission, as Word and PDF.

They are the author's documents, executed once, with their tables apart and page and line of each
place: of the Word file where LibreOffice is installed, which lays it out, else of the PDF.

The package's own renderer writes them, with or without Quarto: it knows page and line of each
heading, figure and table of the PDF, which Quarto does not tell.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from analysis.core.environment import environment
from analysis.core.yaml_file import read_yaml
from analysis.reporting.blinding import BLINDED
from analysis.reporting.fonts import FONT_FILES
from analysis.reporting.rendering.assets import write_assets
from analysis.reporting.rendering.execute import executed_markdown
from analysis.reporting.rendering.formats import (
    Executed,
    common_options,
    typst_source,
    write_word,
)
from analysis.reporting.rendering.page import STYLE, typst_header
from analysis.reporting.rendering.preview import IMAGE, with_images
from analysis.reporting.rendering.word_tables import finish_tables
from analysis.reporting.sections.generated import write_generated
from analysis.study import Study
from analysis.workflow.submission.word_places import word_places

LABELS = re.compile(r"\{#((?:sec|fig|tbl)-[\w-]+)")
# Lines are numbered through the document, and say where they are. Typst tells a place in points.
LINES = "#set par.line(numbering: n => [#n#metadata(n)<numbered-line>])\n"
POINT = 2.0


@dataclass(frozen=True)
class Float:
    """Figure or table of a document.

    kind: figure or table; id: `fig-…`; label: `Figure 1`; file: of a table's Word file, or of a
    figure, with whatever suffix.
    """

    kind: str
    id: str
    label: str
    file: Path


@dataclass(frozen=True)
class Place:
    """suffix of the file that it is in (`.docx`, `.pdf`), page and line there, from 1."""

    suffix: str
    page: int
    line: int


@dataclass(frozen=True)
class Document:
    """Document of a submission, as Word and PDF.

    word, pdf: files; floats: in their order; places: of each heading, figure (its caption) and
    table by its label.
    """

    word: Path
    pdf: Path
    floats: list[Float]
    places: dict[str, Place]


def settings_of(study: Study, blind: bool) -> dict[str, str]:
    """What the documents' code is told."""
    return {"EARLY_RECURRENCE_STUDY": str(study.path)} | ({BLINDED: "1"} if blind else {})


def copy_project(project: Path, copy: Path) -> None:
    """The author's documents and what lies beside them, without what rendering writes."""
    shutil.copyfile(project / "_quarto.yml", copy / "_quarto.yml")
    for path in sorted((project / "report").rglob("*")):
        name = path.relative_to(project)
        if path.is_file() and not any(
            part.startswith(("_", ".")) or part.endswith("_files") for part in name.parts
        ):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy / name)


def _with_own_images(markdown: str, copied: Path, original: Path) -> str:
    """Images that lie beside the original alone, by their full path's copy."""

    def there(match: re.Match) -> str:
        path = copied / match[2]
        if path.is_file() or list(path.parent.glob(f"{path.name}.*")):
            return match[0]
        source = original / match[2]
        files = [source] if source.is_file() else sorted(source.parent.glob(f"{source.name}.*"))
        (copied / "own").mkdir(exist_ok=True)
        for file in files:
            shutil.copyfile(file, copied / "own" / file.name)
        return f"{match[1]}own/{source.name})"

    return IMAGE.sub(there, markdown)


def _pdf_places(source: Path, labels: list[str]) -> dict[str, tuple[int, int]]:
    """Page and line in the PDF of each label that it has: the first line at or below it."""
    at = "it.location().page(), it.location().position().y.pt()"
    asked = "".join(f'("{each}", query(label("{each}")).map(it => ({at}))), ' for each in labels)
    text = source.read_text(encoding="utf-8")
    source.write_text(
        f"{text}\n#context [#metadata((({asked}), query(<numbered-line>).map(it => (it.value,"
        f" {at})))) <places>]\n",
        encoding="utf-8",
    )
    fonts = [str(FONT_FILES)]
    found = typst.query(
        str(source), "<places>", field="value", root=str(source.parent), font_paths=fonts
    )
    source.write_text(text, encoding="utf-8")
    labelled, lines = json.loads(found)[0]
    places = {}
    for name, where in labelled:
        below = [
            (page, high, line)
            for line, page, high in lines
            if where and (page, high) >= (where[0][0], where[0][1] - POINT)
        ]
        if below:
            page, _, line = min(below)
            places[name] = (page, line)
    return places


def _places(word: Path, source: Path, labels: list[str], floats: list[Float]) -> dict[str, Place]:
    """Place of each label: in the Word file, or where it is not found there, in the PDF."""
    if not labels:
        return {}
    in_word = word_places(word, labels, {each.id: each.label for each in floats}) or {}
    in_pdf = _pdf_places(source, labels)
    return {name: Place(".pdf", *found) for name, found in in_pdf.items()} | {
        name: Place(".docx", *found) for name, found in in_word.items()
    }


def _floats(folder: Path, media: Path) -> list[Float]:
    found = []
    for line in (folder / "floats.tsv").read_text(encoding="utf-8").splitlines():
        kind, name, label, source = line.split("\t")
        file = folder / f"{name}.docx" if kind == "table" else media / Path(source).stem
        if kind == "table":
            finish_tables(file)
        found.append(Float(kind, name, label.replace("\u00a0", " "), file))
    return found


def make_document(
    project: Path, copy: Path, stem: str, extra: dict[str, Any] | None = None
) -> Document:
    """Execute report/<stem>.qmd of the copied project and write it as Word and PDF into the copy.

    extra: metadata beside the document's own. Raises CellError, ValueError or RuntimeError where it
    can't be.
    """
    report, media = copy / "report", copy / f"{stem}_files"
    floats = copy / f"{stem}-floats"
    floats.mkdir()
    front, markdown = executed_markdown(report / f"{stem}.qmd", media, project, project)
    markdown = _with_own_images(markdown, report, project / "report")
    markdown = with_images(markdown, report, media)
    settings, beside = read_yaml(copy / "_quarto.yml", ValueError), report / "_metadata.yml"
    own = {**read_yaml(beside, ValueError), **front, **(extra or {})}
    if own.get("csl"):
        own["csl"] = (report / own["csl"]).resolve()
    if own.get("columns"):
        own["columns"] = 1  # a manuscript has one, whatever the printed page has
    executed = Executed(
        markdown,
        {**settings, **own},
        stem,
        resources=report if "bibliography" in own else copy,
        project=copy,
        notice=False,
    )
    options, _ = common_options(executed, copy)
    with environment({"EARLY_RECURRENCE_FLOATS": str(floats)}):
        word = write_word(executed, copy, options, [STYLE / "floats_apart.lua"])
    header = typst_header(executed.running_header) + LINES
    _, source = typst_source(executed, copy, options, header)
    pdf = copy / f"{stem}.pdf"
    fonts = [str(FONT_FILES)]
    typst.compile(str(source), output=str(pdf), root=str(copy), font_paths=fonts)
    labels = list(dict.fromkeys(LABELS.findall(markdown)))
    apart = _floats(floats, media)
    return Document(word, pdf, apart, _places(word, source, labels, apart))


def prepare(study: Study, project: Path, copy: Path) -> None:
    """Prepare the copied project, with its metadata, styles and generated sections.

    The function is to be called within `environment(settings_of(…))`. study: as it is submitted.
    """
    copy_project(project, copy)
    write_assets(study, copy)
    write_generated(study, copy)
