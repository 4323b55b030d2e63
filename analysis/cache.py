"""Results of slow steps, kept by the content that they were made from, never by a path or a time stamp."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")


def digest(*parts: Any) -> str:
    """SHA-256 over bytes, text, paths (their bytes), sources (what their `content()` names) and JSON-like values, each with its
    length so that none can run into the next."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes()
        elif isinstance(part, bytes):
            content = part
        else:
            content = json.dumps(part.content() if hasattr(part, "content") else part, sort_keys=True, default=str).encode()
        total.update(str(len(content)).encode() + b":" + content)
    return total.hexdigest()


def source_digest(*paths: Path) -> str:
    """Digest of the project's own code: files, or every .py below folders."""
    files = sorted(file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path]))
    return digest([file.name for file in files], *files)


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Installed versions, for keys and for the record of provenance."""
    return {name: version(name) for name in packages}


def write_atomically(path: Path, content: bytes | str) -> Path:
    """Write a whole file or none: beside it first, then renamed over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def _place(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.pickle"


def is_stored(folder: Path, key: str) -> bool:
    """Whether a value lies under `key` in `folder`."""
    return _place(folder, key).is_file()


def cached(folder: Path, key: str, compute: Callable[[], Value]) -> Value:
    """The value stored under `key` in `folder`, else `compute()`, stored. A damaged file is computed again."""
    path = _place(folder, key)
    if path.is_file():
        try:
            return pickle.loads(path.read_bytes())
        except Exception:
            path.unlink(missing_ok=True)
    value = compute()
    write_atomically(path, pickle.dumps(value, protocol=5))
    return value
