"""Run lock: one run at a time in a study's folder; a second one waits for the first, or refuses."""

from __future__ import annotations

import datetime
import errno
import fcntl
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.core.machine_errors import StorageError, storage_words

LOCK = ".running"


class BusyError(RuntimeError):
    """Another run is at work in the folder, and this one was not to wait."""


def _holder(handle: int) -> str:
    """Holder of the lock, as that run wrote it down; it may have died before it could."""
    try:
        held = json.loads(os.pread(handle, 4096, 0))
        return f"process {int(held['pid'])} on {held['host']}, since {held['since']}"
    except (ValueError, KeyError, TypeError):
        return "a process that did not say which"


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        if (words := storage_words(error, path)) is None:
            raise
        raise StorageError(words) from error


def _is_that(handle: int, path: Path) -> bool:
    """True if the file that was locked is still the one of this name.

    A run that failed at once takes it away again.
    """
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _lock(handle: int, folder: Path, wait: bool) -> bool:
    """Take the lock; False where the file system has none.

    Raises BusyError where somebody holds it and this run was not to wait.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.ENOTSUP):
            print(
                f"early-recurrence: {folder} lies on a file system without locks; see to it that no"
                " other run of this study is at work",
                file=sys.stderr,
            )
            return False
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        if not wait:
            raise BusyError(
                f"another run is at work in {folder} ({_holder(handle)}); start again when it has"
                " ended, or without --no-wait to wait for it"
            ) from None
        print(
            f"early-recurrence: another run is at work in {folder} ({_holder(handle)}); waiting for"
            " it to end (--no-wait refuses instead)",
            file=sys.stderr,
            flush=True,
        )
        fcntl.flock(handle, fcntl.LOCK_EX)
    return True


@contextmanager
def only_run(folder: Path, wait: bool = True) -> Iterator[None]:
    """Inside, no other run writes in `folder`.

    The lock is the system's (flock) on a file that stays there: a run that is killed gives it back,
    whatever the file says. A run that has written nothing leaves no folder.

    wait: for a run that is at work, which is said on standard error; else BusyError names it.
    """
    path = folder / LOCK
    handle = _open(path)
    try:
        while (locked := _lock(handle, folder, wait)) and not _is_that(handle, path):
            os.close(handle)
            handle = _open(path)
        if locked:
            held = json.dumps(
                {
                    "pid": os.getpid(),
                    "host": socket.gethostname(),
                    "since": datetime.datetime.now().isoformat(" ", "seconds"),
                }
            ).encode()
            os.ftruncate(handle, 0)
            os.pwrite(handle, held, 0)
        try:
            yield
            os.ftruncate(handle, 0)
        finally:
            if locked and [each.name for each in folder.iterdir()] == [LOCK]:
                path.unlink()
                for each in (folder, folder.parent):
                    with suppress(OSError):
                        each.rmdir()
    finally:
        os.close(handle)
