"""Results of slow steps, kept by the content that they were made from, never by a path or a time stamp."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")
# One line a computed piece: what `status` estimates a run by, and what tests count.
TIMINGS = "timings.jsonl"


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


def piece(folder: Path, key: str) -> Path:
    """Where the value of a key lies; its room is the name of `folder`."""
    return folder / key[:2] / f"{key}.pickle"


def is_stored(folder: Path, key: str) -> bool:
    """Whether a value lies under `key` in `folder`."""
    return piece(folder, key).is_file()


def cached(folder: Path, key: str, compute: Callable[[], Value], what: str = "") -> Value:
    """The value stored under `key` in `folder`, else `compute()`, stored. A damaged file is computed again.

    Each computation is a line in `timings.jsonl` beside `folder`: what was computed, and how long it took. While `planning`,
    nothing is computed: what is not there is noted, and None takes its place.
    """
    path = piece(folder, key)
    if _plan is not None and not path.is_file():
        _plan.missing.append((folder.name, what))
        return None  # type: ignore[return-value]
    if _plan is not None:
        _plan.there[folder.name] += 1
    if path.is_file():
        try:
            return pickle.loads(path.read_bytes())
        except Exception:
            path.unlink(missing_ok=True)
    start = time.perf_counter()
    value = compute()
    seconds = time.perf_counter() - start
    write_atomically(path, pickle.dumps(value, protocol=5))
    note_timing(folder.parent, folder.name, what, key, seconds)
    return value


@dataclass
class Plan:
    """there: room → pieces that were asked for and lie there. missing: (room, what) of those that a run would compute."""

    there: Counter[str] = field(default_factory=Counter)
    missing: list[tuple[str, str]] = field(default_factory=list)


_plan: Plan | None = None


@contextmanager
def planning() -> Iterator[Plan]:
    """Inside, `cached` computes nothing and notes what is missing; for one process, see analysis.progress.in_parallel."""
    global _plan
    _plan = Plan()
    try:
        yield _plan
    finally:
        _plan = None


def is_planning() -> bool:
    return _plan is not None


def note_timing(cache: Path, room: str, what: str, key: str, seconds: float) -> None:
    """Add a line to the log of computed pieces. One short write in append mode: lines of several processes don't mix."""
    cache.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"room": room, "what": what, "key": key, "seconds": round(seconds, 4)}) + "\n"
    handle = os.open(cache / TIMINGS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def read_timings(cache: Path, start: int = 0) -> list[dict[str, Any]]:
    """Computed pieces in their order (room, what, key, seconds), from line `start` on; a line that was cut off is left out."""
    path = cache / TIMINGS
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[start:] if path.is_file() else []:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found
