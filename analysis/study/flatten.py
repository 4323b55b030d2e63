"""Flat list of every setting of a study file.

It tells what was written in the file and what is a default.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from analysis.study.authors import Author
from analysis.study.section import Section

# Words of people, numbers of other papers and machines: printed where they belong or nowhere, and
# no settings of the analysis.
NO_SETTINGS = (
    "path",
    "reporting",
    "screening",
    "declarations",
    "manuscript",
    "published",
    "execution",
    "allow_outside",
)


@dataclass(frozen=True)
class Setting:
    """Setting of the study file.

    key: dotted path in study.yml; value: as it is used; written: whether the file gives it, else it
    is the default.
    """

    key: str
    value: Any
    written: bool


def _walk(key: str, value: Any, written: bool) -> Iterator[Setting]:
    if isinstance(value, BaseModel):
        idle = value.idle_keys() if isinstance(value, Section) else set()
        for name, field in type(value).model_fields.items():
            if name not in idle and not field.exclude and not (key == "" and name in NO_SETTINGS):
                yield from _walk(
                    f"{key}.{name}" if key else name,
                    getattr(value, name),
                    written and name in value.model_fields_set,
                )
    elif isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _walk(f"{key}.{name}", each, written)
    elif isinstance(value, list) and value and all(isinstance(each, Author) for each in value):
        yield Setting(key, [each.name for each in value], written)
    elif isinstance(value, list) and any(isinstance(each, BaseModel) for each in value):
        for position, each in enumerate(value, start=1):
            yield from _walk(f"{key}.{position}", each, written)
    else:
        yield Setting(key, value, written)


def flat_settings(study: BaseModel) -> list[Setting]:
    """Settings in the order of the study file's sections.

    A section that is left out is one setting without value.
    """
    return list(_walk("", study, True))


def setting_text(value: Any) -> str:
    """Setting's value as it is printed.

    Lists are joined, nothing is a dash, and of a folder elsewhere on the machine its last part
    alone is printed.
    """
    if value is None or value == [] or value == {}:
        return "–"
    if isinstance(value, Path) and value.is_absolute():
        return value.name
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        words = [setting_text(each) for each in value]
        return ("; " if any(" " in each for each in words) else ", ").join(words)
    return f"{value:g}" if isinstance(value, float) else str(value)
