"""JSON Schemas of study.yml and dictionary.yml, for editors and for the reference.

They are pydantic's, with each key's meaning and example, and with the short forms that are taken
before the types are checked.
"""

from __future__ import annotations

import copy
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from analysis.core.yaml_file import read_yaml
from analysis.study.dictionary import Dictionary
from analysis.study.sections import Study

DRAFT = "https://json-schema.org/draft/2020-12/schema"
# Keys that code sets, and no file has.
INTERNAL = {"Study": {"path"}}
TEXT = {"type": "string"}
# A short form that a validator takes: type → what may stand in the place of the section.
SHORT: dict[str, dict[str, Any]] = {
    "Author": TEXT,
    "AdditionalModel": TEXT,
    "Answer": TEXT,
    "Extraction": TEXT,
    "FurtherFusion": {"type": "array", "items": TEXT, "minItems": 1},
    "ExaminationRule": {"enum": ["only", "first", "last", "before", "nearest", "any"]},
}
# Keys that take more than their type says, and keys that are filled in where they are left out.
TAKEN: dict[tuple[str, str], dict[str, Any]] = {
    ("Study", "comparators"): {"type": ["array", "object"]},
    ("GivenPredictions", "models"): {"type": "object"},
    ("Variable", "levels"): {"type": ["array", "object", "null"]},
    ("Variable", "unit"): {"type": ["string", "integer", "null"]},
    ("Author", "name"): {"type": ["string", "object"]},
    ("Author", "affiliations"): {"type": ["string", "object", "array"]},
    ("Author", "degrees"): {"type": ["string", "array"]},
    ("Author", "roles"): {"type": ["string", "object", "array"]},
    ("Answer", "answer"): {"enum": ["yes", "no", "not applicable", True, False]},
}
FILLED_IN = {("Study", "split"), ("DeepLearning", "slices")}
HYPHENS = {"Author": ("equal-contributor",), "Affiliation": ("postal-code",)}


@cache
def _meanings() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = read_yaml(
        Path(__file__).with_name("meanings.yml"), ValueError
    )
    return content


def meaning_of(kind: type[BaseModel], key: str) -> tuple[str, Any]:
    """Meaning and example (None where there is none) of a key of a section's type.

    A key that a type inherits is looked for in the types before it. Raises KeyError where no
    meaning is written down.
    """
    for each in kind.__mro__:
        given = _meanings().get(each.__name__, {}).get(key)
        if given is not None:
            meaning, example = (given, None) if isinstance(given, str) else given
            return str(meaning), example
    raise KeyError(f"meanings.yml says nothing of {kind.__name__}.{key}")


def _types(kind: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Every type of a section within a type, by its name."""
    found: dict[str, type[BaseModel]] = {}

    def look(annotation: Any) -> None:
        section = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        if section and annotation.__name__ not in found:
            found[annotation.__name__] = annotation
            for field in annotation.model_fields.values():
                look(field.annotation)
        for part in getattr(annotation, "__args__", ()):
            look(part)

    look(kind)
    return found


def _completed(name: str, schema: dict[str, Any], kind: type[BaseModel]) -> dict[str, Any]:
    """Schema of one section, with meanings, examples and what validators take besides."""
    for key in INTERNAL.get(name, ()):
        schema["properties"].pop(key, None)
    required = [
        key
        for key in schema.get("required", ())
        if (name, key) not in FILLED_IN and key not in INTERNAL.get(name, ())
    ]
    schema.pop("required", None)
    if required:
        schema["required"] = required
    for key, given in schema["properties"].items():
        meaning, example = meaning_of(kind, key)
        content = {"default": given["default"]} if "default" in given else {}
        content = TAKEN[name, key] | content if (name, key) in TAKEN else given
        content.pop("title", None)
        schema["properties"][key] = content | {"description": meaning}
        if example is not None:
            schema["properties"][key]["examples"] = [example]
    for key in HYPHENS.get(name, ()):
        schema["properties"][key] = schema["properties"][key.replace("-", "_")]
    # The docstring is for those who read the code.
    schema.pop("description", None)
    schema.pop("title", None)
    return {"anyOf": [SHORT[name], schema]} if name in SHORT else schema


@cache
def _schema(kind: type[BaseModel], title: str) -> dict[str, Any]:
    whole = kind.model_json_schema()
    types = _types(kind)
    sections = whole.pop("$defs", {})
    whole = _completed(kind.__name__, whole, kind)
    return {
        "$schema": DRAFT,
        "title": title,
        **whole,
        "$defs": {
            name: _completed(name, section, types[name]) for name, section in sections.items()
        },
    }


def study_schema() -> dict[str, Any]:
    """JSON Schema of the study file."""
    return copy.deepcopy(_schema(Study, "Study file of early-recurrence"))


def dictionary_schema() -> dict[str, Any]:
    """JSON Schema of the data dictionary."""
    return copy.deepcopy(_schema(Dictionary, "Data dictionary of early-recurrence"))


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as its file has it."""
    return json.dumps(schema, indent=1, ensure_ascii=False, default=str) + "\n"


if __name__ == "__main__":  # docs/reference/study.schema.json
    sys.stdout.write(schema_text(study_schema()))
