"""`_generated/`: the sections that a document includes, as Markdown files beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.reporting.manuscript import Results, open_results
from analysis.reporting.rendering.assets import write_numbers
from analysis.reporting.rendering.includes import included
from analysis.reporting.sections import SECTIONS, Says, UnknownSection, section_of
from analysis.study import Study

FOLDER = "_generated"
# Quarto looks for the files that a document includes before it runs the step that writes them.
UNWRITTEN = "This section is written from the results at the next render.\n"


def wanted(report: Path) -> dict[str, list[str]]:
    """Name of each generated file that the documents in `report` include → these documents."""
    found: dict[str, list[str]] = {}
    for document in sorted(report.glob("*.qmd")):
        for path in included(document.read_text(encoding="utf-8")):
            folder, _, name = path.partition("/")
            if folder == FOLDER and name.endswith(".md"):
                found.setdefault(name.removesuffix(".md"), []).append(document.name)
    return found


def write_stubs(report: Path) -> list[Path]:
    """A file for each section that is included and was never written; returns these."""
    files = [report / FOLDER / f"{name}.md" for name in wanted(report)]
    return [write_atomically(path, UNWRITTEN) for path in files if not path.is_file()]


def _bodies(says: Says, names: list[str]) -> dict[str, str]:
    """Tables and pictures that an author's own text includes, whichever section lays them out."""
    for each in SECTIONS if names else ():
        if not set(names) <= set(says.context.bodies):
            says(each)
    missing = sorted(set(names) - set(says.context.bodies))
    if missing:
        raise UnknownSection(
            f"no section lays out {', '.join(missing)} with these results; take its include out of"
            " the document"
        )
    return {name: says.context.bodies[name] for name in names}


def generated_files(results: Results, names: list[str]) -> dict[str, str]:
    """Name → Markdown of each generated file.

    Raises UnknownSection for a name that is none, and MissingResult where a result is not there.
    """
    floats = [name for name in names if name.startswith(("tables/", "figures/"))]
    says = Says(results, names)
    texts = {}
    for name in names:
        if name not in floats:
            section_of(name)
            texts[name] = f"{str(says(name)).strip()}\n"
    bodies = _bodies(Says(results), floats)
    return texts | {name: f"{body.strip()}\n" for name, body in bodies.items()}


def write_generated(study: Study, project: Path, report: Path | None = None) -> list[Path]:
    """Write the sections that the documents of a project include.

    Sections that no document includes any more are taken away; files that are right stay. The
    documents' metadata takes the numbers of the figures and tables. Returns what was written.

    report: folder of the documents, where it is not the project's `report`.

    Raises UnknownSection with the document for a name that is no section.
    """
    report = report or project / "report"
    by_name = wanted(report)
    for name, documents in by_name.items():
        if not name.startswith(("tables/", "figures/")):
            try:
                section_of(name)
            except UnknownSection as error:
                raise UnknownSection(f"{documents[0]}: {error}") from None
    if not by_name:
        return []
    results = replace(open_results(study.path, links=True), project=project)
    written = []
    for name, text in generated_files(results, sorted(by_name)).items():
        path = report / FOLDER / f"{name}.md"
        if not path.is_file() or path.read_bytes() != text.encode():
            written.append(write_atomically(path, text))
    for path in sorted((report / FOLDER).rglob("*.md")):
        if path.relative_to(report / FOLDER).with_suffix("").as_posix() not in by_name:
            path.unlink()
    write_numbers(study, project, report)
    return written
