"""Faults in the YAML of a Quarto project, with file and line, which Quarto does not always name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.core.yaml_file import read_yaml
from analysis.reporting.rendering.front_matter import parted


def yaml_faults(project: Path, documents: Sequence[Path]) -> list[str]:
    """One message for each file or front matter that is no YAML."""
    folders = sorted({document.parent for document in documents})
    files = [project / "_quarto.yml", *(folder / "_metadata.yml" for folder in folders)]
    found = []
    for path in [*files, *documents]:
        if not path.is_file():
            continue
        try:
            if path.suffix == ".qmd":
                parted(path.read_text(encoding="utf-8-sig"), path)
            else:
                read_yaml(path, ValueError)
        except ValueError as error:
            found.append(str(error).replace(f"{project}/", ""))
    return found
