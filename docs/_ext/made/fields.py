"""Keys of a YAML file's types, one after the other, with all that the reference says of them."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

Path = tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """Key of a section: where it stands (`*`: a name that the user chose), type and field."""

    path: Path
    kind: type[BaseModel]
    name: str
    field: Any

    @property
    def place(self) -> str:
        """`phases.*.image`."""
        return ".".join(self.path)


def _arguments(annotation: Any) -> tuple[Any, ...]:
    return typing.get_args(annotation)


def section_in(annotation: Any) -> tuple[type[BaseModel], bool] | None:
    """Type of the section that a key holds, and whether the user names it (`{name: section}`)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    origin = typing.get_origin(annotation)
    if origin is dict:
        inner = section_in(_arguments(annotation)[1])
        return (inner[0], True) if inner else None
    for part in _arguments(annotation):
        if inner := section_in(part):
            return inner
    return None


def keys_of(kind: type[BaseModel], before: Path = (), seen: tuple[Any, ...] = ()) -> Iterator[Key]:
    """All keys of a type and of the sections in it, depth first."""
    for name, field in kind.model_fields.items():
        if name == "path" and kind.__name__ == "Study":
            continue
        yield Key((*before, name), kind, name, field)
        if (inside := section_in(field.annotation)) and inside[0] not in seen:
            more = ("*",) if inside[1] else ()
            yield from keys_of(inside[0], (*before, name, *more), (*seen, kind))


def _bounds(metadata: Any) -> str:
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    said = []
    for each in metadata:
        for name, word in words.items():
            if getattr(each, name, None) is not None:
                said.append(f"{word} {getattr(each, name):g}")
    return f" ({', '.join(said)})" if said else ""


PLAIN = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "Path": "path",
    "date": "date",
    "Any": "anything",
}


def type_words(annotation: Any, metadata: Any = ()) -> str:
    """A type in words: `number (above 0, below 1)`, `list of text`, `p, aic or lasso`."""
    bounds = _bounds(metadata)
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *more = _arguments(annotation)
        return type_words(inner, more)
    if origin is typing.Literal:
        names = [f"`{each}`" for each in _arguments(annotation)]
        return ", ".join(names[:-1]) + (" or " if names[1:] else "") + names[-1]
    if origin in (typing.Union, types.UnionType):
        parts = [each for each in _arguments(annotation) if each is not types.NoneType]
        return " or ".join(dict.fromkeys(type_words(each, metadata) for each in parts))
    if origin is dict:
        return f"name: {type_words(_arguments(annotation)[1])}"
    if origin is list:
        return f"list of {type_words(_arguments(annotation)[0])}"
    if origin is tuple:
        inner = [each for each in _arguments(annotation) if each is not Ellipsis]
        return f"{len(inner)} × {type_words(inner[0])}" if inner[1:] else type_words(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    name = getattr(annotation, "__name__", str(annotation))
    return PLAIN.get(name, name) + bounds


def default_words(field: Any) -> str:
    """The default as a study file would have it; `required` where there is none."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined:
        return "none"
    if isinstance(value, BaseModel):
        return "its keys' defaults"
    return f"`{yaml_words(value)}`"


def yaml_words(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        inside = (f"{name}: {yaml_words(each)}" for name, each in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(yaml_words(each) for each in value) + "]"
    if value is None:
        return "null"
    text = str(value)
    signs = text == "" or text in ("?", ".", ",") or any(sign in text for sign in "{}*:%#")
    return f'"{text}"' if signs else text
