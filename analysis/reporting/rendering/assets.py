"""What Quarto reads beside the documents: the study's metadata, and filters, styles and templates.

`_quarto.yml` names them in `report/_style/`, so that a folder needs nothing of a checkout to
render.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.reporting.fonts import FONT_FILES
from analysis.reporting.rendering.float_numbers import elsewhere
from analysis.reporting.rendering.page import STYLE, page_banner, page_end, page_head, typst_header
from analysis.reporting.rendering.title_block import has_details, quarto_metadata
from analysis.reporting.rendering.word_header import with_running_header
from analysis.study import Study

FOLDER = "_style"
# Files that Quarto takes as they are.
COPIED = (
    "only_text.lua",
    "results.lua",
    "floats.lua",
    "authors.lua",
    "elsewhere.lua",
    "fonts.scss",
    "light.scss",
    "dark.scss",
    "radiology.csl",
    "springer.csl",
    "frontiers.csl",
)
# The kernel that runs the documents says errors only; _environment names the folder of this
# setting.
KERNEL = b'c = get_config()  # noqa: F821\nc.IPKernelApp.log_level = "ERROR"\n'
# The first line of report/_metadata.yml tells it from an author's own file of that name.
WRITTEN = "# Written at each render: title, authors and citations are set in the study file.\n"
# Lines of the files that were written before they had this first line.
EARLIER = re.compile(r'(title|subtitle|author|csl|columns): ["\[\d]')
# The manuscript has vancouver.csl beside it; journals' styles lie with what each render writes.
KNOWN_STYLES = {
    "vancouver": "vancouver.csl",
    "author-date": None,
    **{name: f"{FOLDER}/{name}.csl" for name in ("radiology", "springer", "frontiers")},
}


def subtitle(study: Study) -> str | None:
    """What every page says of a cohort that was made; None for patients."""
    made = study.study.synthetic or study.cohort.demo is not None
    return "Synthetic demonstration cohort" if made else None


def origin(study: Study) -> str | None:
    """Origin of a study's numbers: its table and its code.

    Twelve digits name the cohort's table; beside them stands the commit of the code, as the reader
    of a number sees them. None before the first run.
    """
    path = study.output_folder / "provenance.json"
    if not path.is_file():
        return None
    known = json.loads(path.read_text(encoding="utf-8"))
    named = {"cohort": str(known.get("table") or "")[:12], "code": known.get("commit")}
    return " · ".join(f"{name} {value}" for name, value in named.items() if value)


def document_metadata(study: Study, project: Path, report: Path | None = None) -> str:
    """report/_metadata.yml, which Quarto merges into each document: title, authors, citations.

    report: folder of the documents, where it is not the project's `report`.
    """
    numbers = elsewhere(report or project / "report")
    named = study.manuscript.citation_style
    style = KNOWN_STYLES.get(named, named)
    if style and named not in KNOWN_STYLES:
        style = os.path.relpath(study.root / style, project / "report")
    columns = study.manuscript.columns
    lines = {
        "title": study.study.title,
        "subtitle": subtitle(study),
        **quarto_metadata(study),
        # Quarto adds them to the filters of _quarto.yml.
        "filters": [
            *([f"{FOLDER}/authors.lua"] if has_details(study) else []),
            *([f"{FOLDER}/elsewhere.lua"] if numbers else []),
        ],
        "elsewhere": numbers,
        "csl": style,
        # Quarto takes an object, as JATS has it.
        "journal": {"title": title} if (title := study.manuscript.journal_title) else None,
        "running-title": study.manuscript.running_title,
        "columns": columns if columns > 1 else None,
        "results-origin": origin(study),
    }
    return WRITTEN + "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
        for name, value in lines.items()
        if value
    )


def write_numbers(study: Study, project: Path, report: Path) -> None:
    """Write report/_metadata.yml anew, with the figures and tables that the documents have now.

    A folder without it, or with an author's own file of that name, stays as it is.
    """
    path = report / "_metadata.yml"
    if path.is_file() and path.read_text(encoding="utf-8").startswith(WRITTEN):
        content = document_metadata(study, project, report)
        if path.read_text(encoding="utf-8") != content:
            write_atomically(path, content.encode())


def write_assets(study: Study, project: Path) -> None:
    """Write report/_metadata.yml and report/_style/ of a Quarto project; files that are right stay.

    Raises ValueError where report/_metadata.yml is an author's own file; then nothing is written.
    """
    words = subtitle(study)
    running = words or study.manuscript.running_title
    report = project / "report"
    metadata = report / "_metadata.yml"
    if metadata.is_file():
        there = metadata.read_text(encoding="utf-8")
        lines = [line for line in there.splitlines() if line.strip()]
        if not there.startswith(WRITTEN) and not all(EARLIER.match(line) for line in lines):
            raise ValueError(
                f"{metadata} is not written by early-recurrence, which keeps title, authors and"
                " citations there; move its settings to _quarto.yml or to the documents, and"
                " delete it"
            )
    reference = report / "reference.docx"
    files: dict[str, bytes] = {
        "_metadata.yml": document_metadata(study, project).encode(),
        f"{FOLDER}/head.html": page_head(words).encode(),
        f"{FOLDER}/banner.html": page_banner(words).encode(),
        f"{FOLDER}/end.html": page_end().encode(),
        f"{FOLDER}/article.typ": typst_header(running).encode(),
        f"{FOLDER}/ipython/profile_default/ipython_kernel_config.py": KERNEL,
    }
    files |= {f"{FOLDER}/{name}": (STYLE / name).read_bytes() for name in COPIED}
    files |= {f"{FOLDER}/fonts/{path.name}": path.read_bytes() for path in FONT_FILES.glob("*.ttf")}
    if reference.is_file():
        content = reference.read_bytes()
        files[f"{FOLDER}/reference.docx"] = (
            with_running_header(content, running) if running else content
        )
    for name, content in files.items():
        path = report / name
        if not path.is_file() or path.read_bytes() != content:
            write_atomically(path, content)
