"""A zip of a stranger, opened with care; and one whose bytes depend on its content alone."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from analysis.core.cache import file_sha256, write_atomically
from analysis.core.word_lists import counted

MANIFEST = "manifest.sha256"
# A bundle of a thousand patients is some ten MB; what unpacks to more than this is none.
LARGEST = 2 * 1024**3
MOST_FILES = 2000
# Text packs ten to twenty times smaller; a bomb a thousand times.
HIGHEST_RATIO = 250


class ArchiveError(ValueError):
    """Error of a file that is no bundle that can be opened safely.

    Nothing was written outside of its folder.
    """


def _checked_name(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    path = PurePosixPath(name)
    if (
        not name
        or "\\" in name
        or "\x00" in name
        or ":" in name
        or path.is_absolute()
        or ".." in path.parts
        or any(ord(letter) < 32 for letter in name)
    ):
        raise ArchiveError(f"entry {name!r} would be written outside of the folder")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise ArchiveError(f"entry {name!r} is a link or a device")
    if entry.flag_bits & 0x1:
        raise ArchiveError(f"entry {name!r} is encrypted")
    return path.as_posix()


def open_archive(path: Path, folder: Path) -> list[str]:
    """Unpack into an empty `folder` and return the names of the files.

    Refuses, before anything is written, absolute names, `..`, links, devices, encrypted and double
    entries, and what would unpack to too much; while writing, an entry that is larger than it says.
    Raises ArchiveError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            counts = Counter(_checked_name(entry).casefold() for entry in archive.infolist())
            files = [_checked_name(entry) for entry in entries]
            if counts and max(counts.values()) > 1:
                raise ArchiveError(
                    "entries are there twice:"
                    f" {', '.join(sorted(name for name, count in counts.items() if count > 1)[:5])}"
                )
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_FILES or total > LARGEST:
                raise ArchiveError(
                    f"{counted(len(entries), 'file')} of {counted(total, 'byte is', 'bytes are')}"
                    " more than a bundle holds"
                )
            for entry in entries:
                if entry.file_size > 1024**2 and entry.file_size > HIGHEST_RATIO * max(
                    entry.compress_size, 1
                ):
                    raise ArchiveError(
                        f"entry {entry.filename!r} would unpack to"
                        f" {counted(entry.file_size // max(entry.compress_size, 1), 'time')} its"
                        " size"
                    )
            for entry, name in zip(entries, files, strict=True):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                left = entry.file_size
                with archive.open(entry) as source, target.open("xb") as sink:
                    while block := source.read(min(1024**2, left + 1)):
                        left -= len(block)
                        if left < 0:
                            raise ArchiveError(f"entry {entry.filename!r} is larger than it says")
                        sink.write(block)
            return files
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        FileExistsError,
        NotADirectoryError,
        OverflowError,
    ) as error:
        raise ArchiveError(f"{path} is no intact zip file ({error})") from None


def write_archive(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write files and their manifest (in the format of `sha256sum`) into an archive.

    They are sorted and without times: the same content is the same file.
    """
    listing = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(files.items())
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in sorted({**files, MANIFEST: listing.encode()}.items()):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return write_atomically(path, packed.getvalue())


def check_manifest(folder: Path, files: list[str]) -> list[str]:
    """What disagrees with the manifest: changed, missing and unlisted files.

    It is empty where all is as it was packed.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return [f"{MANIFEST} is missing, so no file can be checked"]
    listed = {}
    for number, line in enumerate(
        manifest.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
    ):
        checksum, _, name = line.partition("  ")
        if len(checksum) != 64 or not name:
            return [f"{MANIFEST}: line {number} is no checksum and name"]
        listed[name] = checksum
    faults = [f"{name} is listed and not there" for name in sorted(set(listed) - set(files))]
    faults += [
        f"{name} is there and not listed" for name in sorted(set(files) - set(listed) - {MANIFEST})
    ]
    faults += [
        f"{name} was changed: its checksum differs"
        for name in sorted(set(listed) & set(files))
        if file_sha256(folder / name) != listed[name]
    ]
    return faults
