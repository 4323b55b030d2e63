"""NIfTI files: truncated or damaged ones are refused.

SimpleITK reads a truncated or damaged one as if zeros were in the place of what is not there, and
says nothing.
"""

from __future__ import annotations

import gzip
import math
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import nibabel as nib

from analysis.core.word_lists import counted
from analysis.imaging.reading.headers import ReadingError

CHUNK = 1 << 20
# Voxels of a single file begin behind its header and the sign of extensions, whatever an offset
# below that says.
HEADER = 352
# Shapes that are kept, of about half a kilobyte each.
FILES = 1 << 14


def is_nifti(path: Path) -> bool:
    """True if a file's name says that it is NIfTI, compressed or not."""
    return path.name.lower().endswith((".nii", ".nii.gz"))


def loaded(path: Path) -> Any:
    """The file as nibabel has it, of whatever kind it finds."""
    return nib.load(path)


def _length(path: Path) -> int:
    """Bytes of the file, unpacked; raises what gzip raises where its checksum does not fit."""
    if not path.name.lower().endswith(".gz"):
        return path.stat().st_size
    total = 0
    with gzip.open(path) as file:
        while part := file.read(CHUNK):
            total += len(part)
    return total


def check_whole(path: Path) -> tuple[int, ...]:
    """The header's shape.

    Raises ReadingError if the header can't be understood, the packing is damaged, or voxels are
    missing at the end. A file that was found whole is checked again only if its size, its time of
    change or its identity differs.
    """
    try:
        there = path.stat()
    except OSError:
        return _shape_of_whole.__wrapped__(path, ())
    return _shape_of_whole(
        path, (there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns)
    )


# Checking unpacks the whole file, and a run reads each image and mask a dozen times.
@lru_cache(maxsize=FILES)
def _shape_of_whole(path: Path, _state: tuple[int, ...]) -> tuple[int, ...]:
    """As `check_whole`, of a file in one state; errors are not kept."""
    try:
        voxels = loaded(path).dataobj
        shape, offset, width = voxels.shape, max(int(voxels.offset), HEADER), voxels.dtype.itemsize
        length = _length(path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadingError(
            f"{path}: the file is cut off or damaged ({error}); export or copy it again"
        ) from error
    except Exception as error:  # nibabel raises what its parts raise
        raise ReadingError(
            f"{path}: the header of this NIfTI file can't be read ({error}); export or copy it"
            " again"
        ) from error
    wanted = offset + math.prod(shape) * width
    if not shape or min(shape) < 1:
        raise ReadingError(
            f"{path}: its header gives it {' × '.join(map(str, shape)) or 'no'} voxels; export or"
            " copy it again"
        )
    if length < wanted:
        raise ReadingError(
            f"{path}: the file is cut off: {length} of {counted(wanted, 'byte is', 'bytes are')}"
            " there; export or copy it again"
        )
    return tuple(int(each) for each in shape)
