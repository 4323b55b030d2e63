"""Quarto's pre-render step: brings the results up to date, at once where nothing changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.study import Study

ACTIVATE = """early-recurrence: the project's environment is not active ({missing} is not installed for {python}).
Activate it and run `quarto render` again:
    source .venv/bin/activate        after `make setup` (pip)
    conda activate early-recurrence  after `conda env create -f environment.yml` (conda)"""


def study_path() -> Path:
    """The study that is rendered: EARLY_RECURRENCE_STUDY, else study.yml of the Quarto project that runs here, else the checkout's."""
    here, root = Path.cwd(), Path(__file__).resolve().parents[1]
    own = (here / "_quarto.yml").is_file() and (here / "study.yml").is_file()
    return Path(os.environ.get("EARLY_RECURRENCE_STUDY") or (here if own else root) / "study.yml").resolve()


def write_document_metadata(study: Study, project: Path | None = None) -> None:
    """The study's title, authors and style of citations for all documents: report/_metadata.yml, which Quarto merges into each of
    them; and the reader's script and style, which _quarto.yml includes in the html pages.

    project: folder of _quarto.yml, the one that runs here by default.
    """
    import json

    from analysis.cache import write_atomically
    from analysis.rendering.page import page_end, page_head
    title = study.study.title
    subtitle = "Synthetic demonstration cohort" if study.study.synthetic or study.cohort.demo is not None else None
    here = Path.cwd() if (Path.cwd() / "_quarto.yml").is_file() else Path(__file__).resolve().parents[1]
    root = project or here
    style = {"vancouver": "vancouver.csl", "author-date": None}.get(study.manuscript.citations, study.manuscript.citations)
    if style and study.manuscript.citations not in ("vancouver", "author-date"):
        style = os.path.relpath(study.root / style, root / "report")
    lines = {"title": title, "subtitle": subtitle, "author": study.study.authors or None, "csl": style, "columns": study.manuscript.columns if study.manuscript.columns > 1 else None}
    metadata = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in lines.items() if value)
    for name, content in {"_metadata.yml": metadata, "_page_head.html": page_head(), "_page_end.html": page_end()}.items():
        path = root / "report" / name
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            write_atomically(path, content)


def main() -> int:
    try:
        from analysis.run import run
        from analysis.study import StudyError, load_study
    except ModuleNotFoundError as error:
        print(ACTIVATE.format(missing=error.name, python=sys.executable), file=sys.stderr)
        return 1
    try:
        study = load_study(study_path())
        if os.environ.get("EARLY_RECURRENCE_NO_RUN"):  # `early-recurrence render` draws what is there
            write_document_metadata(study)
            return 0
        outcome = run(study)
        write_document_metadata(study)
    except ModuleNotFoundError as error:
        print(ACTIVATE.format(missing=error.name, python=sys.executable), file=sys.stderr)
        return 1
    except (StudyError, ValueError, RuntimeError, FileNotFoundError) as error:
        print(f"early-recurrence: {error}", file=sys.stderr)
        return 1
    print("results computed" if outcome.computed else "results are current", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
