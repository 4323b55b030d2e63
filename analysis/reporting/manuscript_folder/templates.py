"""The templates of a manuscript, by kind of study: the sections that it can't have are left out."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.reporting.rendering.includes import INCLUDE, included
from analysis.reporting.rendering.project import source_files, sources
from analysis.reporting.sections import SECTIONS
from analysis.reporting.sections.generated import FOLDER, UNWRITTEN
from analysis.study import Study

HEADING = re.compile(r"^(#+) ")


def kind_of(study: Study) -> str:
    """images, features, predictions or clinical: what the study begins from."""
    if study.predictions is not None:
        return "predictions"
    if study.radiomics is not None and study.radiomics.table is not None:
        return "features"
    if study.radiomics is not None or study.deep_learning is not None:
        return "images"
    return "clinical"


def _is_foreign(block: str, kind: str) -> bool:
    match = INCLUDE.fullmatch(block)
    if match is None:
        return False
    section = SECTIONS.get(match[1].removeprefix(f"{FOLDER}/").removesuffix(".md"))
    return section is not None and kind not in section.kinds


def for_kind(document: str, kind: str) -> str:
    """Document for a kind of study.

    It is without the includes of sections that this kind of study can't have, and without headings
    that nothing follows then.
    """
    blocks = document.split("\n\n")
    kept: list[str] = []
    emptied = False
    for block in [*blocks, "# "]:
        if _is_foreign(block.strip("\n"), kind):
            emptied = True
            continue
        heading = HEADING.match(block)
        while heading and emptied and kept and (last := HEADING.match(kept[-1])):
            if len(last[1]) < len(heading[1]):
                break
            kept.pop()
        emptied = False
        kept.append(block)
    return "\n\n".join(kept[:-1])


def templates(kind: str) -> dict[Path, bytes]:
    """Path in the manuscript's folder → content, of the author's files for that kind of study."""
    files = {name: (sources() / name).read_bytes() for name in source_files()}
    return {
        name: for_kind(content.decode(), kind).encode() if name.suffix == ".qmd" else content
        for name, content in files.items()
    }


def stubs(files: dict[Path, bytes]) -> dict[Path, bytes]:
    """Generated file for each section that these documents include.

    Quarto looks for them before it runs the step that writes them.
    """
    return {
        name.parent / path: UNWRITTEN.encode()
        for name, content in files.items()
        if name.suffix == ".qmd"
        for path in included(content.decode())
        if path.startswith(f"{FOLDER}/")
    }
