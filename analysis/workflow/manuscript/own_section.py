"""A generated section becomes the author's own text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.reporting.manuscript import open_results
from analysis.reporting.manuscript_folder import kind_of, project_of
from analysis.reporting.rendering.includes import INCLUDE
from analysis.reporting.sections import SECTIONS, owned_text, section_of
from analysis.reporting.sections.generated import FOLDER, write_generated
from analysis.study import Study

SAYS = re.compile(r"`\{python\}[ \t]+says\([\"']([a-z-]+)[\"']\)[ \t]*`")


def places(project: Path) -> dict[str, list[str]]:
    """Name of each section → the documents that include or say it."""
    found: dict[str, list[str]] = {}
    for document in sorted((project / "report").glob("*.qmd")):
        text = document.read_text(encoding="utf-8")
        names = [
            match[1].removeprefix(f"{FOLDER}/").removesuffix(".md")
            for match in INCLUDE.finditer(text)
        ]
        for name in dict.fromkeys([*names, *SAYS.findall(text)]):
            found.setdefault(name, []).append(document.name)
    return found


def sections_text(project: Path) -> str:
    """A line for each section: name, documents, what it says."""
    there = places(project)
    width = max(map(len, SECTIONS))
    where = {name: ", ".join(there.get(name, ["-"])) for name in SECTIONS}
    wide = max(map(len, where.values()))
    lines = [
        f"{name:<{width}}  {where[name]:<{wide}}  {each.about}" for name, each in SECTIONS.items()
    ]
    return "\n".join(
        [
            *lines,
            "",
            "A dash: in no document. Put one where you like by a line of its own,",
            f"{{{{< include {FOLDER}/NAME.md >}}}}, or within a sentence,",
            '`{python} says("NAME")`.',
        ]
    )


def own_section(study: Study, name: str) -> list[Path]:
    """Replace the section in every document that has it by its Markdown with values by key.

    Returns these documents.

    Raises UnknownSection, ValueError where the results decide its words or no document has it, and
    FileNotFoundError before the first run.
    """
    section_of(name)
    project = project_of(study)
    documents = [project / "report" / each for each in places(project).get(name, [])]
    if not documents:
        raise ValueError(
            f"no document has the section '{name}'; put {{{{< include {FOLDER}/{name}.md >}}}} on a"
            " line of its own where it should stand first"
        )
    results = replace(open_results(study.path), project=project)
    text = owned_text(results, name).strip()
    if not text:
        raise ValueError(
            f"'{name}' is empty in this {kind_of(study)} study; write your own text in its place"
        )
    for document in documents:
        before = document.read_text(encoding="utf-8")
        after = INCLUDE.sub(
            lambda match: text if match[1] == f"{FOLDER}/{name}.md" else match[0], before
        )
        after = SAYS.sub(lambda match: text if match[1] == name else match[0], after)
        write_atomically(document, after)
    write_generated(study, project)
    return documents
