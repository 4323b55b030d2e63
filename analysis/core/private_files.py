"""Private files: folders that only their owner opens.

What Python unpickles it executes, so nothing is unpickled from where others can write.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

PRIVATE = 0o700
WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class NotPrivateError(ValueError):
    """Error for a folder or file of the cache that another user owns or can change.

    Nothing in it was opened.
    """


def _whose(status: os.stat_result) -> str | None:
    """Fault of the owner or the permissions; None where the file is the user's alone to change."""
    if status.st_uid != os.getuid():
        return f"belongs to another user (number {status.st_uid}; you are {os.getuid()})"
    if status.st_mode & WRITABLE_BY_OTHERS:
        return f"can be changed by other users (permissions {stat.S_IMODE(status.st_mode):o})"
    return None


def make_private(folder: Path) -> Path:
    """Make a folder private to its owner, and return it.

    The folder is made with mode 0700 if it is not there. Its permissions are taken back to 0700
    where others may only read it.

    Raises NotPrivateError where somebody else owns it or may write in it: what lies there could be
    anybody's.
    """
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    status = folder.stat()
    if (wrong := _whose(status)) is not None:
        raise NotPrivateError(
            f"{folder} {wrong}, and stored results are opened from your own folders only, since"
            " opening one can run code. Set EARLY_RECURRENCE_CACHE to a folder of your own, or"
            " remove this one"
        )
    if stat.S_IMODE(status.st_mode) != PRIVATE:
        folder.chmod(PRIVATE)
    return folder


def read_private(path: Path) -> bytes:
    """Content of a file that the user owns and nobody else can change; links are not followed.

    Raises FileNotFoundError where it is not there, NotPrivateError where it is somebody else's.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        if path.is_symlink():
            raise NotPrivateError(
                f"{path} is a link, which the cache never makes; remove it"
            ) from None
        raise error
    with os.fdopen(handle, "rb") as file:
        if (wrong := _whose(os.fstat(file.fileno()))) is not None:
            raise NotPrivateError(f"{path} {wrong}, and was not opened; remove it")
        return file.read()
