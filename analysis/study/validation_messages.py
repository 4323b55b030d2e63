"""Faults of a YAML file that doesn't fit its model, in words, with what was likely meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from analysis.core.spelling_hints import close_to

# What pydantic says of the commonest faults, in words of a study file.
PLAIN = {
    "model_type": "must be a section, {{key: value}}",
    "dict_type": "must be a section, {{key: value}}",
    "list_type": "must be a list, [a, b]",
    "tuple_type": "must be a list, [a, b]",
    "string_type": "must be text",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be above {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be below {lt}",
    "too_short": "must have at least {min_length}",
    "invalid_key": "a key must be text; write it in quotes",
}

# Patterns of texts, in words.
PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "must begin with a lower-case letter, and have only lower-case letters,"
    " digits and underscores",
    r"^[a-z0-9_-]+$": "must have only lower-case letters, digits, underscores and hyphens",
    r"^[A-Za-z0-9_:.-]+$": "must be one key of the bibliography: letters, digits and _ : . -",
    r"^[A-Za-z0-9_-]+$": "must have only letters, digits, underscores and hyphens",
    r"^[^:]+:[A-Za-z_]\w*$": "must be file.py:Class",
}

# What pydantic puts behind the place of a section's key that is a name of the user's.
NAME = "[key]"

# What pydantic puts behind the place of a value that may be of several kinds.
KINDS = ("constrained-int", "constrained-str", "int", "str")


def keys_at(location: Sequence[Any], root: type[BaseModel]) -> list[str]:
    """Keys that the section at `location`, whose last part is a key of it, takes.

    They are empty where that is no section.
    """
    model: Any = root
    parts = list(location[:-1])
    while parts:
        field = getattr(model, "model_fields", {}).get(parts.pop(0))
        if field is None:
            return []
        choices = [field.annotation, *getattr(field.annotation, "__args__", ())]
        model = next(
            (kind for kind in choices if isinstance(kind, type) and issubclass(kind, BaseModel)),
            None,
        )
        kinds = {get_origin(choice) for choice in choices}
        if parts and (dict in kinds or (list in kinds and isinstance(parts[0], int))):
            parts.pop(0)  # a name that the user chose, or a place in a list
    return [name for name in getattr(model, "model_fields", {}) if name != "path"]


def fault_words(fault: Any, root: type[BaseModel]) -> str:
    """fault: one of ValidationError.errors(); root: the model of the whole file."""
    if fault["type"] == "extra_forbidden":
        allowed = keys_at(fault["loc"], root)
        return (
            f"unknown key{close_to(str(fault['loc'][-1]), allowed)}; allowed here:"
            f" {', '.join(allowed)}"
        )
    if fault["type"] == "missing":
        return "required key is missing"
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "literal_error":
        allowed = fault["ctx"]["expected"].replace("'", "")
        meant = close_to(str(fault["input"]), re.split(", | or ", allowed))
        message = f"must be {allowed}{meant}"
    if fault["type"] == "string_pattern_mismatch":
        message = PATTERNS.get(fault["ctx"]["pattern"], message)
    if fault["loc"] and fault["loc"][-1] == NAME:
        message = f"the name {message}"
    if fault["type"] == "model_type" and fault["loc"][-1] in keys_at((*fault["loc"], ""), root):
        *place, key = map(str, fault["loc"])
        return (
            f"is a key of a section that has a name, and the name is missing; write"
            f" {'.'.join(place)}: {{NAME: {{{key}: ...}}}}"
        )
    if fault["type"] in PLAIN:
        message = PLAIN[fault["type"]].format(**fault.get("ctx", {}))
    return message if isinstance(fault["input"], dict) else f"{message} (found: {fault['input']!r})"


def place_of(fault: Any) -> tuple[str | int, ...]:
    """Keys and entries that lead to a fault; a key that YAML reads as a number is a key."""
    place: tuple[str | int, ...] = fault["loc"]
    if place and place[-1] == NAME:
        return place[:-1]
    return (*place[:-1], str(place[-1])) if fault["type"] == "invalid_key" else place


def place_words(place: Sequence[str | int]) -> str:
    """Place of a fault in the file, `study.authors, entry 1: name`; lists are counted from 1."""
    words, joint = "", ""
    for part in place:
        if isinstance(part, int):
            words, joint = f"{words}{', ' if words else ''}entry {part + 1}", ": "
        else:
            words, joint = f"{words}{joint}{part}", "."
    return words or "study file"


def _one_sentence(texts: list[str]) -> str:
    """Faults of one place as alternatives; only the last says what was found."""
    if len(texts) == 1:
        return texts[0]
    first, *others = (text.partition(" (found")[0] for text in texts[:-1])
    return " or ".join([first, *(text.removeprefix("must be ") for text in [*others, texts[-1]])])


def faults_in_words(
    error: ValidationError, root: type[BaseModel]
) -> dict[tuple[str | int, ...], str]:
    """Faults in words: place, as (phases, portal, choose), -> what is wrong there.

    What each of several kinds of values would need is one sentence. `place_words` writes the place.
    """
    found: dict[tuple[str | int, ...], list[str]] = {}
    for fault in error.errors():
        place = tuple(
            part
            for part in place_of(fault)
            if isinstance(part, int) or (re.fullmatch(r"[\w -]+", part) and part not in KINDS)
        )
        found.setdefault(place, []).append(fault_words(fault, root))
    return {
        place: _one_sentence(texts)
        for place, texts in found.items()
        # A list that may be one value too: its entries say what is wrong.
        if not any(other[: len(place)] == place and len(other) > len(place) for other in found)
    }
