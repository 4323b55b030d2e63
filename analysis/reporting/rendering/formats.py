"""Executed Markdown → html, docx, PDF (through typst) and JATS, by pandoc."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc
import typst

from analysis.reporting.fonts import FONT_FILES
from analysis.reporting.rendering.jats import finish_jats
from analysis.reporting.rendering.page import STYLE, page_banner, page_end, page_head, typst_header
from analysis.reporting.rendering.quarto import SUFFIXES
from analysis.reporting.rendering.title_block import pandoc_jats_metadata
from analysis.reporting.rendering.word_tables import finish_tables

FILTERS = (
    "only_text.lua",
    "results.lua",
    "elsewhere.lua",
    "cross_references.lua",
    "authors.lua",
)
OPTIONS = {
    "html": [
        "--to=html5",
        "--embed-resources",
        "--toc",
        "--toc-depth=2",
        "--mathml",
        f"--css={STYLE / 'preview.css'}",
        "--metadata=document-css:false",
        "--default-image-extension=svg",
    ],
    "docx": ["--to=docx", "--default-image-extension=png"],
    "pdf": ["--to=typst", "--default-image-extension=svg"],
    "jats": ["--to=jats_publishing", "--default-image-extension=png"],
}
# The landmarks that assistive technology jumps between; Quarto's pages have their own.
BEFORE_BODY = '<a class="skip-link" href="#content">To the text</a>\n<main id="content">\n'
NOTICE = """::: {.callout-warning title="Preview rendering"}
Preview rendering: made without Quarto, from the same source, by the project's own renderer. \
Text, numbers, tables, figures and references are the same; the layout is simpler.
:::
"""


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _author_name(author: Any) -> str:
    name = author.get("name", "") if isinstance(author, dict) else author
    return str(name["literal"] if isinstance(name, dict) else name)


def document_metadata(metadata: dict[str, Any], resources: Path) -> dict[str, Any]:
    """Metadata of a document that pandoc needs of Quarto's.

    They are the title block, the PDF's page, and the bibliography with full paths (given relative
    to `resources`).
    """
    plain = {
        name: metadata[name]
        for name in ("title", "subtitle", "abstract", "lang", "keywords", "date", "byline")
        if metadata.get(name)
    }
    authors = metadata.get("author") or []
    plain["author"] = [_author_name(each) for each in _as_list(authors)]
    if isinstance(plain.get("date"), datetime.date):
        plain["date"] = str(plain["date"])
    elif plain.get("date") in ("today", "now", "last-modified"):
        plain["date"] = str(datetime.date.today())
    names = metadata.get("bibliography") or []
    paths = [(resources / name).resolve() for name in _as_list(names)]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise ValueError(
            f"the bibliography {', '.join(missing)} is not there; _quarto.yml or the document's"
            " front matter names it"
        )
    plain |= {"bibliography": [str(path) for path in paths], "link-citations": True}
    # The page of the PDF is set once, for Quarto and for this renderer.
    page = (metadata.get("format") or {}).get("typst")
    if isinstance(page, dict):
        plain |= {name: page[name] for name in ("margin", "papersize", "fontsize") if name in page}
    plain["page-numbering"] = "1"
    if metadata.get("columns") in (1, 2):
        plain["columns"] = metadata["columns"]
    if metadata.get("float-prefix"):
        plain["float-prefix"] = metadata["float-prefix"]
    for name in ("results-origin", "elsewhere"):
        if metadata.get(name):
            plain[name] = metadata[name]
    if metadata.get("csl"):
        plain["csl"] = str(metadata["csl"])
    return plain


def _html_parts(folder: Path, subtitle: str | None) -> dict[str, Path]:
    """Files that pandoc puts into the page: the reader's style and script, and the landmarks."""
    parts = {
        "in-header": page_head(subtitle),
        "before-body": page_banner(subtitle) + BEFORE_BODY,
        "after-body": f"</main>\n{page_end()}",
    }
    for name, content in parts.items():
        (folder / f"{name}.html").write_text(content, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in parts}


def reference_document(metadata: dict[str, Any], project: Path) -> Path | None:
    """The Word file that _quarto.yml names for docx, where there is one."""
    settings = (metadata.get("format") or {}).get("docx")
    name = settings.get("reference-doc") if isinstance(settings, dict) else None
    return project / name if name else None


@dataclass(frozen=True)
class Executed:
    """Document whose cells have run.

    stem: of its files. resources: folder that the bibliography's path starts from; project: that of
    paths in _quarto.yml; notice: whether the preview says that it is one.
    """

    markdown: str
    metadata: dict[str, Any]
    stem: str
    resources: Path
    project: Path
    notice: bool = True

    @property
    def subtitle(self) -> str | None:
        """Of the document's front matter."""
        return self.metadata.get("subtitle")

    @property
    def running_header(self) -> str | None:
        """At the top of the PDF's pages."""
        return self.subtitle or self.metadata.get("running-title")


def common_options(document: Executed, folder: Path) -> tuple[list[str], Path]:
    """pandoc's options for every format, and the file of metadata that they name, in `folder`.

    Raises ValueError for a bibliography that is not there.
    """
    settings = folder / "metadata.json"
    metadata = document_metadata(document.metadata, document.resources)
    settings.write_text(json.dumps(metadata), encoding="utf-8")
    options = [
        "--standalone",
        f"--metadata-file={settings}",
        *(f"--lua-filter={STYLE / name}" for name in FILTERS),
        "--citeproc",
        f"--resource-path={folder}",
    ]
    return options, settings


def _file(document: Executed, folder: Path, name: str) -> Path:
    return folder / f"{document.stem}.{SUFFIXES[name]}"


def _write_html(document: Executed, folder: Path, common: list[str]) -> list[Path]:
    parts = _html_parts(folder, document.subtitle)
    included = [f"--include-{place}={file}" for place, file in parts.items()]
    _convert(document, "html", _file(document, folder, "html"), common, more=included)
    return list(parts.values())


def _write_docx(document: Executed, folder: Path, common: list[str]) -> list[Path]:
    write_word(document, folder, common)
    return []


def write_word(
    document: Executed, folder: Path, common: list[str], filters: Sequence[Path] = ()
) -> Path:
    """The Word file; filters: of pandoc, which run last."""
    reference = reference_document(document.metadata, document.project)
    more = [] if reference is None else [f"--reference-doc={reference}"]
    more += [f"--lua-filter={each}" for each in filters]
    path = _file(document, folder, "docx")
    _convert(document, "docx", path, common, more=more)
    finish_tables(path)
    return path


def typst_source(document: Executed, folder: Path, common: list[str], header: str) -> list[Path]:
    """What the PDF is typeset from, in `folder`: the file of its header, and that of its text."""
    first, source = folder / "header.typ", folder / f"{document.stem}.typ"
    first.write_text(header, encoding="utf-8")
    _convert(document, "pdf", source, common, more=[f"--include-in-header={first}"])
    return [first, source]


def _write_pdf(document: Executed, folder: Path, common: list[str]) -> list[Path]:
    header, source = typst_source(document, folder, common, typst_header(document.running_header))
    output = _file(document, folder, "pdf")
    typst.compile(str(source), output=str(output), root=str(folder), font_paths=[str(FONT_FILES)])
    return [header, source]


def _write_jats(document: Executed, folder: Path, common: list[str]) -> list[Path]:
    path, settings = _file(document, folder, "jats"), folder / "jats.json"
    settings.write_text(json.dumps(pandoc_jats_metadata(document.metadata)), encoding="utf-8")
    _convert(document, "jats", path, common, more=[f"--metadata-file={settings}"])
    finish_jats(path, (document.metadata.get("journal") or {}).get("title"))
    return [settings]


def _convert(
    document: Executed, name: str, target: Path, common: list[str], more: Sequence[str] = ()
) -> None:
    """common: options of every format; more: those of this document in this format."""
    to, *own = OPTIONS[name]
    pypandoc.convert_text(
        f"{NOTICE}\n{document.markdown}" if document.notice else document.markdown,
        to.removeprefix("--to="),
        format="markdown-raw_html",
        outputfile=str(target),
        extra_args=[*common, *own, *more],
    )


WRITERS = {"html": _write_html, "docx": _write_docx, "pdf": _write_pdf, "jats": _write_jats}


def write_format(document: Executed, folder: Path, name: str, common: list[str]) -> None:
    """Write the document in one format into `folder`, which holds the images.

    The preview's notice comes first. common: of `common_options`, the same for all formats, which
    may be written at once.

    Raises ValueError, RuntimeError or OSError where pandoc or typst can't.
    """
    for each in WRITERS[name](document, folder, common):
        each.unlink()
