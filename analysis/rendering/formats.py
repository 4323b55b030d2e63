"""Executed Markdown → html, docx, PDF (through typst) and JATS, by pandoc."""

from __future__ import annotations

import datetime
import io
import json
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypandoc
import typst

from analysis.rendering.quarto import SUFFIXES

HERE = Path(__file__).parent
OPTIONS = {
    "html": ["--to=html5", "--embed-resources", "--toc", "--toc-depth=2", f"--css={HERE / 'style.css'}", "--metadata=document-css:false"],
    "docx": ["--to=docx"],
    "pdf": ["--to=typst"],
    "jats": ["--to=jats_publishing"],
}
# A table may run over pages but keeps its caption; the cross-reference filter has numbered all captions already.
TYPST_HEADER = """
#show heading: set block(above: 1.4em, below: 0.8em)
#show figure.where(kind: table): set block(breakable: true)
#show figure.where(kind: image): set figure(placement: auto)
#show figure.caption: it => block(width: 100%, sticky: true, above: 0.8em, below: 0.8em, align(left, text(size: 8.5pt, it.body)))
#show table: set text(size: 7.5pt)
#show align: set par(justify: false)
#show table: set align(left)
#set table(inset: (x: 4pt, y: 2.6pt), stroke: none)
#show table: it => block(stroke: (y: 0.8pt), it)
#show link: set text(fill: rgb("#22577a"))
#show quote.where(block: true): it => block(width: 100%, inset: 8pt, stroke: (left: 2.5pt + rgb("#22577a")), fill: rgb("#f1f6f9"), it.body)
#show <refs>: set text(size: 8.5pt)
#show <refs>: set par(justify: false)
"""
NOTICE = """::: {.callout-warning title="Preview rendering"}
Preview rendering: made without Quarto, from the same source, by the project's own renderer. Text, numbers, tables, figures and references are the same; the layout is simpler.
:::
"""


def document_metadata(metadata: dict[str, Any], resources: Path) -> dict[str, Any]:
    """What pandoc needs of Quarto's metadata: the title block, the PDF's page, and the bibliography with full paths (given relative to `resources`)."""
    plain = {name: metadata[name] for name in ("title", "subtitle", "abstract", "lang", "keywords", "date") if metadata.get(name)}
    authors = metadata.get("author") or []
    plain["author"] = [each.get("name", "") if isinstance(each, dict) else str(each) for each in (authors if isinstance(authors, list) else [authors])]
    if plain.get("date") in ("today", "now", "last-modified") or isinstance(plain.get("date"), datetime.date):
        plain["date"] = str(plain["date"] if isinstance(plain["date"], datetime.date) else datetime.date.today())
    names = metadata.get("bibliography") or []
    paths = [(resources / name).resolve() for name in ([names] if isinstance(names, str) else names)]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise ValueError(f"the bibliography {', '.join(missing)} is not there; _quarto.yml or the document's front matter names it")
    plain |= {"bibliography": [str(path) for path in paths], "link-citations": True}
    # The page of the PDF is set once, for Quarto and for this renderer.
    page = (metadata.get("format") or {}).get("typst")
    plain |= {name: page[name] for name in ("margin", "papersize", "fontsize") if name in page} if isinstance(page, dict) else {}
    plain["page-numbering"] = "1"
    if metadata.get("csl"):
        plain["csl"] = str((resources / metadata["csl"]).resolve())
    return plain


def _running_header(metadata: dict[str, Any]) -> str:
    """The subtitle on every page of the PDF: it says that a cohort is synthetic."""
    words = json.dumps(str(metadata.get("subtitle") or ""), ensure_ascii=False)
    return f"#set page(header: align(right, text(size: 8pt, fill: luma(110), {words})))\n" if metadata.get("subtitle") else ""


def _word_styles(folder: Path) -> Path:
    """pandoc's own Word styles, with table cells (style Compact) small enough for a paper's tables."""
    default = subprocess.run([pypandoc.get_pandoc_path(), "--print-default-data-file=reference.docx"], capture_output=True, check=True).stdout
    path = folder / "reference.docx"
    with zipfile.ZipFile(io.BytesIO(default)) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/styles.xml":
                before, start, after = content.decode().partition('w:styleId="Compact"')
                content = (before + start + after.replace("</w:style>", '<w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr></w:style>', 1)).encode()
            target.writestr(name, content)
    return path


def write_formats(markdown: str, metadata: dict[str, Any], folder: Path, stem: str, resources: Path, formats: Sequence[str]) -> None:
    """Write `stem` in every format into `folder`, which holds the images; the preview's notice comes first.

    Raises ValueError, RuntimeError or OSError where pandoc or typst can't.
    """
    settings = folder / "metadata.json"
    settings.write_text(json.dumps(document_metadata(metadata, resources)), encoding="utf-8")
    common = ["--standalone", f"--metadata-file={settings}", f"--lua-filter={HERE / 'cross_references.lua'}", "--citeproc", f"--resource-path={folder}"]
    temporary = [settings]
    for name in formats:
        path, own = folder / f"{stem}.{SUFFIXES[name]}", [*OPTIONS[name]]
        target = path
        if name == "docx":
            temporary.append(_word_styles(folder))
            own.append(f"--reference-doc={temporary[-1]}")
        if name == "pdf":
            header, target = folder / "header.typ", folder / f"{stem}.typ"
            header.write_text(TYPST_HEADER + _running_header(metadata), encoding="utf-8")
            temporary += [header, target]
            own.append(f"--include-in-header={header}")
        pypandoc.convert_text(f"{NOTICE}\n{markdown}", own[0].removeprefix("--to="), format="markdown", outputfile=str(target), extra_args=[*common, *own[1:]])
        if name == "pdf":
            typst.compile(str(target), output=str(path), root=str(folder))
    for each in temporary:
        each.unlink()
