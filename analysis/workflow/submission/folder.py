"""The folder of a submission: whole or not at all, and never over a file that somebody edited."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.core.cache import file_sha256

MANIFEST = "manifest.csv"


def manifest_text(folder: Path) -> str:
    """Every file below the folder with its SHA-256 and size, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "sha256", "bytes"])
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            name = path.relative_to(folder).as_posix()
            writer.writerow([name, file_sha256(path), path.stat().st_size])
    return text.getvalue()


def edited_files(folder: Path) -> list[str]:
    """Files that are not as the folder's manifest has them, or that it does not have."""
    manifest = folder / MANIFEST
    known = {}
    if manifest.is_file():
        with manifest.open(encoding="utf-8", newline="") as file:
            known = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    there = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != manifest
    }
    return [name for name, path in there.items() if known.get(name) != file_sha256(path)]


def refuse_edited(folder: Path) -> None:
    """Refuse a folder that has a file which no submission wrote, or that was edited since.

    Raises FileExistsError.
    """
    if folder.exists() and (not folder.is_dir() or (edited := edited_files(folder))):
        what = ", ".join(edited[:3]) if folder.is_dir() else "a file of that name"
        raise FileExistsError(
            f"{folder} has {what}, which was edited or is not of a submission, so nothing was"
            " written; name another folder with --output"
        )


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """Temporary folder that replaces `folder` when all went well.

    It lies beside `folder`, to write into. It takes the place of `folder`, with a manifest, when
    all went well; the earlier folder is there until then.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        yield made
        (made / MANIFEST).write_text(manifest_text(made), encoding="utf-8")
        refuse_edited(folder)
        if folder.exists():
            os.replace(folder, Path(temporary) / "earlier")
        os.replace(made, folder)


def place(file: Path, target: Path) -> Path:
    """A copy of a file at `target`, whose folder is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    return target
