"""Files of a manuscript that belong to the authors."""

from __future__ import annotations

from pathlib import Path


def author_files(project: Path) -> dict[Path, bytes]:
    """Files that are the author's: all but what rendering writes."""
    made = ("_generated", "_style", "_metadata.yml", "_report", "_files", "_submission")
    return {
        path: path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and not any(part.endswith(made) for part in path.parts)
    }
