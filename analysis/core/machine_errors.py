"""Messages for what the machine does to a run.

They tell of no space, no permission or no memory in words that say what is kept and what to do.
"""

from __future__ import annotations

import errno
from pathlib import Path

KEPT = "What was finished is kept, and the same command goes on from there"
_STORAGE = {
    errno.ENOSPC: "the disk is full; free some space there",
    errno.EDQUOT: "your quota of the disk is used up; free some space there",
    errno.EFBIG: "the file would be larger than this system allows (see `ulimit -f`)",
    errno.EROFS: (
        "the file system is read-only; name another folder (`output:` in the study file, or"
        " EARLY_RECURRENCE_CACHE for the cache)"
    ),
    errno.EACCES: (
        "you may not write there; name another folder (`output:` in the study file, or"
        " EARLY_RECURRENCE_CACHE for the cache), or have the permission changed"
    ),
    errno.EPERM: (
        "you may not write there; name another folder (`output:` in the study file, or"
        " EARLY_RECURRENCE_CACHE for the cache), or have the permission changed"
    ),
    errno.EIO: (
        "the disk reports an error of its own; copy what is on it elsewhere, and try another one"
    ),
    errno.EMFILE: (
        "too many files are open at once; raise `ulimit -n`, or lower `jobs` in the study file"
    ),
    errno.ENFILE: "too many files are open on this machine; close other programs",
}


class StorageError(RuntimeError):
    """A file could not be written; the one that was there before is as it was."""


class MemoryFault(RuntimeError):
    """Error of a worker process that was ended, most likely for want of memory.

    The message names what it was at, and what to lower.
    """


def storage_words(error: OSError, path: Path | str | None = None) -> str | None:
    """Message for an error of the operating system on writing or opening.

    It is None where the error is of another kind.

    path: that was to be written. Without it, a permission that is lacking may be one of reading,
    whose file the user names.
    """
    words = _STORAGE.get(error.errno or 0)
    if words is None or (path is None and error.errno in (errno.EACCES, errno.EPERM)):
        return None
    return f"{path or error.filename or 'a temporary file'} could not be written: {words}. {KEPT}"
