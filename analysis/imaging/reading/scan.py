"""DICOM files below a folder, and what was passed over there.

Nothing is left out without a count.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.imaging.reading.headers import (
    SCANNED,
    Instance,
    ReadingError,
    read_data_set,
    read_header,
)

# So many names of a kind are listed; the count says how many there are.
LISTED = 5
NO_DICOM = "no DICOM"
NO_SERIES = "DICOM without a series, such as a DICOMDIR"
COPY = "identical copy of another file"


@dataclass(frozen=True)
class Scan:
    """Result of scanning folders for DICOM files.

    instances: DICOM files by their headers, each once. passed: files that are not read, by reason.
    damaged: files whose headers can't be read, and why in words.
    """

    instances: tuple[Instance, ...]
    passed: dict[str, tuple[Path, ...]]
    damaged: dict[Path, str]

    @property
    def passed_over(self) -> str:
        """Summary of the files that are passed over.

        It reads `3 files are passed over: 2 no DICOM (a.txt, b.xml); 1 identical copy of another
        file (c)`; empty where there is none.
        """
        return passed_words(self.passed)


def passed_words(passed: dict[str, tuple[Path, ...]]) -> str:
    """Number of files that are passed over, with reasons and names."""
    count = sum(map(len, passed.values()))
    if not count:
        return ""
    kinds = []
    for reason, paths in sorted(passed.items()):
        names = ", ".join(path.name for path in paths[:LISTED])
        more = f" and {len(paths) - LISTED} more" if len(paths) > LISTED else ""
        kinds.append(f"{len(paths)} {reason} ({names}{more})")
    return f"{count} file{' is' if count == 1 else 's are'} passed over: {'; '.join(kinds)}"


def _same_content(first: Path, second: Path) -> bool:
    """True if two files hold the same data set.

    They do where they agree byte for byte, or differ in preamble or file meta information alone, as
    a CD and a network export of one image have them.
    """
    if filecmp.cmp(first, second, shallow=False):
        return True
    try:
        return bool(read_data_set(first) == read_data_set(second))
    except Exception:  # of a damaged file pydicom raises what its parts raise; it is no copy then
        return False


def without_copies(instances: Iterable[Instance]) -> tuple[list[Instance], list[Instance]]:
    """Files without identical copies, and the copies.

    A copy is a file that repeats an earlier one (same SOPInstanceUID and same content).
    """
    kept: dict[str, list[Instance]] = {}
    copies: list[Instance] = []
    alone: list[Instance] = []
    for instance in sorted(instances, key=lambda each: str(each.path)):
        uid = instance.text("SOPInstanceUID")
        if not uid:
            alone.append(instance)
        elif any(_same_content(other.path, instance.path) for other in kept.get(uid, [])):
            copies.append(instance)
        else:
            kept.setdefault(uid, []).append(instance)
    found = [*alone, *(instance for members in kept.values() for instance in members)]
    return sorted(found, key=lambda each: str(each.path)), copies


def scan_files(paths: Iterable[Path], more: Sequence[str] = ()) -> Scan:
    """DICOM files among these, by the parts of their headers that are SCANNED and `more`."""
    instances: list[Instance] = []
    passed: dict[str, list[Path]] = {}
    damaged: dict[Path, str] = {}
    for path in paths:
        try:
            instance = read_header(path, (*SCANNED, *more))
        except ReadingError as error:
            damaged[path] = str(error)
            continue
        if instance is None:
            passed.setdefault(_kind(path), []).append(path)
        else:
            instances.append(instance)
    kept, copies = without_copies(instances)
    if copies:
        passed[COPY] = [copy.path for copy in copies]
    return Scan(tuple(kept), {reason: tuple(each) for reason, each in passed.items()}, damaged)


def scan_folder(folder: Path, more: Sequence[str] = ()) -> Scan:
    """Every DICOM file below a folder. Raises ReadingError for a header that can't be read."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    states = tuple((path, (state := path.stat()).st_size, state.st_mtime_ns) for path in paths)
    scan = _scan_once(states, tuple(more))
    if scan.damaged:
        raise ReadingError("\n".join(scan.damaged.values()))
    return scan


@lru_cache(maxsize=4)
def _scan_once(states: tuple[tuple[Path, int, int], ...], more: tuple[str, ...]) -> Scan:
    """Result of scan_files for files in the state that they are in.

    It is kept, since key, checks and reading ask for one folder in turn.
    """
    return scan_files((path for path, *_ in states), more)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        return NO_SERIES if file.read(132)[128:] == b"DICM" else NO_DICOM
