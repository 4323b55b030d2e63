"""The reference of study.yml: each key with type, default, meaning, example and version."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel
from ruamel.yaml import YAML

from analysis.study.schema import meaning_of
from analysis.study.sections import Study
from made.fields import Key, default_words, keys_of, section_in, type_words, yaml_words

SINCE = Path(__file__).resolve().parents[2] / "reference" / "since.yml"


@cache
def versions(root: str) -> dict[str, str]:
    """Place of a key → the version that it came with."""
    content = YAML(typ="safe").load(SINCE.read_text(encoding="utf-8"))
    return {key: version for version, roots in content.items() for key in roots[root]}


def _row(key: Key, since: dict[str, str]) -> str:
    meaning, example = meaning_of(key.kind, key.name)
    shown = f"`{yaml_words(example)}`" if example is not None else ""
    cells = (
        f"`{key.name}`",
        type_words(key.field.annotation, key.field.metadata),
        default_words(key.field),
        meaning,
        shown,
        since[key.place],
    )
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


HEAD = "| key | type | default | meaning | example | since |\n|---|---|---|---|---|---|"


def tables(root: type[BaseModel], name: str, level: int = 2) -> str:
    """A heading and a table for each section, in the file's order."""
    since = versions(name)
    sections: dict[tuple[str, ...], list[Key]] = {}
    for key in keys_of(root):
        sections.setdefault(key.path[:-1], []).append(key)
    parts = []

    # Keys of the file itself, then each section where its key stands.
    def put(path: tuple[str, ...]) -> None:
        keys = sections.get(path)
        if not keys:
            return
        title = "Top of the file" if not path else "`" + ".".join(path).replace("*", "<name>") + "`"
        parts.append(f"{'#' * level} {title}\n\n{HEAD}")
        parts[-1] += "".join(f"\n{_row(key, since)}" for key in keys) + "\n"
        for key in keys:
            inside = section_in(key.field.annotation)
            if inside:
                put((*key.path, "*") if inside[1] else key.path)

    put(())
    return "\n\n".join(parts)


def page() -> str:
    """Tables of all sections."""
    return tables(Study, "study")
