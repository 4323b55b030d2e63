"""Executed Markdown → html, docx, PDF (through typst) and JATS, by pandoc."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypandoc
import typst

from analysis.rendering.jats import finish_jats
from analysis.rendering.page import STYLE, page_banner, page_end, page_head, typst_header
from analysis.rendering.quarto import SUFFIXES

FILTERS = ("only_text.lua", "results.lua", "cross_references.lua")
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


def document_metadata(metadata: dict[str, Any], resources: Path) -> dict[str, Any]:
    """What pandoc needs of Quarto's metadata: the title block, the PDF's page, and the bibliography
    with full paths (given relative to `resources`)."""
    plain = {
        name: metadata[name]
        for name in ("title", "subtitle", "abstract", "lang", "keywords", "date")
        if metadata.get(name)
    }
    authors = metadata.get("author") or []
    plain["author"] = [
        each.get("name", "") if isinstance(each, dict) else str(each)
        for each in (authors if isinstance(authors, list) else [authors])
    ]
    if plain.get("date") in ("today", "now", "last-modified") or isinstance(
        plain.get("date"), datetime.date
    ):
        plain["date"] = str(
            plain["date"] if isinstance(plain["date"], datetime.date) else datetime.date.today()
        )
    names = metadata.get("bibliography") or []
    paths = [
        (resources / name).resolve() for name in ([names] if isinstance(names, str) else names)
    ]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise ValueError(
            f"the bibliography {', '.join(missing)} is not there; _quarto.yml or the document's"
            " front matter names it"
        )
    plain |= {"bibliography": [str(path) for path in paths], "link-citations": True}
    # The page of the PDF is set once, for Quarto and for this renderer.
    page = (metadata.get("format") or {}).get("typst")
    plain |= (
        {name: page[name] for name in ("margin", "papersize", "fontsize") if name in page}
        if isinstance(page, dict)
        else {}
    )
    plain["page-numbering"] = "1"
    if metadata.get("columns") in (1, 2):
        plain["columns"] = metadata["columns"]
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


def write_formats(
    markdown: str,
    metadata: dict[str, Any],
    folder: Path,
    stem: str,
    resources: Path,
    formats: Sequence[str],
    project: Path | None = None,
) -> None:
    """Write `stem` in every format into `folder`, which holds the images; the preview's notice
    comes first.

    resources: folder that the bibliography's path starts from; project: that of paths in
    _quarto.yml (default: resources).

    Raises ValueError, RuntimeError or OSError where pandoc or typst can't.
    """
    settings = folder / "metadata.json"
    settings.write_text(json.dumps(document_metadata(metadata, resources)), encoding="utf-8")
    common = [
        "--standalone",
        f"--metadata-file={settings}",
        *(f"--lua-filter={STYLE / name}" for name in FILTERS),
        "--citeproc",
        f"--resource-path={folder}",
    ]
    temporary = [settings]
    for name in formats:
        path, own = folder / f"{stem}.{SUFFIXES[name]}", [*OPTIONS[name]]
        target = path
        if name == "html":
            parts = _html_parts(folder, metadata.get("subtitle"))
            temporary += parts.values()
            own += [f"--include-{place}={file}" for place, file in parts.items()]
        if (
            name == "docx"
            and (reference := reference_document(metadata, project or resources)) is not None
        ):
            own.append(f"--reference-doc={reference}")
        if name == "pdf":
            header, target = folder / "header.typ", folder / f"{stem}.typ"
            header.write_text(typst_header(metadata.get("subtitle")), encoding="utf-8")
            temporary += [header, target]
            own.append(f"--include-in-header={header}")
        pypandoc.convert_text(
            f"{NOTICE}\n{markdown}",
            own[0].removeprefix("--to="),
            format="markdown-raw_html",
            outputfile=str(target),
            extra_args=[*common, *own[1:]],
        )
        if name == "jats":
            finish_jats(target, metadata.get("journal"))
        if name == "pdf":
            typst.compile(str(target), output=str(path), root=str(folder))
    for each in temporary:
        each.unlink()
