"""Volumes with detached headers.

Their voxels lie in another file than their header (.mhd with .raw, .nhdr with .raw or .gz).
"""

from __future__ import annotations

import re
from pathlib import Path

# More of a header than this need not be read to find where its voxels are.
HEADER = 1 << 16
NAMED = re.compile(rb"(?im)^(?:ElementDataFile *=|data ?file:) *(.+?)\s*$")


def voxel_files(path: Path) -> list[Path]:
    """Files that a header names for its voxels, there or not.

    There are none where the voxels follow in the file itself. Several files, by a pattern or a
    list, are those of the same folder that begin like the header.
    """
    if not path.name.lower().endswith((".mhd", ".nhdr")) or not path.is_file():
        return []
    with path.open("rb") as file:
        found = NAMED.search(file.read(HEADER))
    name = found[1].decode(errors="replace") if found else "LOCAL"
    if name.upper() == "LOCAL":
        return []
    if name.upper().startswith("LIST") or "%" in name:
        return sorted(
            each
            for each in path.parent.iterdir()
            if each.is_file() and each != path and each.name.startswith(path.stem)
        )
    return [path.parent / name]
