"""Cache of the results of slow steps.

Results are kept by the content that they were made from, never by a path or a time stamp.

An entry is a SHA-256 and a pickle. The sum is over the key and the pickle, and is compared before
anything is unpickled: an entry that was cut off, or lies under another key, is computed again. It
is no signature; what protects from strangers is that the folder is the user's alone.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import pickle
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, TypeVar

from tqdm import tqdm

from analysis.core.machine_errors import StorageError, storage_words
from analysis.core.private_files import make_private, read_private

Value = TypeVar("Value")
# One line a computed piece: what `status` estimates a run by, and what tests count.
TIMINGS = "timings.jsonl"
# How the name of a file ends that is being written.
PART = ".part"
# A part in a cache, which several studies may share, that is older than this has no writer any
# more.
STALE = 24 * 3600.0


def digest(*parts: Any) -> str:
    """SHA-256 digest of several pieces of content.

    It is taken over bytes, text, paths (their bytes), sources (what their `content()` names) and
    JSON-like values, each with its length so that none can run into the next.
    """
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes()
        elif isinstance(part, bytes):
            content = part
        else:
            content = json.dumps(
                part.content() if hasattr(part, "content") else part, sort_keys=True, default=str
            ).encode()
        total.update(str(len(content)).encode() + b":" + content)
    return total.hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as `sha256sum` prints it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@functools.cache
def source_digest(*paths: Path) -> str:
    """Digest of the project's own code: files, or every .py below folders.

    It is taken once a process, which goes on with the code that it has loaded.
    """
    files = sorted(
        file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])
    )
    return digest([file.name for file in files], *files)


# A package stays what it is while a process runs; finding its version means reading folders.
_version = functools.cache(version)


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Installed versions, for keys and for the record of provenance."""
    return {name: _version(name) for name in packages}


def _umask() -> int:
    """The user's, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


# Files of a study are as private as the user's other files.
MODE = 0o666 & ~_umask()


def write_atomically(
    path: Path,
    content: bytes | str | Callable[[IO[bytes]], None],
    mode: int = MODE,
    durable: bool = True,
) -> Path:
    """Write a whole file or none: beside it first, then renamed over it.

    content: of the file, or what writes it, piece by piece, to a file that is open for it.
    durable: file and folder are on the disk, not only in the system's memory, when this returns; a
    power cut then leaves the old file or the new one. Raises StorageError in words where the disk
    is full or the folder can't be written; the old file is as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name[:200]}.", suffix=PART
        )
        with os.fdopen(handle, "wb") as file:
            if callable(data):
                data(file)
            else:
                file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
        if durable:
            _to_disk(path.parent)
    except BaseException as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        cause = _raised_by_writing(error) if callable(data) else error
        if isinstance(cause, OSError) and (words := storage_words(cause, path)) is not None:
            raise StorageError(words) from error
        if not isinstance(cause, Exception):
            raise cause from None  # a Ctrl-C stays one
        raise
    return path


def _raised_by_writing(error: BaseException) -> BaseException:
    """What a write to the file raised; `torch.save` raises a RuntimeError of its own after it."""
    inner = error.__context__
    return inner if isinstance(error, RuntimeError) and inner is not None else error


def clear_parts(folder: Path, older_than: float = 0.0) -> None:
    """Delete what killed processes left half-written below `folder`.

    They are parts that were not touched for this many seconds.
    """
    for part in folder.rglob(f".*{PART}") if folder.is_dir() else []:
        try:
            if time.time() - part.stat().st_mtime >= older_than or older_than == 0:
                part.unlink()
        except FileNotFoundError:
            continue


def _to_disk(folder: Path) -> None:
    """The names in a folder; file systems that can't (some of networks) keep them as they do."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def piece(folder: Path, key: str) -> Path:
    """Path of a key's value; its room is the name of `folder`."""
    return folder / key[:2] / f"{key}.pickle"


def is_stored(folder: Path, key: str) -> bool:
    """True if a value lies under `key` in `folder`."""
    return piece(folder, key).is_file()


def cached(
    folder: Path,
    key: str,
    compute: Callable[[], Value],
    what: str = "",
    work: float | None = None,
    done: Callable[[Value], float | None] = lambda value: None,
) -> Value:
    """The value stored under `key` in `folder`, else `compute()`, stored.

    A damaged entry is computed again, and standard error says so once. Raises NotPrivateError where
    the folder or the entry is another user's, or can be changed by one.

    Each computation is a line in `timings.jsonl` beside `folder`: what was computed, and how long
    it took. work: what this time grows with, where that is known beforehand; done: the share of it
    that was done for a value, where not all may be. While `planning`, nothing is computed: what is
    not there is noted, and None takes its place.
    """
    path = piece(folder, key)
    if _plan is not None and not path.is_file():
        _plan.missing.append((folder.name, what))
        if work is not None:
            _plan.work[folder.name, what] = work
        return None  # type: ignore[return-value]
    if _plan is not None:
        _plan.there[folder.name] += 1
    _own_room(folder)
    try:
        content = read_private(path)
    except FileNotFoundError:
        pass
    else:
        if (stored := _checked(key, content)) is not None:
            try:
                kept: Value = pickle.loads(stored)
            except Exception:  # whole, and made by a class that is no longer as it was
                pass
            else:
                return kept
        path.unlink(missing_ok=True)
        _say_damaged(path, what)
    start = time.perf_counter()
    value = compute()
    seconds = time.perf_counter() - start
    content = pickle.dumps(value, protocol=5)
    # Not forced to the disk, which takes milliseconds for each of thousands: an entry that a power
    # cut has torn is found by its sum.
    write_atomically(path, _sum(key, content) + content, mode=0o600, durable=False)
    note_timing(
        folder.parent,
        folder.name,
        what=what,
        key=key,
        seconds=seconds,
        work=work,
        done=done(value),
    )
    return value


def _sum(key: str, content: bytes | memoryview) -> bytes:
    total = hashlib.sha256(key.encode() + b"\n")
    total.update(content)
    return total.digest()


def _checked(key: str, content: bytes) -> memoryview | None:
    """The pickle in an entry; None where it is not what was stored under this key."""
    head, stored = (
        content[: hashlib.sha256().digest_size],
        memoryview(content)[hashlib.sha256().digest_size :],
    )
    return stored if head == _sum(key, stored) else None


_own: set[Path] = set()
_damaged: list[Path] = []


def _own_room(folder: Path) -> None:
    """Ensure that the room and the cache around it are the user's alone.

    They are looked at once in a process, and again if the room went away.
    """
    if folder not in _own or not folder.is_dir():
        if folder.parent != folder.parent.parent:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(folder)
        _own.add(folder)


def _say_damaged(path: Path, what: str) -> None:
    """Report the first damaged entry of a process by name.

    Further ones are not reported one by one, since nobody needs to read thousands of lines.
    """
    if not _damaged:
        tqdm.write(
            f"early-recurrence: the stored {what or path.parent.parent.name} ({path}) was damaged,"
            " and is computed again; so is any other that is",
            file=sys.stderr,
        )
    _damaged.append(path)


@dataclass
class Plan:
    """Pieces that a run would take from the cache or compute.

    there: room → pieces that were asked for and lie there. missing: (room, what) of those that a
    run would compute. work: (room, what) → what their time grows with, where it is known.
    """

    there: Counter[str] = field(default_factory=Counter)
    missing: list[tuple[str, str]] = field(default_factory=list)
    work: dict[tuple[str, str], float] = field(default_factory=dict)


_plan: Plan | None = None


@contextmanager
def planning() -> Iterator[Plan]:
    """Context in which `cached` computes nothing and notes what is missing.

    It holds for one process; see analysis.core.progress.in_parallel.
    """
    global _plan
    _plan = Plan()
    try:
        yield _plan
    finally:
        _plan = None


def is_planning() -> bool:
    """True if the code runs as a plan only: what it would compute is noted, and not computed."""
    return _plan is not None


def note_timing(  # noqa: PLR0913 - the columns of the log
    cache: Path,
    room: str,
    what: str,
    key: str,
    seconds: float,
    work: float | None = None,
    done: float | None = None,
) -> None:
    """Add a line to the log of computed pieces.

    One short write in append mode: lines of several processes don't mix.
    """
    cache.mkdir(parents=True, exist_ok=True)
    noted: dict[str, Any] = {
        "room": room,
        "what": what,
        "key": key,
        "seconds": round(seconds, 4),
    }
    noted |= {
        name: value for name, value in {"work": work, "done": done}.items() if value is not None
    }
    line = json.dumps(noted) + "\n"
    handle = os.open(cache / TIMINGS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def read_timings(cache: Path, start: int = 0) -> list[dict[str, Any]]:
    """Computed pieces in their order (room, what, key, seconds, work, done), from line `start` on.

    A line that was cut off is left out.
    """
    path = cache / TIMINGS
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[start:] if path.is_file() else []:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found
