"""Executed Markdown → html, docx, pdf (through typst) and JATS, by pandoc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypandoc
import typst
from ruamel.yaml import YAML

HERE = Path(__file__).parent
FILES = {"html": "html", "docx": "docx", "pdf": "pdf", "jats": "xml"}
TYPST_HEADER = """
#set page(margin: (x: 2cm, y: 2.2cm), numbering: "1")
#set text(size: 10pt)
#set par(justify: true)
#set figure(numbering: none)
#show figure: set block(breakable: true)
#show figure.caption: set text(size: 8.5pt)
#show figure.caption: set align(left)
#show table: set text(size: 7.5pt)
#show table: set par(justify: false)
#set table(inset: (x: 3.5pt, y: 2.5pt), stroke: none)
#show link: set text(fill: rgb("#22577a"))
#show quote.where(block: true): it => block(width: 100%, inset: 8pt, stroke: (left: 2.5pt + rgb("#22577a")), fill: rgb("#f1f6f9"), it.body)
"""
NOTICE = """::: {.callout-warning title="Preview rendering"}
Made without Quarto, from the same source, by the project's preview renderer: same text, numbers, tables, figures and references; the layout is simpler.
:::
"""


def _metadata_file(metadata: dict[str, Any], folder: Path) -> Path:
    path = folder / "metadata.yml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(metadata, file)
    return path


def write_formats(markdown: str, metadata: dict[str, Any], folder: Path, stem: str, resources: Path, formats: list[str]) -> list[Path]:
    """Write `stem` in every format into `folder`, which holds the figures; returns the paths.

    metadata: title, author, bibliography (paths relative to `resources`), …; the preview's notice is put first.
    """
    bibliography = metadata.get("bibliography")
    names = [bibliography] if isinstance(bibliography, str) else list(bibliography or [])
    plain = {name: value for name, value in metadata.items() if name in ("title", "subtitle", "author", "date", "lang", "keywords")}
    plain |= {"bibliography": [str((resources / name).resolve()) for name in names], "link-citations": True}
    common = [f"--metadata-file={_metadata_file(plain, folder)}", f"--lua-filter={HERE / 'references.lua'}", "--citeproc", f"--resource-path={folder}", "--standalone"]
    text = f"{NOTICE}\n{markdown}"
    paths = []
    for name in formats:
        path = folder / f"{stem}.{FILES[name]}"
        if name == "html":
            own = ["--to=html5", "--embed-resources", "--toc", "--toc-depth=2", f"--css={HERE / 'style.css'}", "--metadata=document-css:false"]
        elif name == "docx":
            own = ["--to=docx"]
        elif name == "jats":
            own = ["--to=jats_publishing"]
        else:
            header = folder / "header.typ"
            header.write_text(TYPST_HEADER, encoding="utf-8")
            source = folder / f"{stem}.typ"
            pypandoc.convert_text(text, "typst", format="markdown", outputfile=str(source), extra_args=[*common, f"--include-in-header={header}"])
            typst.compile(str(source), output=str(path), root=str(folder))
            source.unlink()
            header.unlink()
            paths.append(path)
            continue
        pypandoc.convert_text(text, own[0].removeprefix("--to="), format="markdown", outputfile=str(path), extra_args=[*common, *own[1:]])
        paths.append(path)
    (folder / "metadata.yml").unlink()
    return paths
