"""Staging systems and indexes as study.yml names them.

They go by the package's names, or come with a file of the study's own.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

OwnScore = Annotated[str, Field(pattern=r"^[^:]+:[A-Za-z_]\w*$")]


def comparators_of(written: Any) -> tuple[Any, dict[str, Any]]:
    """Names in their order, and name -> `file.py:Class` of those with a file.

    written: a list of names, a mapping of names to files (empty for a score of the package), or a
    list of names and such mappings. Anything else comes back as it is, for the check that follows.
    """
    if isinstance(written, dict):
        return list(written), {name: file for name, file in written.items() if file is not None}
    if not isinstance(written, list):
        return written, {}
    names: list[Any] = []
    files: dict[str, Any] = {}
    for each in written:
        inside, own = comparators_of(each) if isinstance(each, dict) else ([each], {})
        names += inside
        files |= own
    return names, files
