"""Folder of a locked model.

It holds model.json, which lists every other file with its digest, and those files.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.core.cache import write_atomically

FORMAT = 1
DESCRIPTION = "model.json"


class LockedModelError(ValueError):
    """Error of a folder that holds no locked model, or not the one that was written.

    The message says what differs.
    """


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _identity(description: Mapping[str, Any]) -> str:
    """SHA-256 of the description without the identity; it covers files through their digests."""
    return _digest(
        json.dumps(
            {name: value for name, value in description.items() if name != "identity"},
            sort_keys=True,
        ).encode()
    )


def write_folder(folder: Path, description: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """Write the model, whole or not at all, and return its identity.

    Raises LockedModelError where the folder holds anything else.
    """
    if folder.exists() and (
        not folder.is_dir() or (any(folder.iterdir()) and not (folder / DESCRIPTION).is_file())
    ):
        raise LockedModelError(
            f"{folder} holds something that is no locked model; name another folder"
        )
    whole = {
        "format": FORMAT,
        **description,
        "files": {name: _digest(content) for name, content in sorted(files.items())},
    }
    # Once through JSON, so that the identity is that of what will be read.
    whole = json.loads(json.dumps(whole, allow_nan=False))
    whole["identity"] = _identity(whole)
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    for name, content in files.items():
        write_atomically(aside / name, content)
    write_atomically(
        aside / DESCRIPTION, json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    )
    if folder.exists():
        shutil.rmtree(folder)
    aside.rename(folder)
    return whole["identity"]


def read_folder(folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The description and the files, each compared with its digest.

    Raises LockedModelError for whatever is absent or was changed.
    """
    path = folder / DESCRIPTION
    if not path.is_file():
        raise LockedModelError(
            f"{folder} holds no locked model (there is no {DESCRIPTION}); `early-recurrence export`"
            " writes one"
        )
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise LockedModelError(f"{path} is not valid JSON: {error}") from None
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        found = description.get("format") if isinstance(description, dict) else None
        raise LockedModelError(
            f"{path} has format {found}, this version of the program reads format {FORMAT}"
        )
    if description.get("identity") != _identity(description):
        raise LockedModelError(
            f"{path} was changed after it was written: its identity does not fit its content"
        )
    files = {}
    for name, digest in description["files"].items():
        if Path(name).name != name:
            raise LockedModelError(f"{path} names a file outside its folder: {name}")
        place = folder / name
        if not place.is_file():
            raise LockedModelError(f"{folder}: {name} is missing")
        files[name] = place.read_bytes()
        if _digest(files[name]) != digest:
            raise LockedModelError(
                f"{place} was changed after it was written: its digest is another than model.json"
                " says"
            )
    return description, files
