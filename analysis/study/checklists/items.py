"""Checklists as checked data.

They are the items, the questions that people answer, and the places that the documents have.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, field_validator, model_validator
from ruamel.yaml import YAML

from analysis.core.cache import digest
from analysis.study.section import Section

CHECKLISTS = ("tripod_ai", "clear", "claim", "metrics", "probast_ai")
HERE = Path(__file__).parent
FACT = re.compile(r"[a-z_]+")


def facts_of(condition: str | None) -> list[str]:
    """Names of facts in a condition such as `repeats and not radiomics`."""
    return [word for word in FACT.findall(condition or "") if word not in ("and", "or", "not")]


class Part(Section):
    """Sentence of a checklist item.

    Its {key} and {key:form} are results, and its {setting.…} settings of the study file; when: a
    condition.
    """

    text: str
    when: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_sentence_alone(cls, content: Any) -> Any:
        return {"text": content} if isinstance(content, str) else content


class Item(Section):
    """Item of a checklist.

    It is answered by software (text), by a person (question), by a person who confirms what
    software wrote (both), by a declaration of the study, or by a reviewer, to whom software says
    what is known.

    only_if: the studies that the item concerns, because: why not the others. no_unless: where this
    does not hold the answer is no, for the reason `no`. needs: results that must be there though no
    sentence shows them. places: names of places.yml, where the documents must show each result that
    the answer names; shows: what they must show beside these (`column SMD`, a key), behind a
    condition where it has one; asked_if: the studies whose authors are asked the question, all
    where it is left out; not_shown: results that the answer names and no place prints, such as a
    verdict that chose the words.
    """

    id: str
    topic: str
    stage: Literal["development", "evaluation"] | None = None
    weight: Annotated[float, Field(gt=0)] | None = None
    only_if: str | None = None
    because: str | None = None
    text: list[Part] = []
    needs: list[str] = []
    no_unless: str | None = None
    no: str | None = None
    question: str | None = None
    asked_if: str | None = None
    declaration: str | None = None
    reviewer: bool = False
    places: list[str] = []
    shows: list[Part] = []
    not_shown: list[str] = []

    @field_validator("text", "shows", mode="before")
    @classmethod
    def _one_sentence_is_enough(cls, content: Any) -> Any:
        return [content] if isinstance(content, (str, dict)) else content

    @model_validator(mode="after")
    def _answerable(self) -> Item:
        answers = (self.text, self.question, self.declaration, self.only_if, self.no_unless)
        if not (any(answers) or self.reviewer):
            raise ValueError(
                f"item {self.id} is answered by nothing; give text, question or declaration"
            )
        for condition, words in ((self.only_if, self.because), (self.no_unless, self.no)):
            if (condition is None) != (words is None):
                raise ValueError(
                    f"item {self.id}: a condition and its reason belong together (only_if with"
                    " because, no_unless with no)"
                )
        return self


class Group(Section):
    """Section of a checklist: its heading and its items."""

    section: str
    items: list[Item]


class Checklist(Section):
    """only_if: studies that the whole checklist concerns; because: why not the others."""

    name: str
    about: str
    doi: str
    only_if: str | None = None
    because: str | None = None
    sections: list[Group]

    @property
    def items(self) -> list[Item]:
        """All items of all sections, in order."""
        return [item for group in self.sections for item in group.items]


class Question(Section):
    """Question of the checklists that a person answers.

    ask: what a person answers under `reporting:`. decides: the fact that is true where the answer
    is yes. of_document: the answer is about the documents themselves, which do not print it.
    answered_by: a list of words in another section of the study file that answers it, as
    `manuscript.keywords`. without_images: how it is asked in a study that has no images, where the
    words of `ask` name them.
    """

    ask: str
    without_images: str | None = None
    decides: str | None = None
    of_document: bool = False
    answered_by: str | None = None

    def words(self, from_images: bool) -> str:
        """The question as it is put to the authors of a study with images, or of one without."""
        return self.ask if from_images or self.without_images is None else self.without_images


class Place(Section):
    """Place of a document that checklist items refer to.

    document and anchor of a place; only_if: studies that have it; needs: a result, or the beginning
    of one that ends in a dot.
    """

    document: str
    anchor: str
    label: str
    only_if: str | None = None
    needs: str | None = None

    def where(self, anchors: Mapping[str, Container[str]]) -> Place:
        """The place in the document that has it: a figure may stand in article or supplement.

        anchors: document → its anchors.
        """
        if self.anchor in anchors.get(self.document, ()):
            return self
        for document, there in anchors.items():
            if self.anchor in there:
                begins = self.label[:1].lower() if self.label[1:2].islower() else self.label[:1]
                label = f"{document.capitalize()}, {begins}{self.label[1:]}"
                return self.model_copy(update={"document": document, "label": label})
        return self


def _read(name: str) -> Any:
    return YAML(typ="safe").load((HERE / f"{name}.yml").read_text(encoding="utf-8"))


def data_digest() -> str:
    """Digest of the checklists' data files: answers that were stored with others are old."""
    return digest(*sorted(HERE.glob("*.yml")))


@cache
def load_checklist(name: str) -> Checklist:
    """Checklist of that name from the package."""
    return Checklist(**_read(name))


@cache
def load_questions() -> dict[str, Question]:
    """Questions to the authors by their key."""
    return TypeAdapter(dict[str, Question]).validate_python(_read("questions"))


@cache
def load_places() -> dict[str, Place]:
    """Places in the documents, which items refer to, by their key."""
    return TypeAdapter(dict[str, Place]).validate_python(_read("places"))


@cache
def reporting_fields() -> dict[str, list[str]]:
    """Every field that `reporting:` takes → the items, as `checklist.id`, that it answers.

    A question answers all that share it, an item's own name answers it alone.
    """
    fields: dict[str, list[str]] = {name: [] for name in load_questions()}
    for name in CHECKLISTS:
        for item in load_checklist(name).items:
            if item.question:
                fields[item.question].append(f"{name}.{item.id}")
            fields[f"{name}.{item.id}"] = [f"{name}.{item.id}"]
    return fields
