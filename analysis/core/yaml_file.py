"""YAML files that users write: read as data alone, with words for what is no YAML."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError
from ruamel.yaml.error import YAMLError

# A command reads the same few files again and again; their text is parsed once.
TEXTS = 16
# How workbooks (new and old), zips, compressed files and PDFs begin.
NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF")


def read_yaml(path: Path, error: type[ValueError], kind: Literal["safe", "rt"] = "safe") -> Any:
    """Content of a YAML file: dictionaries, lists and plain values; None for an empty file.

    kind: `rt` keeps the lines of the keys.

    Raises `error`, naming the file and the line, where it is not UTF-8 (with a byte order mark or
    without), not YAML, or asks for anything but plain values.
    """
    content = path.read_bytes()
    if content.startswith(NO_TEXT):
        raise error(f"{path} is a workbook, a zip or a PDF, and no text; name the .yml file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise error(
            f"{path}, line {line}: the byte {content[fault.start]:#04x} is not UTF-8; save the file"
            " as UTF-8"
        ) from None
    return parse_yaml(text, path, error, kind)


@lru_cache(maxsize=TEXTS)
def _parsed(text: str) -> Any:
    return YAML(typ="safe").load(text)


def parse_yaml(
    text: str, path: Path, error: type[ValueError], kind: Literal["safe", "rt"] = "safe"
) -> Any:
    """Content of YAML that stands in a file; as `read_yaml`."""
    try:
        return copy.deepcopy(_parsed(text)) if kind == "safe" else YAML(typ=kind).load(text)
    except DuplicateKeyError as fault:
        named = str(fault.problem).partition(" with value")[0].removeprefix("found duplicate key ")
        raise error(
            f"{path}, line {fault.problem_mark.line + 1}: the key {named} is there twice; keep one"
        ) from None
    except ConstructorError as fault:
        raise error(f"{path} holds something that is no plain value: {fault}") from None
    except YAMLError as fault:
        raise error(_invalid(path, text, fault)) from None


def _invalid(path: Path, text: str, fault: YAMLError) -> str:
    """Error message for invalid YAML, with its line, and what was likely meant."""
    mark = getattr(fault, "problem_mark", None)
    if mark is None:
        return f"{path} is not valid YAML: {fault}"
    begun = getattr(fault, "context_mark", None)
    if begun is not None and "end of stream" in str(getattr(fault, "problem", "")):
        mark = begun  # a quote or bracket that is never closed: where it was opened
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    meant = ""
    if re.match(r" *\t", line):
        meant = "; indent with spaces, not with a tab"
    elif re.search(r"[:\[{,-]\s*[*&%@`!]", line):
        meant = '; put quotes around text that begins with a sign, as in "*art*"'
    elif re.search(r":\S", line) or line.count(":") > 1:
        meant = "; put a blank behind the colon, and quotes around text that holds one"
    said = getattr(fault, "problem", None) or str(fault)
    return f"{path}, line {mark.line + 1}: it is not valid YAML ({said}): {line.strip()}{meant}"


def line_of(document: Any, location: Sequence[Any]) -> int | None:
    """Line of the deepest part of `location` that the file contains, counted from 1.

    document: read with kind `rt`.
    """
    line, node = None, document
    for part in location:
        if isinstance(node, dict) and hasattr(node, "lc") and part in node:
            line, node = node.lc.key(part)[0] + 1, node[part]
        elif (
            isinstance(node, list)
            and hasattr(node, "lc")
            and isinstance(part, int)
            and part < len(node)
        ):
            line, node = node.lc.item(part)[0] + 1, node[part]
        else:
            break
    return line
